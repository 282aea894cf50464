"""The text of an invented plan: sentences that say what is so, and stay silent about what is not stated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.declaration import UNKNOWN, Area, Arrival
from models.facts import say
from training.assumptions import Assumptions
from training.citizens import Citizen


@dataclass(frozen=True)
class Told:
    """What a plan's text speaks of."""

    group: str
    citizen: Citizen
    arrival: Arrival
    stated: Mapping[str, Any]
    transport: str
    interpreter: str
    goal: str


def sections_of(assumed: Assumptions, told: Told, rng: np.random.Generator) -> dict[str, str]:
    """The text of every section, in declared order. Without phrases for the area, labels and values."""
    words = assumed.words
    texts = {}
    for section in assumed.area.plan_sections:
        parts = words["sections"].get(section.code, [])
        if "facts" not in words:
            sentences = _labelled(assumed.area, told) if section is assumed.area.plan_sections[0] else []
        else:
            sentences = [_part(words, part, told, rng) for part in parts]
        text = " ".join(sentence for sentence in sentences if sentence)
        texts[section.code] = text or _one(words.get("empty", {}).get(section.code, ["–"]), rng)
    return texts


def goal_of(words: Mapping[str, Any], group: str, rng: np.random.Generator) -> str:
    """What the citizen hopes for."""
    goals = words.get("goals", {})
    return _one(goals.get(group) or goals.get("any") or ["at klare hverdagen selv"], rng)


def diagnosis_text(words: Mapping[str, Any], code: str) -> str:
    """The diagnosis in words; a code nobody has put words to is its own text."""
    text: str = words.get("diagnoses", {}).get(code, code)
    return text


def _labelled(area: Area, told: Told) -> list[str]:
    return [
        f"{question.label}: {say(question, told.stated[question.name])}."
        for question in area.questions
        if question.read_from_text and told.stated.get(question.name) not in (None, UNKNOWN)
    ]


def _part(words: Mapping[str, Any], part: str, told: Told, rng: np.random.Generator) -> str:
    """The sentences of one part of a section; "" when there is nothing to say."""
    point = rng.random()
    if part in words["facts"]:
        return _of_fact(words, part, told.stated.get(part), point)
    if part == "transport":
        return _at(words["transport"].get(told.transport, [""]), point)
    if part == "tolk":
        return _at(words["tolk"].get(told.interpreter, [""]), point)
    if part == "opstart":
        start = told.arrival.start_after
        return "" if start is None else _at(words["start"]["given"], point).format(dato=_day(start))
    return _filled(words, _at(words["openings"][part], point), told, rng)


def _of_fact(words: Mapping[str, Any], name: str, value: Any, point: float) -> str:
    if value is None or value == UNKNOWN:
        return ""
    phrases = words["facts"][name]
    if not isinstance(value, frozenset):
        return _at(phrases[value], point)
    if not value:
        return _at(phrases["none"], point)
    return _at(phrases["with"], point).format(liste=_list([phrases["words"][code] for code in sorted(value)]))


def _filled(words: Mapping[str, Any], sentence: str, told: Told, rng: np.random.Generator) -> str:
    person = _person(told.citizen)
    diagnosis = next((told.stated[name] for name in told.stated if _is_term(words, told.stated[name])), "")
    return sentence.format(
        alder=told.citizen.age,
        person=person,
        person_stor=person.capitalize(),
        diagnose=diagnosis_text(words, diagnosis) if diagnosis else "uoplyst diagnose",
        kontakt=_contact(words, told.arrival, rng) if "{kontakt}" in sentence else "",
        patienten="patienten",
        Patienten="Patienten",
        maal=told.goal,
    )


def _is_term(words: Mapping[str, Any], value: Any) -> bool:
    return isinstance(value, str) and value in words.get("diagnoses", {})


def _contact(words: Mapping[str, Any], arrival: Arrival, rng: np.random.Generator) -> str:
    openings = words["openings"]
    if (
        arrival.contact_from is None
        or arrival.contact_to is None
        or arrival.contact_from == arrival.contact_to
    ):
        return _one(openings["kontakt_ambulant"], rng)
    days = (arrival.contact_to - arrival.contact_from).days
    return _one(openings["kontakt_indlagt_1" if days == 1 else "kontakt_indlagt"], rng).format(dage=days)


def _person(citizen: Citizen) -> str:
    if citizen.age < 15:
        return "pige" if citizen.sex == "kvinde" else "dreng"
    return citizen.sex


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} og {words[-1]}"


def _day(day: Any) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _one(choices: list[str], rng: np.random.Generator) -> str:
    return _at(choices, rng.random())


def _at(choices: list[str], point: float) -> str:
    return choices[int(point * len(choices))]
