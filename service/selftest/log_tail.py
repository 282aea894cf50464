"""The end of a shard against its head and against what was sealed: short, however long the log is.

The signer's tiles give the tree as it was before the tail, in a few hashes; from there every entry is
hashed again. The walk must pass the sealed root on its way and end at the head. `skoen log verify` does the
whole log, and holds every row against it; this is what a process can afford before its first request.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from service.database import reading
from service.log import checkpoint, merkle
from service.log.append import ENTRIES, HEADS, split_frontier
from service.log.checkpoint import Checkpoint
from service.log.notes import NoteMalformed, split_note
from service.log.shards import base_of, newest_epoch, shard_of
from service.log.tiles import TileDamaged, TileTree
from service.tables.oversight import Retirement

TAIL = 10_000
PIECE = 2_500
LOGS = ("decisions", "access")


class Misfit(Exception):
    """The end of a shard is not what it should be; `where` is the shard, and the number of the entry."""

    def __init__(self, where: str, what: str) -> None:
        self.where = where
        super().__init__(f"{where}: {what}")


class RolledBack(Misfit):
    """More was sealed than is there: an older state of the database was put in its place."""


@dataclass(frozen=True)
class End:
    """The head of a shard at one moment; a shard that has not begun has size 0."""

    size: int = 0
    frontier: tuple[bytes, ...] = ()
    last_at: str = ""


def open_shards(session: Session, now: datetime) -> list[str]:
    """The shards that are still added to: of each log the newest, and the one of this instant."""
    gone = set(session.execute(select(col(Retirement.retired_shard))).scalars())
    names = [name for name in session.execute(select(HEADS.c.shard)).scalars() if name not in gone]
    bases = {shard_of(log, now) for log in LOGS}
    for log in LOGS:
        bases.update(sorted(base_of(name) for name in names if name.startswith(f"{log}/"))[-1:])
    return [newest_epoch(base, names) for base in sorted(bases)]


def sealed_state(seals: Path, shard: str, origin: str) -> Checkpoint | None:
    """The newest checkpoint of a shard, not verified, or None before the first; raises Misfit.

    Whoever can write among the seals can write what stands there. That its root fits is what counts here;
    whose signature it bears, an auditor asks.
    """
    try:
        found = checkpoint.parse(split_note((seals / shard / "checkpoint").read_bytes())[0])
    except FileNotFoundError:
        return None
    except (OSError, NoteMalformed) as error:
        raise Misfit(shard, "the checkpoint cannot be read") from error
    if found.origin != f"{origin}/{shard}":
        raise Misfit(shard, f"the checkpoint is of {found.origin}")
    return found


def examine(engine: Engine, shard: str, sealed: Checkpoint | None, tiles: Path, tail: int = TAIL) -> int:
    """Walk the tail of a shard and give its size; raises Misfit for whatever does not fit.

    `sealed` was read before anything here is: the log may only have grown since. `tiles` is the shard's
    folder among the seals. It reads in short pieces, so that nobody has to wait long to write.
    """
    with reading(engine) as session:
        end = _end(session, shard)
    if sealed and sealed.size > end.size:
        raise RolledBack(shard, f"{sealed.size} entries are sealed, {end.size} are there")
    start = max(0, min(end.size - tail, sealed.size if sealed else 0))
    frontier, last = _before(shard, sealed, tiles, start), ""
    for seq, leaf, entry in _leaves(engine, shard, start, end.size):
        _refuse_another_root(shard, seq, frontier, sealed)
        frontier, last = merkle.append(seq, frontier, leaf), entry
    _refuse_another_root(shard, end.size, frontier, sealed)
    if tuple(frontier) != end.frontier:
        raise Misfit(shard, "the root of the entries is not the root of the head")
    if last and json.loads(last).get("t") != end.last_at:
        raise Misfit(shard, "the head's last_at is not the t of the last entry")
    return end.size


def _end(session: Session, shard: str) -> End:
    columns = HEADS.c.size, HEADS.c.frontier, HEADS.c.last_at
    head = session.execute(select(*columns).where(HEADS.c.shard == shard)).one_or_none()
    last = session.execute(select(func.max(ENTRIES.c.seq)).where(ENTRIES.c.shard == shard)).scalar()
    entries = 0 if last is None else last + 1
    if head is None:
        if entries:
            raise Misfit(shard, "the head is missing")
        return End()
    if head.size != entries:
        raise Misfit(shard, f"the head says {head.size} entries, {entries} are there")
    return End(head.size, split_frontier(head.frontier), head.last_at)


def _before(shard: str, sealed: Checkpoint | None, tiles: Path, start: int) -> list[bytes]:
    """The tree before the tail, from the signer's tiles. The sealed root, passed later, proves them."""
    if sealed is None or start == 0:
        return []
    tree = TileTree(sealed.size, partial(_tile, tiles))
    try:
        return [tree.node(*place) for place in merkle.perfect_parts(0, start)]
    except (OSError, TileDamaged) as error:
        raise Misfit(shard, "a tile among the seals cannot be read") from error


def _tile(folder: Path, path: str) -> bytes:
    try:
        return (folder / path).read_bytes()
    except FileNotFoundError:
        # The signer went on meanwhile: a tile that is full now has the hashes of its partial one, and more.
        full, is_partial, width = path.partition(".p/")
        if not is_partial:
            raise
        return (folder / full).read_bytes()[: int(width) * merkle.HASH]


def _leaves(engine: Engine, shard: str, start: int, stop: int) -> Iterator[tuple[int, bytes, str]]:
    """Number, leaf hash and text of each entry, hashed again; raises Misfit at one that does not fit."""
    columns = ENTRIES.c.seq, ENTRIES.c.entry, ENTRIES.c.leaf_hash
    for first in range(start, stop, PIECE):
        beyond = min(first + PIECE, stop)
        there = (ENTRIES.c.shard == shard) & ENTRIES.c.seq.between(first, beyond - 1)
        with reading(engine) as session:
            found = session.connection().execute(select(*columns).where(there).order_by(ENTRIES.c.seq)).all()
        for expected, (seq, entry, stored) in zip(range(first, beyond), found, strict=False):
            if seq != expected:
                raise Misfit(f"{shard} {expected}", "the entry is missing")
            leaf = merkle.leaf_hash(str(entry).encode())
            if leaf != stored:
                raise Misfit(f"{shard} {seq}", "the entry does not fit its leaf hash")
            yield seq, leaf, str(entry)
        if len(found) != beyond - first:
            raise Misfit(f"{shard} {first + len(found)}", "the entry is missing")


def _refuse_another_root(shard: str, size: int, frontier: list[bytes], sealed: Checkpoint | None) -> None:
    if sealed and size == sealed.size and merkle.root_of(frontier) != sealed.root:
        raise Misfit(shard, f"the first {size} entries are not those that were sealed")
