"""The groups of followed cases that numbers are given of: wholes, and the ways in which each is divided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.workflow.effect.followed import CONTROL, EVIDENCE, OUTSIDE, STEPS_AGAIN, WINDOWS, Followed
from service.workflow.effect.holidays import is_day_off
from service.workflow.statistics.cells import ALL
from service.workflow.statistics.suppression import Key

Group = Callable[[Followed], bool]
PLANNED, DECIDED = ("planned", ALL), ("decided", ALL)
ARMS = (EVIDENCE, CONTROL)
BY_LOT = (*ARMS, OUTSIDE)
"""Every case is in one of these, so that they add up to the whole."""
ARM, OFFER_MONTH = "arm ", "offer month"
WAITED, AGAIN = "waited", "again "
DAY_OFF, WORKING_DAY, LATER, AT_ONCE = "fri", "hverdag", "senere", "straks"
NO_OFFER = "ukendt"


@dataclass(frozen=True)
class Division:
    """The cases of a whole by parts that share none: of which whole, and which part a case belongs to."""

    whole: str
    part: Callable[[Followed], str]


def _again(step: str) -> Group:
    return lambda case: step in case.again


def _settled(weeks: int) -> Group:
    return lambda case: case.right_first_time(weeks) is not None


WHOLES: Mapping[str, tuple[str, Group]] = {
    "offered": ("decided", lambda case: case.days_to_offer is not None),
    "started": ("decided", lambda case: case.days_to_start is not None),
    "finished": ("decided", lambda case: case.ended_with is not None),
    **{f"settled {weeks}": ("decided", _settled(weeks)) for weeks in WINDOWS},
    "missed": ("planned", lambda case: case.row.planned and not case.row.in_time),
    "broken": ("finished", lambda case: case.was_broken_off),
    WAITED: ("decided", lambda case: case.days_to_open is not None),
    **{AGAIN + step: ("decided", _again(step)) for step in STEPS_AGAIN},
}
"""By name: the whole that it is a part of, and which cases are in it. In the order of release."""

OF_THE_PROCESS = (WAITED, *(AGAIN + step for step in STEPS_AGAIN))
"""The wholes that are released last of all, so that nothing else is hidden for their sake."""

DIVISIONS: Mapping[str, Division] = {
    "offer": Division("planned", lambda case: case.offer or NO_OFFER),
    "due": Division("planned", lambda case: _kind_of_day(case)),
    "later": Division("planned", lambda case: LATER if case.start_after else AT_ONCE),
    "planned month": Division("planned", lambda case: case.row.month.code),
    "agreed": Division("missed", lambda case: case.row.offered or ""),
    "stop": Division("broken", lambda case: case.ended_with or ""),
}

BY_ARM = ("decided", "planned", "offered", "started", "finished", *(f"settled {weeks}" for weeks in WINDOWS))
"""The wholes that are also told of each arm."""


def is_in(name: str, case: Followed) -> bool:
    """Whether a case is in a whole."""
    if name in WHOLES:
        return WHOLES[name][1](case)
    return case.row.planned if name == "planned" else True


def whole_of(key: Key) -> Key:
    """The cell that another is a part of; of the statistics' own cells it is that of all decided cases."""
    name = key[0]
    if name == OFFER_MONTH:
        return ("offer", key[1])
    if name.startswith(ARM):
        return (name.removeprefix(ARM), ALL)
    if name in DIVISIONS:
        return (DIVISIONS[name].whole, ALL)
    return (WHOLES[name][0], ALL) if name in WHOLES else DECIDED


def counted_in(name: str) -> Group | None:
    """What the share of a cell counts; None for cells of which no share is told."""
    name = name.removeprefix(ARM)
    if name in ("offer", OFFER_MONTH, "planned month", "planned", "due", "later"):
        return lambda case: case.row.in_time
    if name.startswith("settled "):
        weeks = int(name.removeprefix("settled "))
        return lambda case: case.right_first_time(weeks) is True
    return (lambda case: case.was_broken_off) if name == "finished" else None


def _kind_of_day(case: Followed) -> str:
    """Whether the deadline fell on a day on which nobody is at work."""
    return DAY_OFF if case.due_on is not None and is_day_off(case.due_on) else WORKING_DAY
