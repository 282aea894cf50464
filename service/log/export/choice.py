"""Which entries an export holds: all of them, those of one case, or a sample that anybody can draw again."""

import hashlib
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, or_, select

from service.database import reading
from service.log.append import ENTRIES
from service.log.events import Event
from service.log.export.errors import ExportRefused
from service.log.export.scope import Sealed
from service.log.shards import epoch_of

Numbers = dict[str, list[int] | None]
"""By shard the numbers to export, ascending; None is all of them."""


@dataclass(frozen=True)
class Whole:
    """Every sealed entry."""

    def told(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {"kind": "whole"}

    def numbers(self, engine: Engine, shards: Sequence[Sealed]) -> Numbers:
        """All of every shard."""
        return {shard.name: None for shard in shards}


@dataclass(frozen=True)
class OneCase:
    """The entries about one case, by its random id, in both logs; shards without any are left out."""

    case_id: str

    def told(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {"kind": "case", "case": self.case_id}

    def numbers(self, engine: Engine, shards: Sequence[Sealed]) -> Numbers:
        """Raises ExportRefused when nothing about the case is sealed."""
        mentions = [ENTRIES.c.entry.contains(f'"{name}":"{self.case_id}"') for name in ("case", "subject_id")]
        found: Numbers = {}
        for shard in shards:
            here = (ENTRIES.c.shard == shard.name) & (ENTRIES.c.seq < shard.there)
            with reading(engine) as session:
                query = select(ENTRIES.c.seq).where(here, or_(*mentions)).order_by(ENTRIES.c.seq)
                numbers = list(session.execute(query).scalars())
                if numbers:
                    found[shard.name] = sorted({*numbers, *_declarations(session, shard)})
        if not found:
            raise ExportRefused("Nothing about the case is sealed yet, or its entries are retired.")
        return found


@dataclass(frozen=True)
class Sample:
    """`count` entries: those with the smallest SHA-256 of seed, shard and number, divided by newlines.

    Whoever names the seed can draw the same sample from the sizes of the shards, and see that it is that one.
    """

    count: int
    seed: str

    def told(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {"kind": "sample", "count": self.count, "seed": self.seed}

    def numbers(self, engine: Engine, shards: Sequence[Sealed]) -> Numbers:
        """Raises ExportRefused when there are not so many entries."""
        total = sum(shard.there for shard in shards)
        if total < self.count:
            raise ExportRefused(f"There are only {total} sealed entries to draw from.")
        drawn = heapq.nsmallest(self.count, self._ranked(shards))
        with reading(engine) as session:
            found = {shard.name: set(_declarations(session, shard)) for shard in shards}
        for _, name, seq in drawn:
            found[name].add(seq)
        return {name: sorted(numbers) for name, numbers in found.items()}

    def _ranked(self, shards: Sequence[Sealed]) -> Iterator[tuple[bytes, str, int]]:
        for shard in shards:
            for seq in range(shard.there):
                yield rank(self.seed, shard.name, seq), shard.name, seq


Choice = Whole | OneCase | Sample


def rank(seed: str, shard: str, seq: int) -> bytes:
    """Where an entry stands in the draw."""
    return hashlib.sha256(f"{seed}\n{shard}\n{seq}".encode()).digest()


def _declarations(session: Any, shard: Sealed) -> list[int]:
    """What a shard that goes on after a restore says first: a held checkpoint may need it."""
    if epoch_of(shard.name) == 1:
        return []
    here = (ENTRIES.c.shard == shard.name) & (ENTRIES.c.seq < shard.there)
    query = select(ENTRIES.c.seq).where(here, ENTRIES.c.event == Event.EPOCH_STARTED.value)
    return list(session.execute(query).scalars())
