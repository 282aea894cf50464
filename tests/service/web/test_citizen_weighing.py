"""What the calculation weighed, on the citizen's page: all that is stored, and only once it is decided."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from service import log
from service.database import reading, writing
from service.tables.intake import Case
from service.workflow import governance
from service.workflow.case_file import open_file
from service.workflow.citizen_page import words
from service.workflow.citizen_page.page import CitizenPage, page_of
from tests.answered import a_decision, an_answered_case
from tests.builders import an_admission
from tests.cast import NOW, TODAY, Cast, passes_quiz
from tests.payloads import a_payload
from tests.rows import rows
from tests.shelves import FixedShelf
from tests.visits import PAGE, a_stranger, enters

TOLD = {"facts", "similar", "contributions", "missing", "not_used", "caveats"}
"""What of a stored answer stands on the page."""
IN_ONE_MODE = {"model_level", "headline"}
"""Told where the caseworker saw it too."""
OF_THE_MODEL = {
    "format", "area", "levels", "model_version", "manifest_hash", "data_window", "not_in_calculation",
}  # fmt: skip
"""The same whoever the case is about."""
TO_THE_CASEWORKER = {
    "own_level", "own_sentence", "flags", "flag_sentences", "abstained", "abstained_sentences", "unseen",
    "uncertainty",
}  # fmt: skip
"""About her judgement and how the answer stands to it; the citizen's extract holds these too."""


def page(engine: Engine, case: Case) -> CitizenPage:
    """The page of a case."""
    with reading(engine) as session:
        return page_of(session, case.id, None, TODAY)


def stored(engine: Engine, case: Case) -> dict[str, Any]:
    """The answer as it lies in the database."""
    with reading(engine) as session:
        shown = open_file(session, case.id).suggestion
        assert shown
        found: dict[str, Any] = log.open_part(session, shown)["payload"]
        return found


def plain(html: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


@pytest.mark.requirement("K-09")
def test_everything_stored_of_what_was_worked_out_about_her_stands_on_the_page(
    app: Flask, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    answer = stored(engine, case)
    assert set(answer) == TOLD | IN_ONE_MODE | OF_THE_MODEL | TO_THE_CASEWORKER

    with reading(engine) as session:
        facts = open_file(session, case.id).facts
    found = page(engine, case)
    (weighed,) = found.weighed
    items = answer["contributions"]["items"]
    assert {fact.name for group in found.groups for fact in group.facts} == set(facts)
    assert {fact["name"] for fact in answer["facts"]} <= set(facts)
    assert [(pull.name, pull.label, pull.value) for pull in weighed.pulls] == [
        (item["question"], item["label"], item["value"]) for item in items
    ]
    assert weighed.missing == tuple(answer["missing"])
    assert weighed.not_used == tuple(answer["not_used"])

    stranger = a_stranger(app)
    enters(app, engine, stranger, case, cast)
    told = plain(stranger.get(PAGE).text)
    for pull, item in zip(weighed.pulls, items, strict=True):
        assert f"{pull.label}: {pull.value} Det trak {item['strength']} mod træning på" in told
    for level in answer["similar"]["spread"]:
        assert f"I {level['count']} af {answer['similar']['count']} fik borgeren" in told
    for text in (
        words.WEIGHED,
        *words.WEIGHED_CAVEATS,
        "Der manglede svar på: Ganghjælpemiddel.",
        "Systemet så ikke på: Boligform.",
    ):
        assert text in told
    assert not re.search(r"0[.,]\d|procent|%", " ".join(weighed.sentences()))


@pytest.mark.requirement("K-09")
def test_nothing_of_it_is_told_before_there_is_a_decision(app: Flask, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    stranger = a_stranger(app)
    enters(app, engine, stranger, case, cast)
    told = plain(stranger.get(PAGE).text)
    assert words.WEIGHED not in told
    assert "Det trak" not in told
    assert page(engine, case).weighed == ()

    a_decision(engine, case, cast.alma, choice="retur")
    assert page(engine, case).weighed == ()


def test_what_nobody_was_shown_is_not_told(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast, wants_evidence=False)
    a_decision(engine, case, cast.alma)
    before = rows(engine)
    assert page(engine, case).weighed == ()
    assert rows(engine) == before


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, "Samlet trak det mod træning på avanceret niveau."),
        ({"flags": ["flat_spread"]}, words.NOT_CLEAR),
        ({"model_level": "basal"}, words.NOT_CLEAR),
    ],
)
def test_what_it_came_to_is_told_where_the_caseworker_saw_it(
    changed: dict[str, Any], says: str, engine: Engine, cast: Cast
) -> None:
    an_admission(engine, cast.dan)
    with writing(engine) as session:
        governance.set_mode(session, cast.alma.unit_id, "forslag", now=NOW, by=cast.tove)
    passes_quiz(engine, cast.alma)
    case = an_answered_case(engine, cast, number=2, shelf=FixedShelf(a_payload(**changed)))
    a_decision(engine, case, cast.alma)
    (weighed,) = page(engine, case).weighed
    assert weighed.whole == says


def test_it_says_when_nothing_pulled(engine: Engine, cast: Cast) -> None:
    pulls = {**a_payload()["contributions"], "items": []}
    case = an_answered_case(engine, cast, shelf=FixedShelf(a_payload(contributions=pulls)))
    a_decision(engine, case, cast.alma)
    (weighed,) = page(engine, case).weighed
    assert (weighed.pulls, weighed.others, weighed.whole) == ((), words.NOTHING_PULLED, "")
