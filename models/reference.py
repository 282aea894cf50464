"""The reference cases of a model version: codes, level, what was arranged and how it went, and nothing else.

A case is known by a key that only the service can compute, so that an opt-out clears one bit and
nobody can drill through to a citizen. A case that came without one has a key that nobody can map.
The cases stand in the order of their keys: it says nothing about anybody, and a key is found by halving.
All of it is arrays of small numbers, as they lie in the files that workers share.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models.case_columns import Cases, local_ordinal
from models.cells import EARLIEST, KEY_PATTERN, MUNICIPALITY_PATTERN
from models.decided_case import DecidedCase
from models.declaration import Area, Code
from models.masks import Mask
from models.packing import Bytes, Packed, Packing, Rows

FORMAT = 2
FIELDS = ("levels", "outcomes", "level_changed", "forms", "teams", "places", "municipalities")
"""What stands beside the codes, each as the place of a value in the list of all that occur."""

BLOCK = 1 << 16
Names = tuple[Any, ...]


@dataclass(frozen=True)
class Wanted:
    """Which reference cases may be shown; None leaves a filter out.

    `excluded_keys` are of citizens who said no. `levels` are those the law leaves open. Decisions are wanted
    from `decided_from` (the day practice changed) to `decided_to`, both included; a case whose day is not
    known is left out by either. `municipality` and `team` keep to the caseworker's own.
    """

    excluded_keys: frozenset[str] = frozenset()
    levels: frozenset[str] | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    municipality: str | None = None
    team: str | None = None


EVERYONE = Wanted()


@dataclass(frozen=True)
class ReferenceCases:
    """`codes` of the questions, `about` the FIELDS, `keys` (n, 16) rising, `days` (n,) after 1 January 2007.

    Day 0 is not known. `names` are, per field, the values its codes stand for. Raises ValueError when lengths
    differ, when keys are not different and in order, or when a code stands for nothing.
    """

    codes: Packed
    about: Packed
    keys: Bytes
    days: npt.NDArray[np.uint16]
    names: tuple[Names, ...]

    def __post_init__(self) -> None:
        if self.keys.dtype != np.uint8 or self.keys.shape != (len(self.codes), 16):
            raise ValueError("keys are 128 bits each, one for each reference case")
        if self.days.dtype != np.dtype("<u2") or self.days.shape != (len(self.codes),):
            raise ValueError("every reference case needs a day")
        if len(self.about) != len(self.codes):
            raise ValueError("every reference case needs an entry in every list")
        if self.about.packing != Packing.of(tuple(max(1, len(names)) for names in self.names)):
            raise ValueError("the lists of reference cases hold other values than they name")
        if not _rising(self.keys):
            raise ValueError("keys are different, and in order")

    @classmethod
    def of(
        cls,
        sizes: Sequence[int],
        codes: npt.NDArray[np.uint8],
        keys: Sequence[str],
        fields: Mapping[str, Sequence[Any]],
        days: Sequence[date | None],
    ) -> Self:
        """Reference cases from parallel lists, put in the order of their keys; `codes` (n, Q) as encoded."""
        if not all(map(KEY_PATTERN.fullmatch, keys)) or len({len(keys), len(codes), len(days)}) > 1:
            raise ValueError("keys are 128 bits in hex each, one for each reference case")
        given = np.frombuffer(bytes.fromhex("".join(keys)), np.uint8).reshape(-1, 16)
        high, low = given.view(">u8").astype(np.uint64).T
        order = np.lexsort((low, high))
        names = tuple(_listed(fields[field]) for field in FIELDS)
        about = np.stack(
            [_places(fields[field], own)[order] for field, own in zip(FIELDS, names, strict=True)]
        )
        day_codes = {day: _day_code(day) for day in set(days)}
        return cls(
            codes=Packed.of(codes[order].T, sizes),
            about=Packed.of(about, [max(1, len(own)) for own in names]),
            keys=given[order],
            days=np.fromiter(map(day_codes.__getitem__, days), np.dtype("<u2"), len(days))[order],
            names=names,
        )

    @classmethod
    def from_cases(
        cls,
        sizes: Sequence[int],
        cases: Sequence[DecidedCase],
        levels: Sequence[str],
        codes: npt.NDArray[np.uint8],
        keys: Sequence[str],
    ) -> Self:
        """Reference cases of decided cases; `levels` are their labels, `codes` (n, Q) as encoded."""
        columns = Cases.of(cases)
        outcome = columns.about("outcome")
        fields: dict[str, Sequence[Any]] = {
            "levels": list(levels),
            "outcomes": outcome.mapped(attrgetter("status")).listed(),
            "level_changed": outcome.mapped(attrgetter("level_changed")).listed(),
            "forms": columns.about("forms").mapped(tuple).listed(),
            "teams": columns.about("team").listed(),
            "places": columns.about("place").listed(),
            "municipalities": columns.about("municipality").listed(),
        }
        ordinals = columns.about("decided_at").numbers(local_ordinal).tolist()
        day_of = {ordinal: date.fromordinal(ordinal) for ordinal in set(ordinals)}
        return cls.of(sizes, codes, keys, fields, list(map(day_of.__getitem__, ordinals)))

    def __len__(self) -> int:
        return len(self.codes)

    def row_of(self, key: str) -> int | None:
        """The row of a key, or None when no case of this version has it."""
        if not KEY_PATTERN.fullmatch(key):
            return None
        wanted = bytes.fromhex(key)
        row = bisect_left(range(len(self)), wanted, key=lambda each: self.keys[each].tobytes())
        return row if row < len(self) and self.keys[row].tobytes() == wanted else None

    def holds(self, key: str) -> bool:
        """Whether a case lies in this version."""
        return self.row_of(key) is not None

    def key(self, row: int) -> str:
        """The key of one case, in hex."""
        return self.keys[row].tobytes().hex()

    def all_keys(self) -> tuple[str, ...]:
        """Every key in order: for the workshop, and not for every request."""
        return tuple(self.key(row) for row in range(len(self)))

    def values(self, field: str, rows: Rows | None = None) -> list[Any]:
        """What stands in a field for some cases, or for all of them."""
        if rows is not None:
            return self.values_of((field,), rows)[0]
        place = FIELDS.index(field)
        return [self.names[place][code] for code in self.about.column(place).tolist()]

    def values_of(self, fields: Sequence[str], rows: Rows) -> list[list[Any]]:
        """What stands in several fields for some cases."""
        codes, places = self.about.codes_of(rows), [FIELDS.index(field) for field in fields]
        return [[self.names[place][code] for code in codes[place].tolist()] for place in places]

    @property
    def municipalities(self) -> tuple[str, ...]:
        """The municipalities that the cases come from, as far as it is known."""
        return tuple(code for code in self.names[FIELDS.index("municipalities")] if code is not None)

    def mask_of(self, field: str, wanted: Collection[Any]) -> Mask:
        """Which cases have one of some values in a field."""
        place = FIELDS.index(field)
        chosen = np.zeros(256, dtype=np.bool_)
        chosen[[code for code, value in enumerate(self.names[place]) if value in wanted]] = True
        return Mask.made(len(self), lambda some: chosen.take(self.about.column(place, some)))

    def decided_mask(self, first: date | None, last: date | None) -> Mask:
        """Which cases were decided from the first to the last day; a case without a day was not."""
        low = 1 if first is None else _day_code(max(first, EARLIEST))
        high = np.iinfo(np.uint16).max if last is None else _day_code(last)
        return Mask.made(len(self), lambda some: (self.days[some] >= low) & (self.days[some] <= high))

    def to_json(self) -> dict[str, Any]:
        """What the arrays mean, as plain JSON; the fields are these and no others."""
        return {
            "format": FORMAT,
            "groups": [list(group) for group in self.codes.packing.groups],
            "names": {field: list(own) for field, own in zip(FIELDS, self.names, strict=True)},
        }

    @classmethod
    def from_json(
        cls, area: Area, sizes: Sequence[int], data: Mapping[str, Any], arrays: Mapping[str, Any]
    ) -> Self:
        """Reference cases from `to_json` and their arrays. Raises ValueError for an unknown field or code."""
        if set(data) != {"format", "groups", "names"} or data["format"] != FORMAT:
            raise ValueError("the reference cases are of another format")
        if set(data["names"]) != set(FIELDS):
            raise ValueError("the reference cases have other fields")
        names = {field: tuple(_name(value) for value in data["names"][field]) for field in FIELDS}
        _check_codes(area.levels, names["levels"], needed=True)
        _check_codes(area.outcomes, names["outcomes"])
        _check_codes(area.teams, names["teams"])
        _check_codes(area.places, names["places"])
        _check_codes(area.forms, [form for forms in names["forms"] for form in forms])
        if not set(names["level_changed"]) <= {None, False, True}:
            raise ValueError("whether a level changed is yes, no or not known")
        if not all(each is None or MUNICIPALITY_PATTERN.fullmatch(each) for each in names["municipalities"]):
            raise ValueError("a municipality is known by four digits")
        packing = Packing(tuple(sizes), tuple(tuple(group) for group in data["groups"]))
        listed = tuple(names[field] for field in FIELDS)
        return cls(
            codes=Packed(packing, arrays["codes"]),
            about=Packed(Packing.of(tuple(max(1, len(own)) for own in listed)), arrays["about"]),
            keys=arrays["keys"],
            days=arrays["days"],
            names=listed,
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The arrays by name, as they are written."""
        return {"codes": self.codes.words, "about": self.about.words, "keys": self.keys, "days": self.days}


