"""The rules by which look-ups are drawn. Each describes practice that is worth a look; none is a suspicion.

No rule compares the citizen's name with the employee's: it would open the identity of everybody who was
looked up in order to find the few, and a name in common says little. Whoever has a reason opens the case,
for the purpose `stikproeve`, and that is an entry too.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.clock import local, local_date
from service.workflow.log_control.look_ups import LookUp
from service.workflow.log_control.traces import CONCLUDING, Trace

DAYS_BEFORE, DAYS_AFTER = 14, 7
"""So long before and after a look-up a step of one's own explains it."""
DAYS_AT_REST = 60
MANY_DAYS, MANY_CASES = 5, 30
OPENS, CLOSES, WEEKEND = 6, 18, 5
"""Work begins and ends at these hours, and Saturday is weekday number five."""
OWN_PURPOSES = ("sagsbehandling", "faglig_ledelse")
"""Purposes that follow from the role; every other one was chosen."""
RANDOM = "random"


@dataclass(frozen=True)
class Surroundings:
    """What stands around the look-ups of a period: steps by case, and how much one person opened."""

    steps: Mapping[str, Sequence[Trace]]
    days: Mapping[tuple[str, str], int]
    cases: Mapping[tuple[str, date], int]

    def own_days(self, look_up: LookUp) -> list[date]:
        """The days on which whoever looked did something in the case."""
        steps = self.steps.get(look_up.case_id, ())
        return [local_date(step.at) for step in steps if step.person_id == look_up.person_id]


Picks = Callable[[LookUp, Surroundings], bool]


@dataclass(frozen=True)
class Rule:
    """One rule: the code that is stored, and what it says about a look-up that it picks."""

    code: str
    danish: str
    picks: Picks


def surroundings(look_ups: Sequence[LookUp], steps: Iterable[Trace]) -> Surroundings:
    """What the rules need to know, from all look-ups of a period and the steps in their cases."""
    by_case: dict[str, list[Trace]] = defaultdict(list)
    for step in steps:
        by_case[step.case_id].append(step)
    days = {(one.person_id, one.case_id, one.day) for one in look_ups}
    cases = {(one.person_id, one.day, one.case_id) for one in look_ups}
    return Surroundings(
        steps=by_case,
        days=Counter((person_id, case_id) for person_id, case_id, _ in days),
        cases=Counter((person_id, day) for person_id, day, _ in cases),
    )


def without_own_step(look_up: LookUp, around: Surroundings) -> bool:
    """Casework was the purpose, and she did nothing in the case shortly before or after."""
    if look_up.purpose not in OWN_PURPOSES:
        return False
    first, last = look_up.day - timedelta(days=DAYS_BEFORE), look_up.day + timedelta(days=DAYS_AFTER)
    return not any(first <= day <= last for day in around.own_days(look_up))


def on_many_days(look_up: LookUp, around: Surroundings) -> bool:
    """She opened this case again and again."""
    return around.days[look_up.person_id, look_up.case_id] >= MANY_DAYS


def outside_hours(look_up: LookUp, around: Surroundings) -> bool:
    """Some of it was in a weekend, early or late."""
    return any(_is_outside(local(at)) for at in look_up.times)


def of_a_case_at_rest(look_up: LookUp, around: Surroundings) -> bool:
    """The case had been decided or closed, and nothing had happened in it for long."""
    before = [step for step in around.steps.get(look_up.case_id, ()) if step.at <= look_up.at]
    if not any(step.step in CONCLUDING for step in before):
        return False
    return look_up.day - local_date(max(step.at for step in before)) > timedelta(days=DAYS_AT_REST)


def of_many_cases(look_up: LookUp, around: Surroundings) -> bool:
    """She opened far more cases that day than a day's work holds."""
    return around.cases[look_up.person_id, look_up.day] >= MANY_CASES


def for_a_chosen_purpose(look_up: LookUp, around: Surroundings) -> bool:
    """The purpose did not follow from the role; there should be something that it answers to."""
    return look_up.purpose not in OWN_PURPOSES


def _is_outside(at: datetime) -> bool:
    return at.weekday() >= WEEKEND or not OPENS <= at.hour < CLOSES


RULES = (
    Rule(
        "without_own_step",
        f"Medarbejderen har ikke selv gjort noget i sagen i de {DAYS_BEFORE} dage før eller de"
        f" {DAYS_AFTER} dage efter opslaget.",
        without_own_step,
    ),
    Rule(
        "on_many_days",
        f"Samme medarbejder har åbnet sagen på mindst {MANY_DAYS} forskellige dage i perioden.",
        on_many_days,
    ),
    Rule(
        "outside_hours",
        f"Opslaget er sket i en weekend eller uden for kl. {OPENS}–{CLOSES}.",
        outside_hours,
    ),
    Rule(
        "of_a_case_at_rest",
        f"Sagen var afsluttet, og der var ikke sket noget i den i mere end {DAYS_AT_REST} dage.",
        of_a_case_at_rest,
    ),
    Rule(
        "of_many_cases",
        f"Samme medarbejder har åbnet mindst {MANY_CASES} forskellige sager den dag.",
        of_many_cases,
    ),
    Rule(
        "for_a_chosen_purpose",
        "Formålet er valgt af medarbejderen selv og er ikke sagsbehandling.",
        for_a_chosen_purpose,
    ),
)
"""Every rule. The codes are permanent: they stand in samples that never change."""
