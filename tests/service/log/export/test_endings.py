"""Shards that ended: one that a restore cut short, and one that was retired."""

import json
import shutil
import zipfile
from pathlib import Path

from service import log
from service.database import writing
from service.log import Event
from service.tables.oversight import Epoch, Retirement
from tests.parts.steps import LATER
from tests.service.log.export.conftest import Archive
from tests.service.signer.bench import ACCESS, DECISIONS, roll_back, tampered

NEXT = f"{ACCESS}/2"


def restored(archive: Archive, size: int) -> Path:
    """Fewer look-ups come back than were sealed, and the log says so; gives the held checkpoint."""
    held = archive.held(ACCESS)
    sealed = archive.bench.checkpoint(ACCESS)
    assert sealed is not None
    roll_back(archive.engine, ACCESS, size)
    row = Epoch(
        at=LATER, old_shard=ACCESS, number=2, checkpoint_size=sealed.size, checkpoint_root=sealed.root.hex(),
        restored_size=size, reason="disken døde", named_by="Ada Friis", confirmed_by="Dorte Juhl",
        operator="uid:0",
    )  # fmt: skip
    with writing(archive.engine) as session:
        log.append(session, Event.EPOCH_STARTED, at=LATER, by=None, row=row, shard=NEXT)
        session.commit()
    archive.look(4)
    return held


def test_after_a_declared_restore_the_hashes_of_what_is_lost_still_prove_the_rest(archive: Archive) -> None:
    held = restored(archive, 7)
    archive.bench.seal()

    file = archive.export()

    with zipfile.ZipFile(file) as written:
        assert len(written.read(f"{ACCESS}/entries.jsonl").splitlines()) == 7
        told = json.loads(written.read("manifest.json"))["shards"]
    assert {shard["shard"]: shard["kind"] for shard in told}[ACCESS] == "part"
    found = archive.verdict(file, held)
    assert found.code == 0
    assert "checkpointet passer" in found.said
    assert "disken døde" in found.said


def test_when_the_seals_were_lost_too_the_declaration_answers_the_held_checkpoint(archive: Archive) -> None:
    seals = archive.bench.settings.seals
    shutil.copytree(seals / ACCESS, archive.folder / "older")
    archive.look(5)
    archive.bench.seal()
    held = restored(archive, 12)
    archive.bench.seal()
    shutil.rmtree(seals / ACCESS / "tile")
    shutil.copytree(archive.folder / "older", seals / ACCESS, dirs_exist_ok=True)

    found = archive.verdict(archive.export(), held)

    assert found.code == 0
    assert "5 poster gik tabt ved en erklæret gendannelse" in found.said
    assert archive.verdict(archive.export("one.zip", shards=[ACCESS]), held).code == 30


def retired(archive: Archive) -> Path:
    """The look-ups are retired: entries go, the checkpoint stays; gives an earlier one, held outside."""
    early = archive.held(ACCESS)
    archive.look(3)
    archive.bench.seal()
    sealed = archive.bench.checkpoint(ACCESS)
    assert sealed is not None
    note = (archive.bench.settings.seals / ACCESS / "checkpoint").read_bytes()
    row = Retirement(
        at=LATER, retired_shard=ACCESS, size=sealed.size, root=sealed.root.hex(), checkpoint=note.decode(),
        reason="frist", operator="uid:0",
    )  # fmt: skip
    with writing(archive.engine) as session:
        log.append(session, Event.SHARD_RETIRED, at=LATER, by=None, row=row)
        session.commit()
    tampered(archive.engine, "DELETE FROM log_entries WHERE shard = :shard", shard=ACCESS)
    shutil.rmtree(archive.bench.settings.seals / ACCESS / "tile" / "entries")
    archive.bench.seal()
    return early


def test_a_retired_shard_goes_out_without_entries_and_its_hashes_answer_earlier_checkpoints(
    archive: Archive,
) -> None:
    early = retired(archive)

    file = archive.export()

    with zipfile.ZipFile(file) as written:
        assert written.read(f"{ACCESS}/entries.jsonl") == b""
    found = archive.verdict(file, early)
    assert found.code == 0
    assert f"{ACCESS}: 15 poster / entries: retired" in found.said
    assert '"retired_shard":"access/2026Q2"' in found.said


def test_of_a_retired_shard_without_hashes_the_checkpoint_alone_goes_out(archive: Archive) -> None:
    retired(archive)
    shutil.rmtree(archive.bench.settings.seals / ACCESS / "tile")
    last = archive.held(ACCESS)
    file = archive.export()

    with zipfile.ZipFile(file) as written:
        assert [name for name in written.namelist() if name.startswith(ACCESS)] == [f"{ACCESS}/checkpoint"]
    assert archive.verdict(file, last).code == 0
    assert archive.verdict(archive.export("alone.zip", shards=[ACCESS]), last).code == 20
    assert archive.verdict(archive.export("decisions.zip", shards=[DECISIONS, ACCESS]), last).code == 0
