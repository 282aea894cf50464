"""Look into a finished backup without any database server: its log, its retired shards, its tables."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from service.backup import postgresql, sqlite
from service.backup.manifest import Manifest
from service.log import merkle

ENTRIES = "log_entries"
RETIREMENTS = "retirements"


def rows(
    folder: Path, manifest: Manifest, table: str, wanted: Sequence[str], order: str
) -> Iterator[list[Any]]:
    """The wanted columns of each row of a table, in the order of its key. PostgreSQL's are all text."""
    if manifest.engine == "sqlite":
        with closing(sqlite.open_unchanging(folder / sqlite.FILE)) as connection:
            query = f"SELECT {', '.join(wanted)} FROM {table} ORDER BY {order}"  # noqa: S608 - our own names
            yield from map(list, connection.execute(query))
        return
    places = [manifest.columns[table].index(name) for name in wanted]
    for row in postgresql.rows_of(folder / f"{table}{postgresql.ENDING}"):
        yield [row[at] for at in places]


def shards(folder: Path, manifest: Manifest) -> dict[str, dict[str, Any]]:
    """Size and root (hex) of each shard, computed from the entries of the backup.

    Of a retired shard, whose entries are gone, it gives what its retirement says.
    """
    retired = {
        shard: {"size": int(size), "root": root}
        for shard, size, root in rows(folder, manifest, RETIREMENTS, ("retired_shard", "size", "root"), "id")
        if shard in manifest.shards
    }
    return {**_computed(folder, manifest, set(retired)), **retired}


def _computed(folder: Path, manifest: Manifest, without: set[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, tuple[int, list[bytes]]] = {}
    columns = ("shard", "seq", "entry")
    for shard, seq, entry in rows(folder, manifest, ENTRIES, columns, "shard, seq"):
        if shard in without:
            continue
        size, frontier = found.get(shard, (0, []))
        if int(seq) != size:
            raise ValueError(f"the entry {shard} {size} is missing")
        leaf = merkle.leaf_hash(entry.encode())
        found[shard] = (size + 1, merkle.append(size, frontier, leaf))
    return {
        shard: {"size": size, "root": merkle.root_of(frontier).hex()}
        for shard, (size, frontier) in found.items()
    }
