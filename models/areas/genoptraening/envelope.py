"""The legal envelope: which answers the law leaves to the municipality, as data with dates.

Computed from the plan's type and the date before any model runs; a model never widens, narrows or orders it.
"""

from dataclasses import dataclass
from datetime import date

from models.areas.genoptraening.codes import LEVELS
from models.declaration import Option

SUNDHEDSLOVEN = "Sundhedsloven § 140 og bekendtgørelse om genoptræningsplaner"

CANNOT_DECIDE = Option("kan_ikke_afgoeres", "Kan ikke afgøres nu", is_level=False)
RETURN = Option("retur", "Andet / send retur", is_level=False)
REHABILITATION = Option(
    "rehabilitering", "Rehabilitering på specialiseret niveau", is_level=False, legal_source=SUNDHEDSLOVEN
)
MUNICIPAL_LEVELS = tuple(
    Option(level.code, level.label, is_level=True, legal_source=SUNDHEDSLOVEN) for level in LEVELS
)


@dataclass(frozen=True)
class Rule:
    """What a municipality may choose for one type of plan from one day to another (both included)."""

    plan_type: str
    valid_from: date
    valid_to: date
    options: tuple[Option, ...]
    source: str


RULES = (
    Rule("almen", date(2015, 1, 1), date.max, MUNICIPAL_LEVELS,
         "Bekendtgørelse af 6. oktober 2014: kommunen angiver basalt eller avanceret niveau"),
    Rule("specialiseret", date(2015, 1, 1), date.max, (),
         "Specialiseret genoptræning gives på sygehuset; kommunen vælger ikke niveau"),
    Rule("rehabilitering", date(2015, 1, 1), date(2026, 12, 31), (REHABILITATION,),
         "Sygehuset fastlægger niveauet; kommunen leverer"),
    Rule("rehabilitering", date(2027, 1, 1), date.max, (),
         "Fra 1. januar 2027 hører specialiseret rehabilitering til regionerne"),
)  # fmt: skip


def options(plan_type: str, on: date) -> tuple[Option, ...]:
    """The lawful answers for a plan on a date, always with "kan ikke afgøres" and "andet / send retur".

    A type or date without a rule raises KeyError: the law is never guessed.
    """
    for rule in RULES:
        if rule.plan_type == plan_type and rule.valid_from <= on <= rule.valid_to:
            return (*rule.options, CANNOT_DECIDE, RETURN)
    raise KeyError(f"no rule for plan type {plan_type!r} on {on.isoformat()}")
