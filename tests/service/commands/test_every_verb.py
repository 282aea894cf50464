"""Every verb of the service leaves exactly one entry when it is run, whether it changes, reads or is refused.

A verb that is not tried here fails the test; so does one that is tried and does not exist.
"""

import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from service.clock import utc_now
from service.commands import groups
from service.config import Settings
from service.database import reading
from service.program import assemble
from service.tables.log import LogEntry
from tests.cast import Cast
from tests.desk import REFERRAL, Desk
from tests.service.commands.refused_runs import REFUSED
from tests.trials import RUNS as TRIAL_RUNS

Words = list[str]
Verb = tuple[str, ...]

NOT_RECORDED = {
    ("documents", "diff"): "reads two folders of documents, and nothing of the service",
    ("documents", "list"): "reads what is declared in the program alone",
    ("selftest",): "must run on an installation that can write nothing, and is asked every few minutes",
    ("signer", "run"): "only reads the database; what it does stands in the seals",
    ("signer", "once"): "as above",
    ("signer", "vkey"): "reads public files alone",
}
"""Verbs without an entry, and why."""

THERE = ["--municipality", "0999"]
UNIT = [*THERE, "--unit", "Træning Nord"]
WHY = ["--by", "tove", "--reason", "En prøve"]
WORDS = ["--approver", "Dan Vang", "--note", "Ny."]


class Room:
    """A desk with room beside it, where a run may need something made before."""

    def __init__(self, desk: Desk, beside: Path) -> None:
        self.desk, self.beside = desk, beside

    def run(self, *words: str) -> Result:
        """One command of the whole program; the desk has set the environment."""
        return CliRunner().invoke(assemble([groups()]), words)

    def out(self, name: str) -> Words:
        """Where a verb is to write."""
        return ["--out", str(self.beside / name)]

    def a_backup(self, *verb: str) -> str:
        """The folder of a backup made just now, of the casework unless another verb is said."""
        made = self.run(*(verb or ("backup",)), *self.out("backups"))
        assert made.exit_code == 0, made.output
        (folder,) = (self.beside / "backups").iterdir()
        return str(folder)

    def a_seal(self) -> Words:
        """What was logged so far is sealed."""
        assert self.run("signer", "once").exit_code == 0
        return []

    def a_referral(self) -> str:
        """A file to import."""
        file = self.desk.folder / "referral.json"
        file.write_text(json.dumps(REFERRAL), encoding="utf-8")
        return str(file)

    def a_limits_file(self) -> str:
        """A file that tightens a limit."""
        file = self.desk.folder / "limits.toml"
        file.write_text("least_cases = 10\n")
        return str(file)

    def a_capacity_file(self) -> str:
        """A file for the capacity board."""
        file = self.desk.folder / "capacity.csv"
        file.write_text(
            "enhed,tilbud,dato,pladser,ledige,venter,ventedage\n"
            f"Træning Nord,ortopaedisk,{utc_now().date()},24,3,7,5\n"
        )
        return str(file)

    def a_finished_demo(self) -> Words:
        """What `demo prepare` leaves when it has been done."""
        for folder in ("synthetic", "models"):
            (self.desk.var / folder).mkdir(parents=True)
        (self.desk.var / "demo.ready").touch()
        return ["--synthetic", str(self.desk.var / "synthetic"), "--models", str(self.desk.var / "models")]


