"""A signer on a test's own database, entries in bulk, and an auditor who keeps every checkpoint he saw."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select, text

from service.config import Settings
from service.log import merkle
from service.log.append import ENTRIES, HEADS, split_frontier
from service.log.checkpoint import Checkpoint, open_checkpoint
from service.log.tiles import TileTree, bundles_of, decode_bundle
from service.signer.key import published_vkeys
from service.signer.ledger import signers_engine
from service.signer.report import REFUSED, Status
from service.signer.seal import seal
from tests.cast import NOW
from tests.parts.tampering import defenceless

DECISIONS, ACCESS = "decisions/2026", "access/2026Q2"


def settings_of(engine: Engine, home: Path) -> Settings:
    """Settings for a test's database; the signer's folder lies beside var, as it does by default."""
    return Settings.from_environment(
        {
            "SKOEN_DATABASE_URL": engine.url.render_as_string(hide_password=False).replace("+psycopg", ""),
            "SKOEN_VAR": str(home / "var"),
            "SKOEN_ORIGIN": "skoen.test",
        }
    )


@dataclass
class Bench:
    """A database, its signer, and the checkpoints that somebody outside has seen."""

    engine: Engine
    settings: Settings
    seen: dict[tuple[str, int], bytes] = field(default_factory=dict)
    at: datetime = NOW

    def seal(self) -> Status:
        """One round with an engine of the signer's own; whatever is public afterwards is looked at."""
        self.at += timedelta(minutes=1)
        engine = signers_engine(self.settings)
        try:
            return seal(self.settings, engine, self.at)
        finally:
            engine.dispose()
            self.look()

    def look(self) -> None:
        """Keep every public checkpoint, and fail at a second root for one size."""
        # Not through the tiles: a signer at work makes and removes folders there meanwhile.
        for path in self.settings.seals.glob("*/*/checkpoint"):
            found = open_checkpoint(path.read_bytes(), published_vkeys(self.settings))
            known = self.seen.setdefault((found.origin, found.size), found.root)
            assert known == found.root, f"two roots for {found.origin} at {found.size}"

    def checkpoint(self, shard: str) -> Checkpoint | None:
        """The public checkpoint of a shard."""
        path = self.settings.seals / shard / "checkpoint"
        if not path.exists():
            return None
        return open_checkpoint(
            path.read_bytes(), published_vkeys(self.settings), f"{self.settings.origin}/{shard}"
        )

    def tree(self, shard: str) -> TileTree:
        """The public tree of a shard at its checkpoint."""
        checkpoint = self.checkpoint(shard)
        assert checkpoint is not None
        return TileTree(checkpoint.size, lambda path: (self.settings.seals / shard / path).read_bytes())

    def require_whole(self, shard: str, size: int) -> None:
        """Checkpoint, tiles, bundles and database all say the same."""
        checkpoint, tree = self.checkpoint(shard), self.tree(shard)
        assert checkpoint is not None and (checkpoint.size, checkpoint.root) == (size, tree.root())
        bundled = [
            entry
            for bundle in bundles_of(size)
            for entry in decode_bundle((self.settings.seals / shard / bundle.path).read_bytes())
        ]
        assert [entry.decode() for entry in bundled] == entries_of(self.engine, shard)[:size]
        leaves = [merkle.leaf_hash(entry) for entry in bundled]
        assert merkle.root(leaves) == checkpoint.root
        assert merkle.inclusion_proof(leaves, size // 2) == tree.inclusion_proof(size // 2)

    def public(self) -> dict[str, bytes]:
        """Every public file, without the report."""
        return files_in(self.settings.seals, "status.json")

    def private(self) -> dict[str, bytes]:
        """Every file of the signer's."""
        return files_in(self.settings.signer, "lock")


def files_in(folder: Path, *without: str) -> dict[str, bytes]:
    """Paths and contents of a folder; the lock may have come, its file says nothing."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in without
    }


def fill(engine: Engine, shard: str, count: int, word: str = "x") -> None:
    """Append bare entries to a shard, in bulk; `word` tells histories apart."""
    with engine.begin() as connection:
        found = connection.execute(select(HEADS).where(HEADS.c.shard == shard)).one_or_none()
        size, frontier = (found.size, list(split_frontier(found.frontier))) if found else (0, [])
        rows = []
        for seq in range(size, size + count):
            entry = json.dumps({"log": shard, "seq": str(seq), "word": word}, separators=(",", ":"))
            leaf = merkle.leaf_hash(entry.encode())
            frontier = merkle.append(seq, frontier, leaf)
            rows.append({"shard": shard, "seq": seq, "event": "x:x", "entry": entry, "leaf_hash": leaf})
        if rows:
            connection.execute(insert(ENTRIES), rows)
        put_head(connection, shard, size + count, frontier)


def put_head(connection: Connection, shard: str, size: int, frontier: Iterable[bytes]) -> None:
    """Set the head of a shard."""
    connection.execute(HEADS.delete().where(HEADS.c.shard == shard))
    if size:
        values = {"shard": shard, "size": size, "frontier": b"".join(frontier), "last_at": "z"}
        connection.execute(insert(HEADS).values(**values))


def entries_of(engine: Engine, shard: str) -> list[str]:
    """The text of every entry of a shard."""
    with engine.connect() as connection:
        query = select(ENTRIES.c.entry).where(ENTRIES.c.shard == shard).order_by(ENTRIES.c.seq)
        return list(connection.execute(query).scalars())


def tampered(engine: Engine, *statements: str, **values: object) -> None:
    """Run statements with the database's own defences out of the way."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        defenceless(connection)
        for statement in statements:
            connection.execute(text(statement), values)
        connection.commit()
        connection.invalidate()


def roll_back(engine: Engine, shard: str, size: int) -> None:
    """What an old backup would bring: the first entries, and the head that belonged to them."""
    leaves = [merkle.leaf_hash(entry.encode()) for entry in entries_of(engine, shard)[:size]]
    frontier: list[bytes] = []
    for seq, leaf in enumerate(leaves):
        frontier = merkle.append(seq, frontier, leaf)
    tampered(engine, "DELETE FROM log_entries WHERE shard = :shard AND seq >= :size", shard=shard, size=size)
    with engine.begin() as connection:
        put_head(connection, shard, size, frontier)


def refused(bench: Bench, code: str) -> Status:
    """Make a round that must refuse with this code; nothing is signed in any shard, nothing is changed."""
    public, private = bench.public(), bench.private()
    status = bench.seal()

    assert (status.state, status.codes) == (REFUSED, (code,))
    assert all(da and en and da != en for da, en in status.why)
    assert (bench.public(), bench.private()) == (public, private)
    return status
