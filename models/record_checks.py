"""What must hold between the cells of a row: order of events, lawful answers, formulae of computed facts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from models.answers import FactValue
from models.decided_case import LEGACY_SOURCES, DecidedCase, RecordRefused
from models.declaration import Area, Kind, Question, Source
from models.facts import Fact, outside_window, values
from models.instants import instant_text, local_date
from models.labels import source_of
from models.messages import message, say

ROUNDING = 0.0051
"""A share written with two decimals may differ by half of the last one."""


def checked(area: Area, case: DecidedCase) -> DecidedCase:
    """The case with its computed facts filled in. Raises RecordRefused when the row contradicts itself."""
    _check_dates(case)
    _check_known_in_time(case)
    _check_date_windows(area, case)
    _check_choices(area, case)
    _check_source(area, case)
    if case.shown and case.withheld_reason is not None:
        raise RecordRefused(
            "withheld_reason", "passer ikke med, at grundlaget blev vist", case.withheld_reason
        )
    facts = _with_computed(area, case)
    return case if facts is case.facts else replace(case, facts=facts)


def _check_dates(case: DecidedCase) -> None:
    decided_on = local_date(case.decided_at)
    days = {"received_on": case.received_on}
    if case.origin == "history":
        # A plan may be sent and decided on before the planned discharge; an old record of one is a mistake.
        days["discharged_on"] = case.discharged_on
    for field, day in days.items():
        if day > decided_on:
            raise RecordRefused(field, f"ligger efter beslutningen den {decided_on.isoformat()}", day)
    if case.contact_from and case.contact_to and case.contact_from > case.contact_to:
        raise RecordRefused("contact_from", f"ligger efter contact_to {case.contact_to}", case.contact_from)
    if case.contact_from and case.contact_from > case.discharged_on:
        raise RecordRefused(
            "contact_from", f"ligger efter udskrivning {case.discharged_on}", case.contact_from
        )


def _check_source(area: Area, case: DecidedCase) -> None:
    """A row may say less of its label than it knows (unknown), and never something else."""
    if case.judged_at is not None and (case.own_level is None or case.judged_at > case.decided_at):
        reason = "hører til en egen vurdering, og den ligger før beslutningen"
        raise RecordRefused("judged_at", reason, instant_text(case.judged_at))
    fits = LEGACY_SOURCES if case.origin == "history" else (source_of(area, case), "unknown")
    if case.label_source not in fits:
        reason = f"passer ikke med resten af rækken; det ville være {' eller '.join(fits)}"
        raise RecordRefused("label_source", reason, case.label_source)


def _check_known_in_time(case: DecidedCase) -> None:
    """A fact known after the decision would let the answer leak into the question."""
    for name, fact in case.facts.items():
        if fact.known_at is not None and fact.known_at > case.decided_at:
            reason = (
                f"blev først kendt efter beslutningen {instant_text(case.decided_at)}; "
                "skriv det, man vidste da, eller lad cellen stå tom"
            )
            raise RecordRefused(name, reason, instant_text(fact.known_at))


def _check_date_windows(area: Area, case: DecidedCase) -> None:
    for question in area.questions:
        if question.kind is not Kind.DATE:
            continue
        refusal = outside_window(question, case.facts[question.name], case.received_on)
        if refusal is not None:
            raise RecordRefused(question.name, message(question, refusal), refusal.found)


def _check_choices(area: Area, case: DecidedCase) -> None:
    allowed = _choices(area, case.plan_type, case.decided_at)
    for field, choice in (("own_level", case.own_level), ("final_level", case.final_level)):
        if choice is not None and choice not in allowed:
            raise RecordRefused(field, "er ikke et niveau eller et andet muligt svar", choice)


def _choices(area: Area, plan_type: str, decided_at: datetime) -> set[str]:
    """The levels, and what else the law left open on that day; outside the law's rules only the levels."""
    levels = set(area.level_codes)
    try:
        lawful = area.options(plan_type, local_date(decided_at))
    except KeyError:
        return levels
    return levels | {option.code for option in lawful}


def _with_computed(area: Area, case: DecidedCase) -> Mapping[str, Fact]:
    """The facts with the computed ones filled in: the very same where nothing was missing."""
    derived = area.derive(values(case.facts), case.arrival)
    computed = {
        question.name: _computed(question, case.facts[question.name], derived.get(question.name))
        for question in area.questions
        if question.computed
    }
    if all(fact is case.facts[name] for name, fact in computed.items()):
        return case.facts
    return {**case.facts, **computed}


def _computed(question: Question, given: Fact, derived: FactValue | None) -> Fact:
    """The given value when it agrees with the formula, or the formula lacks its input; else the derived."""
    if given.known is None and not given.marked_wrong:
        found = Fact(derived, Source.COMPUTED, given.known_at)
        return given if found == given else found
    if derived is not None and not given.marked_wrong and not _agree(question, given.value, derived):
        reason = f"passer ikke med formlen, som giver '{say(question, derived)}'"
        raise RecordRefused(question.name, reason, say(question, given.value))
    return given


def _agree(question: Question, given: FactValue | None, derived: FactValue) -> bool:
    if question.kind is Kind.SHARE and isinstance(given, float):
        return abs(given - float(str(derived))) < ROUNDING
    return given == derived
