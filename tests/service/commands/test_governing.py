"""`skoen decisions`, `model`, `unit` and `phase`: run as the program runs them."""

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from models.artifact import Artifact
from service.commands import groups
from service.database import reading, writing
from service.program import assemble
from service.tables.log import LogEntry
from service.workflow import governance
from tests.builders import an_admission
from tests.cast import TODAY, Cast
from tests.desk import Desk
from tests.parts.trained import on_shelf
from tests.quarter import decide_case
from tests.register import VERSION, a_basis, approve, approved_for_operation, ready_for_pilot

WORDS = ("--approver", "Dan Vang", "--note", "Flere sager.")


def run(*arguments: str) -> Result:
    """One command; the desk has set the environment."""
    return CliRunner().invoke(assemble([groups()]), arguments)


def events(cast: Cast, event: str) -> list[dict[str, str]]:
    """The log's entries of one event."""
    with reading(cast.engine) as session:
        return [json.loads(e) for e in session.exec(select(LogEntry.entry).where(LogEntry.event == event))]


@pytest.fixture
def models(desk: Desk) -> Path:
    """The shelf of the desk's installation."""
    return desk.var / "models"


def test_an_export_is_whole_logged_and_told(desk: Desk, cast: Cast, tmp_path: Path) -> None:
    an_admission(cast.engine, cast.dan)
    decide_case(cast.engine, cast.alma, 1)
    out = tmp_path / "decisions.jsonl"
    result = run("decisions", "export", "--out", str(out), "--json")
    assert result.exit_code == 0, result.output
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    told = {"file": str(out), "cases": 1, "left_out": 0, "refused": {}, "sha256": digest}
    assert json.loads(result.output) == told
    head, case = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert [each["phase"] for each in head["export"]] == ["oevelse", "oevelse"]
    assert case["phase"] == "oevelse"
    (entry,) = events(cast, "data:exported")
    assert (entry["count"], entry["sha256"], entry["municipality"]) == ("1", digest, "all")


def test_an_export_that_cannot_be_logged_leaves_no_file(desk: Desk, cast: Cast, tmp_path: Path) -> None:
    with cast.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    folder = tmp_path / "out"
    folder.mkdir()
    assert run("decisions", "export", "--out", str(folder / "d.jsonl")).exit_code != 0
    assert list(folder.iterdir()) == []


def test_an_export_of_an_unknown_municipality_is_refused(desk: Desk, tmp_path: Path) -> None:
    result = run("decisions", "export", "--out", str(tmp_path / "d.jsonl"), "--municipality", "0001")
    assert result.exit_code == 1
    assert "0001" in result.output
    assert not (tmp_path / "d.jsonl").exists()


