"""`skoen selftest`: the same checks from the command line, in English, with an exit code and no trace."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from service.commands import groups
from service.program import assemble
from service.selftest import CHECKS, OF_A_WEB_PROCESS
from tests.desk import Desk
from tests.parts.fitness import content_of


def selftest(*options: str) -> Result:
    """The command, in the environment that the desk set up."""
    return CliRunner().invoke(assemble([groups()]), ["selftest", *options])


def unprotect(engine: Engine) -> None:
    """Take a trigger down."""
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER decisions_append_only_update")


def test_a_fit_installation_is_told_by_the_exit_code_and_nothing_is_written(desk: Desk) -> None:
    before = content_of(desk.engine)

    result = selftest()

    assert result.exit_code == 0, result.output
    assert "Fit to save." in result.output
    assert all(name in result.output for name in set(CHECKS) - OF_A_WEB_PROCESS)
    assert content_of(desk.engine) == before


def test_a_fault_stands_first_and_is_told_by_the_exit_code(desk: Desk) -> None:
    unprotect(desk.engine)

    result = selftest()

    assert result.exit_code == 1
    assert "FAULT" in result.output.splitlines()[3]
    assert "A web process would save nothing: triggers." in result.output


def test_a_program_gets_one_document(desk: Desk) -> None:
    unprotect(desk.engine)

    result = selftest("--json")
    told = json.loads(result.output)

    assert result.exit_code == 1
    assert told["ok"] is False
    assert told["checks"]["triggers"]["where"] == "decisions"
    assert {each["state"] for each in told["checks"].values()} == {"ok", "warning", "fault"}


def test_without_a_database_the_next_step_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKOEN_DATABASE_URL", "sqlite:////nowhere/skoen.db")

    result = selftest()

    assert result.exit_code == 1
    assert "Run: skoen database upgrade" in result.output
