"""Which checkpoint covers an entry: the earliest that is kept, and whether the entry is in its tree.

The signer keeps the last checkpoint of each day. The earliest that covers an entry says since when nobody can
have changed it, and the entry is held against that one.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from service.log.checkpoint import Checkpoint, open_checkpoint
from service.log.merkle import verify_inclusion
from service.log.sealed import UNUSABLE, published_keys, sealed_state
from service.log.tiles import TileTree

HISTORY = "history"
"""The folder of a shard with the last checkpoint of each day, by its Danish date."""

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class SealBroken(Exception):
    """The entry is not in the tree of the checkpoint that covers it, or what is published cannot be read."""


@dataclass(frozen=True)
class Seal:
    """The earliest kept checkpoint that covers an entry. `on` is the day it is of, None when none is told."""

    size: int
    root: bytes
    on: date | None


class ShardSeals:
    """What the signer has published of one shard, read as far as it is asked for."""

    def __init__(self, seals: Path, origin: str, shard: str) -> None:
        self._folder, self._seals, self._name = seals / shard, seals, f"{origin}/{shard}"
        self._newest = cache(lambda: sealed_state(seals, origin, shard))
        self._days = cache(self._list_days)
        self._of_day = cache(self._open_day)
        self._tree = cache(self._open_tree)

    def of(self, seq: int, leaf: bytes) -> Seal | None:
        """The seal of an entry by its leaf hash, None while no checkpoint covers it; raises SealBroken."""
        try:
            newest = self._newest()
            if newest is None or seq >= newest[0].size:
                return None
            checkpoint, on = self._earliest(seq) or (newest[0], None)
            path = self._tree(checkpoint.size).inclusion_proof(seq)
        except UNUSABLE as error:
            raise SealBroken from error
        if not verify_inclusion(leaf, seq, checkpoint.size, path, checkpoint.root):
            raise SealBroken
        return Seal(checkpoint.size, checkpoint.root, on)

    def _earliest(self, seq: int) -> tuple[Checkpoint, date] | None:
        """Sizes only grow from day to day."""
        days = self._days()
        place = bisect_right(days, seq, key=lambda day: self._of_day(day).size)
        return (self._of_day(days[place]), days[place]) if place < len(days) else None

    def _list_days(self) -> list[date]:
        folder = self._folder / HISTORY
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        return sorted(date.fromisoformat(name) for name in names if DAY.fullmatch(name))

    def _open_day(self, day: date) -> Checkpoint:
        note = (self._folder / HISTORY / day.isoformat()).read_bytes()
        return open_checkpoint(note, published_keys(self._seals), self._name)

    def _open_tree(self, size: int) -> TileTree:
        return TileTree(size, lambda path: (self._folder / path).read_bytes())


def seals_of(seals: Path, origin: str) -> Callable[[str], ShardSeals]:
    """The seals of each shard by name, opened once."""
    return cache(lambda shard: ShardSeals(seals, origin, shard))
