"""Verify the log: recompute every leaf and root, and hold every row against its entry, both ways.

It reads in short pieces, because on SQLite a reader holds writers back, and looks no further than the
heads it found at the start. A restored backup verifies perfectly: only a copy kept outside can show that.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, func, select
from sqlmodel import Session

from service.database import reading
from service.log import merkle, told
from service.log.append import ENTRIES, HEADS, split_frontier
from service.log.canonical import canonical
from service.log.events import Event
from service.log.proofs import UNREADABLE, check_rows, orphans
from service.tables.append_only import unprotected
from service.tables.base import table_of
from service.tables.log import STEPS
from service.tables.oversight import Retirement

RETIREMENTS = table_of(Retirement)
PROVED = ("log_entries", "log_heads", "personal_parts", told.RESOURCES.name, *sorted(set(STEPS.values())))
BATCH = 1000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Verification:
    """What was found. A problem is one line naming shard, number, table or field; `roots` are in hex."""

    entries: int = 0
    roots: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything fits."""
        return not self.problems


@dataclass(frozen=True)
class Extent:
    """How far a shard goes: by its head, and by its entries as they were at the same moment.

    `retired` is the size and root (hex) that a retirement took over.
    """

    shard: str
    size: int | None
    frontier: bytes
    last_at: str
    beyond: int
    retired: tuple[int, str] | None = None

    @property
    def stop(self) -> int:
        """The number after the last entry to look at."""
        if self.retired is not None:
            return 0
        return self.beyond if self.size is None else min(self.size, self.beyond)


def verify(engine: Engine, progress: Progress | None = None, batch: int = BATCH) -> Verification:
    """Everything that does not fit; `progress` is told (entries done, entries in all) after each piece."""
    with reading(engine) as session:
        extents = _extents(session)
        problems = [
            f"{table}: the triggers that refuse changes are missing"
            for table in unprotected(session.connection())
        ]
    total, done, roots = sum(extent.stop for extent in extents), 0, {}
    for extent in extents:
        walk = _Walk(extent, problems)
        for start in range(0, extent.stop, batch):
            stop = min(start + batch, extent.stop)
            with reading(engine) as session:
                walk.through(session, start, stop)
            if progress is not None:
                progress(done + stop, total)
        done += extent.stop
        roots[extent.shard] = walk.finish()
    problems.extend(orphans(engine))
    problems.extend(_damaged(engine))
    return Verification(entries=done, roots=roots, problems=problems)


def _damaged(engine: Engine) -> Iterator[str]:
    """What SQLite finds in the tables that are proved: an index that leads astray hides what is there."""
    if engine.dialect.name != "sqlite":
        return
    for table in PROVED:
        with reading(engine) as session:
            for line in session.connection().exec_driver_sql(f'PRAGMA integrity_check("{table}")').scalars():
                if line != "ok":
                    yield f"{table}: {line}"


def _extents(session: Session) -> list[Extent]:
    heads = {head.shard: head for head in session.execute(select(HEADS))}
    counted = select(ENTRIES.c.shard, func.max(ENTRIES.c.seq)).group_by(ENTRIES.c.shard)
    beyond = {shard: last + 1 for shard, last in session.execute(counted)}
    retired = {row.retired_shard: (row.size, row.root) for row in session.execute(select(RETIREMENTS))}
    return [
        Extent(shard, None, b"", "", beyond.get(shard, 0), retired.get(shard))
        if shard not in heads
        else Extent(
            shard, heads[shard].size, heads[shard].frontier, heads[shard].last_at, beyond.get(shard, 0),
            retired.get(shard),
        )
        for shard in sorted({*heads, *beyond, *retired})
    ]  # fmt: skip


def read_entry(shard: str, seq: int, row: RowMapping) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """An entry's fields, None when it is no canonical JSON, and what does not fit the columns beside it."""
    try:
        entry = json.loads(row["entry"])
        is_canonical = isinstance(entry, dict) and canonical(entry) == row["entry"].encode()
    except (ValueError, TypeError, AttributeError):
        is_canonical = False
    if not is_canonical:
        return None, ("the entry is not canonical JSON",)
    columns = ("log", shard), ("seq", str(seq)), ("type", row["event"]), ("step", row["step"])
    misfits = [
        f"the entry's {name} is not {expected}" for name, expected in columns if entry.get(name) != expected
    ]
    if row["event"] not in set(Event) or Event(row["event"]).step != row["step"]:
        misfits.append(f"{row['event']} is no event of step {row['step']}")
    return entry, tuple(misfits)


