"""When nothing is exported: a clear line says why, and no file is left."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from service.errors import LogUnavailable
from service.log.export import Exported, ExportRefused, OneCase, Sample
from service.log.export import write as writing_out
from tests.service.log.export.conftest import Archive
from tests.service.signer.bench import ACCESS, DECISIONS, fill, roll_back, tampered


def refused(archive: Archive, says: str, **options: object) -> None:
    """An export that must be refused with these words; nothing is left and nothing recorded."""
    before = archive.left()
    with pytest.raises(ExportRefused, match=says):
        archive.export(**options)  # type: ignore[arg-type]
    assert archive.left() == before
    assert archive.recorded == []


def test_before_the_first_checkpoint_there_is_nothing_to_check(archive: Archive) -> None:
    shutil.rmtree(archive.bench.settings.seals)

    refused(archive, "There is no checkpoint yet.*skoen signer once")


def test_a_shard_that_is_not_sealed_yet_is_refused_by_name(archive: Archive) -> None:
    fill(archive.engine, "access/2026Q3", 3)

    refused(archive, "There is no checkpoint yet", shards=["access/2026Q3"])
    refused(archive, "There is no checkpoint yet", shards=[ACCESS, "access/2026Q3"])


def test_an_unknown_shard_is_refused_and_the_others_named(archive: Archive) -> None:
    refused(archive, f"no shard decisions/1999. There are: .*{DECISIONS}", shards=["decisions/1999"])
    refused(archive, "no shard ../../etc", shards=["../../etc"])


def test_a_case_without_sealed_entries_is_refused(archive: Archive) -> None:
    refused(archive, "Nothing about the case is sealed yet", choice=OneCase("d" * 32))


def test_a_sample_larger_than_the_log_is_refused(archive: Archive) -> None:
    refused(archive, "There are only [0-9]+ sealed entries", choice=Sample(10_000, "1"))


def flipped(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(bytes([data[0] ^ 1]) + data[1:])


def tile_in(seals: Path) -> Path:
    return next((seals / DECISIONS / "tile/0").rglob("*.p/*"))


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "tile gone": (lambda seals: shutil.rmtree(seals / DECISIONS / "tile"), "cannot be read"),
    "tile cut": (lambda seals: tile_in(seals).write_bytes(b"x"), "cannot be read"),
    "tile changed": (lambda seals: flipped(tile_in(seals)), "do not make the signed root"),
    "checkpoint changed": (
        lambda seals: flipped(seals / DECISIONS / "checkpoint"),
        "checkpoint of .* cannot",
    ),
    "checkpoint of another": (
        lambda seals: shutil.copy(seals / ACCESS / "checkpoint", seals / DECISIONS / "checkpoint"),
        "cannot be used",
    ),
    "keys gone": (lambda seals: (seals / "vkeys.txt").unlink(), "cannot be used"),
    "keys changed": (lambda seals: (seals / "vkeys.txt").write_text("x\n"), "cannot be used"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_seals_that_cannot_be_used_are_refused(archive: Archive, damage: str) -> None:
    spoil, says = DAMAGE[damage]
    spoil(archive.bench.settings.seals)

    refused(archive, says)


HERE = "WHERE shard = :shard"
AGAINST = {
    "an entry deleted": (
        f"DELETE FROM log_entries {HERE} AND seq = 7",
        "7: the entry was sealed and is missing",
    ),
    "an entry changed": (
        f"UPDATE log_entries SET entry = replace(entry, 'visitator', 'teamleder') {HERE}",
        "the entry is not what was sealed",
    ),
    "a leaf hash changed": (
        f"UPDATE log_entries SET leaf_hash = zeroblob(32) {HERE} AND seq = 7",
        "7: the entry is not what was sealed",
    ),
    "a head cut back": (f"UPDATE log_heads SET size = 5 {HERE}", "The database has 5 entries of"),
    "a head deleted": (f"DELETE FROM log_heads {HERE}", "The database has 0 entries of"),
    "a path for a name": (f"UPDATE log_heads SET shard = '../../etc' {HERE}", "a shard that cannot be one"),
}


@pytest.mark.parametrize("change", AGAINST)
def test_a_database_that_is_not_what_was_sealed_is_refused(archive: Archive, change: str) -> None:
    statement, says = AGAINST[change]
    tampered(archive.engine, statement, shard=DECISIONS)

    refused(archive, says)


def test_every_entry_is_checked_also_those_that_do_not_go_out(archive: Archive) -> None:
    tampered(
        archive.engine, "UPDATE log_entries SET entry = 'x' WHERE shard = :shard AND seq = 1", shard=ACCESS
    )

    refused(archive, f"{ACCESS} 1: the entry is not what was sealed", choice=OneCase(archive.case_id))


def test_a_rollback_that_nobody_declared_is_refused(archive: Archive) -> None:
    roll_back(archive.engine, ACCESS, 5)

    refused(archive, "12 are sealed.*the log must say so")


def test_an_erased_case_is_not_opened(archive: Archive) -> None:
    tampered(archive.engine, "UPDATE erasures SET subject_id = :case", case=archive.case_id)

    refused(archive, "The case is erased", choice=OneCase(archive.case_id), opened=True)
    archive.export(choice=OneCase(archive.case_id))


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE personal_parts SET content = zeroblob(64)", "cannot be opened"),
        ("UPDATE personal_parts SET scheme = 'rot13/1'", "cannot be opened"),
        ("UPDATE personal_parts SET citizen_id = 'nobody'", "cannot be opened"),
    ],
)
def test_parts_that_do_not_open_are_refused(archive: Archive, statement: str, says: str) -> None:
    tampered(archive.engine, statement)

    refused(archive, says, choice=OneCase(archive.case_id), opened=True)


def test_parts_that_are_not_what_the_log_proves_are_refused(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.log.export.opening.unsealed", lambda *_: (bytes(32), b"{}"))

    refused(archive, "not what the log proves", choice=OneCase(archive.case_id), opened=True)


def test_a_file_that_is_there_is_not_replaced(archive: Archive) -> None:
    out = archive.folder / "export.zip"
    out.write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        archive.export()
    out.unlink()
    out.symlink_to(archive.folder / "nowhere")
    with pytest.raises(FileExistsError):
        archive.export()

    assert archive.left() == ["export.zip"]


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_file_that_came_meanwhile_is_not_replaced_either(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def no_link(source: object, target: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    if not links:
        monkeypatch.setattr(os, "link", no_link)
    out = archive.folder / "export.zip"

    with pytest.raises(FileExistsError):
        archive.export(record=lambda done: out.write_bytes(b"theirs"))
    assert out.read_bytes() == b"theirs"
    assert archive.left() == ["export.zip"]
    assert archive.verdict(archive.export("other.zip")).code == 0


def test_an_export_that_cannot_be_recorded_is_not_there(archive: Archive) -> None:
    def unavailable(done: Exported) -> None:
        raise LogUnavailable

    with pytest.raises(LogUnavailable):
        archive.export(record=unavailable)
    assert archive.left() == []


def test_a_full_disk_leaves_nothing(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing_out.os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        archive.export()
    assert archive.left() == []


def test_a_folder_that_is_not_there_is_not_made(archive: Archive) -> None:
    with pytest.raises(OSError, match="No such file"):
        archive.export("missing/export.zip")
    assert archive.left() == []


def test_the_file_is_private(archive: Archive) -> None:
    assert archive.export().stat().st_mode & 0o077 == 0
