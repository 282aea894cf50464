"""Every single bit of many entries turned, one at a time: none fits the stored leaf hash any more."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from service import log
from service.database import reading, upgrade, writing
from service.log import Event, merkle
from service.log.append import ENTRIES
from tests.parts.steps import LATER, one_of_everything
from tests.parts.vaults import sealed_engine
from tests.soak.figures import Figure, share_of
from tests.soak.installation import let_go

FULL = 10_000


def entries(folder: Path, count: int) -> list[tuple[bytes, bytes]]:
    """So many entries as the log wrote them, each with its stored leaf hash: first one of every kind."""
    engine = sealed_engine(f"sqlite:///{folder / 'entries.db'}")
    upgrade(engine)
    cast, rows = one_of_everything(engine)
    with writing(engine) as session:
        for _ in range(count):
            log.append(
                session, Event.CASE_OPENED, at=LATER, by=cast.alma, case_id=rows["received"].id,
                purpose="sagsbehandling",
            )  # fmt: skip
        session.commit()
    with reading(engine) as session:
        query = select(ENTRIES.c.entry, ENTRIES.c.leaf_hash).order_by(ENTRIES.c.shard.desc(), ENTRIES.c.seq)
        found = [(str(entry).encode(), bytes(leaf)) for entry, leaf in session.execute(query.limit(count))]
    let_go(engine)
    return found


def flip_all(written: Iterable[tuple[bytes, bytes]]) -> tuple[int, int]:
    """Turn every bit of every entry; gives how many were turned, and how many of them went unnoticed."""
    turned = unnoticed = 0
    for entry, leaf in written:
        if merkle.leaf_hash(entry) != leaf:
            raise AssertionError("an entry does not fit its leaf hash before anything was turned")
        changed = bytearray(entry)
        for place, byte in enumerate(entry):
            for bit in range(8):
                changed[place] = byte ^ 1 << bit
                unnoticed += merkle.leaf_hash(changed) == leaf
            changed[place] = byte
        turned += 8 * len(entry)
    return turned, unnoticed


def measure(share: float) -> list[Figure]:
    """The figure; it lies in the hash, so the engine does not matter."""
    with tempfile.TemporaryDirectory() as folder:
        written = entries(Path(folder), share_of(FULL, share, 200))
    turned, unnoticed = flip_all(written)
    size = f"{len(written):,} entries, {turned:,} flips"
    return [
        Figure(
            "every single bit of an entry turned",
            "any",
            size,
            f"{unnoticed} unnoticed",
            "0 unnoticed",
            unnoticed == 0,
        )
    ]
