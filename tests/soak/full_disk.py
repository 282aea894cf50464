"""A disk that is full: nothing is lost, everybody is told so plainly, and it resumes when there is room."""

import errno
import os
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from service import log
from service.database import reading
from service.log import Event
from service.log.append import ENTRIES
from service.selftest.watch import EVERY
from tests.soak.caseworker import Caseworker
from tests.soak.figures import Figure, share_of
from tests.soak.findings import Findings, examine
from tests.soak.installation import Installation, install, install_on
from tests.soak.postgres import postgres, supervised
from tests.soak.serving import serving

TRIES = 200
BEFORE, AFTER = 5, 10
"""Decisions acknowledged before the disk is full, and cases that wait for one when it is."""
ROOM = 1 << 20
"""Bytes."""
REASONS = "Hun går sikkert med rollator, men tør ikke endnu gå ud alene. " * 20
"""So long that hardly a decision fits in the room a database still has in its own files."""
SQLITE_DISK, POSTGRESQL_DISK = "4m", "72m"
"""An empty PostgreSQL is larger than a casework of thousands in SQLite."""
PATIENCE, PAUSE = 60.0, 0.02


@dataclass(frozen=True)
class Disk:
    """A small disk, and the file that fills it."""

    folder: Path

    @property
    def ballast(self) -> Path:
        """What takes all the room."""
        return self.folder / "ballast"

    def fill(self) -> None:
        """Take the last byte."""
        with self.ballast.open("ab", buffering=0) as ballast:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        ballast.write(b"\0" * size)
                except OSError as full:
                    if full.errno != errno.ENOSPC:
                        raise

    def free(self, room: int = ROOM) -> None:
        """Give some room back."""
        os.truncate(self.ballast, max(0, self.ballast.stat().st_size - room))


