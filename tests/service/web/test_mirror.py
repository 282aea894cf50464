"""Mit spejl is seen by the one it shows: no other person, role, address, API, export or figure has it."""

import ast
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from models.record import DecidedCase
from service.workflow import export
from tests.builders import an_admission
from tests.cast import NOW, PEOPLE, Cast
from tests.house.test_routes import path_of, rules
from tests.parts.tree import ROOT, files_in
from tests.parts.web import TOKEN, Clock, Visitor
from tests.quarter import AFTER, decide_case, play

Visit = Callable[[str], Visitor]
MARK = "data-own-pattern"
OTHERS = [name for name in PEOPLE if name != "alma"]


def stage(engine: Engine, cast: Cast) -> str:
    """Seven cases of Alma's, and one of them in the state that pages are about."""
    an_admission(engine, cast.dan)
    made = [decide_case(engine, cast.alma, n, choice="basal", reason="kapacitet") for n in range(7)]
    return made[0].id


@pytest.fixture
def hers(staged: str) -> str:
    """The one of her cases that pages are about."""
    return staged


def plain(html: str) -> str:
    """A page without its token."""
    return TOKEN.sub("", html)


def test_she_sees_her_own_counts_and_nobody_to_be_measured_by(visit: Visit, hers: str) -> None:
    page = visit("alma").get("/mit-spejl").text

    assert "7 sager" in page and "0 af 7" in page and "7 af 7" in page
    assert "Tilbud eller kapacitet" in page
    said = page[page.index(MARK) :].lower()
    for word in ("kolleg", "gennemsnit", "team", "rang", "%", "bent", "krogh"):
        assert word not in said


@pytest.mark.requirement("F-30", "SK-09")
@pytest.mark.parametrize("name", ["tove", "dan", "dorte", "ada"])
def test_no_leader_auditor_or_administrator_has_it(name: str, visit: Visit, cast: Cast, hers: str) -> None:
    person, alma = visit(name), cast.alma
    for more in ("", f"?person={alma.person_id}", "?bruger=alma", f"/{alma.person_id}", "/alma", ".csv"):
        answer = person.get(f"/mit-spejl{more}")
        assert answer.status_code in (403, 404), more
        assert MARK not in answer.text
    assert "/mit-spejl" not in person.get("/enhed").text


@pytest.mark.requirement("F-30")
@pytest.mark.parametrize("name", ["bent", "freja", "carla"])
def test_a_colleague_sees_herself_whatever_she_asks_for(
    name: str, visit: Visit, cast: Cast, hers: str
) -> None:
    person, alma = visit(name), cast.alma
    own = plain(person.get("/mit-spejl").text)
    assert "Du har ikke besluttet nogen sager i kvartalet." in own

    for asked in (f"person={alma.person_id}", f"person_id={alma.person_id}", "bruger=alma", "by=alma",
                  "medarbejder=Alma%20Holm", f"unit_id={alma.unit_id}"):  # fmt: skip
        assert plain(person.get(f"/mit-spejl?{asked}").text) == own
    sent = {"X-Forwarded-User": "alma", "Remote-User": "alma", "X-Person": alma.person_id}
    assert plain(person.get("/mit-spejl", headers=sent).text) == own
    assert person.get("/mit-spejl?kvartal=2026-K1").status_code == 404


@pytest.mark.requirement("F-30")
@pytest.mark.parametrize("name", OTHERS)
def test_no_other_page_or_answer_holds_it(name: str, app: Flask, visit: Visit, hers: str) -> None:
    person = visit(name)
    for rule in rules(app):
        if "GET" in (rule.methods or ()) and rule.rule != "/mit-spejl":
            assert MARK not in person.get(path_of(rule, hers)).text, rule.rule


@pytest.mark.requirement("F-30", "SK-09")
@pytest.mark.parametrize("name", ["tove", "dorte"])
def test_the_figures_of_the_team_name_nobody_and_take_no_person(
    name: str, engine: Engine, visit: Visit, cast: Cast, clock: Clock
) -> None:
    play(engine, cast)
    clock.at = AFTER
    person = visit(name)
    for path in ("/statistik", "/statistik.csv") if name == "tove" else ("/statistik",):
        usual = plain(person.get(f"{path}?periode=2026-K2").text)
        for asked in (
            f"person={cast.alma.person_id}",
            "medarbejder=alma",
            "sagsbehandler=alma",
            "gruppe=person",
        ):
            refused = person.get(f"{path}?periode=2026-K2&{asked}")
            assert refused.status_code == 404
            assert cast.alma.display_name not in refused.text
        for word in (cast.alma.person_id, cast.bent.person_id, "Alma", "Bent"):
            assert word not in usual


def test_the_export_to_the_workshop_knows_no_caseworker(engine: Engine, cast: Cast, hers: str) -> None:
    exported = list(export.decisions(engine))
    written = json.dumps([str(case) for case in exported])

    assert len(exported) == 7
    assert not {name for name in DecidedCase.__dataclass_fields__ if "person" in name or "worker" in name}
    assert not any(word in written for word in (cast.alma.person_id, "alma", "Alma"))


def test_only_the_page_of_her_own_asks_for_a_pattern() -> None:
    """So that no API, command, export or statistics page can come to show it."""
    using = {
        file.as_posix()
        for file in files_in("service")
        for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
        if isinstance(node, ast.ImportFrom | ast.Import) and "mirror" in ast.unparse(node)
    }

    assert using == {"service/web/statistics/mirror.py"}


def test_a_mirror_that_cannot_be_logged_is_not_shown(engine: Engine, visit: Visit, hers: str) -> None:
    alma = visit("alma")
    alma.get("/enhed")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    answer = alma.get("/mit-spejl")

    assert answer.status_code == 503
    assert MARK not in answer.text


def test_an_earlier_quarter_is_a_link_away(visit: Visit, clock: Clock, hers: str) -> None:
    clock.at = NOW + timedelta(days=60)
    alma = visit("alma")
    page = alma.get("/mit-spejl").text

    assert "Du har ikke besluttet nogen sager i kvartalet." in page
    assert 'href="/mit-spejl?kvartal=2026-K2"' in page
    assert "7 sager" in alma.get("/mit-spejl?kvartal=2026-K2").text
