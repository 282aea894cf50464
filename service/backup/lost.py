"""What a restore loses: the entries beyond what came back, as far as anybody still has them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, select

from service.backup.endings import Shard
from service.backup.outside import Outside
from service.database import reading
from service.log.append import ENTRIES


@dataclass(frozen=True)
class Lost:
    """One entry that did not come back; without `text` nobody has it any more."""

    shard: str
    seq: int
    text: str | None
    was_signed: bool

    @property
    def event(self) -> str | None:
        """What happened."""
        return self._said("type")

    def line(self) -> str:
        """Number, time, type and case: enough to find the receipt that it can be entered from again."""
        where = f"{self.shard} {self.seq}"
        if self.text is None:
            return f"{where}: nobody has this entry any more"
        case = f" case {self._said('case')}" if self._said("case") else ""
        return f"{where}: {self._said('t')} {self.event}{case}{'' if self.was_signed else ' (never signed)'}"

    def _said(self, name: str) -> str | None:
        found: str | None = json.loads(self.text).get(name) if self.text is not None else None
        return found


def lost_entries(
    shards: Iterable[Shard], outside: Mapping[str, Outside], live: Engine | None
) -> Iterator[Lost]:
    """Every entry beyond what came back, from the signer's bundles and then from the replaced database."""
    for shard in shards:
        seq = shard.restored_size
        if shard.name in outside:
            for number, entry in outside[shard.name].entries(seq):
                yield Lost(shard.name, number, None if entry is None else entry.decode(), was_signed=True)
            seq = max(seq, outside[shard.name].checkpoint.size)
        if live is not None:
            yield from _unsigned(live, shard.name, seq, shard.live_size or 0)


def _unsigned(live: Engine, shard: str, start: int, stop: int) -> Iterator[Lost]:
    beyond = (ENTRIES.c.shard == shard) & (ENTRIES.c.seq >= start) & (ENTRIES.c.seq < stop)
    with reading(live) as session:
        query = select(ENTRIES.c.seq, ENTRIES.c.entry).where(beyond).order_by(ENTRIES.c.seq)
        for seq, text in session.execute(query):
            yield Lost(shard, seq, text or None, was_signed=False)  # retirement leaves blank texts
