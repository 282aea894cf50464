"""How one question's answers become small integers: listed codes, bins, or combinations.

Code 0 is always "missing". What is not in the codes gives None: it was never seen in training.
Distances lie in [0, 1]. Missing against known is 0.5, because an answer nobody has is as likely to be near
as to be far; missing against missing is 0, because both cases say the same about themselves: nothing.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from models.answers import FactValue, within
from models.declaration import Kind, Question
from models.messages import NOT_STATED, days_from, inner, listed, say_number, say_set

MISSING = 0
MISSING_DISTANCE = 0.5
MAX_SIZE = 255
MAX_COMBINATIONS = 64
OTHER_COMBINATION = "en anden kombination"

Distances = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Listed:
    """A choice or a scale: code i + 1 is the i-th of `codes`.

    A scale keeps its declared order; a choice has the order given by training. An answer of a scale that is
    too rare to stand alone is `joined` to a neighbour: (answer, the one of `codes` that it counts as).
    """

    question: Question
    codes: tuple[str, ...]
    joined: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        declared, named = self.question.code_values, [*self.codes, *(answer for answer, _ in self.joined)]
        if len(set(named)) != len(named) or not set(named) <= set(declared):
            raise ValueError(f"{self.question.name}: codes must be different and declared")
        if not {into for _, into in self.joined} <= set(self.codes):
            raise ValueError(f"{self.question.name}: an answer is joined to one that is no code")
        known = [code for group in self.groups for code in group]
        in_order = [code for code in declared if code in known]
        if self.question.kind is Kind.SCALE and known != in_order:
            raise ValueError(f"{self.question.name}: a scale keeps its declared order")
        if self.joined and self.question.kind is not Kind.SCALE:
            raise ValueError(f"{self.question.name}: only the answers of a scale have neighbours")

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The answers behind each code, in declared order."""
        place = self.question.code_values.index
        return tuple(
            tuple(sorted((code, *(answer for answer, into in self.joined if into == code)), key=place))
            for code in self.codes
        )

    @property
    def size(self) -> int:
        """The number of codes, missing included."""
        return 1 + len(self.codes)

    def code(self, value: FactValue, received_on: date | None) -> int | None:
        """The code of a value, or None when it was never seen."""
        return self._code_of.get(str(value))

    @cached_property
    def _code_of(self) -> dict[str, int]:
        return {answer: place for place, group in enumerate(self.groups, 1) for answer in group}

    def labels(self) -> tuple[str, ...]:
        """What each code is called inside a sentence: "svær", or "svær eller fuldstændig" for two."""
        named = ([inner(self.question.code_label(code)) for code in group] for group in self.groups)
        return (NOT_STATED, *(listed(names, "eller") for names in named))

    def distances(self) -> Distances:
        """Scale: steps apart over the whole declared scale. Choice: 0 when the same, else 1."""
        if self.question.kind is Kind.CHOICE:
            return _with_missing(1.0 - np.eye(len(self.codes)))
        at = self.question.code_values.index
        places = [sum(map(at, group)) / len(group) for group in self.groups]
        return _with_missing(_steps(places, len(self.question.codes) - 1))

    def to_json(self) -> dict[str, Any]:
        """The codes, in order, and which answers are joined to them."""
        return {"codes": list(self.codes)} | ({"joined": dict(self.joined)} if self.joined else {})


