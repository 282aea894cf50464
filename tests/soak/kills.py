"""kill -9 of gunicorn's workers while four caseworkers judge and decide, and what is left afterwards."""

import time
from dataclasses import dataclass
from random import Random

from service import log
from tests.soak.crew import Crew
from tests.soak.figures import Figure, share_of
from tests.soak.findings import Findings, examine
from tests.soak.installation import Installation, on_each_engine
from tests.soak.serving import Serving, serving

CYCLES = 1000
WORKERS = 4
SHORTEST, LONGEST = 0.05, 0.5
"""Seconds from the moment that two workers are ready until the next kill."""
ALL_AT_ONCE = 0.2
"""How often every worker is killed and not just one: then nobody is left to tidy up."""
VERIFY_EVERY = 50


@dataclass(frozen=True)
class Killed:
    """What came of the kills; `unanswered` requests were cut off by one."""

    cycles: int
    kills: int
    unanswered: int
    failed_verifications: int
    findings: Findings
    answers_again: bool

    @property
    def met(self) -> bool:
        """Whether nothing was lost and the service came back by itself."""
        return self.findings.clean and not self.failed_verifications and self.answers_again


def kill_workers(at: Installation, cycles: int, seed: int = 1, longest: float = LONGEST) -> Killed:
    """Let four caseworkers work and kill workers under them, so many times, at most `longest` s apart."""
    chance, kills, failed = Random(seed), 0, 0
    with serving(at, WORKERS) as served, Crew(at, served.port, seed) as crew:
        for cycle in range(1, cycles + 1):
            kills += _kill(served, chance, longest)
            crew.require_at_work()
            if cycle % VERIFY_EVERY == 0:
                failed += not log.verify(at.engine).ok
        served.wait(WORKERS)
        crew.finish()
        again = crew.browser.get("/sundhed").status == 200
    unanswered = sum(book.statuses[0] for book in crew.books)
    return Killed(cycles, kills, unanswered, failed, examine(at.engine, crew.books), again)


def _kill(served: Serving, chance: Random, longest: float) -> int:
    """Kill one worker that is ready, or all of them, at a moment nobody chose. Gives how many."""
    served.wait(2)
    time.sleep(chance.uniform(SHORTEST, longest))
    ready = served.workers()
    chosen = ready if chance.random() < ALL_AT_ONCE else [chance.choice(ready)]
    for pid in chosen:
        served.kill(pid)
    return len(chosen)


def measure(share: float) -> list[Figure]:
    """The figure on both engines."""
    cycles = share_of(CYCLES, share, 25)
    return [_figure(engine, kill_workers(at, cycles)) for engine, at, _ in on_each_engine()]


def _figure(engine: str, came: Killed) -> Figure:
    found = came.findings
    return Figure(
        "kill -9 of gunicorn workers during decisions",
        engine,
        f"{came.cycles} cycles, {came.kills} workers killed, {came.unanswered} requests cut off",
        f"{found.decisions} decisions: {found}; {came.failed_verifications} failed verifications on the way;"
        f" {found.found_again} stored though unanswered, found by sending again",
        "0 lost, 0 doubled, 0 orphans, 0 failed verifications, answers again by itself",
        came.met,
    )
