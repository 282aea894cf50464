"""Watches over one process: refuses every writing transaction while a check fails, and looks again.

A fault never takes the process down. It closes what writes, and with it every page about a citizen, for
such a page is never shown without an entry. When the fault is mended, the next look opens it all again.
"""

import math
import threading
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Engine

from service.config import Settings
from service.database import guard
from service.errors import ReadOnly
from service.selftest import Installation, Report, State, Unanswered, fault, run

EVERY = 30.0
"""Seconds between two looks, whoever asks."""
SOON = 0.5
"""The same while nothing may be saved: what is mended, people should not have to wait for."""

logger = structlog.get_logger()


class Watch:
    """The newest self-test of a process; from its making on, the engine begins no writing that it refuses.

    `ticks` gives seconds that no setting of the clock moves.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        clock: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings, self.engine, self.clock, self.ticks = settings, engine, clock, ticks
        self._looking = threading.Lock()
        self._looked_at = self._tested_at = -math.inf
        self._report = Report(
            clock(), {"database": fault("The database has not answered yet.", "Databasen svarer ikke.")}
        )
        guard(engine, self.refuse)

    def refuse(self) -> None:
        """Raise ReadOnly, naming the reasons, while nothing may be saved."""
        faults = self.look().faults
        if faults:
            raise ReadOnly([each.danish for each in faults.values()])

    def look(self) -> Report:
        """The newest report, made anew when it is old; while somebody else makes it, the one before."""
        pause = SOON if self._report.faults else EVERY
        if self.ticks() - self._looked_at >= pause and self._looking.acquire(blocking=False):
            try:
                self._test(Installation(self.settings, self.engine, self.clock()))
            except Unanswered:
                # No verdict: what cannot be written fails by itself, and the next to ask looks again.
                logger.warning("selftest:unanswered")
            finally:
                self._looking.release()
        return self._report

    def _test(self, place: Installation) -> None:
        if not self._fails_still(place):
            report = run(place)
            _tell(self._report, report)
            self._report, self._tested_at = report, self.ticks()
        self._looked_at = self.ticks()

    def _fails_still(self, place: Installation) -> bool:
        """Whether what failed a moment ago fails yet: quicker to find out than to ask everything anew."""
        is_recent = self.ticks() - self._tested_at < EVERY
        return is_recent and any(run(place, [name]).faults for name in self._report.faults)


def _tell(before: Report, after: Report) -> None:
    """A line in the service's own log for whoever watches it, when something changed."""
    for state, event, say in (
        (State.FAULT, "selftest:read_only", logger.error),
        (State.WARNING, "selftest:warning", logger.warning),
    ):
        names = sorted(after.those(state))
        if names and names != sorted(before.those(state)):
            say(event, reason=" ".join(names))
    if before.faults and not after.faults:
        logger.info("selftest:writable")