RUNS: dict[Verb, Callable[[Room], Words]] = {
    ("access", "reviews"): lambda room: ["--municipality", "0999"],
    ("access", "export"): lambda room: ["1", "--municipality", "0999"],
    ("access", "sample"): lambda room: ["--by", "dorte"],
    ("backup",): lambda room: room.out("backups"),
    ("backup", "check"): lambda room: [room.a_backup()],
    ("capacity", "import"): lambda room: [room.a_capacity_file(), *THERE, "--by", "Tove Dam, teamleder"],
    ("challenge", "end"): lambda room: ["--approver", "Dan Vang", "--decided", "Ingen."],
    ("challenge", "look"): lambda room: ["--approver", "Dan Vang"],
    ("challenge", "start"): lambda room: ["v2", "--until", "2030-01-31", *WORDS],
    ("citizen", "erase"): lambda room: ["--case", "1", "--ground", "unlawful", "--reason", "x", "--yes"],
    ("citizen", "finish"): lambda room: [],
    ("citizen", "grounds"): lambda room: [],
    ("citizen", "refuse"): lambda room: ["--case", "1", "--ground", "duty_to_record", "--reason", "x"],
    ("data", "export-outcomes"): lambda room: [*room.out("o.csv"), "--municipality", "0999"],
    ("data", "import"): lambda room: [room.a_referral(), "--municipality", "0999"],
    ("database", "grant"): lambda room: ["skoen_service"],
    ("database", "upgrade"): lambda room: [],
    ("decisions", "export"): lambda room: room.out("d.jsonl"),
    ("demo", "prepare"): Room.a_finished_demo,
    ("documents", "check"): lambda room: [str(room.beside), *THERE],
    ("documents", "written"): lambda room: THERE,
    ("documents", "write"): lambda room: [*room.out("dokumenter"), "--no-pdf", *THERE],
    ("incident", "affected"): lambda room: [*THERE, "--from", "2026-01-01", "--to", "2026-01-02"],
    ("keystore", "backup"): lambda room: room.out("keys"),
    ("keystore", "restore"): lambda room: ["--from", room.a_backup("keystore", "backup")],
    ("limits", "check"): lambda room: [room.a_limits_file()],
    ("limits", "show"): lambda room: [],
    ("log", "checkpoint"): Room.a_seal,
    ("log", "export"): lambda room: room.a_seal() + room.out("log.zip"),
    ("log", "proof"): lambda room: [*room.a_seal(), "decisions/2026", "0", *room.out("0.tlog-proof")],
    ("log", "retire"): lambda room: ["access/2020Q1", "--reason", "x", "--yes"],
    ("log", "verifier"): lambda room: room.out("verify.py"),
    ("log", "verify"): lambda room: [],
    ("model", "history"): lambda room: [],
    ("model", "monitor"): lambda room: [*THERE, "--month", "2020-01"],
    ("model", "promote"): lambda room: ["v1", *WORDS],
    ("model", "rollback"): lambda room: WORDS,
    ("phase", "ready"): lambda room: THERE,
    ("phase", "set"): lambda room: ["oevelse", "--municipality", "0999"],
    ("phase", "show"): lambda room: ["--municipality", "0999"],
    ("register", "add"): lambda room: ["dilemma", "--file", room.a_referral(), "--by", "Ada, chef", *THERE],
    ("register", "export"): lambda room: [*room.out("registre.json"), *THERE],
    ("register", "list"): lambda room: THERE,
    ("register", "show"): lambda room: ["0" * 32, *THERE],
    ("register", "tasks"): lambda room: THERE,
    ("register", "template"): lambda room: ["dilemma"],
    ("report", "yearly"): lambda room: ["2026", *room.out("redegoerelse"), *THERE],
    ("restore",): lambda room: [
        "--from", room.a_backup(), "--reason", "x", "--name", "Ada", "--name", "Tove", "--unproven",
        "--dry-run",
    ],
    ("retention", "run"): lambda room: ["--plan"],
    ("retention", "show"): lambda room: [],
    ("rights", "answer"): lambda room: ["0" * 32, "--outcome", "granted", "--words", "Ja."],
    ("rights", "export"): lambda room: ["0" * 32, *room.out("udtraek.zip")],
    ("rights", "list"): lambda room: THERE,
    ("rights", "show"): lambda room: ["0" * 32],
    ("serve",): lambda room: ["--no-signer", "--port", str(_free_port())],
    ("shadow", "ask"): lambda room: ["--from", "2026-01-01", "--to", "2026-01-31", *WHY[2:], "--by", "dorte"],
    ("shadow", "list"): lambda room: THERE,
    ("shadow", "open"): lambda room: ["0" * 32, "--by", "ada"],
    ("shadow", "show"): lambda room: ["0" * 32, "--by", "ada"],
    ("signer", "rotate-key"): Room.a_seal,
    ("release",): lambda room: ["--all", "--reason", "Prøven er slut", "--by", "Ada Friis, administrator"],
    ("stop",): lambda room: ["--all", "--reason", "En prøve", "--by", "Ada Friis, administrator"],
    **{("trial", verb): lambda room, words=words: words for verb, words in TRIAL_RUNS.items()},
    ("unit", "mode"): lambda room: ["Træning Nord", "overblik", "--by", "tove"],
    ("unit", "release"): lambda room: ["Træning Nord", *WHY],
    ("unit", "stop"): lambda room: ["Træning Nord", *WHY],
    ("units", "add"): lambda room: [
        "Træning Vest", "--municipality", "0999", "--municipality-name", "Fjordby Kommune",
    ],
    ("users", "add"): lambda room: [
        "erna", "--name", "Erna Lyng", *UNIT, "--role", "tilsyn", "--password", "skoen-demo",
    ],
    ("users", "grant"): lambda room: ["alma", *UNIT, "--role", "teamleder"],
    ("users", "list"): lambda room: [],
    ("users", "revoke"): lambda room: ["bent", *UNIT, "--role", "visitator"],
    ("users", "set-password"): lambda room: ["alma", "--password", "skoen-demo"],
}  # fmt: skip
"""A run of each verb; it may make what it needs first."""


