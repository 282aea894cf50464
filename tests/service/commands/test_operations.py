"""Operations from the command line, on an installation of the test's own."""

import json
from collections.abc import Generator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from service.commands import groups
from service.config import Settings
from service.database import make_engine
from service.program import assemble
from tests.rows import rows_beside_runs

UNIT = ["--municipality", "0999", "--unit", "Træning Nord"]
PASSWORD = "skoen-demo"


class Machine:
    """A machine with an installation, and somebody at its keyboard."""

    def __init__(self, var: Path) -> None:
        self.environment = {"SKOEN_VAR": str(var)}
        self.settings = Settings.from_environment(self.environment)

    def run(self, *arguments: str, typed: str | None = None) -> Result:
        """One command."""
        return CliRunner(env=self.environment).invoke(assemble([groups()]), arguments, input=typed)

    def ok(self, *arguments: str, typed: str | None = None) -> str:
        """One command that succeeds; gives what it printed."""
        result = self.run(*arguments, typed=typed)
        assert result.exit_code == 0, result.output
        return result.output

    def rows(self) -> dict[str, int]:
        """How many rows every table has, beside the runs of commands."""
        engine = make_engine(self.settings.database_url)
        found = rows_beside_runs(engine)
        engine.dispose()
        return found

    def sql(self, statement: str) -> None:
        """A statement past everything."""
        engine = make_engine(self.settings.database_url)
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A machine with nothing on it yet."""
    return Machine(tmp_path)


@pytest.fixture
def machine(bare: Machine) -> Generator[Machine]:
    """An installation with one unit."""
    bare.ok("database", "upgrade")
    bare.ok(
        "units", "add", "Træning Nord", "--municipality", "0999", "--municipality-name", "Fjordby Kommune"
    )
    yield bare


def add_alma(machine: Machine) -> str:
    return machine.ok(
        "users", "add", "alma", "--name", "Alma Holm", *UNIT, "--role", "visitator", "--password", PASSWORD
    )


@pytest.mark.parametrize("command", [["log", "verify"], ["users", "list"]])
def test_without_a_database_the_next_step_is_named_and_no_file_is_made(
    bare: Machine, command: list[str]
) -> None:
    result = bare.run(*command)

    assert result.exit_code == 1
    assert "Run: skoen database upgrade" in result.output
    assert not list(bare.settings.var.iterdir())


def test_upgrading_twice_changes_nothing(bare: Machine) -> None:
    bare.ok("database", "upgrade")
    pepper = (bare.settings.secrets / "pepper").read_bytes()

    bare.ok("database", "upgrade")

    assert (bare.settings.secrets / "pepper").read_bytes() == pepper


def test_a_clean_log_is_verified(machine: Machine) -> None:
    add_alma(machine)

    assert "8 entries verified" in machine.ok("log", "verify")
    found = json.loads(machine.ok("log", "verify", "--json"))
    assert (found["ok"], found["entries"], found["problems"]) == (True, 9, [])
    assert len(found["roots"]) == 2


def test_a_problem_is_printed_and_told_by_the_exit_code(machine: Machine) -> None:
    add_alma(machine)
    machine.sql("DROP TRIGGER memberships_append_only_update")
    machine.sql("UPDATE memberships SET role = 'administrator'")

    plain, as_json = machine.run("log", "verify"), machine.run("log", "verify", "--json")

    assert (plain.exit_code, as_json.exit_code) == (1, 1)
    assert "memberships.role is not what the log proves" in plain.output
    assert json.loads(as_json.output)["ok"] is False


def test_a_person_is_set_up_listed_and_withdrawn(machine: Machine) -> None:
    assert "alma is visitator in Træning Nord" in add_alma(machine)
    machine.ok("users", "grant", "alma", *UNIT, "--role", "teamleder")
    listed = json.loads(machine.ok("users", "list", "--json"))
    machine.ok("users", "revoke", "alma", *UNIT, "--role", "visitator")
    machine.ok("users", "revoke", "alma", *UNIT, "--role", "teamleder")

    place = "Træning Nord (Fjordby Kommune)"
    assert listed == [
        {"username": "alma", "name": "Alma Holm", "roles": [f"teamleder, {place}", f"visitator, {place}"]}
    ]
    assert json.loads(machine.ok("users", "list", "--json"))[0]["roles"] == []
    assert "none" in machine.ok("users", "list")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["add", "bent", "--name", "Bent", *UNIT, "--role", "visitator", "--password", "kort"],
            "mellem 10 og 256",
        ),
        (["add", "bent", "--name", "Bent", *UNIT, "--role", "chef", "--password", PASSWORD], "chef"),
        (["add", "alma", "--name", "Alma", *UNIT, "--role", "visitator", "--password", PASSWORD], "alma"),
        (["grant", "bent", *UNIT, "--role", "visitator"], "bent"),
        (
            ["grant", "alma", "--municipality", "0998", "--unit", "Træning Nord", "--role", "visitator"],
            "no unit",
        ),
        (["revoke", "alma", *UNIT, "--role", "tilsyn"], "not tilsyn"),
        (["set-password", "bent", "--password", PASSWORD], "bent"),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(machine: Machine, arguments: list[str], says: str) -> None:
    add_alma(machine)
    before = machine.rows()

    result = machine.run("users", *arguments)

    assert result.exit_code != 0
    assert says in result.output
    assert "Traceback" not in result.output
    assert machine.rows() == before


def test_every_command_leaves_an_entry_that_says_who_was_at_the_machine(machine: Machine) -> None:
    add_alma(machine)
    machine.ok("users", "set-password", "alma", typed=f"{PASSWORD}2\n{PASSWORD}2\n")
    machine.ok("users", "list")

    engine = make_engine(machine.settings.database_url)
    with engine.connect() as connection:
        query = "SELECT entry FROM log_entries WHERE event = 'command:run' ORDER BY seq"
        entries = [json.loads(entry) for entry in connection.execute(text(query)).scalars()]
    engine.dispose()
    assert [e["command"] for e in entries] == [
        "database.upgrade", "units.add", "users.add", "users.set-password", "users.list",
    ]  # fmt: skip
    assert all(e["operator"].startswith("uid:") for e in entries)
    assert PASSWORD not in str(entries)
