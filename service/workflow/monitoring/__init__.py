"""The monthly look at the model in use: has anything moved, beyond what chance gives?

A run reads a whole month, measures it against what the model rests on and the three months before, computes
a sample of what was served again, and writes one dated entry in the registers. An alarm is a task until
somebody has said what was done about it; a month nobody looked at is one too. Nothing is about a person.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from models import areas
from models.artifact import ArtifactRefused
from models.declaration import Area
from models.drift import FEWEST
from service.clock import local_date
from service.errors import Conflict, Refused
from service.identity import Actor
from service.tables.governance import RegisterEntry
from service.workflow.model_in_use import admission
from service.workflow.model_in_use.admission import ActiveModel
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.monitoring import comments
from service.workflow.monitoring.cases import (
    codes_of,
    compared_cases,
    count_judged,
    judged_cases,
    shares_of,
)
from service.workflow.monitoring.measures import Measure, Month, measures_of
from service.workflow.monitoring.served import Served, served_again
from service.workflow.registers import book
from service.workflow.registers.approval import state_of, subject_of
from service.workflow.registers.monitoring import (
    ALARM,
    ALARMS,
    AREA,
    KIND,
    MEASURES,
    MONTH,
    QUIET,
    SHADOW,
    before,
    missed_months,
    month_code,
    month_words,
    runs_of,
)
from service.workflow.registers.tasks import Task, Trigger

__all__ = ["Run", "look", "missed", "missed_tasks", "record", "runs_of"]

MONTHS_BEFORE = 3
NOTHING = "kan ikke siges endnu"


@dataclass(frozen=True)
class Run:
    """What a look at a month came to; `shadow` counts the cases computed for versions not yet in use."""

    month: str
    window: tuple[date, date]
    area: str
    version: str
    measures: tuple[Measure, ...]
    served: Served
    shadow: Mapping[str, int]

    @property
    def alarms(self) -> tuple[str, ...]:
        """Every alarm, in words."""
        told = [f"{each.label}: {each.value} (før {each.usual})" for each in self.measures if each.alarmed]
        if self.served.different:
            told.append(f"{_cases(self.served.different)} gav andre tal, da grundlaget blev regnet igen")
        return tuple(told)

    def lines(self) -> list[dict[str, str]]:
        """Every measure as it is told: rounded, and without a value where there are too few cases."""
        return _lines(self)


def look(
    session: Session, shelf: ModelShelf, municipality_id: str, area: Area, month: str, *, now: datetime
) -> Run:
    """Measure a whole month that is over; nothing is written.

    Raises Refused for a month that is not over, Conflict without a model in use that can be opened.
    """
    if month >= month_code(local_date(now)):
        raise Refused("Måneden er ikke slut. Vælg en måned, der er.", field=MONTH)
    active = admission.active_model(session, area.name)
    if active is None:
        raise Conflict("Der er ingen model i brug, så der er intet at overvåge.")
    try:
        version = shelf.suggester(active.version, active.manifest_hash).artifact
    except ArtifactRefused as refused:
        raise Conflict("Modellen i brug kan ikke åbnes. Se den i selvtesten først.") from refused
    start, end = _window(session, municipality_id, area, month)
    read = _month(session, municipality_id, area, start, end)
    return Run(
        month, (start, end - timedelta(days=1)), area.name, active.version, measures_of(version, read, start),
        served_again(session, shelf, municipality_id, area, start, end),
        _in_shadow(session, shelf, municipality_id, active, area, month),
    )  # fmt: skip


def record(
    session: Session, municipality_id: str, run: Run, *, recorded_by: str, now: datetime, by: Actor | None
) -> RegisterEntry:
    """Write what a look came to in the registers, and commit. Raises Conflict for a month already there."""
    if any(each.content[MONTH] == run.month for each in _runs(session, municipality_id, run.area)):
        raise Conflict(f"Der er allerede overvåget for {month_words(run.month)}.")
    content = {
        "titel": f"Overvågning for {month_words(run.month)}", AREA: run.area, MONTH: run.month,
        "status": ALARM if run.alarms else QUIET, MEASURES: run.lines(), "dato": local_date(now).isoformat(),
        "fra": run.window[0].isoformat(), "til": run.window[1].isoformat(),
        **({ALARMS: list(run.alarms)} if run.alarms else {}),
        **({SHADOW: [f"{name}: {count}" for name, count in run.shadow.items()]} if run.shadow else {}),
    }  # fmt: skip
    return book.add(
        session, municipality_id, KIND, subject=subject_of(run.version), content=content,
        recorded_by=recorded_by, now=now, by=by, measured=True,
    )  # fmt: skip


def missed(session: Session, municipality_id: str, area: str, today: date) -> Sequence[str]:
    """The months in which a model was in use and nobody looked, as "2026-10"; empty without a model."""
    rows = admission.history(session, area)
    if not rows:
        return ()
    return missed_months(_runs(session, municipality_id, area), area, local_date(rows[0].at), today)


def missed_tasks(session: Session, municipality_id: str, today: date) -> Iterator[Task]:
    """A task for every month that nobody looked at."""
    for area in areas.names():
        for month in missed(session, municipality_id, area, today):
            yield Task(
                Trigger.MONITORING, f"Ingen har overvåget modellen i {month_words(month)}.", KIND,
                f"omraade:{area}",
            )  # fmt: skip


def _window(session: Session, municipality_id: str, area: Area, month: str) -> tuple[date, date]:
    """The days measured: the month, or with fewer than 50 cases in it up to three months that end with it."""
    start, end = _days_of(month)
    for _ in range(MONTHS_BEFORE - 1):
        if count_judged(session, municipality_id, area, start, end) >= FEWEST:
            break
        start = _days_of(before(month_code(start)))[0]
    return start, end


def _month(session: Session, municipality_id: str, area: Area, start: date, end: date) -> Month:
    early = start
    for _ in range(MONTHS_BEFORE):
        early = _days_of(before(month_code(early)))[0]
    whose = session, municipality_id, area
    return Month(
        judged_cases(*whose, start, end), judged_cases(*whose, early, start),
        compared_cases(*whose, start, end), compared_cases(*whose, early, start),
        comments.hits(comments.remarks(*whose, start, end)),
        comments.hits(comments.remarks(*whose, early, start)),
    )  # fmt: skip


def _in_shadow(
    session: Session, shelf: ModelShelf, municipality_id: str, active: ActiveModel, area: Area, month: str
) -> dict[str, int]:
    """How many of the month's own cases each version in skygge computed, none of it shown or kept."""
    entries, found = book.standing(session, municipality_id), {}
    cases = judged_cases(session, municipality_id, area, *_days_of(month))
    for name in shelf.versions() if cases else ():
        if name == active.version or state_of(entries, name) != SHADOW:
            continue
        try:
            version = shelf.open(name)
        except ArtifactRefused:
            continue
        if version.area.name == area.name:
            found[name] = len(shares_of(version, codes_of(version, cases)))
    return found


