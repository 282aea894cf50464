"""What the database says, read in short transactions that can write nothing."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from sqlalchemy import Engine, func, make_url, select
from sqlmodel import Session

from service.config import Settings
from service.database import make_engine, reading
from service.log.append import ENTRIES, HEADS, split_frontier
from service.log.merkle import leaf_hash
from service.log.tiles import LONGEST_ENTRY
from service.signer.refusals import Inconsistent
from service.tables.base import table_of
from service.tables.oversight import Epoch, Retirement

BATCH = 1000
BUSY_SECONDS = 5
EPOCHS = table_of(Epoch)
RETIREMENTS = table_of(Retirement)


@dataclass(frozen=True)
class Head:
    """How far a shard has come by its head, and the number after its last entry."""

    size: int
    frontier: tuple[bytes, ...]
    beyond: int


@dataclass(frozen=True)
class Restored:
    """The declaration of a restore: the new shard, the last checkpoint known outside, what came back."""

    new_shard: str
    seq: int
    size: int | None
    root: str | None
    restored_size: int


@dataclass(frozen=True)
class Moment:
    """Everything about the shards at one moment: heads, retired ones (size, root), restored ones."""

    heads: Mapping[str, Head] = field(default_factory=dict)
    retired: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    restored: Mapping[str, Restored] = field(default_factory=dict)


def signers_engine(settings: Settings) -> Engine:
    """An engine that makes no database where there is none, and keeps nobody waiting for long."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith("file:"):
        # mode=rw opens what is there; a plain path would make an empty database.
        query = {**url.query, "mode": "rw", "uri": "true"}
        url = url.set(database=f"file:{quote(url.database)}", query=query)
    return make_engine(
        url.render_as_string(hide_password=False), settings.sqlite_journal, busy_seconds=BUSY_SECONDS
    )


def sizes(engine: Engine) -> dict[str, int]:
    """The size of each shard by its head; cheap enough to ask every second."""
    with reading(engine) as session:
        return {head.shard: head.size for head in session.execute(select(HEADS.c.shard, HEADS.c.size))}


def moment(engine: Engine) -> Moment:
    """All shards, read in one transaction."""
    with reading(engine) as session:
        heads = {
            head.shard: Head(head.size, split_frontier(head.frontier), _beyond(session, head.shard))
            for head in session.execute(select(HEADS)).all()
        }
        retired = {
            row.retired_shard: (row.size, row.root) for row in session.execute(select(RETIREMENTS)).all()
        }
        restored = {
            row.old_shard: Restored(
                row.shard, row.log_seq, row.checkpoint_size, row.checkpoint_root, row.restored_size
            )
            for row in session.execute(select(EPOCHS)).all()
        }
    return Moment(heads, retired, restored)


def leaves(engine: Engine, shard: str, start: int, stop: int) -> list[bytes]:
    """Leaf hashes, each computed anew; raises Inconsistent at the first entry that does not fit."""
    return [leaf_hash(entry) for entry in entries(engine, shard, start, stop)]


def entries(engine: Engine, shard: str, start: int, stop: int) -> Iterator[bytes]:
    """The exact bytes of entries, in order; raises Inconsistent at the first that is not as it should be."""
    expected = start
    for first in range(start, stop, BATCH):
        with reading(engine) as session:
            rows = session.execute(
                select(ENTRIES.c.seq, ENTRIES.c.entry, ENTRIES.c.leaf_hash)
                .where(ENTRIES.c.shard == shard, ENTRIES.c.seq.between(first, min(first + BATCH, stop) - 1))
                .order_by(ENTRIES.c.seq)
            ).all()
        for row in rows:
            if row.seq != expected:
                break
            yield _checked(shard, row.seq, row.entry, row.leaf_hash)
            expected += 1
        if expected < min(first + BATCH, stop):
            raise Inconsistent("entry_missing", shard, seq=expected)


def _checked(shard: str, seq: int, entry: object, leaf: bytes) -> bytes:
    text = entry.encode() if isinstance(entry, str) else b""
    if leaf_hash(text) != leaf:
        raise Inconsistent("entry_changed", shard, seq=seq)
    if len(text) > LONGEST_ENTRY:
        raise Inconsistent("entry_too_long", shard, seq=seq)
    try:
        fields = json.loads(text)
        is_here = (fields["log"], fields["seq"]) == (shard, str(seq))
    except (ValueError, KeyError, TypeError):
        is_here = False
    if not is_here:
        raise Inconsistent("entry_elsewhere", shard, seq=seq)
    return text


def _beyond(session: Session, shard: str) -> int:
    last = session.execute(select(func.max(ENTRIES.c.seq)).where(ENTRIES.c.shard == shard)).scalar_one()
    return 0 if last is None else int(last) + 1