@dataclass(frozen=True)
class Binned:
    """A number or a date in bins: code 1 lies below the first edge, each edge begins the next bin.

    A date is binned by days after receipt (DATE), so its code needs the day of receipt.
    """

    question: Question
    edges: tuple[float, ...]

    def __post_init__(self) -> None:
        if any(before >= after for before, after in pairwise(self.edges)):
            raise ValueError(f"{self.question.name}: bin edges must rise")

    @property
    def size(self) -> int:
        """The number of codes, missing included."""
        return 2 + len(self.edges)

    def code(self, value: FactValue, received_on: date | None) -> int | None:
        """The code of a value, or None for one that cannot be: NaN, infinite, or out of the declared bounds.

        A date without a day of receipt raises ValueError.
        """
        number = self._number(value, received_on)
        if not isfinite(number) or not within(number, *self._bounds()):
            return None
        return 1 + bisect_right(self.edges, number)

    def _bounds(self) -> tuple[int | None, int | None]:
        if self.question.kind is Kind.SHARE:
            return self.question.low or 0, 1 if self.question.high is None else self.question.high
        return self.question.low, self.question.high

    def _number(self, value: FactValue, received_on: date | None) -> float:
        if isinstance(value, date):
            if received_on is None:
                raise ValueError(f"{self.question.name}: a date is coded by its distance from receipt")
            return (value - received_on).days
        if isinstance(value, int | float):
            return value
        raise ValueError(f"{self.question.name}: {value!r} is not a number")

    def labels(self) -> tuple[str, ...]:
        """What each bin is called inside a sentence: "0 dage", "1–3 dage", "4 dage eller flere"."""
        if self.question.kind is Kind.COUNT:
            return (NOT_STATED, *self._whole_number_labels())
        if self.question.kind is Kind.SHARE:
            shares = [f"{round(edge * 100)}\u00a0%" for edge in self.edges]
            return (NOT_STATED, *_between(shares, "under", "mere"))
        days = [f"{days_from(int(edge))} modtagelsen" for edge in self.edges]
        return (NOT_STATED, *_between(days, "tidligere end", "senere"))

    def _whole_number_labels(self) -> list[str]:
        """Bins of whole numbers by their first and last member; the outermost by the declared bounds."""
        firsts = [self.question.low, *(int(-(-edge // 1)) for edge in self.edges)]
        lasts = [*(first - 1 for first in firsts[1:] if first is not None), self.question.high]
        return [self._range(first, last) for first, last in zip(firsts, lasts, strict=True)]

    def _range(self, first: int | None, last: int | None) -> str:
        if first is None and last is None:
            return "oplyst"
        if last is None or (last == self.question.high and first != last and first is not None):
            return f"{say_number(self.question, first or 0)} eller flere"
        if first is None:
            return f"højst {say_number(self.question, last)}"
        if first == last:
            return say_number(self.question, first)
        return f"{first}–{say_number(self.question, last)}" if first >= 0 else self._signed(first, last)

    def _signed(self, first: int, last: int) -> str:
        return f"fra {say_number(self.question, first).split()[0]} til {say_number(self.question, last)}"

    def distances(self) -> Distances:
        """Bins apart over all bins; bins follow the cases' own spread, so that no extreme drowns the rest."""
        bins = len(self.edges) + 1
        return _with_missing(_steps(range(bins), bins - 1))

    def to_json(self) -> dict[str, Any]:
        """The edges."""
        return {"edges": list(self.edges)}


@dataclass(frozen=True)
class Combined:
    """A set by its combination: code i + 1 is the i-th; with `other`, the last code is every other one."""

    question: Question
    combinations: tuple[frozenset[str], ...]
    other: bool = True

    def __post_init__(self) -> None:
        declared = set(self.question.code_values)
        if len(set(self.combinations)) != len(self.combinations):
            raise ValueError(f"{self.question.name}: combinations must be different")
        if not all(combination <= declared for combination in self.combinations):
            raise ValueError(f"{self.question.name}: combinations must be of declared codes")
        if len(self.combinations) + self.other > MAX_COMBINATIONS:
            raise ValueError(f"{self.question.name}: at most {MAX_COMBINATIONS} combinations")

    @property
    def size(self) -> int:
        """The number of codes, missing included."""
        return 1 + len(self.combinations) + self.other

    def code(self, value: FactValue, received_on: date | None) -> int | None:
        """The code of a set; one that is not listed is the other combination, or None without one."""
        if value in self.combinations:
            return 1 + self.combinations.index(value)
        return self.size - 1 if self.other else None

    def labels(self) -> tuple[str, ...]:
        """What each combination is called inside a sentence."""
        listed = (say_set(self.question, combination) for combination in self.combinations)
        return (NOT_STATED, *listed, *([OTHER_COMBINATION] if self.other else []))

    def distances(self) -> Distances:
        """Jaccard: the share of the members of either set that the other lacks.

        The other combination is wholly unlike "none" and half unlike the rest: its members are not kept.
        """
        known = [[_jaccard(one, another) for another in self.combinations] for one in self.combinations]
        if not self.other:
            return _with_missing(np.array(known, dtype=np.float64).reshape(len(known), len(known)))
        to_other = [1.0 if not one else 0.5 for one in self.combinations]
        rows = [[*row, far] for row, far in zip(known, to_other, strict=True)] + [[*to_other, 0.0]]
        return _with_missing(np.array(rows, dtype=np.float64))

    def to_json(self) -> dict[str, Any]:
        """The combinations, each sorted, in order, and whether there is a code for every other."""
        return {"combinations": [sorted(one) for one in self.combinations], "other": self.other}


QuestionCodes = Listed | Binned | Combined


def question_codes(question: Question, order: Iterable[Any], other: bool = True) -> QuestionCodes:
    """The coding of a question by its kind: codes, bin edges or combinations. Raises ValueError.

    Answers of a scale that share a code stand in a tuple; the first of them names the code.
    """
    coding: QuestionCodes
    if question.kind in (Kind.CHOICE, Kind.SCALE):
        groups = [(each,) if isinstance(each, str) else tuple(each) for each in order]
        joined = tuple(sorted((answer, group[0]) for group in groups for answer in group[1:]))
        coding = Listed(question, tuple(group[0] for group in groups), joined)
    elif question.kind in (Kind.COUNT, Kind.SHARE, Kind.DATE):
        coding = Binned(question, tuple(order))
    elif question.kind is Kind.SET:
        coding = Combined(question, tuple(frozenset(one) for one in order), other)
    else:
        raise ValueError(f"{question.name}: {question.kind.value} is shown and grouped, never coded")
    if coding.size > MAX_SIZE:
        raise ValueError(f"{question.name}: {coding.size} codes, at most {MAX_SIZE}")
    return coding


def from_json(question: Question, entry: Mapping[str, Any]) -> QuestionCodes:
    """A coding from its `to_json`."""
    if "edges" in entry:
        return question_codes(question, entry["edges"])
    if "combinations" in entry:
        return question_codes(question, entry["combinations"], bool(entry["other"]))
    return Listed(question, tuple(entry["codes"]), tuple(sorted(entry.get("joined", {}).items())))


def _with_missing(known: Distances) -> Distances:
    size = len(known) + 1
    table = np.full((size, size), MISSING_DISTANCE)
    table[1:, 1:] = known
    table[MISSING, MISSING] = 0.0
    return table


def _steps(places: Iterable[float], longest: int) -> Distances:
    at = np.array(list(places), dtype=np.float64)
    return np.abs(at[:, None] - at[None, :]) / max(longest, 1)


def _jaccard(one: frozenset[str], another: frozenset[str]) -> float:
    either = one | another
    return 1.0 - len(one & another) / len(either) if either else 0.0


def _between(edges: list[str], below: str, above: str) -> list[str]:
    """Names of the bins around edges of a continuous measure."""
    if not edges:
        return ["oplyst"]
    middle = [f"fra {before} til {after}" for before, after in pairwise(edges)]
    return [f"{below} {edges[0]}", *middle, f"{edges[-1]} eller {above}"]
