"""`skoen stop --all` and `skoen release --all`: refused without writing, and in force at the next request."""

import re

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.commands import groups
from service.database import reading, writing
from service.program import assemble
from service.tables.governance import Stop
from service.tables.suggestion import Suggestion
from service.workflow import governance, staff
from service.workflow.governance import stop_all
from tests.builders import a_case, an_admission
from tests.cast import LONG_AGO, Cast
from tests.desk import Desk
from tests.parts.web import Visitor
from tests.rows import rows_beside_runs

ADA = ("--by", "Ada Friis, administrator")
WHY = ("--reason", "Tallene ser forkerte ud")


def run(*words: str) -> Result:
    """One command of the whole program; the desk has set the environment."""
    return CliRunner().invoke(assemble([groups()]), words)


REFUSED = {
    "no reason": (("--all", "--reason", " ", *ADA), "Skriv kort hvorfor."),
    "no person": (("--all", *WHY, "--by", "Ada Frost, administrator"), "Ada Frost"),
    "not her role": (("--all", *WHY, "--by", "Ada Friis, teamleder"), "Ada Friis, teamleder"),
    "not a role for it": (("--all", *WHY, "--by", "Tove Dam, teamleder"), "rolle"),
    "no such municipality": (("--all", *WHY, *ADA, "--municipality", "0001"), "kommune med koden 0001"),
    "another municipality": (("--all", *WHY, *ADA, "--municipality", "0998"), "Ada Friis"),
    "a drill without the flag": (("--all", "--reason", "Øvelse: x", *ADA), "øvelse"),
    "a number of a citizen's": (("--all", "--reason", "Ring 7102479995", *ADA), "CPR"),
    "not all": ((*WHY, *ADA), "unit"),
}


@pytest.mark.parametrize("verb", ["stop", "release"])
@pytest.mark.parametrize("why", REFUSED)
def test_a_refusal_is_clear_and_changes_nothing(why: str, verb: str, desk: Desk, cast: Cast) -> None:
    if verb == "release":
        assert run("stop", "--all", *WHY, *ADA).exit_code == 0
    words, said = REFUSED[why]
    before = rows_beside_runs(desk.engine)
    result = run(verb, *words)

    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output
    assert rows_beside_runs(desk.engine) == before


def test_two_of_one_name_are_told_apart_by_the_user_name(desk: Desk, cast: Cast) -> None:
    with writing(desk.engine) as session:
        other = staff.add_person(session, "ada2", "Ada Friis", now=LONG_AGO)
        staff.grant(session, other.id, cast.ada.unit_id, "administrator", valid_from=LONG_AGO.date(),
                    now=LONG_AGO, by=None)  # fmt: skip
    before = rows_beside_runs(desk.engine)
    result = run("stop", "--all", *WHY, *ADA)
    assert result.exit_code == 1 and "brugernavnet" in result.output
    assert rows_beside_runs(desk.engine) == before

    assert run("stop", "--all", *WHY, "--by", "ada2").exit_code == 0


def test_already_stopped_is_said_and_nothing_is_written(desk: Desk, cast: Cast) -> None:
    first = run("stop", "--all", *WHY, *ADA, "--municipality", "0999")
    assert (first.exit_code, first.output) == (0, "No evidence is shown in: Træning Nord, Træning Syd.\n")
    before = rows_beside_runs(desk.engine)
    again = run("stop", "--all", *WHY, *ADA)

    assert (again.exit_code, again.output) == (0, "Every unit was stopped already. Nothing was written.\n")
    assert rows_beside_runs(desk.engine) == before


def test_release_says_what_it_left(desk: Desk, cast: Cast) -> None:
    assert run("unit", "stop", "Træning Nord", "--by", "tove", "--reason", "Noget i Nord").exit_code == 0
    stopped = run("stop", "--all", *WHY, *ADA)
    assert "Stopped already: Træning Nord." in stopped.output
    released = run("release", "--all", *WHY, *ADA)

    assert "Evidence is shown again in: Træning Syd." in released.output
    assert "left so: Træning Nord" in released.output
    nothing = run("release", "--all", *WHY, *ADA)
    assert nothing.exit_code == 0 and "Nothing was written." in nothing.output


def test_a_drill_is_marked_and_its_time_is_told(desk: Desk, cast: Cast) -> None:
    result = run("stop", "--all", "--drill", "--reason", "Halvårlig prøve", *ADA)

    assert result.exit_code == 0
    found = re.search(r"withheld everywhere after (\d+\.\d\d) s", result.output)
    assert found is not None and float(found[1]) < 30
    with reading(desk.engine) as session:
        assert {row.reason for row in session.exec(select(Stop))} == {"Øvelse: Halvårlig prøve"}
        assert stop_all.all_stopped(session, cast.ada.municipality_id)
    assert "Drill" not in run("stop", "--all", *WHY, *ADA).output


def test_a_button_that_does_not_hold_is_told_as_an_error(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stop_all, "all_stopped", lambda *_: False)
    result = run("stop", "--all", *WHY, *ADA)

    assert result.exit_code == 1
    assert "still shown" in result.output


def test_the_next_request_of_a_running_service_is_shown_nothing(
    desk: Desk, app: Flask, engine: Engine, cast: Cast, visit: object
) -> None:
    an_admission(engine, cast.dan)
    shown, withheld = a_case(engine), a_case(engine, request_id="request-2")
    alma: Visitor = visit("alma")  # type: ignore[operator]
    form = {"valg": "basal", "sikkerhed": "tvivl", "version": "1", "aabnet": "2026-06-30T08:00:00+00:00"}
    for number, case in enumerate((shown, withheld)):
        alma.get(f"/sag/{case.id}")
        if case is withheld:
            assert run("stop", "--all", *WHY, *ADA).exit_code == 0
        assert alma.post(f"/sag/{case.id}/vurdering", {**form, "noegle": f"k{number}"}).status_code == 303

    with reading(engine) as session:
        answers = {row.case_id: (row.outcome, row.reason) for row in session.exec(select(Suggestion))}
        assert governance.is_stopped(session, cast.freja.unit_id)
    assert answers == {shown.id: ("shown", None), withheld.id: ("withheld", "stopped")}
