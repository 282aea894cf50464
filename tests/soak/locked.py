"""Another process holds the right to write for longer than the service waits: told plainly, then over."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from random import Random

from service.database import BUSY_SECONDS, make_engine
from tests.parts.forks import fresh_processes
from tests.soak.caseworker import Answer, Caseworker
from tests.soak.figures import Figure
from tests.soak.findings import Findings, examine
from tests.soak.gunicorn_hooks import PATIENCE
from tests.soak.installation import CASEWORKERS, Installation, on_each_engine
from tests.soak.serving import serving

SHORT = 2
"""Seconds that the service waits in the short form; the full form leaves it as it is."""
SOON = 5.0


@dataclass
class Locked:
    """What came of a lock: `refused` decisions, and the seconds until one was acknowledged after its end."""

    patience: int
    refused: int = 0
    slowest: float = 0.0
    slowest_page: float = 0.0
    faults: list[str] = field(default_factory=list)
    resumed_after: float = SOON
    findings: Findings | None = None

    @property
    def met(self) -> bool:
        """Whether all were told in time, what is read went on, and work was resumed within a second."""
        is_clean = self.findings is not None and self.findings.clean
        in_time = self.slowest < self.patience + SOON and self.slowest_page < 1 and self.resumed_after < 1
        return is_clean and in_time and self.refused == len(CASEWORKERS) and not self.faults


def lock_and_release(at: Installation, patience: int | None = None) -> Locked:
    """Four caseworkers decide while somebody else holds the database, and send again when it is free."""
    more = {} if patience is None else {PATIENCE: str(patience)}
    came = Locked(patience or BUSY_SECONDS)
    with serving(at, **more) as served:
        people = [Caseworker(name, served.port, Random(name)) for name in CASEWORKERS]
        forms = {person: _judged(at, person) for person in people}
        with held(at):
            _in_threads([lambda person=person: _decide(person, *forms[person], came) for person in people])
        began = time.monotonic()
        for person in people:
            person.send_decision(*forms[person])
            came.resumed_after = min(came.resumed_after, time.monotonic() - began)
    came.findings = examine(at.engine, [person.book for person in people])
    return came


def _judged(at: Installation, by: Caseworker) -> tuple[str, dict[str, str]]:
    by.sign_in()
    case_id = at.receive(by.username, f"locked-{by.username}")
    by.judge(case_id)
    return case_id, by.decision_form(case_id)


def _decide(by: Caseworker, case_id: str, form: dict[str, str], came: Locked) -> None:
    """Look at the inbox, which writes nothing, and send a decision, which must be refused plainly."""
    began = time.monotonic()
    page = by.browser.get("/indbakke")
    came.slowest_page = max(came.slowest_page, time.monotonic() - began)
    if page.status != 200:
        came.faults.append(f"/indbakke: {page.status} {page.words}")
    began = time.monotonic()
    answer: Answer = by.try_decision(case_id, form)
    came.slowest = max(came.slowest, time.monotonic() - began)
    if answer.status == 503 and answer.is_plain and "Intet er gemt" in answer.page:
        came.refused += 1
    else:
        came.faults.append(f"beslutning: {answer.status} {answer.words}")


def _in_threads(tasks: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def held(at: Installation) -> Generator[None]:
    """Another process has begun a writing transaction, and ends it at the end of the block."""
    spawning = fresh_processes()
    begun, over = spawning.Event(), spawning.Event()
    holder = spawning.Process(target=_hold, args=(at.settings.database_url, begun, over))
    holder.start()
    if not begun.wait(60):
        raise TimeoutError("the other process did not get the lock")
    try:
        yield
    finally:
        over.set()
        holder.join()


def _hold(url: str, begun: Event, over: Event) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT 1")
        begun.set()
        over.wait(600)
    engine.dispose()


def measure(share: float) -> list[Figure]:
    """The figure on both engines; in the full form with the patience that the service has."""
    patience = None if share >= 1 else SHORT
    return [_figure(engine, lock_and_release(at, patience)) for engine, at, _ in on_each_engine()]


def _figure(engine: str, came: Locked) -> Figure:
    return Figure(
        "another process holds the database",
        engine,
        f"{len(CASEWORKERS)} decisions meanwhile; the service waits {came.patience} s",
        f"{came.refused} refused plainly, the last after {came.slowest:.1f} s; pages that only read took"
        f" {came.slowest_page:.2f} s; resumed after {came.resumed_after:.2f} s; {came.findings}"
        f" {came.faults[:1] or ''}",
        "all told plainly, 0 lost, reads go on, resumes by itself in < 1 s",
        came.met,
    )