def _lines(run: Run) -> list[dict[str, str]]:
    served = run.served
    value = f"{served.same} ens, {served.different} forskellige{_aside(served.set_aside)}"
    again = {
        "maal": "Gemte grundlag regnet igen", "vaerdi": value, "sager": str(served.same + served.different),
        "saedvanligt": "0 forskellige", "graense": "1 forskellig",
        "svar": "alarm" if served.different else "ingen alarm",
    }  # fmt: skip
    return [*map(_line, run.measures), again]


def _line(measure: Measure) -> dict[str, str]:
    return {
        "maal": measure.label, "vaerdi": measure.value or NOTHING, "sager": _about(measure.cases),
        "saedvanligt": measure.usual or "–", "graense": measure.limit,
        "svar": "for få" if measure.is_silent else "alarm" if measure.alarmed else "ingen alarm",
    }  # fmt: skip


def _about(cases: int) -> str:
    """A count in tens: two months taken from a quarter never give the third away."""
    return "under 50" if cases < 50 else f"omkring {round(cases, -1)}"


def _aside(count: int) -> str:
    return f", {count} lagt til side" if count else ""


def _cases(count: int) -> str:
    return "1 sag" if count == 1 else f"{count} sager"


def _runs(session: Session, municipality_id: str, area: str) -> Sequence[RegisterEntry]:
    return runs_of(book.standing(session, municipality_id, KIND), area)


def _days_of(month: str) -> tuple[date, date]:
    """The first day of a month and of the next; Refused for what is no month."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Refused("Skriv måneden som 2026-10.", field=MONTH) from None
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)
