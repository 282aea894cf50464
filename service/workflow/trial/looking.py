"""The interim look: does either arm do harm? It counts both, and tells nobody what they came to.

Harm is a level that had to be changed, or a new plan, within six weeks, and a start that was not offered in
time. Each has half of alpha. Both are counted over the same cases: those whose six weeks are over.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from service.workflow.effect.followed import Followed
from service.workflow.statistics.shares import LEAST_FOR_PERCENT
from service.workflow.trial.boundary import LEAST_STEP, boundaries
from service.workflow.trial.draw import CONTROL, EVIDENCE

WEEKS = 6
GO_ON, TOO_FEW, EVIDENCE_WORSE, CONTROL_WORSE = "go_on", "too_few", "evidence_worse", "control_worse"
Fails = Callable[[Followed], bool]
HARMS: Mapping[str, Fails] = {
    "moved": lambda case: case.right_first_time(WEEKS) is False,
    "late": lambda case: not case.row.in_time,
}


@dataclass(frozen=True)
class Look:
    """What a look came to; `information` is in whole percent of what was planned, None with too few cases."""

    verdict: str
    information: int | None = None


@dataclass(frozen=True)
class Stratum:
    """A unit's cases: how many with evidence and without, and how many of each failed."""

    evidence: int
    control: int
    evidence_failed: int
    control_failed: int


def look(
    cases: Iterable[Followed], *, planned: int, share: int, alpha: int, times: Sequence[float]
) -> Look | None:
    """What a look at the drawn cases comes to; None when it is too near the last one (`times`) to count.

    `planned` is the number of cases planned, `share` the percentage without evidence, `alpha` in thousandths.
    """
    settled = [case for case in cases if case.right_first_time(WEEKS) is not None]
    arms = [case.arm for case in settled]
    if min(arms.count(EVIDENCE), arms.count(CONTROL)) < LEAST_FOR_PERCENT:
        return Look(TOO_FEW)
    tables = {name: strata(settled, fails) for name, fails in HARMS.items()}
    information = min(100, int(100 * _weight(tables["moved"]) / (planned * share * (100 - share) / 10_000)))
    if information / 100 < (times[-1] if times else 0.0) + LEAST_STEP:
        return None
    limit = boundaries((*times, information / 100), alpha / 1000 / len(HARMS))[-1]
    found = [deviation(table) for table in tables.values()]
    if max(found) >= limit:
        return Look(EVIDENCE_WORSE, information)
    return Look(CONTROL_WORSE if min(found) <= -limit else GO_ON, information)


def strata(cases: Iterable[Followed], fails: Fails) -> tuple[Stratum, ...]:
    """The cases of each unit counted by arm and outcome."""
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for case in cases:
        cell = counted[case.row.unit]
        control = case.arm == CONTROL
        cell[control] += 1
        cell[2 + control] += fails(case)
    return tuple(Stratum(*each) for each in counted.values())


def deviation(tables: Sequence[Stratum]) -> float:
    """How many standard errors more fail with evidence than without (Mantel and Haenszel, over strata)."""
    above, variance = 0.0, 0.0
    for each in tables:
        of, failed = each.evidence + each.control, each.evidence_failed + each.control_failed
        if of < 2:
            continue
        above += each.evidence_failed - each.evidence * failed / of
        variance += each.evidence * each.control * failed * (of - failed) / (of * of * (of - 1))
    return above / sqrt(variance) if variance else 0.0


def _weight(tables: Sequence[Stratum]) -> float:
    """How much the strata can tell of a difference, in cases."""
    return sum(
        each.evidence * each.control / (each.evidence + each.control)
        for each in tables
        if each.evidence + each.control
    )
