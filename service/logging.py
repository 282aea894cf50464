"""What the service says about itself on standard error: names, codes and numbers, one JSON object a line.

A field that is not on the list is dropped and only its name is told; a value that could be text about
somebody is withheld; an error gives its class and place, never its message. So no citizen can slip through.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

from service.cpr import holds_cpr, masked

ALLOWED = frozenset(
    {
        "case_id", "command", "count", "error", "event_type", "from_logger", "level", "method",
        "milliseconds", "model_version", "municipality_id", "person_id", "reason", "request_id", "route",
        "seconds", "seq", "shard", "status", "timestamp", "unit_id", "where", "worker",
    }
)  # fmt: skip
CODE = re.compile(r"[A-Za-z0-9_.:/<>+@ -]{0,128}")
NAME = re.compile(r"[a-z][a-z0-9_.:-]{0,63}")
OURS = ("service", "models")
SPEAKS_IN_FULL = ("gunicorn", "alembic")  # their lines hold addresses, process ids and revisions, no requests
Fields = MutableMapping[str, Any]


class _Foreign(str):
    """The line of another package, masked already; nobody of ours can pass a sentence as one."""

    __slots__ = ()


def configure(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """Send our own lines and other packages' through the same list, to one stream."""
    ours: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_error,
    ]
    structlog.configure(
        processors=[*ours, keep_allowed, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[name_foreign, *ours],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                keep_allowed,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it greets at every look at the version


def keep_allowed(logger: Any, method: str, fields: Fields) -> Fields:
    """Only what is on the list, and of that only codes and numbers."""
    event = fields.pop("event", "")
    is_named = isinstance(event, _Foreign) or NAME.fullmatch(str(event))
    line: Fields = {"event": str(event) if is_named else "unnamed"}
    line.update({name: _safe(value) for name, value in fields.items() if name in ALLOWED})
    dropped = sorted(name for name in fields if name not in ALLOWED)
    if dropped:
        line["dropped"] = [name if NAME.fullmatch(name) else "unnamed" for name in dropped]
    return line


def name_error(logger: Any, method: str, fields: Fields) -> Fields:
    """An error becomes its class and the place in our code where it arose."""
    found = fields.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        fields["error"] = type(error).__name__
        fields["where"] = _place(error.__traceback__)
    fields.pop("stack_info", None)
    return fields


def name_foreign(logger: Any, method: str, fields: Fields) -> Fields:
    """Another package's line: in full only from those that never speak of requests, else as a template."""
    record: logging.LogRecord = fields["_record"]
    is_trusted = record.name.split(".")[0] in SPEAKS_IN_FULL
    fields["event"] = _Foreign(masked(str(fields["event"] if is_trusted else record.msg))[:200])
    fields["from_logger"] = record.name
    if record.exc_info:
        fields["exc_info"] = record.exc_info
    return fields


def _safe(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if holds_cpr(str(value)) or not isinstance(value, str | int | float) or not CODE.fullmatch(str(value)):
        return "[withheld]"
    return value


def _place(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    ours = [
        f
        for f in frames
        if any(f"/{package}/" in f.filename and "site-packages" not in f.filename for package in OURS)
    ]
    chosen = (ours or list(frames))[-1:]
    return f"{'/'.join(chosen[0].filename.split('/')[-3:])}:{chosen[0].lineno}" if chosen else "unknown"
