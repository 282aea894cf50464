"""Shards: a log is cut by time, so that a whole piece can be retired by rule; a restore cuts it once more."""

from collections.abc import Iterable
from datetime import datetime

from service.clock import local_date


def shard_of(log: str, at: datetime) -> str:
    """`decisions/2026` by year, `access/2026Q4` by quarter, by the Danish date of the instant."""
    day = local_date(at)
    if log == "decisions":
        return f"decisions/{day.year}"
    if log == "access":
        return f"access/{day.year}Q{(day.month + 2) // 3}"
    raise ValueError(f"there is no log named {log}")


def base_of(shard: str) -> str:
    """The shard without its epoch."""
    return "/".join(shard.split("/")[:2])


def epoch_of(shard: str) -> int:
    """1 for a shard as it began, 2 after the first restore, and so on."""
    parts = shard.split("/")
    return int(parts[2]) if len(parts) > 2 else 1


def next_epoch(shard: str) -> str:
    """The name under which a shard goes on after a restore."""
    return f"{base_of(shard)}/{epoch_of(shard) + 1}"


def newest_epoch(base: str, existing: Iterable[str]) -> str:
    """The shard to append to, of those that exist with this base; the base itself when none does."""
    return max((shard for shard in existing if base_of(shard) == base), key=epoch_of, default=base)
