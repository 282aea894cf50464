"""The citizen uses her rights on her own page: in one step, at once, and yes and no look the same."""

import re

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.tables.intake import Case
from service.tables.rights import RightRequest, RightStep
from service.workflow.letter.plain import measure
from service.workflow.rights.kinds import KINDS
from service.workflow.rights.own_words import ASK_FIRST, ASKED_FOR, MAY_WE
from tests.answered import rows
from tests.builders import a_case
from tests.cast import Cast
from tests.parts.web import Visitor
from tests.rights import an_answer
from tests.visits import Visit, a_stranger, enters

PAGE = "/borger/rettigheder"


@pytest.fixture
def case(engine: Engine) -> Case:
    """Agnes' case."""
    return a_case(engine)


@pytest.fixture
def agnes(app: Flask, engine: Engine, case: Case, cast: Cast) -> Visitor:
    """Agnes on her own page."""
    visitor = a_stranger(app)
    enters(app, engine, visitor, case, cast)
    visitor.get(PAGE)
    return visitor


def asked(engine: Engine) -> list[RightRequest]:
    """What was asked for."""
    with reading(engine) as session:
        return list(session.exec(select(RightRequest)))


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        (PAGE, {"rettighed": "", "ord": "Hej"}, 422),
        (PAGE, {"rettighed": "training", "ord": ""}, 422),
        (PAGE, {"rettighed": "rectification", "ord": " "}, 422),
        (PAGE, {"rettighed": "access", "ord": "x" * 4001}, 422),
        (f"{PAGE}/valg", {"rettighed": "objection", "svar": "nej"}, 404),
        (f"{PAGE}/valg", {"rettighed": "training", "svar": "maaske"}, 404),
        (f"{PAGE}/valg", {"rettighed": "training", "svar": "ja"}, 303),
    ],
    ids=lambda said: str(said)[:40],
)
def test_what_cannot_be_taken_leaves_nothing(
    engine: Engine, agnes: Visitor, path: str, said: dict[str, str], status: int
) -> None:
    assert agnes.post(path, said).status_code == status
    assert (rows(engine, RightRequest), rows(engine, RightStep)) == (0, 0)


def test_nobody_gets_here_without_a_visit_and_no_employee_at_all(
    engine: Engine, app: Flask, visit: Visit, case: Case
) -> None:
    for visitor, refused in ((a_stranger(app), 303), (visit("alma"), 403)):
        visitor.get("/borger")
        assert visitor.get(PAGE).status_code == refused
        for path in (PAGE, f"{PAGE}/valg"):
            assert visitor.post(path, {"rettighed": "training", "svar": "nej"}).status_code in (303, 400, 403)
    assert rows(engine, RightRequest) == 0


@pytest.mark.requirement("K-07", "F-10")
@pytest.mark.parametrize("kind", ASKED_FOR)
def test_each_is_asked_for_in_one_step(engine: Engine, agnes: Visitor, case: Case, kind: str) -> None:
    answer = agnes.post(PAGE, {"rettighed": kind, "ord": "Jeg går uden stok."})
    (row,) = asked(engine)

    assert answer.status_code == 303
    assert (row.kind, row.case_id, row.channel, row.speaker, row.recorded_by) == (
        kind, case.id, "own", "citizen", None,
    )  # fmt: skip
    assert f"{ASKED_FOR[kind]}. Du får svar senest den" in agnes.get(PAGE).text


@pytest.mark.requirement("F-06")
@pytest.mark.parametrize("kind", MAY_WE)
def test_yes_and_no_look_the_same_and_each_change_leaves_its_row(
    engine: Engine, agnes: Visitor, kind: str
) -> None:
    page = agnes.get(PAGE).text
    (form,) = re.findall(rf'id="{kind}">(.*?)</form>', page, re.DOTALL)
    buttons = re.findall(r'<button class="([^"]*)" type="submit" name="svar" value="(ja|nej)"', form)
    assert buttons == [("press", "ja"), ("press", "nej")]
    assert "Lige nu: ja." in form

    for said, requests, steps in (("nej", 1, 0), ("nej", 1, 0), ("ja", 1, 1), ("nej", 2, 1)):
        assert agnes.post(f"{PAGE}/valg", {"rettighed": kind, "svar": said}).status_code == 303
        assert (rows(engine, RightRequest), rows(engine, RightStep)) == (requests, steps)
    assert "Lige nu: nej." in agnes.get(PAGE).text


@pytest.mark.requirement("D-20")
def test_other_sources_wait_for_her_yes_and_she_can_take_it_back(engine: Engine, agnes: Visitor) -> None:
    def stands() -> str:
        (form,) = re.findall(r'id="other_sources">(.*?)</form>', agnes.get(PAGE).text, re.DOTALL)
        (found,) = re.findall(r"Lige nu: (ja|nej)\.", form)
        return str(found)

    assert stands() == "nej"
    for said, requests, steps in (("nej", 0, 0), ("ja", 1, 0), ("ja", 1, 0), ("nej", 1, 1)):
        answer = agnes.post(f"{PAGE}/valg", {"rettighed": "other_sources", "svar": said})
        assert answer.status_code == 303
        assert (rows(engine, RightRequest), rows(engine, RightStep)) == (requests, steps)
        assert stands() == said


def test_she_reads_the_answer(engine: Engine, agnes: Visitor, cast: Cast) -> None:
    agnes.post(PAGE, {"rettighed": "objection", "ord": ""})
    (row,) = asked(engine)
    an_answer(engine, row, cast.alma, "refused", words="Vi har brug for dem.")
    text = agnes.get(PAGE).text

    assert "Vi har brug for dem." in text
    assert "Datatilsynet" in text


@pytest.mark.requirement("K-17")
def test_it_is_plain_and_every_right_is_there() -> None:
    assert measure(
        (*MAY_WE.values(), *ASK_FIRST.values(), *(f"{words}." for words in ASKED_FOR.values()))
    ).is_plain
    assert set(MAY_WE) | set(ASK_FIRST) | set(ASKED_FOR) == set(KINDS)
