"""Write an export: a zip that is whole or not there, streamed, so that a million entries need no memory."""

import hashlib
import os
import zipfile
from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from sqlalchemy import Engine

from service.files import sync
from service.log import offline
from service.log.canonical import canonical, instant
from service.log.export.choice import Choice, OneCase, Whole
from service.log.export.errors import ExportRefused
from service.log.export.lines import entry_lines, row_lines
from service.log.export.opening import opened_parts
from service.log.export.scope import Scope, Sealed, find_scope, has_tiles, rooted_tiles

FORMAT = "skoen-log-export/1"
README = Path(offline.__file__).with_name("README.md")


@dataclass(frozen=True)
class Exported:
    """What was written: entries by shard, opened parts, SHA-256 of the file, and what was not sealed yet."""

    entries: dict[str, int]
    opened: int
    sha256: str
    unsealed: dict[str, int]


def export(
    engine: Engine,
    seals: Path,
    origin: str,
    out: Path,
    *,
    choice: Choice,
    shards: Collection[str] = (),
    opened: bool = False,
    record: Callable[[Exported], None],
    now: datetime,
) -> Exported:
    """Write an export of all sealed shards, or of the named ones.

    `opened` adds the personal parts of the one case that was chosen. `record` is called when everything is
    written and before it can be found under its name; what it raises leaves no file. Raises ExportRefused,
    FileExistsError when `out` is there, and OSError when it cannot be written.
    """
    if opened and not isinstance(choice, OneCase):
        raise ExportRefused("Personal parts are opened for one case only.")
    with _beside(out) as file:
        scope = find_scope(engine, seals, origin, shards)
        done = _write(file, engine, scope, origin, choice, opened, now)
        file.flush()
        os.fsync(file.fileno())
        record(done)
    return done


def _write(
    file: IO[bytes], engine: Engine, scope: Scope, origin: str, choice: Choice, opened: bool, now: datetime
) -> Exported:
    sealed = [shard for shard in scope.shards if isinstance(choice, Whole) or not shard.retired]
    numbers = choice.numbers(engine, sealed)
    sealed = [shard for shard in sealed if shard.name in numbers]
    count, parts = dict.fromkeys((shard.name for shard in sealed), 0), 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README.read_bytes())
        archive.writestr("manifest.json", _manifest(sealed, scope.vkeys, origin, choice, now))
        for shard in sealed:
            archive.writestr(f"{shard.name}/checkpoint", shard.note)
            if not shard.retired or has_tiles(shard):
                count[shard.name] = _write_shard(archive, engine, shard, numbers[shard.name])
        if opened and isinstance(choice, OneCase):
            for entry_id, content in opened_parts(engine, choice.case_id, numbers):
                archive.writestr(f"opened/{entry_id}.json", content)
                parts += 1
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return Exported(count, parts, digest, scope.unsealed)


def _write_shard(
    archive: zipfile.ZipFile, engine: Engine, shard: Sealed, chosen: Collection[int] | None
) -> int:
    for tile, data in rooted_tiles(shard):
        archive.writestr(f"{shard.name}/{tile.path}", data, zipfile.ZIP_STORED)
    _write_lines(archive, f"{shard.name}/rows.jsonl", row_lines(engine, shard, chosen))
    return _write_lines(archive, f"{shard.name}/entries.jsonl", entry_lines(engine, shard, chosen))


def _write_lines(archive: zipfile.ZipFile, name: str, lines: Iterable[bytes]) -> int:
    with archive.open(name, "w", force_zip64=True) as target:
        return sum(target.write(line + b"\n") > 0 for line in lines)


def _manifest(
    sealed: Iterable[Sealed], vkeys: Iterable[str], origin: str, choice: Choice, now: datetime
) -> bytes:
    listed = [
        {
            "shard": shard.name, "origin": shard.checkpoint.origin, "size": shard.checkpoint.size,
            "kind": _kind(shard, choice),
        }
        for shard in sealed
    ]  # fmt: skip
    return canonical(
        {
            "format": FORMAT, "made_at": instant(now), "origin": origin, "vkeys": list(vkeys),
            "shards": listed, "choice": choice.told(),
        }
    )  # fmt: skip


def _kind(shard: Sealed, choice: Choice) -> str:
    if shard.retired:
        return "retired"
    return "whole" if isinstance(choice, Whole) and shard.there == shard.checkpoint.size else "part"


@contextmanager
def _beside(out: Path) -> Generator[IO[bytes]]:
    """A file beside the wanted one that takes its name when all went well, and is gone otherwise."""
    if out.exists() or out.is_symlink():
        raise FileExistsError(out)
    with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as file:
        staged = Path(file.name)
        try:
            yield file
            _name(staged, out)
        finally:
            staged.unlink(missing_ok=True)


def _name(staged: Path, out: Path) -> None:
    """Give the file its name; one that has come there meanwhile is not replaced."""
    try:
        os.link(staged, out)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, such as that of many USB sticks
        if out.exists():
            raise FileExistsError(out) from None
        staged.rename(out)
    sync(out.parent)
