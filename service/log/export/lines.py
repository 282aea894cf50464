"""The lines of an export: entries as they are, each held against its sealed hash, and the rows they prove."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Engine, select

from service.database import reading
from service.log.append import ENTRIES
from service.log.canonical import canonical
from service.log.export.errors import ExportRefused
from service.log.export.scope import Sealed, leaf_tiles
from service.log.merkle import leaf_hash
from service.log.tiles import WIDTH, split_tile
from service.tables import METADATA
from service.tables.log import STEPS

BATCH = 4096


def entry_lines(engine: Engine, shard: Sealed, numbers: Collection[int] | None) -> Iterator[bytes]:
    """The exact bytes of the chosen entries (None: all). Every entry is checked, chosen or not.

    Raises ExportRefused at the first that is missing or not what was sealed.
    """
    chosen = None if numbers is None else set(numbers)
    for tile, data in leaf_tiles(shard):
        start = tile.index * WIDTH
        stop = min(start + tile.width, shard.there)
        found = _entries(engine, shard.name, start, stop) if start < stop else {}
        for seq, leaf in zip(range(start, stop), split_tile(data, tile.width), strict=False):
            if seq not in found:
                raise ExportRefused(f"{shard.name} {seq}: the entry was sealed and is missing.")
            text, stored = found[seq]
            if leaf_hash(text) != leaf or stored != leaf:
                raise ExportRefused(f"{shard.name} {seq}: the entry is not what was sealed.")
            if chosen is None or seq in chosen:
                yield text


def _entries(engine: Engine, shard: str, start: int, stop: int) -> dict[int, tuple[bytes, bytes]]:
    columns = ENTRIES.c.seq, ENTRIES.c.entry, ENTRIES.c.leaf_hash
    here = (ENTRIES.c.shard == shard) & ENTRIES.c.seq.between(start, stop - 1)
    with reading(engine) as session:
        rows = session.execute(select(*columns).where(here)).all()
    return {seq: (str(entry).encode(errors="surrogateescape"), leaf) for seq, entry, leaf in rows}


def row_lines(engine: Engine, shard: Sealed, numbers: Collection[int] | None) -> Iterator[bytes]:
    """Which row each chosen entry proves, found from the side of the rows: step, table, id and number."""
    chosen = None if numbers is None else set(numbers)
    for start in range(0, shard.there, BATCH):
        stop = min(start + BATCH, shard.there)
        if chosen is None or any(start <= seq < stop for seq in chosen):
            rows = _rows(engine, shard.name, start, stop)
            yield from (canonical(row) for row in rows if chosen is None or int(row["seq"]) in chosen)


def _rows(engine: Engine, shard: str, start: int, stop: int) -> list[dict[str, Any]]:
    found = []
    with reading(engine) as session:
        for step, name in STEPS.items():
            table = METADATA.tables[name]
            here = (table.c.shard == shard) & table.c.log_seq.between(start, stop - 1)
            for seq, row_id in session.execute(select(table.c.log_seq, table.c.id).where(here)):
                found.append((seq, {"step": step, "table": name, "id": row_id, "seq": str(seq)}))
    return [row for _, row in sorted(found, key=lambda each: each[0])]
