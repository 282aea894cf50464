"""What can be exported: the shards that are sealed, as far as they are, and the tiles that hold their hashes.

The seals decide. What the database says beyond the newest checkpoint nobody has signed, so it stays at home.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select

from service.database import reading
from service.log import merkle
from service.log.append import HEADS
from service.log.checkpoint import Checkpoint
from service.log.export.errors import ExportRefused
from service.log.sealed import CHECKPOINT, UNUSABLE, published_keys, sealed_state
from service.log.tiles import WIDTH, Tile, split_tile, tiles_of
from service.tables.base import table_of
from service.tables.oversight import Epoch, Retirement

SHARD = re.compile(r"[a-z]{1,20}/[0-9]{4}(Q[1-4])?(/[1-9][0-9]{0,3})?")
EPOCHS = table_of(Epoch)
RETIREMENTS = table_of(Retirement)


@dataclass(frozen=True)
class Sealed:
    """A shard up to its newest checkpoint. `there` entries of it are in the database.

    Fewer than were sealed are there only after a restore that the log declares, and none in a retired shard.
    """

    name: str
    checkpoint: Checkpoint
    note: bytes
    folder: Path
    there: int
    retired: bool = False


@dataclass(frozen=True)
class Scope:
    """The sealed shards, the vkeys that signed them, and how many entries of each are not sealed."""

    shards: tuple[Sealed, ...]
    vkeys: tuple[str, ...]
    unsealed: dict[str, int]


@dataclass(frozen=True)
class _Known:
    """What the database says: sizes of shards, retired ones (size, root), restored ones (what is left)."""

    heads: dict[str, int]
    retired: dict[str, tuple[int, str]]
    restored: dict[str, int]


def find_scope(engine: Engine, seals: Path, origin: str, wanted: Collection[str] = ()) -> Scope:
    """All sealed shards, or the wanted ones.

    Raises ExportRefused when one is unknown or not sealed, and when seals and database do not fit.
    """
    known = _known(engine)
    names = {path.parent.relative_to(seals).as_posix() for path in seals.glob(f"*/**/{CHECKPOINT}")}
    every = {*known.heads, *known.retired, *(name for name in names if SHARD.fullmatch(name))}
    if unknown := sorted(set(wanted) - every):
        there = ", ".join(sorted(every)) or "none"
        raise ExportRefused(f"There is no shard {unknown[0]}. There are: {there}.")
    shards, unsealed = [], {}
    for name in sorted(set(wanted) or every):
        found = _sealed(seals, origin, name, known)
        unsealed[name] = max(0, known.heads.get(name, 0) - (found.checkpoint.size if found else 0))
        shards += [found] if found else []
    if not shards or set(wanted) - {shard.name for shard in shards}:
        raise ExportRefused(
            "There is no checkpoint yet, so nothing could be checked. The signer makes one within a minute"
            " (skoen signer run), or now: skoen signer once"
        )
    return Scope(tuple(shards), tuple(key.vkey for key in published_keys(seals)), unsealed)


def _known(engine: Engine) -> _Known:
    with reading(engine) as session:
        heads = {row.shard: row.size for row in session.execute(select(HEADS.c.shard, HEADS.c.size))}
        retired = {row.retired_shard: (row.size, row.root) for row in session.execute(select(RETIREMENTS))}
        restored = {row.old_shard: row.restored_size for row in session.execute(select(EPOCHS))}
    for name in {*heads, *retired, *restored}:
        if not SHARD.fullmatch(name):  # it becomes a folder's name
            raise ExportRefused("The database names a shard that cannot be one. See: skoen log verify")
    return _Known(heads, retired, restored)


def _sealed(seals: Path, origin: str, name: str, known: _Known) -> Sealed | None:
    try:
        found = sealed_state(seals, origin, name)
    except UNUSABLE as error:
        raise ExportRefused(f"The checkpoint of {name} cannot be used: {error}.") from error
    if found is None:
        return None
    checkpoint, note = found
    if name in known.retired:
        if known.retired[name] != (checkpoint.size, checkpoint.root.hex()):
            raise ExportRefused(f"{name} was retired with another checkpoint than the one among the seals.")
        return Sealed(name, checkpoint, note, seals / name, 0, retired=True)
    there = known.restored.get(name, known.heads.get(name, 0))
    if there < checkpoint.size and name not in known.restored:
        raise ExportRefused(
            f"The database has {there} entries of {name}, and {checkpoint.size} are sealed."
            " After a restore from a backup the log must say so: skoen restore"
        )
    return Sealed(name, checkpoint, note, seals / name, min(there, checkpoint.size))


def has_tiles(shard: Sealed) -> bool:
    """Whether the hashes of a shard are left; a retirement may leave only the checkpoint."""
    return (shard.folder / "tile" / "0").is_dir()


def leaf_tiles(shard: Sealed) -> Iterator[tuple[Tile, bytes]]:
    """The tiles of level 0, in order; raises ExportRefused when one is missing or not of its length."""
    for tile in tiles_of(shard.checkpoint.size):
        if tile.level == 0:
            try:
                data = _read(shard.folder, tile)
                split_tile(data, tile.width)
            except UNUSABLE as error:
                raise ExportRefused(f"{shard.name}/{tile.path} cannot be read: {error}.") from error
            yield tile, data


def rooted_tiles(shard: Sealed) -> Iterator[tuple[Tile, bytes]]:
    """As `leaf_tiles`; raises ExportRefused at the end unless they make the signed root."""
    frontier: list[bytes] = []
    for tile, data in leaf_tiles(shard):
        for at, leaf in enumerate(split_tile(data, tile.width), tile.index * WIDTH):
            frontier = merkle.append(at, frontier, leaf)
        yield tile, data
    if merkle.root_of(frontier) != shard.checkpoint.root:
        raise ExportRefused(f"The tiles of {shard.name} do not make the signed root.")


def _read(folder: Path, tile: Tile) -> bytes:
    """A partial tile may be gone as soon as the full one is there, which begins with it."""
    try:
        return (folder / tile.path).read_bytes()
    except FileNotFoundError:
        if tile.width == WIDTH:
            raise
        return (folder / Tile(tile.level, tile.index).path).read_bytes()[: tile.width * merkle.HASH]
