"""What the year's log says: the same numbers as in the yearly report, and where they come from."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.database import reading
from service.tables.governance import Phase
from service.tables.organisation import Municipality
from service.workflow.documents.document import declared, document_of
from service.workflow.documents.facts import Facts, Unit
from service.workflow.documents.gather import Files, gather, gathered_of
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import practice
from service.workflow.yearly.document import document_of as yearly_document
from service.workflow.yearly.sources import Sources
from tests.builders import an_admission
from tests.cast import NOW, Cast
from tests.service.workflow.documents.conftest import sources
from tests.service.workflow.statistics.planted import some


@pytest.fixture(scope="module")
def a_year() -> Sources:
    """A year with a phase, in which cases were decided."""
    rows = [*some(40), *some(20, choice="basal")]
    phase = Phase(
        municipality_id="0" * 32, phase="oevelse", legal_basis="", approved_by="", valid_from=date(2026, 1, 5)
    )
    return replace(
        sources(None), practice=practice(rows, Period(2026)), through=date(2026, 10, 31), phases=(phase,)
    )


@pytest.fixture(scope="module")
def facts(a_year: Sources) -> Facts:
    return gathered_of(a_year, (), None, Files()).facts


@pytest.mark.requirement("D-32")
def test_with_a_phase_and_decided_cases_all_six_items_of_article_27_are_filled(facts: Facts) -> None:
    document = document_of(declared()["fria"], facts)
    filled = {
        section["kode"]
        for section in document["afsnit"]
        if any(item["linjer"] or item["raekker"] for item in section["oplysninger"])
    }
    period = next(section for section in document["afsnit"] if section["kode"] == "b")

    assert filled >= set("abcdef")
    assert all(item["linjer"] or item["raekker"] for item in period["oplysninger"])


def test_the_numbers_of_the_year_are_those_of_the_yearly_report(a_year: Sources, facts: Facts) -> None:
    sections = yearly_document(a_year)["afsnit"]
    told = {fact["navn"]: fact["linjer"][0] for section in sections for fact in section["tal"]}
    (decided, *_) = facts["use.frequency"].numbers
    (share, *_) = facts["use.practice"].numbers

    assert str(int(decided.value)) == told["Afgjorte sager"]
    assert share.unit is Unit.SHARE
    assert share.interval is not None
    low, high = (round(each * 100) for each in share.interval)
    hits = round(share.value * (share.n or 0))
    assert told["Alle sagstyper"] == f"{hits} af {share.n}, {round(share.value * 100)} % ({low}-{high} %)"


def test_a_model_that_cannot_be_opened_says_nothing_and_all_of_it_is_missing(cast: Cast) -> None:
    an_admission(cast.engine, cast.dan)
    with reading(cast.engine) as session:
        place = session.get_one(Municipality, cast.dan.municipality_id)
        found = gather(session, ModelShelf(Path("nowhere")), place, NOW, Files())

    assert found.artifact is None
    assert not found.facts["model.agreement"].known
    assert found.facts["model.history"].known
