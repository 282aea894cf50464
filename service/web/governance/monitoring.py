"""Overvågning af modellen: what the monthly look came to, what is usual, and what would raise an alarm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from sqlmodel import Session

from models import areas
from service.database import reading
from service.policy import Action
from service.tables.governance import RegisterEntry
from service.web.current import runtime, today
from service.web.guard import current_actor, guarded
from service.workflow import governance, monitoring
from service.workflow.registers import book, challenge
from service.workflow.registers.monitoring import (
    ALARM,
    ALARMS,
    CLOSED,
    DONE,
    KIND,
    MEASURES,
    MONTH,
    month_words,
)

blueprint = Blueprint("monitoring", __name__)

OF_A_FACT = "Oplysning: "


@dataclass(frozen=True)
class RunLine:
    """One run in the list: its month, whether it raised an alarm, and whether somebody closed it."""

    entry: str
    month: str
    alarmed: bool
    closed: bool


@dataclass(frozen=True)
class NewestRun:
    """The newest run; the measures of facts stand by themselves, without the word before each."""

    entry: str
    month: str
    window: tuple[date, date]
    on: date
    alarms: tuple[str, ...]
    done: str
    measures: tuple[Mapping[str, str], ...]
    facts: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Beside:
    """A version held against the one in use: sealed until it is made up, then with what it showed."""

    entry: str
    title: str
    state: str
    window: tuple[date, date]
    told: tuple[str, ...]
    done: str


@dataclass(frozen=True)
class AreaPart:
    """One area: the version in use, the newest run (None before the first), the others, what was missed.

    `beside` is the newest version that was held against it, if any was.
    """

    label: str
    version: str
    newest: NewestRun | None
    earlier: tuple[RunLine, ...]
    missed: tuple[str, ...]
    beside: Beside | None


@blueprint.get("/overvaagning")
@guarded(Action.READ_REGISTERS)
def show() -> str:
    """Every area with a model in use."""
    with reading(runtime().engine) as session:
        parts = [part for name in areas.names() if (part := _part(session, name))]
    return render_template("registers/monitoring.html", parts=parts)


def _part(session: Session, name: str) -> AreaPart | None:
    active = governance.active_model(session, name)
    if active is None:
        return None
    place = current_actor().municipality_id
    runs = monitoring.runs_of(book.standing(session, place, KIND), name)
    missed = monitoring.missed(session, place, name, today())
    return AreaPart(
        areas.get(name).label, active.version, _newest(runs[-1]) if runs else None,
        tuple(_line(each) for each in reversed(runs[:-1])), tuple(map(month_words, missed)),
        _beside(book.standing(session, place, challenge.KIND), name),
    )  # fmt: skip


def _newest(entry: RegisterEntry) -> NewestRun:
    content = entry.content
    lines: Sequence[Mapping[str, str]] = content[MEASURES]
    facts = [each for each in lines if each["maal"].startswith(OF_A_FACT)]
    return NewestRun(
        entry.id, month_words(content[MONTH]),
        (date.fromisoformat(content["fra"]), date.fromisoformat(content["til"])),
        date.fromisoformat(content["dato"]),
        tuple(content.get(ALARMS, ())), content.get(DONE, "") if content.get(CLOSED) else "",
        tuple(each for each in lines if each not in facts),
        tuple({**each, "maal": each["maal"].removeprefix(OF_A_FACT)} for each in facts),
    )  # fmt: skip


def _beside(rows: Sequence[RegisterEntry], area: str) -> Beside | None:
    newest = next((each for each in reversed(rows) if each.content[challenge.AREA] == area), None)
    if newest is None:
        return None
    told = newest.content
    return Beside(
        newest.id, told["titel"], challenge.STATUS[told["status"]],
        (date.fromisoformat(told[challenge.FIRST]), date.fromisoformat(told[challenge.LAST])),
        tuple(told.get(challenge.FOUND, ())), told.get(challenge.DONE, ""),
    )  # fmt: skip


def _line(entry: RegisterEntry) -> RunLine:
    content = entry.content
    return RunLine(
        entry.id, month_words(content[MONTH]), content["status"] == ALARM, bool(content.get(CLOSED))
    )
