"""The facts of a case: values with source and time; completed, stored, fingerprinted."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.answers import (
    NONE_OF_THEM,
    FactsRefused,
    FactValue,
    Refusal,
    parse_answer,
    parse_value,
    shown,
    within,
)
from models.declaration import UNKNOWN, Area, Arrival, Kind, Question, Source
from models.instants import instant_text, read_instant
from models.messages import message, say

__all__ = [
    "NONE_OF_THEM",
    "Fact",
    "FactValue",
    "FactsRefused",
    "Refusal",
    "complete",
    "from_json",
    "gaps",
    "learned_fingerprint",
    "message",
    "outside_window",
    "parse_answer",
    "parse_value",
    "say",
    "to_json",
    "values",
]


@dataclass(frozen=True)
class Fact:
    """One fact: None is not answered, UNKNOWN is looked for and not stated. `known_at` is UTC."""

    value: FactValue | None
    source: Source
    known_at: datetime | None
    marked_wrong: bool = False

    @property
    def known(self) -> FactValue | None:
        """The value a calculation may use: None when unknown or marked wrong."""
        return None if self.marked_wrong or self.value == UNKNOWN else self.value


def complete(area: Area, answers: Mapping[str, Fact], arrival: Arrival, now: datetime) -> dict[str, Fact]:
    """All facts of a case in declared order, with the computed ones computed anew. Raises FactsRefused.

    A computed fact that comes out as before keeps its time; one marked wrong stays marked wrong.
    """
    _check(area, answers, arrival)
    facts = {
        question.name: answers.get(question.name) or Fact(None, question.source, None)
        for question in area.questions
    }
    derived = area.derive(_asked_values(area, facts), arrival)
    for question in area.questions:
        if question.computed:
            facts[question.name] = _computed(facts[question.name], derived.get(question.name), now)
    return facts


def _computed(before: Fact, value: FactValue | None, now: datetime) -> Fact:
    if value is not None and value == before.value and before.known_at is not None:
        return before
    known_at = None if value is None else now
    return Fact(value, Source.COMPUTED, known_at, before.marked_wrong)


def _asked_values(area: Area, facts: Mapping[str, Fact]) -> dict[str, FactValue | None]:
    return {question.name: facts[question.name].known for question in area.questions if not question.computed}


def _check(area: Area, answers: Mapping[str, Fact], arrival: Arrival) -> None:
    refusals = [
        Refusal(name, "unknown_question", shown(fact.value))
        for name, fact in answers.items()
        if name not in area.by_name
    ]
    for question in area.questions:
        fact = answers.get(question.name)
        if fact is not None and not question.computed:
            refusals += _refusals(question, fact, arrival.received_on)
    if refusals:
        raise FactsRefused(*refusals)


def _refusals(question: Question, fact: Fact, received_on: date) -> list[Refusal]:
    try:
        parse_value(question, fact.value)
    except FactsRefused as refused:
        return list(refused.refusals)
    refusal = outside_window(question, fact, received_on)
    return [] if refusal is None else [refusal]


def outside_window(question: Question, fact: Fact, received_on: date) -> Refusal | None:
    """The refusal of a date further from receipt than the question allows, or None."""
    if question.kind is not Kind.DATE or not isinstance(fact.value, date):
        return None
    offset = (fact.value - received_on).days
    if within(offset, question.low, question.high):
        return None
    return Refusal(question.name, "out_of_bounds", shown(fact.value))


def values(facts: Mapping[str, Fact]) -> dict[str, FactValue | None]:
    """What a calculation may use: facts that are unknown or marked wrong are None."""
    return {name: fact.known for name, fact in facts.items()}


def gaps(area: Area, facts: Mapping[str, Fact]) -> tuple[Question, ...]:
    """The questions that were asked and have no usable answer, in declared order."""
    return tuple(
        question
        for question in area.questions
        if not (question.computed or question.optional)
        and (question.name not in facts or facts[question.name].known is None)
    )


def to_json(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Facts as plain JSON, the same for the same facts: sets sorted, dates ISO, instants UTC."""
    return {
        name: {
            "value": _plain(fact.value),
            "source": fact.source.value,
            "known_at": None if fact.known_at is None else instant_text(fact.known_at),
            "marked_wrong": fact.marked_wrong,
        }
        for name, fact in sorted(facts.items())
    }


def _plain(value: FactValue | None) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, float):
        return repr(value)  # as text: two programs may write the same float differently
    return value.isoformat() if isinstance(value, date) else value


def from_json(area: Area, data: Mapping[str, Any]) -> dict[str, Fact]:
    """Facts from `to_json`, all questions in declared order; one that is missing is not answered.

    Raises FactsRefused for a name or a value the area does not know, ValueError for another form.
    """
    strangers = sorted(set(data) - set(area.by_name))
    if strangers:
        raise FactsRefused(*(Refusal(name, "unknown_question", "") for name in strangers))
    return {
        question.name: fact_from_json(question, data[question.name])
        if question.name in data
        else Fact(None, question.source, None)
        for question in area.questions
    }


def fact_from_json(question: Question, entry: Mapping[str, Any]) -> Fact:
    """One fact; without a source it has the declared one. Raises FactsRefused or ValueError."""
    if not isinstance(entry, Mapping) or "value" not in entry:
        raise ValueError(f"{question.name}: a fact is an object with a value")
    known_at = entry.get("known_at")
    return Fact(
        parse_value(question, entry["value"]),
        Source(entry.get("source", question.source.value)),
        None if known_at is None else read_instant(str(known_at)),
        bool(entry.get("marked_wrong", False)),
    )


def learned_fingerprint(area: Area) -> str:
    """SHA-256 over what is learned: name, kind, codes and bounds of each question, and the levels.

    The order counts where it means something (scales, levels) and not elsewhere; wording never does.
    """
    questions = sorted((_learned_part(question) for question in area.learned), key=lambda part: part["name"])
    content = {"area": area.name, "levels": list(area.level_codes), "questions": questions}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _learned_part(question: Question) -> dict[str, Any]:
    codes = question.code_values if question.kind is Kind.SCALE else sorted(question.code_values)
    return {
        "name": question.name,
        "kind": question.kind.value,
        "codes": list(codes),
        "low": question.low,
        "high": question.high,
    }
