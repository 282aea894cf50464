"""Hold a restored log against what was signed of it: it must be the beginning of that, entry by entry."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlalchemy import Engine, select
from sqlmodel import select as rows_of

from service.backup.endings import Shard
from service.backup.errors import RestoreRefused
from service.backup.outside import Outside, Unprovable
from service.database import reading
from service.log import merkle
from service.log.append import ENTRIES
from service.tables.oversight import Retirement

BATCH = 1000


def held_against(
    engine: Engine, shards: list[Shard], signed: Mapping[str, Outside], accepts_unproven: bool
) -> list[Shard]:
    """The shards, each marked whether it was shown to be the beginning of what was signed.

    Raises RestoreRefused for one that is not.
    """
    if not signed and not accepts_unproven and any(shard.restored_size for shard in shards):
        raise RestoreRefused(
            "There is no checkpoint to hold the backup against: the seals are missing. Bring them back from a"
            " copy. If there is none: --unproven, and the new epoch will say so."
        )
    held = []
    for shard in shards:
        try:
            proven = shard.name in signed and _refuse_other(engine, shard, signed)
        except Unprovable:
            if not accepts_unproven:
                raise
            proven = False
        held.append(replace(shard, proven=proven or (bool(signed) and shard.name not in signed)))
    return held


def _refuse_other(engine: Engine, shard: Shard, signed: Mapping[str, Outside]) -> bool:
    known = signed[shard.name]
    size = min(shard.restored_size, known.checkpoint.size)
    root = bytes.fromhex(shard.restored_root)
    if size < shard.restored_size:
        # A restore ended it beyond its checkpoint. Retirement held it against what began the next epoch, and
        # took the entries that a root at the checkpoint could be computed from.
        if (retired := _retirement_of(engine, shard.name)) is not None:
            return retired.shard in signed and retired.log_seq < signed[retired.shard].checkpoint.size
        root = merkle.root(list(_leaves(engine, shard.name, size)))
    if known.goes_on_from(size, root):
        return True
    where = ""
    for seq, (ours, theirs) in enumerate(
        zip(_leaves(engine, shard.name, size), known.leaves(), strict=False)
    ):
        if ours != theirs:
            where = f" from entry {seq} on"
            break
    raise RestoreRefused(
        f"{shard.name} in the backup is not what was signed{where}: it is of another log, or was changed."
        " It is not restored."
    )


def _retirement_of(engine: Engine, shard: str) -> Retirement | None:
    with reading(engine) as session:
        return session.exec(rows_of(Retirement).where(Retirement.retired_shard == shard)).one_or_none()


def _leaves(engine: Engine, shard: str, stop: int) -> Iterator[bytes]:
    """The leaf hashes of the first entries, each computed anew."""
    for start in range(0, stop, BATCH):
        there = (ENTRIES.c.shard == shard) & ENTRIES.c.seq.between(start, min(start + BATCH, stop) - 1)
        with reading(engine) as session:
            texts = (
                session.execute(select(ENTRIES.c.entry).where(there).order_by(ENTRIES.c.seq)).scalars().all()
            )
        yield from (merkle.leaf_hash(text.encode()) for text in texts)