def test_a_trained_folder_is_copied_to_the_shelf_and_taken_into_use(
    desk: Desk, cast: Cast, models: Path, tmp_path: Path, trained_version: Artifact
) -> None:
    on_shelf(tmp_path / "made", trained_version, "v1")
    result = run("model", "promote", str(tmp_path / "made" / "v1"), *WORDS, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["version"] == "v1"
    assert (models / "v1" / "manifest.json").is_file()
    assert len(events(cast, "model:promoted")) == 1
    assert [e["command"] for e in events(cast, "command:run")] == ["model.promote"]
    told = json.loads(run("model", "history", "--json").output)
    assert told["active"] == "v1"
    assert told["history"][0]["note"] == "Flere sager."
    assert "v1" in run("model", "history").output
    assert run("model", "history", "--in-use").output == f"{models / 'v1'}\n"


def test_a_refused_folder_is_not_copied_to_the_shelf(
    desk: Desk, cast: Cast, models: Path, tmp_path: Path, trained_version: Artifact
) -> None:
    on_shelf(tmp_path / "made", trained_version, "v1")
    folder = str(tmp_path / "made" / "v1")
    assert run("model", "promote", folder, "--approver", "Dan Vang").exit_code == 1
    assert run("model", "promote", folder, *WORDS, "--dry-run").exit_code == 0
    assert not models.exists()


def test_a_dry_run_changes_nothing(desk: Desk, cast: Cast, models: Path, trained_version: Artifact) -> None:
    on_shelf(models, trained_version, "v1")
    assert run("model", "promote", "v1", *WORDS, "--dry-run").exit_code == 0
    assert run("model", "promote", "v1", "--dry-run").exit_code == 1
    assert json.loads(run("model", "history", "--json").output) == {"active": None, "history": []}
    assert events(cast, "model:promoted") == []


def test_promotion_without_words_or_of_nothing_is_refused(
    desk: Desk, cast: Cast, models: Path, trained_version: Artifact
) -> None:
    on_shelf(models, trained_version, "v1")
    for arguments in (("v1",), ("v1", "--approver", "Dan"), ("v1", "--note", "Nyt"), ("v2", *WORDS)):
        result = run("model", "promote", *arguments)
        assert result.exit_code == 1, result.output
    assert events(cast, "model:promoted") == []


def test_a_rollback_is_one_command(desk: Desk, cast: Cast, models: Path, trained_version: Artifact) -> None:
    first = on_shelf(models, trained_version, "v1")
    told = {"version": "v1", "manifest_hash": first.manifest_hash,
            "worse_than_active": {"value": -0.1, "standard_error": 0.01}}  # fmt: skip
    same = {"manifest_hash": first.manifest_hash, "facts": []}
    on_shelf(models, trained_version, "v2", against=told, rule_change=same)
    for version in ("v1", "v2"):
        assert run("model", "promote", version, *WORDS).exit_code == 0
    assert "v1 would be in use" in run("model", "rollback", *WORDS, "--dry-run").output
    assert run("model", "rollback", *WORDS).exit_code == 0
    assert json.loads(run("model", "history", "--json").output)["active"] == "v1"
    assert run("model", "rollback", *WORDS).exit_code == 1
    assert len(events(cast, "model:rolled_back")) == 1


def test_a_folder_of_no_version_in_use_is_never_printed(desk: Desk) -> None:
    result = run("model", "history", "--in-use")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "No model of genoptraening is in use." in result.stderr


def test_the_history_shows_a_version_whole(desk: Desk, cast: Cast) -> None:
    version = "genoptraening-20261118-727d92e4"
    an_admission(cast.engine, cast.dan, version=version)

    assert version in run("model", "history").output


def test_a_unit_is_stopped_released_and_shown_otherwise(desk: Desk, cast: Cast) -> None:
    why = ("--by", "tove", "--reason", "Vi ser på tallene.")
    for verb, stopped in (("stop", True), ("release", False)):
        assert run("unit", verb, "Træning Nord", *why).exit_code == 0
        with reading(cast.engine) as session:
            assert governance.is_stopped(session, cast.tove.unit_id) is stopped
    assert "already" in run("unit", "mode", "Træning Nord", "overblik", "--by", "tove").output
    assert run("unit", "mode", "Træning Nord", "forslag", "--by", "tove").exit_code == 0
    assert run("unit", "stop", "Træning Skovby", *why).exit_code == 1


def test_a_phase_beyond_practice_needs_its_legal_basis(desk: Desk, cast: Cast) -> None:
    there = ("--municipality", "0999", "--from", TODAY.isoformat())
    assert run("phase", "set", "pilot", *there).exit_code == 1
    signed = ("--legal-basis", "Sundhedsloven § 140", "--approver", "Ida Vest")
    assert "retsgrundlag" in run("phase", "set", "pilot", *there, *signed).output
    an_admission(cast.engine, cast.dan, version=VERSION)
    approved_for_operation(cast.engine, cast.dan)
    a_basis(cast.engine, cast.dan, "pilot")
    assert "Brevene er godkendt" in run("phase", "set", "pilot", *there).output
    ready_for_pilot(cast.engine, cast.dan)
    assert run("phase", "set", "pilot", *there).exit_code == 0
    with reading(cast.engine) as session:
        assert governance.phase_of(session, cast.tove.municipality_id, TODAY) == "pilot"
    assert "Ida Vest" in run("phase", "show", "--municipality", "0999").output


def test_a_promotion_asks_the_registers(
    desk: Desk, cast: Cast, models: Path, trained_version: Artifact
) -> None:
    on_shelf(models, trained_version, "v1")
    approve(cast.engine, cast.dan, "loeftet", version="v1")
    for dry in ((), ("--dry-run",)):
        result = run("model", "promote", "v1", *WORDS, *dry)
        assert (result.exit_code, "løftet" in result.output) == (1, True)
    assert events(cast, "model:promoted") == []


def test_whoever_is_not_known_decides_nothing(desk: Desk, cast: Cast) -> None:
    result = run("unit", "stop", "Træning Nord", "--by", "nobody", "--reason", "x")
    assert result.exit_code == 1
    with writing(cast.engine) as session:
        assert not governance.is_stopped(session, cast.tove.unit_id)


@pytest.mark.parametrize("username", ["dan", "dorte"])
def test_a_role_without_the_button_does_not_press_it_from_the_command_line(
    username: str, desk: Desk, cast: Cast
) -> None:
    for verb in ("stop", "release"):
        result = run("unit", verb, "Træning Nord", "--by", username, "--reason", "Jeg vil.")
        assert result.exit_code == 1
    assert run("unit", "mode", "Træning Nord", "forslag", "--by", username).exit_code == 1
    assert events(cast, "stop:pressed") == events(cast, "unit:set") == []
