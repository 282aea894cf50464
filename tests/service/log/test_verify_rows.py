"""A row, a personal part or a head that was changed behind the log's back is found, and named."""

import pytest
from sqlalchemy import Engine

from service import log
from service.tables.base import Logged
from service.tables.log import STEPS
from tests.cast import Cast
from tests.parts.steps import SHARD, one_of_everything
from tests.parts.tampering import defenceless, tamper

Rows = dict[str, Logged]


def stage(engine: Engine, cast: Cast) -> Rows:
    """One row of every step."""
    return one_of_everything(engine, cast)[1]


@pytest.fixture
def rows(staged: Rows) -> Rows:
    """One row of every step, in the SQLite database."""
    return staged


@pytest.mark.requirement("K-20")
def test_a_changed_choice_is_found_and_named(any_engine: Engine) -> None:
    _, rows = one_of_everything(any_engine)
    seq = rows["decision"].log_seq

    found = tamper(any_engine, "UPDATE decisions SET choice = 'avanceret'")

    assert found == [f"{SHARD} {seq}: decisions.choice is not what the log proves"]


@pytest.mark.parametrize("step", STEPS)
def test_a_changed_row_of_any_step_is_found(engine: Engine, rows: Rows, step: str) -> None:
    seq = rows[step].log_seq

    found = tamper(
        engine, f"UPDATE {STEPS[step]} SET at = '2026-06-30 09:00:00.000001' WHERE log_seq = {seq}"
    )

    assert found == [f"{SHARD} {seq}: {STEPS[step]}.at is not what the log proves"]


def test_a_row_that_is_gone_is_found(any_engine: Engine) -> None:
    _, rows = one_of_everything(any_engine)
    seq = rows["planning"].log_seq

    found = tamper(any_engine, f"DELETE FROM plannings WHERE log_seq = {seq}")

    assert f"{SHARD} {seq}: the row in plannings is missing" in found
    assert any(line.startswith("personal_parts") and "plannings" in line for line in found)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("content = x'ff00'", "cannot be opened, and no erasure says why"),
        ("nonce = zeroblob(12)", "cannot be opened, and no erasure says why"),
        ("citizen_id = 'another'", "cannot be opened, and no erasure says why"),
        ("subject_id = 'another'", "personal_parts.subject_id is another subject"),
        ("step = 'planning'", "personal_parts.step is another step"),
        ("scheme = 'plain/2'", "cannot be opened, and no erasure says why"),
        ("scheme = 'erased', content = x'', nonce = x''", "cannot be opened, and no erasure says why"),
        ("id = 'moved'", "the personal part of decisions is missing"),
    ],
    ids=["content", "nonce", "citizen", "subject", "step", "scheme", "erased", "id"],
)
def test_a_changed_part_is_found(engine: Engine, rows: Rows, change: str, problem: str) -> None:
    seq = rows["decision"].log_seq

    found = tamper(engine, f"UPDATE personal_parts SET {change} WHERE step = 'decision'")

    assert any(line.startswith(f"{SHARD} {seq}: ") and problem in line for line in found), found


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("UPDATE reported_resources SET status = 'cancelled'", "reported_resources.status is not what"),
        (
            "UPDATE reported_resources SET starts_on = '2026-01-01'",
            "reported_resources.starts_on is not what",
        ),
        ('UPDATE reported_resources SET detail = \'{"code": "y"}\'', "reported_resources.detail is not what"),
        ("DELETE FROM reported_resources", "a row in reported_resources is missing"),
        ("UPDATE reported_resources SET resource_id = 's'", "a row in reported_resources was never told"),
        ("UPDATE reported_resources SET report_id = 'none'", "no report told it"),
    ],
)
def test_a_changed_resource_of_a_report_is_found(any_engine: Engine, change: str, problem: str) -> None:
    one_of_everything(any_engine)

    found = tamper(any_engine, change)

    assert any(problem in line for line in found), found


def test_parts_cannot_change_places(engine: Engine, rows: Rows) -> None:
    found = tamper(
        engine,
        "UPDATE decisions SET part_id = (SELECT part_id FROM plannings)",
    )

    assert any("the personal part of decisions cannot be opened" in line for line in found)
    assert any("no row in decisions has this part" in line for line in found)


def test_a_part_of_nothing_is_found(engine: Engine, rows: Rows) -> None:
    found = tamper(
        engine,
        "INSERT INTO personal_parts VALUES ('stray', 'c', 's', 'decision', x'00', x'00', 'x/1')",
        "INSERT INTO personal_parts VALUES ('odd', 'c', 's', 'nothing', x'00', x'00', 'x/1')",
    )

    assert found == [
        "personal_parts stray: no row in decisions has this part",
        "personal_parts odd: there is no such step",
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("size = size + 1", "the head says"),
        ("size = size - 1", "the head says"),
        ("frontier = zeroblob(32)", "the root of the entries is not the root of the head"),
        ("last_at = '2099-01-01T00:00:00.000000Z'", "the head's last_at"),
    ],
)
def test_a_changed_head_is_found(engine: Engine, rows: Rows, change: str, problem: str) -> None:
    found = tamper(engine, f"UPDATE log_heads SET {change}")

    assert [problem in line for line in found] == [True]


def test_a_head_that_is_gone_is_found(any_engine: Engine) -> None:
    one_of_everything(any_engine)

    assert tamper(any_engine, "DELETE FROM log_heads") == [f"{SHARD}: the head is missing"]


def test_a_row_added_past_the_log_is_found(engine: Engine, rows: Rows) -> None:
    found = tamper(
        engine,
        "INSERT INTO case_takings (id, at, shard, log_seq, part_id, case_id, person_id)"
        " SELECT 'forged', at, shard, 900, part_id, case_id, person_id FROM case_takings",
    )

    assert f"{SHARD} 900: the row in case_takings has no entry" in found


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("cases", "due_on = 'soon'"),
        ("plannings", "forms = '{'"),
        ("cases", "serial = 1.5"),
        ("cases", "at = 'x'"),
    ],
)
def test_a_value_that_cannot_be_read_is_found(engine: Engine, rows: Rows, table: str, change: str) -> None:
    found = tamper(engine, f"UPDATE {table} SET {change}")

    assert any(f"the row in {table} cannot be read" in line for line in found), found


def test_text_that_is_no_text_is_found(engine: Engine, rows: Rows) -> None:
    seq = rows["taken"].log_seq

    found = tamper(engine, f"UPDATE log_entries SET entry = CAST(x'ff' AS TEXT) WHERE seq = {seq}")

    assert f"{SHARD} {seq}: the entry cannot be read" in found


def test_missing_triggers_are_a_problem(engine: Engine, rows: Rows) -> None:
    with engine.begin() as connection:
        defenceless(connection)

    assert "decisions: the triggers that refuse changes are missing" in log.verify(engine).problems
