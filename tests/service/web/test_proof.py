"""The proof of a decision: for whoever may open the case, once it is sealed, and it stands alone."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.database import reading
from service.log.notes import parse_vkey
from service.log.offline import skoen_verify
from service.log.tlog_proof import verify_proof
from service.signer.report import OK
from service.tables.decision import Decision
from service.tables.log import LogEntry
from tests.answered import a_decision, an_answered_case, rows
from tests.cast import NOW, Cast
from tests.parts.web import Clock, Visitor
from tests.service.signer.bench import Bench, tampered

Visit = Callable[[str], Visitor]
SOON = "bliver forseglet inden for et minut"
LATE = "ikke forseglet endnu"


@pytest.fixture
def bench(app: Flask, engine: Engine) -> Bench:
    """The signer of the application under test."""
    return Bench(engine, app.extensions["skoen"].settings)


@pytest.fixture
def decided(engine: Engine, cast: Cast) -> Decision:
    """A decision of Alma's."""
    return a_decision(engine, an_answered_case(engine, cast), cast.alma)


def test_before_the_seal_there_is_a_calm_word_and_no_file(
    visit: Visit, decided: Decision, clock: Clock
) -> None:
    alma, receipt = visit("alma"), f"/sag/{decided.case_id}/kvittering"
    page = alma.get(receipt).text

    assert SOON in page and "/bevis" not in page
    answer = alma.get(f"/sag/{decided.case_id}/bevis")
    assert (answer.status_code, answer.headers["Location"]) == (303, receipt)
    clock.at = NOW + timedelta(minutes=3)
    assert LATE in alma.get(receipt).text


def test_the_proof_stands_alone(visit: Visit, decided: Decision, bench: Bench, engine: Engine) -> None:
    assert bench.seal().state == OK
    alma = visit("alma")
    page = alma.get(f"/sag/{decided.case_id}/kvittering").text
    assert f'href="/sag/{decided.case_id}/bevis" download' in page and SOON not in page

    answer = alma.get(f"/sag/{decided.case_id}/bevis")

    pinned = parse_vkey((bench.settings.seals / "vkeys.txt").read_text().strip())
    checkpoint, seq, entry = verify_proof(answer.data, [pinned])
    said = json.loads(entry)
    with reading(engine) as session:
        logged = session.get_one(LogEntry, (decided.shard, decided.log_seq))
    assert (checkpoint.origin, seq) == (f"skoen.localhost/{decided.shard}", decided.log_seq)
    assert (said["id"], said["type"], said["case"]) == (decided.id, "decision:made", decided.case_id)
    assert entry == logged.entry.encode()
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="decisions-2026-{decided.log_seq}.tlog-proof"'
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_file_is_believed_by_a_verifier_that_knows_nothing_of_us(
    visit: Visit, decided: Decision, bench: Bench, tmp_path: Path
) -> None:
    bench.seal()
    file = tmp_path / "kvittering.tlog-proof"
    file.write_bytes(visit("alma").get(f"/sag/{decided.case_id}/bevis").data)
    pinned = (bench.settings.seals / "vkeys.txt").read_text().strip()
    verifier = Path(skoen_verify.__file__)

    def verdict(*keys: str) -> int:
        command = [sys.executable, "-I", str(verifier), str(file), *keys]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert verdict("--vkey", pinned) == 0
    file.write_bytes(file.read_bytes().replace(b"index ", b"index 1"))
    assert verdict("--vkey", pinned) == 20


def test_the_proof_does_not_name_the_citizen(visit: Visit, decided: Decision, bench: Bench) -> None:
    bench.seal()
    answer = visit("alma").get(f"/sag/{decided.case_id}/bevis")
    pinned = parse_vkey((bench.settings.seals / "vkeys.txt").read_text().strip())
    entry = verify_proof(answer.data, [pinned])[2].decode()

    for word in ("Agnes", "Prøve", "7102479995", "710247"):
        assert word not in entry


@pytest.mark.parametrize("name", ["freja", "carla", "dan"])
def test_who_may_not_open_the_case_gets_no_proof(
    name: str, visit: Visit, decided: Decision, bench: Bench, engine: Engine
) -> None:
    bench.seal()

    assert visit(name).get(f"/sag/{decided.case_id}/bevis").status_code in (403, 404)


def test_fetching_a_proof_opens_the_case(
    visit: Visit, decided: Decision, bench: Bench, engine: Engine
) -> None:
    bench.seal()
    before = rows(engine, LogEntry)
    visit("alma").get(f"/sag/{decided.case_id}/bevis")

    assert rows(engine, LogEntry) == before + 1


def test_a_case_without_a_decision_has_no_proof(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)

    assert visit("alma").get(f"/sag/{case.id}/bevis").status_code == 404


def test_an_entry_that_was_changed_since_gets_no_proof(
    visit: Visit, decided: Decision, bench: Bench, engine: Engine
) -> None:
    bench.seal()
    alma = visit("alma")
    tampered(
        engine, "UPDATE log_entries SET entry = replace(entry, 'decision:made', 'decision:mads')"
        " WHERE shard = :shard AND seq = :seq", shard=decided.shard, seq=decided.log_seq,
    )  # fmt: skip
    answer = alma.get(f"/sag/{decided.case_id}/bevis")

    assert answer.status_code >= 500
    assert "tlog-proof" not in answer.text
