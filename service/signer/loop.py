"""The signer at work: a round every minute, or as soon as enough is new, until it is told to stop."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from service.config import Settings
from service.errors import UnsafeStart
from service.signer import ledger
from service.signer.report import OK, WAITING, Status, read_status, waiting, write_status
from service.signer.seal import seal

NO_DATABASE = ("Databasen kan ikke læses lige nu.", "The database cannot be read at the moment.")
NO_DISK = ("Kontrolpunkterne kan ikke skrives lige nu.", "The checkpoints cannot be written at the moment.")
NO_KEY = (
    "Signeringens nøgle eller hukommelse kan ikke bruges.",
    "The signer's key or memory cannot be used.",
)


@dataclass(frozen=True)
class Pace:
    """Seconds between rounds, looks and new tries; how many new entries call for a round at once."""

    interval: float = 60.0
    look: float = 1.0
    again: float = 5.0
    entries: int = 100


class Signer:
    """Seals in a loop. What is away may come back, and what is refused is looked at again."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], pace: Pace = Pace()) -> None:
        self.settings, self.clock, self.pace = settings, clock, pace
        self.engine: Engine = ledger.signers_engine(settings)
        self.last: Status | None = None
        self.due = time.monotonic()

    def run(self, stop: Event, parent: int | None = None) -> None:
        """Work until `stop` is set or, when `parent` is named, until that process is gone."""
        while not stop.is_set() and parent in (None, os.getppid()):
            if time.monotonic() >= self.due or self.has_enough():
                self.round()
            stop.wait(self.pace.look)
        self.engine.dispose()

    def round(self) -> Status:
        """One round, whatever comes of it, and the report about it."""
        status = self._attempt()
        self.due = time.monotonic() + (self.pace.again if status.state == WAITING else self.pace.interval)
        if self.last is None or (status.state, status.codes) != (self.last.state, self.last.codes):
            structlog.get_logger().info(
                "signer.state", status=status.state, reason=" ".join(status.codes) or None
            )
        self.last = status
        try:
            write_status(self.settings.seals, status)
        except OSError:
            structlog.get_logger().error("signer.no_report", exc_info=True)
        return status

    def has_enough(self) -> bool:
        """Whether so much is new that it shall not wait; a log in doubt waits for its round."""
        if self.last is None or self.last.state != OK:
            return False
        try:
            found = ledger.sizes(self.engine)
        except DBAPIError:
            return True  # the round finds out, and reports it
        new = sum(
            max(0, size - self.last.shards.get(shard, {}).get("size", 0)) for shard, size in found.items()
        )
        return new >= self.pace.entries

    def _attempt(self) -> Status:
        now = self.clock()
        try:
            return seal(self.settings, self.engine, now)
        except DBAPIError:
            self.engine.dispose()
            return self._away(now, "database", NO_DATABASE)
        except OSError:
            structlog.get_logger().error("signer.no_disk", exc_info=True)
            return self._away(now, "disk", NO_DISK)
        except UnsafeStart as unsafe:
            return self._away(now, "key", (NO_KEY[0], f"{NO_KEY[1]} {unsafe}"))

    def _away(self, now: datetime, code: str, why: tuple[str, str]) -> Status:
        return replace(waiting(now, *why, self.last or self._before()), codes=(code,))

    def _before(self) -> Status | None:
        try:
            return read_status(self.settings.seals)
        except (OSError, ValueError):
            return None
