"""Who takes a model into use: the data steward, and nobody else, whatever else they may do."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from models.artifact import Artifact
from service.commands import groups
from service.database import reading
from service.policy import POLICY, Action
from service.program import assemble
from service.tables.governance import Admission
from service.tables.log import LogEntry
from tests.cast import PEOPLE, Cast
from tests.desk import Desk
from tests.parts.trained import on_shelf
from tests.rows import rows_beside_runs

NOTE = ("--note", "Flere sager.")
OTHERS = sorted(name for name, (_, _, role) in PEOPLE.items() if role != "datamedarbejder")


def promote(approver: str, *more: str) -> Result:
    """One promotion."""
    words = ("model", "promote", "v1", "--approver", approver, *NOTE, *more)
    return CliRunner().invoke(assemble([groups()]), words)


@pytest.mark.requirement("G-43")
@pytest.mark.parametrize("name", OTHERS)
def test_no_other_role_promotes_or_rolls_back(
    name: str, desk: Desk, cast: Cast, trained_version: Artifact
) -> None:
    on_shelf(desk.var / "models", trained_version, "v1")
    display_name, _, role = PEOPLE[name]
    before = rows_beside_runs(desk.engine)
    for result in (
        promote(name), promote(f"{display_name}, {role}"), promote(name, "--dry-run"),
        CliRunner().invoke(assemble([groups()]), ("model", "rollback", "--approver", name, *NOTE)),
    ):  # fmt: skip
        assert result.exit_code == 1
        assert "Din rolle giver ikke adgang" in result.output
    assert rows_beside_runs(desk.engine) == before


@pytest.mark.requirement("G-43")
@pytest.mark.parametrize("who", ["dan", "Dan Vang", "Dan Vang, datamedarbejder"])
def test_the_data_steward_promotes_and_stands_in_the_entry(
    who: str, desk: Desk, cast: Cast, trained_version: Artifact
) -> None:
    on_shelf(desk.var / "models", trained_version, "v1")
    assert promote(who).exit_code == 0

    with reading(desk.engine) as session:
        entry = json.loads(session.exec(
            select(LogEntry.entry).where(LogEntry.event == "model:promoted")
        ).one())  # fmt: skip
        assert session.exec(select(Admission.approver)).one() == who
    assert (entry["actor"], entry["role"]) == (cast.dan.person_id, "datamedarbejder")


@pytest.mark.requirement("G-43")
@pytest.mark.parametrize("who", ["nobody", "Dan Vang, teamleder", "Dan, datamedarbejder"])
def test_somebody_who_is_not_there_approves_nothing(who: str, desk: Desk, trained_version: Artifact) -> None:
    on_shelf(desk.var / "models", trained_version, "v1")
    before = rows_beside_runs(desk.engine)
    result = promote(who)

    assert result.exit_code == 1 and "Der er ingen" in result.output
    assert rows_beside_runs(desk.engine) == before


@pytest.mark.requirement("G-43")
def test_the_matrix_gives_models_to_one_role() -> None:
    assert {role for role, action in POLICY if action is Action.MANAGE_MODEL} == {"datamedarbejder"}
