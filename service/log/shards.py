"""Shards: a log is cut by time, so that a whole piece can be kept or removed by rule."""

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
