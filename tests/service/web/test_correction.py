"""Corrections: a new row that names what it replaces; what was first said stays to be read."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.tables.log import LogEntry
from service.tables.suggestion import Suggestion
from tests.answered import a_decision, an_answered_case, rows
from tests.builders import a_case
from tests.cast import Cast
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
CORRECTED = {"choice": "basal", "reason_code": "hjem_netvaerk", "key": "correction-1"}


def test_a_case_nobody_judged_has_an_empty_course(visit: Visit, engine: Engine, cast: Cast) -> None:
    page = visit("alma").get(f"/sag/{a_case(engine).id}/ret").text

    assert "Sagen er ikke vurderet endnu." in page
    assert "Ret beslutningen" not in page


def test_the_course_tells_judgement_answer_and_decision_in_order(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    page = visit("alma").get(f"/sag/{case.id}/ret").text

    titles = re.findall(r'<h2 class="h3">(\d\. [^<]+)</h2>', page)
    assert [title.strip() for title in titles] == ["1. Vurdering", "2. Grundlag vist", "3. Beslutning"]
    assert "Skrevet, før noget var vist." in page


def test_a_corrected_decision_names_the_one_it_replaces_and_both_stay(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    first = a_decision(engine, case, cast.alma)
    alma = visit("alma")
    answer = alma.post(f"/sag/{case.id}/ret/beslutning", {**CORRECTED, "replaces": first.id})
    page = alma.get(f"/sag/{case.id}/ret").text
    with reading(engine) as session:
        second = session.exec(select(Decision).where(Decision.replaces == first.id)).one()

    assert answer.headers["Location"] == f"/sag/{case.id}/planlaegning"
    assert (second.choice, second.reason_code) == ("basal", "hjem_netvaerk")
    assert "3. Beslutning (rettet senere)" in page
    assert "4. Beslutning (retter linje 3)" in page
    assert "Avanceret niveau" in page and "Basalt niveau" in page


def test_a_correction_asks_what_the_decision_asked(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    first = a_decision(engine, case, cast.alma)
    before = rows(engine, LogEntry)
    answer = visit("alma").post(
        f"/sag/{case.id}/ret/beslutning", {"choice": "basal", "key": "k", "replaces": first.id}
    )

    assert answer.status_code == 422
    assert "Vælg, hvad du lagde mest vægt på." in answer.text
    assert rows(engine, Decision) == 1
    assert rows(engine, LogEntry) <= before + 1  # that the case was opened


def test_a_decision_corrected_by_a_colleague_in_the_meantime_is_not_corrected_again(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    first = a_decision(engine, case, cast.alma)
    visit("bent").post(f"/sag/{case.id}/ret/beslutning", {**CORRECTED, "replaces": first.id})
    answer = visit("alma").post(
        f"/sag/{case.id}/ret/beslutning", {**CORRECTED, "key": "correction-2", "replaces": first.id}
    )

    assert answer.status_code == 409
    assert rows(engine, Decision) == 2


def test_a_corrected_judgement_is_answered_anew_and_marked(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    alma = visit("alma")
    shown = re.search(r'name="replaces" value="(\w+)"', alma.get(f"/sag/{case.id}/ret").text)
    assert shown is not None
    sent = {"valg": "basal", "sikkerhed": "tvivl", "key": "judgement-again", "replaces": shown[1]}
    answer = alma.post(f"/sag/{case.id}/ret/vurdering", sent)
    with reading(engine) as session:
        second = session.exec(select(Assessment).where(Assessment.replaces == shown[1])).one()
    course = alma.get(f"/sag/{case.id}/ret").text

    assert answer.headers["Location"] == f"/sag/{case.id}/grundlag"
    assert second.evidence_seen_before
    assert rows(engine, Suggestion) == 2
    assert "Skrevet, efter at grundlag var vist." in course


@pytest.mark.parametrize("missing", ["valg", "sikkerhed"])
def test_a_judgement_is_not_corrected_by_half_a_form(
    missing: str, visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    sent = {"valg": "basal", "sikkerhed": "tvivl", "key": "again"}
    del sent[missing]
    answer = visit("alma").post(f"/sag/{case.id}/ret/vurdering", sent)

    assert answer.status_code == 422
    assert rows(engine, Assessment) == 1


def test_a_corrected_judgement_waits_for_its_own_decision(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    alma = visit("alma")
    page = alma.get(f"/sag/{case.id}/ret").text
    judged = re.findall(r'name="replaces" value="(\w+)"', page)[-1]
    alma.post(
        f"/sag/{case.id}/ret/vurdering",
        {"valg": "basal", "sikkerhed": "sikker", "key": "judgement-again", "replaces": judged},
    )

    assert alma.get(f"/sag/{case.id}/grundlag").status_code == 200
    answer = alma.post(f"/sag/{case.id}/beslutning", {**CORRECTED, "key": "second-decision"})
    assert answer.headers["Location"] == f"/sag/{case.id}/planlaegning"
    assert rows(engine, Decision) == 2


def test_an_auditor_reads_the_course_and_corrects_nothing(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    first = a_decision(engine, case, cast.alma)
    dorte = visit("dorte")
    dorte.post(f"/sag/{case.id}/formaal", {"formaal": "klage"})
    page = dorte.get(f"/sag/{case.id}/ret").text

    assert "3. Beslutning" in page
    assert "Ret beslutningen" not in page
    assert (
        dorte.post(f"/sag/{case.id}/ret/beslutning", {**CORRECTED, "replaces": first.id}).status_code == 403
    )
    assert rows(engine, Decision) == 1
