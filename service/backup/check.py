"""Check a backup where it lies: its files are those that were written, and they open as what they are."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from service.backup import contents, sqlite
from service.backup.manifest import DATABASE, NAME, Manifest, measured


def problems(folder: Path, manifest: Manifest, pepper: bytes | None) -> list[str]:
    """Everything that is wrong with a backup, one line each; it is only opened when its files fit.

    Without the pepper, on a machine that has none, the manifest's seal is not looked at.
    """
    if pepper is not None and not manifest.is_sealed_with(pepper):
        return [f"{NAME} was changed, or sealed by an installation with another secrets/pepper"]
    return list(_files(folder, manifest)) or list(_content(folder, manifest))


def _files(folder: Path, manifest: Manifest) -> Iterator[str]:
    there = {file.name for file in folder.iterdir()}
    for name, expected in sorted(manifest.files.items()):
        if name not in there:
            yield f"{name} is missing"
        elif measured(folder / name) != expected:
            yield f"{name} is not the file that was written"
    for name in sorted(there - {NAME, *manifest.files}):
        yield f"{name} does not belong to the backup"
    for name in sorted(there):
        if stat.S_IMODE((folder / name).stat().st_mode) & 0o077:
            yield f"{name} can be read by others"


def _content(folder: Path, manifest: Manifest) -> Iterator[str]:
    if manifest.engine == "sqlite":
        with closing(sqlite.open_unchanging(folder / sqlite.FILE)) as connection:
            yield from sqlite.damage(connection)
    if manifest.of != DATABASE:
        return
    try:
        found = contents.shards(folder, manifest)
    except (ValueError, KeyError, AttributeError, sqlite3.DatabaseError) as error:
        yield f"the log cannot be read: {error}"
        return
    for shard in sorted({*found, *manifest.shards}):
        if found.get(shard) != manifest.shards.get(shard):
            yield f"the log of {shard} is not the one that was backed up"
