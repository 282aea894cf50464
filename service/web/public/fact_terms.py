"""On what terms a fact is held, in the words that people read: on the catalogue, the notice and elsewhere."""

from dataclasses import dataclass

from flask_babel import gettext, ngettext

from models.declaration import Area, Question
from models.terms import Duty, Sensitivity, Use
from service.web.current import runtime
from service.workflow.retention.schedule import RULES, Schedule, ScheduleRefused, read_schedule


@dataclass(frozen=True)
class FactTerms:
    """The terms of one fact in words. `must` says that the municipality has to hold it."""

    duty: str
    must: bool
    law: str
    law_says: str
    kept: str
    owner: str
    uses: tuple[str, ...]
    outside: bool
    sensitivity: str


def terms_of(area: Area, question: Question, schedule: Schedule | None) -> FactTerms:
    """The terms of a question; `schedule` is the municipality's, None where it cannot be read."""
    terms, law = question.terms, area.law_of(question)
    return FactTerms(
        duty=duty_words(terms.duty),
        must=terms.duty is Duty.REQUIRED,
        law=law.name,
        law_says=law.says,
        kept=kept_words(schedule, terms.kept),
        owner=area.owner_of(question),
        uses=tuple(use_words(use) for use in Use if use in terms.uses),
        outside=Use.OUTSIDE in terms.uses,
        sensitivity=sensitivity_words(terms.sensitivity),
    )


def schedule_here() -> Schedule | None:
    """The schedule of retention in force, or None where the file cannot be used."""
    try:
        return read_schedule(runtime().settings.retention)
    except ScheduleRefused:
        return None


def duty_words(duty: Duty) -> str:
    """Whether the citizen can say no."""
    return {
        Duty.VOLUNTARY: gettext("Frivillig"),
        Duty.REQUIRED: gettext("Kommunen skal"),
    }[duty]


def sensitivity_words(sensitivity: Sensitivity) -> str:
    """How much of somebody a fact lays open."""
    return {
        Sensitivity.ORDINARY: gettext("almindelig"),
        Sensitivity.CONFIDENTIAL: gettext("fortrolig"),
        Sensitivity.FELT_PRIVATE: gettext("opleves som privat"),
        Sensitivity.SPECIAL: gettext("følsom: helbred"),
        Sensitivity.IDENTITY: gettext("identitet"),
    }[sensitivity]


def use_words(use: Use) -> str:
    """What a fact may be used for."""
    return {
        Use.CASE: gettext("din egen sag"),
        Use.LEARNING: gettext("beregningen og lignende sager"),
        Use.BIAS_TESTS: gettext("prøver for skævhed"),
        Use.OUTSIDE: gettext("videregivelse til andre"),
    }[use]


def kept_words(schedule: Schedule | None, line: str) -> str:
    """How long a line of the schedule keeps something; a line it does not have raises KeyError."""
    if schedule is None:
        return gettext("Kommunens plan for sletning kan ikke læses.")
    period = period_words(schedule.periods[line], RULES[line].unit)
    if line == "citizens":
        return gettext("%(period)s efter det seneste, der er sket i dine sager", period=period)
    return period


def is_proposed(schedule: Schedule | None) -> bool:
    """Whether a schedule is there that nobody has approved: its periods are a proposal and erase nothing."""
    return schedule is not None and not schedule.approved_by


def period_words(count: int, unit: str) -> str:
    """A number of years, months or days."""
    return {
        "years": ngettext("%(num)s år", "%(num)s år", count),
        "months": ngettext("%(num)s måned", "%(num)s måneder", count),
        "days": ngettext("%(num)s dag", "%(num)s dage", count),
    }[unit]
