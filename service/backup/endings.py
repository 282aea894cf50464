"""Which shards a restore ends, and under which names they go on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.log.checkpoint import Checkpoint
from service.log.epochs import Ended
from service.log.merkle import EMPTY_ROOT
from service.log.shards import base_of, epoch_of, shard_of

LOGS = ("decisions", "access")


@dataclass(frozen=True)
class Shard:
    """One shard: what came back of it, the last checkpoint outside, and how far the replaced database was.

    `restored_root` is in hex; `live_size` is None when there was no database to be replaced.
    """

    name: str
    restored_size: int = 0
    restored_root: str = EMPTY_ROOT.hex()
    checkpoint: Checkpoint | None = None
    live_size: int | None = None
    proven: bool = True

    @property
    def known_size(self) -> int:
        """The most entries that anybody is known to have seen of it."""
        signed = self.checkpoint.size if self.checkpoint else 0
        return max(self.restored_size, signed, self.live_size or 0)

    @property
    def ended(self) -> Ended:
        """How a declaration names it."""
        return Ended(self.name, self.restored_size, self.restored_root, self.checkpoint, self.proven)


def epochs_due(shards: Iterable[Shard], declared: Iterable[str], now: datetime) -> dict[str, list[Ended]]:
    """The new shards, each with those that it goes on from, newest first.

    A shard that is still written to always goes on under a new name: somebody may hold a receipt for what was
    in it and is nowhere else. One whose time is over only when something of it is lost. `declared` are the
    shards whose end stands in the restored log; an end that was lost with it is declared once more.
    """
    still_written = {shard_of(log, now) for log in LOGS}
    by_base: dict[str, list[Shard]] = {}
    for shard in sorted(shards, key=lambda each: -epoch_of(each.name)):
        by_base.setdefault(base_of(shard.name), []).append(shard)
    known = set(declared)
    return {
        f"{base}/{epoch_of(newest.name) + 1}": [
            newest.ended, *(each.ended for each in older if each.name not in known)
        ]
        for base, (newest, *older) in sorted(by_base.items())
        if base in still_written or newest.restored_size < newest.known_size
    }  # fmt: skip


def shards_of(
    restored: Mapping[str, tuple[int, str]], signed: Mapping[str, Checkpoint], live: Mapping[str, int] | None
) -> list[Shard]:
    """Every shard that is known of: restored (size and root in hex), signed, or in the replaced database."""
    nothing = (0, EMPTY_ROOT.hex())
    return [
        Shard(
            name, *restored.get(name, nothing), signed.get(name), None if live is None else live.get(name, 0)
        )
        for name in sorted({*restored, *signed, *(live or {})})
    ]