class _Walk:
    """One walk along a shard: what it has come to, and what it noticed."""

    def __init__(self, extent: Extent, problems: list[str]) -> None:
        self.extent, self.problems = extent, problems
        self.frontier: list[bytes] = []
        self.last_at = ""

    def through(self, session: Session, start: int, stop: int) -> None:
        """Check the entries of one piece, and the rows they prove."""
        found, unreadable = _read(session, self.extent.shard, start, stop)
        steps: dict[str, dict[int, dict[str, Any]]] = {}
        for seq in range(start, stop):
            row = found.get(seq)
            if row is None:
                self.note(seq, "the entry cannot be read" if seq in unreadable else "the entry is missing")
                continue
            self.frontier = (
                merkle.append(seq, self.frontier, self.leaf_of(seq, row)) if self.whole(seq) else []
            )
            entry = self.parsed(seq, row)
            if entry is not None and row["step"] in STEPS:
                steps.setdefault(row["step"], {})[seq] = entry
        for step, entries in steps.items():
            self.problems.extend(check_rows(session, self.extent.shard, step, entries))

    def whole(self, seq: int) -> bool:
        """Whether no entry before this one was missing, so that the tree can go on."""
        return len(self.frontier) == seq.bit_count()

    def leaf_of(self, seq: int, row: RowMapping) -> bytes:
        """The leaf hash, recomputed."""
        text = row["entry"]
        leaf = merkle.leaf_hash(str(text).encode())
        if leaf != row["leaf_hash"]:
            self.note(seq, "the entry does not fit its leaf hash")
        return leaf

    def parsed(self, seq: int, row: RowMapping) -> dict[str, Any] | None:
        """The entry's fields, held against the columns beside them."""
        entry, misfits = read_entry(self.extent.shard, seq, row)
        for what in misfits:
            self.note(seq, what)
        if entry is None:
            return None
        at = str(entry.get("t", ""))
        if at < self.last_at:
            self.note(seq, "the entry's t is earlier than the one before")
        self.last_at = at
        return entry

    def finish(self) -> str:
        """Hold the head against what the walk came to; gives the root."""
        extent, root = self.extent, merkle.root_of(self.frontier)
        if extent.retired is not None:
            return self.finish_retired(extent.retired)
        if extent.size is None:
            self.problems.append(f"{extent.shard}: the head is missing")
            return root.hex()
        if extent.size != extent.beyond:
            self.problems.append(
                f"{extent.shard}: the head says {extent.size} entries, {extent.beyond} are there"
            )
        elif split_frontier(extent.frontier) != tuple(self.frontier):
            self.problems.append(f"{extent.shard}: the root of the entries is not the root of the head")
        elif extent.last_at != self.last_at:
            self.problems.append(f"{extent.shard}: the head's last_at is not the t of the last entry")
        return root.hex()

    def finish_retired(self, taken_over: tuple[int, str]) -> str:
        """Hold the head of a retired shard against what its retirement took over; gives the root."""
        size, root = taken_over
        head = merkle.root_of(split_frontier(self.extent.frontier)).hex()
        if (self.extent.size or 0, head) != (size, root):
            self.problems.append(f"{self.extent.shard}: the head is not the one that was retired")
        return root

    def note(self, seq: int, what: str) -> None:
        """Remember a problem with one entry."""
        self.problems.append(f"{self.extent.shard} {seq}: {what}")


def _read(session: Session, shard: str, start: int, stop: int) -> tuple[dict[int, RowMapping], set[int]]:
    """The entries of a piece by number, and the numbers that could not be read."""

    def between(first: int, beyond: int) -> Iterator[RowMapping]:
        columns = (ENTRIES.c.seq, ENTRIES.c.event, ENTRIES.c.step, ENTRIES.c.entry, ENTRIES.c.leaf_hash)
        there: ColumnElement[bool] = (ENTRIES.c.shard == shard) & ENTRIES.c.seq.between(first, beyond - 1)
        yield from session.execute(select(*columns).where(there)).mappings()

    try:
        return {row["seq"]: row for row in between(start, stop)}, set()
    except UNREADABLE:
        found, unreadable = {}, set()
        for seq in range(start, stop):
            try:
                found.update({row["seq"]: row for row in between(seq, seq + 1)})
            except UNREADABLE:
                unreadable.add(seq)
        return found, unreadable