def verbs(command: click.Command, path: Verb = ()) -> Iterator[Verb]:
    """Every verb below a command, as the words that call it."""
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield path
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from verbs(inner, (*path, name))


def recorded(desk: Desk) -> list[dict[str, str]]:
    """The runs that stand in the log."""
    query = select(LogEntry.entry).where(LogEntry.event == "command:run").order_by(LogEntry.seq)  # type: ignore[arg-type]
    with reading(desk.engine) as session:
        return [json.loads(entry) for entry in session.exec(query).all()]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def room(
    desk: Desk, cast: Cast, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Room:
    """The desk's installation, with the signer's folder and room for files where the web does not write."""
    beside = tmp_path_factory.mktemp("beside")
    monkeypatch.setenv("SKOEN_SIGNER", str(tmp_path_factory.mktemp("keeps") / "signer"))
    monkeypatch.setenv("SKOEN_PUBLIC_URL", "http://127.0.0.1:8000")
    monkeypatch.chdir(beside)
    monkeypatch.setattr("service.commands.serve.os.execv", _served)
    return Room(desk, beside)


def _served(*_: object) -> None:
    raise SystemExit(0)


def test_every_verb_of_the_service_is_tried_here() -> None:
    there = set(verbs(groups()))

    assert there - set(RUNS) - set(NOT_RECORDED) == set(), "add a run to RUNS"
    assert {*RUNS, *NOT_RECORDED, *REFUSED} - there == set(), "there is no such verb"
    assert set(RUNS) & set(NOT_RECORDED) == set()


@pytest.mark.parametrize("verb", RUNS, ids=" ".join)
def test_a_run_leaves_one_entry_that_names_the_verb_and_who(verb: Verb, room: Room) -> None:
    words = RUNS[verb](room)
    before = recorded(room.desk)
    result = room.run(*verb, *words)

    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    left = recorded(room.desk)[len(before) :]
    assert len(left) == 1, result.output
    (entry,) = left
    assert entry["command"].split(".")[: len(verb)] == list(verb)
    assert entry["operator"] == f"uid:{os.getuid()}"
    assert "actor" not in entry


@pytest.mark.parametrize("verb", REFUSED, ids=" ".join)
def test_a_run_that_is_refused_leaves_it_too(verb: Verb, room: Room) -> None:
    before = recorded(room.desk)
    result = room.run(*verb, *REFUSED[verb])

    assert result.exit_code != 0
    (entry,) = recorded(room.desk)[len(before) :]
    assert entry["command"] == ".".join(verb)


def test_what_a_command_changes_says_who_was_at_the_machine(room: Room) -> None:
    """The access log is retired years before the decisions, so the run's own entry is not enough."""
    assert room.run("users", "grant", "alma", *UNIT, "--role", "teamleder").exit_code == 0
    assert room.run("unit", "stop", "Træning Nord", *WHY).exit_code == 0
    with reading(room.desk.engine) as session:
        query = select(LogEntry.entry).where(LogEntry.shard.startswith("decisions/"))  # type: ignore[attr-defined]
        entries = [json.loads(entry) for entry in session.exec(query).all()]

    told = {entry["type"]: entry.get("operator") for entry in entries}
    assert told["membership:started"] == told["stop:pressed"] == f"uid:{os.getuid()}"
    assert told["phase:changed"] is None  # the cast was gathered by a test, not by a command


def test_a_log_that_cannot_be_written_stops_a_verb_before_it_does_anything(room: Room) -> None:
    with room.desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    result = room.run("decisions", "export", *room.out("d.jsonl"))

    assert result.exit_code != 0
    assert list(room.beside.iterdir()) == []


def test_verification_gives_its_verdict_on_a_log_that_it_cannot_write_to(room: Room) -> None:
    with room.desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    result = room.run("log", "verify")

    assert "entries verified" in result.output
    assert "could not be written to it" in result.stderr
    assert result.exit_code == 0
    assert Settings.from_environment().var == room.desk.var
