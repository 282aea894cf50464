"""An entry in plain Danish: what it is called, what stands in it, and how it stands today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.instants import day_text
from service.clock import local
from service.tables.governance import RegisterEntry
from service.workflow.registers import challenge, fairness, monitoring
from service.workflow.registers.fields import PROFESSION, ROLE, Field, Kind
from service.workflow.registers.incidents import Notice, clock_of
from service.workflow.registers.shapes import PUBLIC, SHAPES, STEP, STEPS

NAMED_BY = ("titel", "navn", "forloeb", "emne", "nyt", "enhed")
ABOUT = {
    "model": "model {}",
    "fase": "fasen {}",
    "projekt": "projekt {}",
    "system": "systemet",
    "katalog": "datakataloget for {}",
}
CLOCK = "72-timers-fristen"


@dataclass(frozen=True)
class Value:
    """One field in words: a label and one or more lines."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """How an entry stands today ("" where that is no question), and whether it asks for attention."""

    words: str = ""
    attention: bool = False


def title_of(entry: RegisterEntry) -> str:
    """What an entry is called: what its own register names it by."""
    content = entry.content
    if STEP in content:
        return _capital(STEPS[content[STEP]])
    for key in NAMED_BY:
        if key in content:
            return str(content[key])
    key = next(key for key in ("gruppe", "liste", "konklusion") if key in content)
    return _capital(words_of(_field(entry, key), content[key])[0])


def about_words(subject: str) -> str:
    """What an entry is about, as people say it."""
    of, _, name = subject.partition(":")
    return ABOUT[of].format(name)


def values_of(entry: RegisterEntry, now: datetime) -> tuple[Value, ...]:
    """What stands in an entry, in the order of its shape; with an incident its clock."""
    fields = [field for field in SHAPES[entry.kind].fields if field.key in entry.content]
    found = [Value(field.label, words_of(field, entry.content[field.key])) for field in fields]
    if entry.kind == "incident":
        found.append(Value(CLOCK, (standing_of(entry, now).words,)))
    return tuple(found)


def told_of(entry: RegisterEntry, now: datetime) -> tuple[Value, ...]:
    """The same for readers outside, without what the title says already and whether it is public."""
    title = title_of(entry).casefold()
    return tuple(
        value
        for value in values_of(entry, now)
        if value.label != PUBLIC.label and value.lines[0].casefold() != title
    )


def standing_of(entry: RegisterEntry, now: datetime) -> Standing:
    """How an entry stands at an instant."""
    content = entry.content
    if entry.kind == "incident":
        clock = clock_of(content, now)
        return Standing(
            notice_words(clock.notice, clock.due), clock.notice in (Notice.RUNNING, Notice.OVERDUE)
        )
    if entry.kind == "complaint":
        return Standing("besvaret") if "besvaret" in content else Standing("ikke besvaret", True)
    if (entry.kind == fairness.KIND and content["status"] == fairness.FOUND) or (
        entry.kind == monitoring.KIND and content["status"] == monitoring.ALARM
    ):
        return Standing("lukket") if "lukket" in content else Standing("ikke lukket", True)
    if entry.kind in ("project", challenge.KIND):
        return Standing(words_of(_field(entry, "status"), content["status"])[0])
    if "udloeber" in content:
        return Standing(f"gælder til og med {_day(content['udloeber'])}")
    return Standing()


def notice_words(notice: Notice, due: datetime) -> str:
    """How a breach stands against the 72 hours."""
    return {
        Notice.NOT_NEEDED: "skal ikke anmeldes",
        Notice.IN_TIME: "anmeldt inden 72 timer",
        Notice.LATE: "anmeldt efter 72 timer",
        Notice.RUNNING: f"skal anmeldes senest {_instant(due)}",
        Notice.OVERDUE: f"skulle være anmeldt {_instant(due)}",
    }[notice]


def words_of(field: Field, value: Any) -> tuple[str, ...]:
    """A stored value of a field, in lines."""
    match field.kind:
        case Kind.LINES:
            return tuple(value)
        case Kind.PEOPLE:
            return tuple(f"{each[PROFESSION]}, {each[ROLE]}" for each in value)
        case Kind.MEASURES:
            return tuple(_measure(each) for each in value)
        case Kind.DAY:
            return (_day(value),)
        case Kind.INSTANT:
            return (_instant(datetime.fromisoformat(value)),)
        case Kind.CHOICE:
            return (field.choices[value],)
        case Kind.FLAG:
            return ("ja" if value else "nej",)
        case _:
            return (str(value),)


def _field(entry: RegisterEntry, key: str) -> Field:
    return next(field for field in SHAPES[entry.kind].fields if field.key == key)


def _measure(each: Mapping[str, str]) -> str:
    return f"{each['maal']}: {each['vaerdi']}. Sager: {each['sager']}. Svar: {each['svar']}"


def _day(text: str) -> str:
    return day_text(date.fromisoformat(text))


def _instant(at: datetime) -> str:
    there = local(at)
    return f"{day_text(there.date())} kl. {there.hour}.{there.minute:02d}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
