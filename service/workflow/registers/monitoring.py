"""The monthly monitoring in the registers: what was measured, which alarms it raised, and what was done.

An alarm is a task until somebody has written what was done about it. A month that nobody looked at is one
as well: a missing number is no good number.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from models import areas
from models.instants import MONTHS
from service.errors import Refused
from service.tables.governance import RegisterEntry
from service.workflow.registers.fields import Field, Kind

KIND = "monitoring"
ALARM, QUIET = "alarm", "ingen_alarm"
STATUS = {ALARM: "alarm", QUIET: "ingen alarm"}
AREA, MONTH, MEASURES, ALARMS = "omraade", "maaned", "maalinger", "alarmer"
CLOSED, DONE, SHADOW = "lukket", "handling", "skygge"
MEASURED = (
    Field("titel", "Overvågning"), Field(AREA, "Område"), Field(MONTH, "Måned", Kind.MONTH),
    Field("fra", "Fra", Kind.DAY), Field("til", "Til", Kind.DAY),
    Field("status", "Svar", Kind.CHOICE, choices=STATUS),
    Field(ALARMS, "Alarmer", Kind.LINES, must=False), Field(MEASURES, "Målinger", Kind.MEASURES),
    Field(SHADOW, "Regnet i skygge", Kind.LINES, must=False),
)  # fmt: skip
ANSWERED = (Field(DONE, "Hvad der blev gjort", must=False), Field(CLOSED, "Lukket", Kind.DAY, must=False))
MAY_CHANGE = frozenset({CLOSED, DONE, "offentlig"})
"""What a new version of an entry may add; what was measured stays as it was measured."""
DUE_DAY = 10
"""The day of the next month by which a month has been looked at."""
MOST_MONTHS = 12


def is_whole(content: Mapping[str, Any]) -> str | None:
    """Alarms and the status belong together; they are closed only with what was done."""
    if content[AREA] not in areas.names():
        return f"Der er intet område “{content[AREA]}”. Vælg et af: {', '.join(areas.names())}."
    if (content["status"] == ALARM) != bool(content.get(ALARMS)):
        return "Svaret alarm og de alarmer, det handler om (alarmer), hører sammen."
    if bool(content.get(CLOSED)) != bool(content.get(DONE)) or (
        content.get(CLOSED, content["dato"]) < content["dato"]
    ):
        return "En alarm bliver lukket med en dag (lukket) efter den og det, der blev gjort (handling)."
    return None


def refuse_by_hand(content: Mapping[str, Any], before: RegisterEntry | None, *, measured: bool) -> None:
    """Raise Refused for measures that nobody measured: typed in, or changed when an alarm is closed."""
    if before is None and not measured:
        raise Refused("Målinger skrives ikke i hånden. Det gør skoen model monitor.", field=MEASURES)
    for key in before.content.keys() | content.keys() if before else ():
        if key not in MAY_CHANGE and before and before.content.get(key) != content.get(key):
            raise Refused("Det, der er målt, kan ikke ændres. Skriv kun, hvad der blev gjort.", field=key)


def open_alarms(entries: Iterable[RegisterEntry]) -> Sequence[RegisterEntry]:
    """Runs that raised an alarm which nobody has closed, oldest first."""
    return [
        each
        for each in entries
        if each.kind == KIND and each.content["status"] == ALARM and not each.content.get(CLOSED)
    ]


def runs_of(entries: Iterable[RegisterEntry], area: str) -> Sequence[RegisterEntry]:
    """The runs of an area, the oldest month first."""
    found = [each for each in entries if each.kind == KIND and each.content[AREA] == area]
    return sorted(found, key=lambda each: str(each.content[MONTH]))


def missed_months(
    entries: Iterable[RegisterEntry], area: str, in_use_since: date, today: date
) -> Sequence[str]:
    """The whole months with a model in use that should have been looked at by today and were not.

    As "2026-10", oldest first, of the last twelve. The month of the first admission is not whole.
    """
    seen = {each.content[MONTH] for each in runs_of(entries, area)}
    last = before(month_code(today)) if today.day > DUE_DAY else before(before(month_code(today)))
    months = [last]
    while len(months) < MOST_MONTHS:
        months.append(before(months[-1]))
    return [each for each in reversed(months) if each > month_code(in_use_since) and each not in seen]


def shadow_cases(entries: Iterable[RegisterEntry], version: str) -> list[tuple[str, int]]:
    """The months in which a version was computed beside the one in use, and on how many cases."""
    found = []
    for entry in entries:
        for line in entry.content.get(SHADOW, ()) if entry.kind == KIND else ():
            name, _, count = line.rpartition(": ")
            if name == version:
                found.append((entry.content[MONTH], int(count)))
    return sorted(found)


def month_code(day: date) -> str:
    """The month a day lies in, as "2026-10"."""
    return f"{day:%Y-%m}"


def first_day(code: str) -> date:
    """The first day of a month."""
    return date.fromisoformat(f"{code}-01")


def before(code: str) -> str:
    """The month before a month."""
    year, number = map(int, code.split("-"))
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def month_words(code: str) -> str:
    """A month as people say it: "oktober 2026"."""
    year, number = map(int, code.split("-"))
    return f"{MONTHS[number - 1]} {year}"