def _rising(keys: Bytes) -> bool:
    """Whether each key is more than the one before; a block at a time, for there may be millions."""
    for first in range(0, len(keys), BLOCK):
        some = np.ascontiguousarray(keys[first : first + BLOCK + 1]).view(">u8").astype(np.uint64)
        high, low = some[:, 0], some[:, 1]
        if not ((high[1:] > high[:-1]) | ((high[1:] == high[:-1]) & (low[1:] > low[:-1]))).all():
            return False
    return True


def _listed(values: Iterable[Any]) -> Names:
    """The different values, None first."""
    return tuple(sorted(set(values), key=lambda value: (value is not None, str(value))))


def _places(values: Sequence[Any], names: Names) -> Bytes:
    """The place of each value among the names."""
    place = {value: code for code, value in enumerate(names)}
    return np.fromiter(map(place.__getitem__, values), np.uint8, len(values))


def _name(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _day_code(day: date | None) -> int:
    """Days after 31 December 2006, at least 1; 0 is not known."""
    return 0 if day is None else max(0, day.toordinal() - EARLIEST.toordinal() + 1)


def _check_codes(known: tuple[Code, ...], found: Sequence[str | None], needed: bool = False) -> None:
    allowed = {code.code for code in known} | (set() if needed else {None})
    strangers = set(found) - allowed
    if strangers:
        raise ValueError(f"unknown code {min(map(str, strangers))!r} in the reference cases")
