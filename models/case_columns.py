"""Decided cases in columns: what is the same in many is held once, and counted without looking at each case.

Two million cases are a few hundred megabytes so, and a question about all of them is one about arrays of
small numbers. A case is put together again for whoever asks for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import islice
from operator import attrgetter
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from models.decided_case import DecidedCase
from models.facts import Fact
from models.instants import local_date

Places = npt.NDArray[np.integer[Any]]
Numbers = npt.NDArray[np.int64]
Some = npt.NDArray[np.integer[Any]] | npt.NDArray[np.bool_]

NAMES = tuple(each.name for each in fields(DecidedCase) if each.name != "facts")
SHARED_OBJECTS = ("outcome",)
"""What rows share is the same object in many of them: it is looked up by that, and compared only once."""
AT_A_TIME = 10_000
NOT_THERE = object()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class Column:
    """One thing about each case: the different `values`, and the place among them of what each case has.

    Not every value need occur: some of the cases keep the values of all.
    """

    values: Sequence[Any]
    places: Places
    _found: dict[Callable[[Any], int], Numbers] = field(default_factory=dict)

    def rows(self, some: Some) -> "Column":
        """The column of some of the cases."""
        return Column(self.values, self.places[some], self._found)

    def listed(self) -> list[Any]:
        """What each case has."""
        return list(map(self.values.__getitem__, self.places.tolist()))

    def mapped(self, of: Callable[[Any], Any]) -> "Column":
        """A column of what a function makes of each value; equal ones are not brought together."""
        return Column([of(value) for value in self.values], self.places)

    def numbers(self, of: Callable[[Any], int]) -> Numbers:
        """For each case the number that a function makes of its value; asked once of each different one."""
        known = self._found.get(of)
        if known is None:
            known = self._found[of] = np.fromiter(map(of, self.values), np.int64, len(self.values))
        return known[self.places]

    def counts(self) -> dict[Any, int]:
        """How many cases have each value that occurs."""
        counts = np.bincount(self.places, minlength=len(self.values)).tolist()
        return {value: count for value, count in zip(self.values, counts, strict=True) if count}

    def counts_by(self, other: Places, size: int) -> Numbers:
        """How many cases have each value, by a number under `size` of each case: (values, size)."""
        cells = self.places.astype(np.int64) * size + other
        return np.bincount(cells, minlength=len(self.values) * size).reshape(len(self.values), size)


class Cases(Sequence[DecidedCase]):
    """Decided cases, in columns. As a sequence it gives each case as it came."""

    def __init__(self, about: Mapping[str, Column], facts: Mapping[str, Column], count: int) -> None:
        self._about, self._facts, self._count = about, facts, count

    @classmethod
    def of(cls, cases: Iterable[DecidedCase]) -> "Cases":
        """The cases in columns; what already is so stays as it is."""
        if isinstance(cases, Cases):
            return cases
        gathering, rest = Gathering(), iter(cases)
        while some := list(islice(rest, AT_A_TIME)):
            gathering.add(some)
        return gathering.cases()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[DecidedCase]:
        names = tuple(self._facts)
        for first in range(0, self._count, AT_A_TIME):
            some = slice(first, first + AT_A_TIME)
            about = [_listed(self._about[name], some) for name in NAMES]
            told = [_listed(self._facts[name], some) for name in names]
            for number, values in enumerate(zip(*about, strict=True)):
                yield _case(values, {name: own[number] for name, own in zip(names, told, strict=True)})

    @overload
    def __getitem__(self, row: int) -> DecidedCase: ...
    @overload
    def __getitem__(self, row: slice) -> "Cases": ...
    def __getitem__(self, row: int | slice) -> "DecidedCase | Cases":
        if isinstance(row, slice):
            return self.rows(np.arange(self._count)[row])
        place = range(self._count)[row]
        about = (_at(self._about[name], place) for name in NAMES)
        return _case(tuple(about), {name: _at(column, place) for name, column in self._facts.items()})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def rows(self, some: Some) -> "Cases":
        """Some of the cases, by their places or by a mask."""
        about = {name: column.rows(some) for name, column in self._about.items()}
        facts = {name: column.rows(some) for name, column in self._facts.items()}
        return Cases(about, facts, int(some.sum()) if some.dtype == np.bool_ else len(some))

    def about(self, name: str) -> Column:
        """The column of one field of the cases; `facts` is none."""
        return self._about[name]

    def questions(self) -> tuple[str, ...]:
        """The questions to which there are facts."""
        return tuple(self._facts)

    def facts(self, question: str) -> Column:
        """The facts of one question. Raises KeyError."""
        return self._facts[question]

    def answers(self, question: str) -> Column:
        """What a calculation may use of each case's answer to a question: None where there is no fact."""
        if question not in self._facts:
            return Column([None], np.zeros(self._count, dtype=np.uint8))
        return self._facts[question].mapped(_known)

    def instants(self) -> Numbers:
        """When each case was decided, in microseconds since 1970."""
        return self.about("decided_at").numbers(microseconds)

    def alike_in(self, columns: Iterable[Column]) -> tuple[Numbers, Numbers]:
        """The first case of each different combination in some columns, and the combination of each case."""
        cells = np.zeros(self._count, dtype=np.int64)
        for column in columns:
            cells = cells * max(len(column.values), 1) + column.places
        _, first, which = np.unique(cells, return_index=True, return_inverse=True)
        return first, which


