"""The tables of the effect: both sides beside each other, the arms, the rounds of the survey."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from service.tables.trust import GROUPS
from service.web.effect.words import (
    again_label,
    arm_label,
    count_of,
    days_words,
    decided_label,
    minutes_words,
)
from service.web.statistics.parts import Line
from service.web.statistics.words import count_words, difference_words, number_words, share_words
from service.workflow.effect.effect import Effect, difference
from service.workflow.effect.medians import Median
from service.workflow.effect.questions import QUESTIONS
from service.workflow.effect.survey import Result
from service.workflow.effect.trust import QUESTIONS as TRUST
from service.workflow.effect.trust import Trust
from service.workflow.statistics.shares import Share

NOTHING, MISSING = "–", "MANGLER"


@dataclass(frozen=True)
class ArmLine:
    """One arm: its name and its cells in words."""

    label: str
    cells: tuple[str, ...]


def table_of_sides(found: Effect) -> tuple[Line, ...]:
    """Every measure before and after, with the difference where both have cases enough for one."""
    before, after = found.before, found.after
    return (
        Line(gettext("Afgjorte sager"), (number_words(before.cases), number_words(after.cases), NOTHING)),
        _times(gettext("Tid pr. sag, fra åbnet vurdering til beslutning"), before.minutes, after.minutes),
        _times(gettext("Heraf til egen vurdering"), before.judging, after.judging),
        _times(gettext("Heraf fra grundlag til beslutning"), before.deciding, after.deciding),
        Line(gettext("Tid med borgeren"), (MISSING, MISSING, NOTHING)),
        _share(gettext("Besluttet uden at åbne grundlaget"), before.unopened, after.unopened),
        _facts(gettext("Oplysninger udfyldt på forhånd"), before.prefilled, after.prefilled),
        _days(gettext("Fra udskrivning til første tilbudte dag"), before.to_offer, after.to_offer),
        _days(gettext("Fra udskrivning til første træning"), before.to_start, after.to_start),
        _share(gettext("Rigtigt første gang (%(weeks)s uger)", weeks=found.weeks), before.right, after.right),
        _share(gettext("Forløb afbrudt, af forløb der er slut"), before.broken_off, after.broken_off),
        _share(gettext("Forløb uden oplyst udfald, af afgjorte sager"), before.untold, after.untold),
        Line(gettext("Nåede borgeren sit mål"), (MISSING, MISSING, NOTHING)),
    )


def table_of_process(found: Effect) -> tuple[Line, ...]:
    """Where a case waits, and how often a step is taken again."""
    before, after = found.before.process, found.after.process
    return (
        _days(gettext("Fra modtaget plan til åbnet vurdering"), before.to_open, after.to_open),
        _days(gettext("Fra beslutning til planlagt opstart"), before.to_plan, after.to_plan),
        *(
            _share(again_label(step), there, now)
            for (step, there), (_, now) in zip(before.again, after.again, strict=True)
        ),
    )


def arms_of(found: Effect) -> tuple[ArmLine, ...]:
    """The arms of the time after; none while every case is in one."""
    return tuple(
        ArmLine(
            arm_label(each.arm),
            (
                number_words(each.cases), minutes_words(each.minutes), days_words(each.to_offer),
                days_words(each.to_start), share_words(each.right), share_words(each.broken_off),
            ),
        )
        for each in found.arms
    )  # fmt: skip


def survey_lines(results: Sequence[Result]) -> tuple[Line, ...]:
    """How many agreed with each statement, round by round."""
    return tuple(
        Line(each.text, tuple(share_words(result.agreed[each.code]) for result in results))
        for each in QUESTIONS
    )


def trust_lines(found: Trust) -> tuple[Line, ...]:
    """How many citizens said yes to each question, by how the case was decided, and the arms' difference."""
    return tuple(
        Line(
            text,
            (
                *(both_words(found.of(code, group)) for group in GROUPS),
                _difference(found.of(code, "evidence"), found.of(code, "control")),
            ),
        )
        for code, text in TRUST.items()
    )


def trust_heads() -> tuple[str, ...]:
    """The heads of that table."""
    return (gettext("Spørgsmål"), *map(decided_label, GROUPS), gettext("Forskel mellem arme"))


def _times(label: str, before: Median, after: Median) -> Line:
    return Line(label, (minutes_words(before), minutes_words(after), NOTHING))


def _days(label: str, before: Median, after: Median) -> Line:
    return Line(label, (_with_count(before), _with_count(after), NOTHING))


def _with_count(found: Median) -> str:
    words = days_words(found)
    return (
        words if not found.of else gettext("%(words)s, %(count)s sager", words=words, count=count_of(found))
    )


def _share(label: str, before: Share, after: Share) -> Line:
    return Line(label, (both_words(before), both_words(after), _difference(after, before)))


def _difference(one: Share, other: Share) -> str:
    found = difference(one, other)
    return difference_words(found) if found else NOTHING


def both_words(share: Share) -> str:
    """The percentage with its interval, and the counts behind it."""
    return count_words(share) if share.percent is None else f"{share_words(share)}, {count_words(share)}"


def _facts(label: str, before: Share, after: Share) -> Line:
    """A share of facts, not of cases: an interval would say too much."""
    return Line(label, (*(_percent(each) for each in (before, after)), NOTHING))


def _percent(share: Share) -> str:
    return share_words(share).partition(" (")[0] if share.percent is not None else count_words(share)