@contextmanager
def small_disk(size: str) -> Generator[Disk]:
    """A disk in memory, of so many bytes ("4m"), until the end of the block; needs the right to mount."""
    with tempfile.TemporaryDirectory(prefix="skoen-disk-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "tmpfs", folder], check=True)
        try:
            yield Disk(Path(folder))
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def can_mount() -> bool:
    """Whether we may mount a disk at all."""
    try:
        with small_disk("1m"):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@dataclass
class Filled:
    """What came of a full disk; `unplain` answers were neither an acknowledgement nor the plain page."""

    tries: int
    refused: int = 0
    unplain: list[str] = field(default_factory=list)
    reads: int = 0
    failed_reads: list[str] = field(default_factory=list)
    unlogged: int = 0
    verifies_while_full: bool = False
    resumed_after: float = PATIENCE
    findings: Findings | None = None

    @property
    def met(self) -> bool:
        """Whether nothing was lost, nothing untrue said, and work went on within a second."""
        is_clean = self.findings is not None and self.findings.clean
        told_plainly = self.refused > 0 and not (self.unplain or self.failed_reads or self.unlogged)
        return is_clean and told_plainly and self.verifies_while_full and self.resumed_after < 1


Waiting = list[tuple[str, dict[str, str]]]
"""Cases that are judged, each with the form of its decision."""


def fill_and_free(at: Installation, disk: Disk, tries: int, linger: float = 0.0) -> Filled:
    """Decide, fill the disk, go on trying (with a pause of `linger` seconds), make room, decide the rest."""
    came = Filled(tries)
    with serving(at) as served:
        alma = Caseworker("alma", served.port, Random(1))
        alma.sign_in()
        waiting = _judged(at, alma)
        for _ in range(BEFORE):
            alma.send_decision(*waiting.pop())
        afterwards = waiting.pop()
        _try(at, disk, alma, waiting, tries // 2, came)
        time.sleep(linger)
        _try(at, disk, alma, waiting, tries - tries // 2, came)
        came.verifies_while_full = log.verify(at.engine).ok
        disk.free()
        came.resumed_after = _seconds_until_acknowledged(alma, *afterwards)
        for case_id, form in waiting:
            alma.send_decision(case_id, form)
    came.findings = examine(at.engine, [alma.book])
    return came


def _judged(at: Installation, by: Caseworker) -> Waiting:
    waiting = []
    for number in range(BEFORE + AFTER):
        case_id = at.receive(by.username, f"full-{number}")
        by.judge(case_id)
        waiting.append((case_id, {**by.decision_form(case_id), "text": REASONS}))
    return waiting


def _try(at: Installation, disk: Disk, by: Caseworker, waiting: Waiting, tries: int, came: Filled) -> None:
    """Send decisions while the disk is full, and look at pages in between.

    A server that ends for want of room gives some of it back, so the disk is filled before every try. It may
    still have room of its own: then a decision is stored, and sent again it is the same decision.
    """
    for number in range(tries):
        disk.fill()
        answer = by.try_decision(*waiting[-1])
        if answer.status == 303:
            if len(waiting) > 1:
                waiting.pop()
        elif answer.is_plain and answer.status == 503:
            came.refused += 1
        else:
            came.unplain.append(f"{answer.status} {answer.words}")
        if number % 10 == 0:
            _read(at, by, waiting[-1][0], came)


def _read(at: Installation, by: Caseworker, case_id: str, came: Filled) -> None:
    """Pages that write nothing go on; a page about a citizen is not shown without its entry."""
    before = _openings(at)
    for path in ("/indbakke", "/om-modellen", "/enhed"):
        came.reads += 1
        answer = by.browser.get(path)
        if answer.status != 200:
            came.failed_reads.append(f"{path}: {answer.status} {answer.words}")
    is_shown = by.browser.get(f"/sag/{case_id}/grundlag").status == 200
    came.unlogged += is_shown and _openings(at) == before


def _openings(at: Installation) -> int:
    """How often the log says that a case was opened."""
    with reading(at.engine) as session:
        opened = select(func.count()).select_from(ENTRIES).where(ENTRIES.c.event == Event.CASE_OPENED.value)
        return int(session.execute(opened).scalar_one())


def _seconds_until_acknowledged(by: Caseworker, case_id: str, form: dict[str, str]) -> float:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        if by.try_decision(case_id, form).status == 303:
            return time.monotonic() - began
        time.sleep(PAUSE)
    return PATIENCE


def on_sqlite(tries: int, linger: float = 0.0) -> Filled:
    """Database, journal and keystore on one small disk."""
    with small_disk(SQLITE_DISK) as disk:
        at = install(disk.folder)
        came = fill_and_free(at, disk, tries, linger)
        at.close()
        return came


def on_postgresql(tries: int, linger: float = 0.0) -> Filled:
    """The server's whole folder on a small disk; what stops it is started again, as a machine would."""
    with (
        tempfile.TemporaryDirectory() as folder,
        small_disk(POSTGRESQL_DISK) as disk,
        postgres(durable=True, run=disk.folder) as server,
        supervised(server),
    ):
        at = install_on(server, Path(folder))
        came = fill_and_free(at, disk, tries, linger)
        at.close()
        return came


def measure(share: float) -> list[Figure]:
    """The figure on both engines. In the full form the self-test has time to notice the disk by itself."""
    tries, linger = share_of(TRIES, share, 40), EVERY if share >= 1 else 0.0
    return [
        _figure("SQLite", on_sqlite(tries, linger)),
        _figure("PostgreSQL", on_postgresql(tries, linger)),
    ]


def _figure(engine: str, came: Filled) -> Figure:
    faults = [*came.unplain, *came.failed_reads]
    return Figure(
        "disk full, 1 MB made free",
        engine,
        f"{came.tries} tries while full, {came.refused} refused; {came.reads} pages read",
        f"{came.findings}; resumed after {came.resumed_after:.2f} s; {came.unlogged} cases shown without an"
        f" entry; {len(faults)} answers that were not plain {faults[:1] or ''}",
        "0 lost, plain 503, reads go on, verifies while full, resumes by itself in < 1 s",
        came.met,
    )
