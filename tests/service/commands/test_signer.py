"""`skoen signer` on an installation of the test's own."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import text

from service.commands import groups
from service.config import Settings
from service.database import make_engine
from service.log import verify
from service.log.checkpoint import open_checkpoint
from service.log.notes import parse_vkey
from service.program import assemble
from service.signer.report import read_status
from tests.desk import Desk
from tests.parts.demo import SKOEN


def run(*words: str) -> Result:
    return CliRunner().invoke(assemble([groups()]), ["signer", *words])


def test_there_is_no_vkey_before_there_is_a_key(desk: Desk) -> None:
    result = run("vkey")

    assert result.exit_code == 1 and "no key yet" in result.output


def test_once_seals_every_entry_and_prints_what_it_sealed(desk: Desk) -> None:
    result = run("once")

    sealed = read_status(Settings.from_environment().seals)
    found = verify(desk.engine)
    assert result.exit_code == 0
    assert sealed and {shard: each["root"] for shard, each in sealed.shards.items()} == found.roots
    assert sum(each["size"] for each in sealed.shards.values()) == found.entries > 0
    assert run("vkey").output.startswith("skoen.localhost+")


def test_once_tells_why_it_refuses(desk: Desk) -> None:
    run("once")
    engine = make_engine(f"sqlite:///{desk.engine.url.database}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE log_heads SET size = size + 1"))
    engine.dispose()

    result = run("once")

    assert result.exit_code == 1
    assert "behind Skøn's back" in result.output


def test_once_makes_no_database(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SKOEN_VAR", str(tmp_path / "var"))
    (tmp_path / "var").mkdir()

    assert run("once").exit_code == 1
    assert not (tmp_path / "var" / "skoen.db").exists()


def test_the_new_key_stands_in_both_logs_and_the_log_verifies(desk: Desk) -> None:
    run("once")
    result = run("rotate-key")

    assert result.exit_code == 0
    vkey = run("vkey").output.split()[-1]
    assert vkey in result.output
    with desk.engine.connect() as connection:
        query = "SELECT shard, entry FROM log_entries WHERE event = 'signer:key_changed' ORDER BY shard"
        rows = connection.execute(text(query)).all()
    assert [row.shard.split("/")[0] for row in rows] == ["access", "decisions"]
    assert {json.loads(row.entry)["vkey"] for row in rows} == {vkey}
    assert verify(desk.engine).ok
    assert run("once").exit_code == 0


def test_a_key_that_is_there_is_not_declared_lost(desk: Desk) -> None:
    run("once")
    before = run("vkey").output
    result = run("rotate-key", "--lost")

    assert result.exit_code == 1 and "is there" in result.output
    assert run("vkey").output == before


def test_run_seals_and_ends_when_it_is_told_to(desk: Desk) -> None:
    settings = Settings.from_environment()
    process = subprocess.Popen([str(SKOEN), "signer", "run"], env=os.environ, stderr=subprocess.PIPE)
    until = time.monotonic() + 20
    while not (settings.seals / "status.json").exists() and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=10)

    assert process.returncode == 0
    assert b'"signer.state"' in told
    keys = [parse_vkey(line) for line in (settings.seals / "vkeys.txt").read_text().split()]
    notes = list(settings.seals.rglob("checkpoint"))
    assert notes and all(open_checkpoint(note.read_bytes(), keys).size for note in notes)