class Gathering:
    """Cases put into columns, some at a time."""

    def __init__(self) -> None:
        self._about = {name: _Gathered() for name in NAMES}
        self._facts: dict[str, _Gathered] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def seen(self, name: str) -> Mapping[Any, int]:
        """The place of every value of a field that has come so far."""
        return self._about[name].seen

    def add(self, cases: Sequence[DecidedCase]) -> None:
        """Add cases."""
        for name, gathered in self._about.items():
            gathered.add(list(map(attrgetter(name), cases)), shared=name in SHARED_OBJECTS)
        facts = [case.facts for case in cases]
        names = dict.fromkeys(self._facts) | dict.fromkeys(
            name for own in set(map(tuple, facts)) for name in own
        )
        for name in names:
            self._question(name).add([each.get(name, NOT_THERE) for each in facts], shared=True)
        self._count += len(cases)

    def take(self, cases: Cases) -> None:
        """Add cases that are in columns already."""
        for name, gathered in self._about.items():
            gathered.take(cases.about(name))
        for name in cases.questions():
            self._question(name).take(cases.facts(name))
        for name in self._facts.keys() - set(cases.questions()):
            self._facts[name].add([NOT_THERE] * len(cases), shared=True)
        self._count += len(cases)

    def cases(self) -> Cases:
        """All that was added."""
        about, facts = (
            {name: gathered.column() for name, gathered in every.items()}
            for every in (self._about, self._facts)
        )
        return Cases(about, facts, self._count)

    def _question(self, name: str) -> "_Gathered":
        if name not in self._facts:
            self._facts[name] = _Gathered()
            self._facts[name].add([NOT_THERE] * self._count, shared=True)
        return self._facts[name]


class _Gathered:
    """One column while it grows."""

    def __init__(self) -> None:
        self.seen: dict[Any, int] = {}
        self._parts: list[Places] = []

    def add(self, values: Sequence[Any], shared: bool) -> None:
        keys = list(map(id, values)) if shared else values
        places = {key: self._place(value) for key, value in dict(zip(keys, values, strict=True)).items()}
        self._parts.append(np.fromiter(map(places.__getitem__, keys), np.int32, len(keys)))

    def take(self, column: Column) -> None:
        there = np.bincount(column.places, minlength=len(column.values)).tolist()
        places = [
            self._place(value) if count else 0 for value, count in zip(column.values, there, strict=True)
        ]
        self._parts.append(np.array(places, dtype=np.int32)[column.places])

    def column(self) -> Column:
        places = np.concatenate(self._parts or [np.zeros(0, dtype=np.int32)])
        return Column(list(self.seen), places.astype(np.min_scalar_type(max(len(self.seen) - 1, 0))))

    def _place(self, value: Any) -> int:
        return self.seen.setdefault(value, len(self.seen))


def microseconds(at: datetime) -> int:
    """An instant as whole microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def local_ordinal(at: datetime | None) -> int:
    """The day of an instant in Copenhagen as a number of days; 0 without an instant."""
    return 0 if at is None else local_date(at).toordinal()


def _known(fact: Fact | object) -> Any:
    return fact.known if isinstance(fact, Fact) else None


def _listed(column: Column, some: slice) -> list[Any]:
    return list(map(column.values.__getitem__, column.places[some].tolist()))


def _at(column: Column, row: int) -> Any:
    return column.values[column.places[row]]


def _case(about: Sequence[Any], facts: Mapping[str, Any]) -> DecidedCase:
    there = {name: fact for name, fact in facts.items() if fact is not NOT_THERE}
    return DecidedCase(**dict(zip(NAMES, about, strict=True)), facts=there)
