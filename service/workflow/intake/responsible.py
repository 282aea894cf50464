"""Which authority answers for a case: by the type of its plan and the day on which it was received.

The rules are data with a day from which they hold (`responsible.toml`), so that a new law is no new code.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlmodel import Session

from service.clock import local_date
from service.tables.erasable import ERASED_ON
from service.tables.intake import Case
from service.tables.organisation import Municipality

DECLARED = Path(__file__).with_name("responsible.toml")
THE_REGION = "Regionen"


@dataclass(frozen=True)
class Rule:
    """From a day on, who answers for plans of a type: `kommune` or `region`; `source` is the law."""

    plan_type: str
    valid_from: date
    answers: str
    source: str


@dataclass(frozen=True)
class Responsible:
    """The authority that answers for a case, since when that has been so, and by which law."""

    kind: str
    name: str
    since: date
    source: str


def responsible_for(session: Session, case: Case) -> Responsible:
    """The authority that answers for a case; raises KeyError where no rule says, for nobody guesses it."""
    # Of an erased case the day is gone; the instant at which it was written is not.
    on = local_date(case.at) if case.received_on == ERASED_ON else case.received_on
    rule = rule_for(case.plan_type, on)
    place = session.get_one(Municipality, case.municipality_id)
    name = place.name if rule.answers == "kommune" else _declared()[1].get(place.code, THE_REGION)
    return Responsible(rule.answers, name, rule.valid_from, rule.source)


def rule_for(plan_type: str, on: date) -> Rule:
    """The rule that holds for a type of plan on a day; raises KeyError where there is none."""
    holding = [rule for rule in _declared()[0] if rule.plan_type == plan_type and rule.valid_from <= on]
    if not holding:
        raise KeyError(f"no authority for plan type {plan_type!r} on {on.isoformat()}")
    return max(holding, key=lambda rule: rule.valid_from)


def rules_of(path: Path) -> tuple[tuple[Rule, ...], dict[str, str]]:
    """The rules of a file, and the names of regions by municipality code."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(Rule(**each) for each in said["rule"]), said.get("regions", {})


@cache
def _declared() -> tuple[tuple[Rule, ...], dict[str, str]]:
    return rules_of(DECLARED)
