"""Disk, keystore and signer: what is really amiss is told, and by how much."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.engines import Engine, engines
from service.database import writing
from service.log.canonical import instant
from service.log.vault import Vault, attach, vault_of
from service.selftest import Installation, State, run, surroundings
from service.selftest.signer import BEHIND, signer, signing_key
from service.selftest.surroundings import disk, keystore
from service.signer.report import OK, REFUSED, WAITING, Status, write_status
from service.workflow import governance
from tests.builders import a_case
from tests.cast import NOW, Cast

BLOCK = 4096
GIB = 2**30
REPORT = '{"at": "%s", "state": "ok", "why": {"da": [], "en": []}, "codes": [], "shards": %s}'


@pytest.mark.parametrize("engine", engines(), ids=lambda each: each.name)
def test_it_is_told_which_engine_finds_similar_cases(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "fastest", lambda: engine)
    finding = surroundings.search(SimpleNamespace())  # type: ignore[arg-type]
    assert finding.state is State.OK
    assert (engine.name in finding.english) is (engine.name != "numpy")
    assert ("make kernel" in finding.english) is (engine.name == "numpy")


def disk_of(monkeypatch: pytest.MonkeyPatch, size: int, free: int) -> None:
    """Let the disk be so large (bytes), and so much of it free."""
    told = SimpleNamespace(f_blocks=size // BLOCK, f_bavail=free // BLOCK, f_frsize=BLOCK)
    monkeypatch.setattr(os, "statvfs", lambda folder: told)


@pytest.mark.parametrize(
    ("free", "state"),
    [
        (0, State.FAULT), (100, State.FAULT), (101, State.WARNING), (200, State.WARNING), (201, State.OK),
        (1000, State.OK),
    ],
)  # fmt: skip
def test_a_disk_counts_as_full_while_there_is_still_room_to_stop_in_order(
    free: int, state: State, place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk_of(monkeypatch, 1000 * 2**20, free * 2**20)

    assert disk(place).state is state


@pytest.mark.parametrize(("free", "state"), [(10 * GIB, State.OK), (10 * GIB - BLOCK, State.FAULT)])
def test_a_small_share_of_a_large_disk_is_room_enough(
    free: int, state: State, place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk_of(monkeypatch, 1000 * GIB, free)

    assert disk(place).state is state


def test_the_fullest_disk_counts_and_a_folder_not_yet_made_counts_as_the_one_above(
    place: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    elsewhere = replace(place, settings=replace(place.settings, seals=other / "not" / "yet" / "made"))
    full = SimpleNamespace(f_blocks=1000, f_bavail=42, f_frsize=BLOCK)
    room = SimpleNamespace(f_blocks=1000, f_bavail=900, f_frsize=BLOCK)
    monkeypatch.setattr(os, "statvfs", lambda folder: full if folder == other else room)

    found = disk(elsewhere)

    assert (found.state, found.where) == (State.FAULT, str(other))
    assert found.danish == "Disken er næsten fuld: kun 4 % af disken er ledig."


def test_a_keystore_that_fits_its_key_is_in_order(place: Installation) -> None:
    assert keystore(place).state is State.OK
    a_case(place.engine)

    assert keystore(place).state is State.OK


def test_another_key_of_keys_is_a_fault(place: Installation) -> None:
    a_case(place.engine)
    attach(place.engine, Vault(vault_of(place.engine).keystore, bytes(32)))

    found = keystore(place)

    assert found.state is State.FAULT
    assert "do not fit" in found.english


def test_a_keystore_that_is_gone_is_a_fault_and_is_not_made_anew(place: Installation) -> None:
    store = vault_of(place.engine).keystore.engine
    store.dispose()
    file = Path(store.url.database or "")
    file.unlink()

    assert keystore(place).state is State.FAULT
    assert not file.exists()


def test_a_keystore_that_is_damaged_is_a_fault(place: Installation) -> None:
    store = vault_of(place.engine).keystore.engine
    store.dispose()
    Path(store.url.database or "").write_bytes(b"this is no database " * 100)

    assert run(place).faults["keystore"].where == "keystore"


def report(place: Installation, at: datetime = NOW, state: str = OK, *why: tuple[str, str]) -> None:
    """Let the signer report."""
    write_status(place.settings.seals, Status(instant(at), state, why))


def test_a_signer_that_signs_is_in_order(place: Installation) -> None:
    report(place)

    assert signer(place).state is State.OK


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (NOW - BEHIND, State.OK),
        (NOW - BEHIND - timedelta(seconds=1), State.WARNING),
        (NOW + BEHIND + timedelta(seconds=1), State.WARNING),
    ],
    ids=["just in time", "behind", "in the future"],
)
def test_a_signer_that_has_been_silent_is_a_warning(at: datetime, state: State, place: Installation) -> None:
    report(place, at)

    assert signer(place).state is state


def test_a_signer_that_waits_for_the_database_is_a_warning(place: Installation) -> None:
    report(place, NOW, WAITING, ("Databasen kan ikke læses lige nu.", "The database cannot be read."))

    assert signer(place).state is State.WARNING


def test_a_signer_that_never_reported_is_a_warning(place: Installation) -> None:
    assert signer(place).state is State.WARNING


def test_a_signer_that_refused_is_a_fault_also_when_it_was_long_ago(place: Installation) -> None:
    why = ("decisions/2026 har 3 poster.", "decisions/2026 has 3 entries.")
    report(place, NOW - timedelta(days=3), REFUSED, why)

    found = signer(place)

    assert (found.state, found.where) == (State.FAULT, why[0])
    assert why[1] in found.english


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{", "7", '{"at": "2026-06-30T08:00:00+00:00", "state": "ok"}',
        REPORT % ("2026-06-30T08:00:00", "{}"), REPORT % ("x", "{}"), REPORT % ("2026-06-30T08:00:00Z", "{"),
    ],
    ids=str,
)  # fmt: skip
def test_a_report_that_cannot_be_read_is_a_fault(content: str, place: Installation) -> None:
    place.settings.seals.mkdir()
    (place.settings.seals / "status.json").write_text(content)

    assert signer(place).state is State.FAULT


def test_a_signing_key_that_this_process_can_read_is_a_fault_beyond_practice(
    place: Installation, cast: Cast
) -> None:
    assert signing_key(place).state is State.OK
    place.settings.signer.mkdir()
    (place.settings.signer / "key").write_bytes(bytes(32))

    assert signing_key(place).state is State.WARNING
    with writing(place.engine) as session:
        governance.change_phase(
            session, cast.alma.municipality_id, "pilot", legal_basis="SUL § 140", approved_by="Direktøren",
            valid_from=NOW.date(), now=NOW, by=None,
        )  # fmt: skip
    assert signing_key(place).state is State.FAULT
