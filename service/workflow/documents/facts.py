"""What is known about the system, in one table: every document reads from here, and from nowhere else."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.instants import day_text, local_date, read_instant
from service.workflow.statistics.intervals import Z95
from service.workflow.statistics.shares import whole_percent

MISSING = "MANGLER"
Window = tuple[date, date]


class Unit(StrEnum):
    """What a number is of: cases or things, a share of cases or of pairs of cases, a difference, log-loss."""

    COUNT = "antal"
    SHARE = "andel"
    PAIRS = "andel af par"
    POINTS = "procentpoint"
    NATS = "nats"


@dataclass(frozen=True)
class Number:
    """A number with what it takes to believe it: of how many, how sure, and from when.

    A count is its own n and has no interval. ValueError when an estimate lacks n or an interval that holds
    it, when a count has them, and when the window ends before it begins.
    """

    value: float
    window: Window
    n: int | None = None
    interval: tuple[float, float] | None = None
    unit: Unit = Unit.COUNT

    def __post_init__(self) -> None:
        if self.window[0] > self.window[1]:
            raise ValueError("a window ends before it begins")
        if self.unit is Unit.COUNT:
            if self.value != int(self.value) or (self.n, self.interval) != (None, None):
                raise ValueError("a count is a whole number, and its own n")
            return
        if self.n is None or self.interval is None or not self.interval[0] <= self.value <= self.interval[1]:
            raise ValueError("an estimate needs n and an interval that holds it")

    def __str__(self) -> str:
        """The number as every document writes it, in Danish."""
        return f"{self._told} ({self.period})" if self.interval is None else f"{self._told}; {self.period})"

    @property
    def short(self) -> str:
        """The same without its window, for where the window is told once for many."""
        return self._told if self.interval is None else f"{self._told})"

    @property
    def period(self) -> str:
        """Its window in words."""
        return f"{day_text(self.window[0])} til {day_text(self.window[1])}"

    @property
    def _told(self) -> str:
        """Everything but the window, and the bracket still open where there is one."""
        if self.interval is None:
            return str(int(self.value))
        low, high = (self._one(each) for each in self.interval)
        unit = " procentpoint" if self.unit is Unit.POINTS else ""
        return f"{self._one(self.value)}{unit} (95 %: {low} til {high}; n = {self.n}"

    def _one(self, value: float) -> str:
        if self.unit is Unit.SHARE:
            return f"{whole_percent(value)} %"
        text = f"{value * 100:.1f}" if self.unit in (Unit.POINTS, Unit.PAIRS) else f"{value:.3f}"
        if not float(text):
            text = text.removeprefix("-")  # nothing is neither more nor less
        return text.replace("-", "−").replace(".", ",") + (" %" if self.unit is Unit.PAIRS else "")


Cell = str | Number


@dataclass(frozen=True)
class Fact:
    """One thing that is known: lines to read, or a table with a head; numbers stay numbers.

    `source` says where it comes from. `missing` is a sentence about what is not known and who can say it; a
    fact may have lines and still miss something.
    """

    key: str
    label: str
    source: str
    lines: tuple[Cell, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    missing: tuple[str, ...] = ()
    foreign: bool = False

    def __post_init__(self) -> None:
        if not (self.lines or self.rows or self.missing):
            raise ValueError(f"{self.key} says nothing, and not that it is missing")
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError(f"{self.key} has a row that does not fit its head")

    @property
    def known(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.lines or self.rows)

    @property
    def numbers(self) -> Iterator[Number]:
        """Every number in it, in the order they are read."""
        cells = (*self.lines, *(cell for row in self.rows for cell in row))
        return (cell for cell in cells if isinstance(cell, Number))

    @property
    def text(self) -> str:
        """Its lines as one text, or what is missing."""
        return " ".join((*map(str, self.lines), *(f"{MISSING}: {each}" for each in self.missing)))


class Facts(Mapping[str, Fact]):
    """Every fact by its key. A key that nobody gathered is a mistake in a declaration: KeyError."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        """ValueError when two facts have the same key."""
        self._by_key: dict[str, Fact] = {}
        for fact in facts:
            if fact.key in self._by_key:
                raise ValueError(f"{fact.key} is there twice")
            self._by_key[fact.key] = fact

    def __getitem__(self, key: str) -> Fact:
        """The fact of a key."""
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        """The keys."""
        return iter(self._by_key)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._by_key)

    def without(self, key: str, why: str) -> "Facts":
        """The same facts with one unknown."""
        gone = self._by_key[key]
        lost = Fact(gone.key, gone.label, gone.source, missing=(why,))
        return Facts(lost if each == key else fact for each, fact in self._by_key.items())


def mean_of(told: Mapping[str, float], n: int, since: Window, unit: Unit) -> Number:
    """A mean with its 95 % interval from the standard error; a share stays between 0 and 1."""
    value, reach = told["value"], Z95 * told["standard_error"]
    low, high = value - reach, value + reach
    return Number(
        value, since, n, (max(0.0, low), min(1.0, high)) if unit is Unit.SHARE else (low, high), unit
    )


def tested_days(split: Mapping[str, str]) -> Window:
    """The days of the later cases that something was measured on."""
    first, last = (local_date(read_instant(split[key])) for key in ("tested_from", "tested_to"))
    return first, last


def said(key: str, label: str, source: str, *lines: Cell) -> Fact:
    """A fact of lines; without any it is missing from its source."""
    given = tuple(line for line in lines if line != "")
    return Fact(key, label, source, given, missing=() if given else (f"{label}. Skal stå i {source}.",))


def table(
    key: str, label: str, source: str, head: tuple[str, ...], rows: Iterable[tuple[Cell, ...]], lacking: str
) -> Fact:
    """A fact of rows; without any, `lacking` says what is missing."""
    found = tuple(rows)
    return Fact(key, label, source, head=head, rows=found, missing=() if found else (lacking,))


def lacking(key: str, label: str, source: str, why: str) -> Fact:
    """A fact that nobody knows; the sentence says what is missing."""
    return Fact(key, label, source, missing=(why,))
