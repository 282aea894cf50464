"""The reference cases of a model version: codes, level, what was arranged and how it went, and nothing else.

A case is known by a key that only the service can compute, so that an opt-out clears one bit and
nobody can drill through to a citizen. A case that came without one has a key that nobody can map.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models.cells import KEY_PATTERN
from models.decided_case import DecidedCase
from models.declaration import Area, Code

FORMAT = 1
FIELDS = ("keys", "levels", "outcomes", "level_changed", "forms", "teams", "places")

Columns = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ReferenceCases:
    """Parallel lists, one entry per case, and `codes` (Q, n): question by question, as a scan reads them.

    `keys` are 128 random bits in hex. Raises ValueError when lengths differ or keys are otherwise or alike.
    """

    codes: Columns
    keys: tuple[str, ...]
    levels: tuple[str, ...]
    outcomes: tuple[str | None, ...]
    level_changed: tuple[bool | None, ...]
    forms: tuple[tuple[str, ...], ...]
    teams: tuple[str | None, ...]
    places: tuple[str | None, ...]

    def __post_init__(self) -> None:
        if self.codes.ndim != 2 or self.codes.dtype != np.uint8:
            raise ValueError("reference codes are a table of bytes, one row per question")
        if any(len(getattr(self, field)) != self.codes.shape[1] for field in FIELDS):
            raise ValueError("every reference case needs an entry in every list")
        if len(set(self.keys)) != len(self.keys) or not all(map(KEY_PATTERN.fullmatch, self.keys)):
            raise ValueError("keys are different, and 128 bits in hex each")

    @classmethod
    def from_cases(
        cls, cases: Sequence[DecidedCase], levels: Sequence[str], codes: Columns, keys: Sequence[str]
    ) -> Self:
        """Reference cases of decided cases; `levels` are their labels, `codes` (n, Q) as encoded."""
        return cls(
            codes=np.ascontiguousarray(codes.T),
            keys=tuple(keys),
            levels=tuple(levels),
            outcomes=tuple(case.outcome.status for case in cases),
            level_changed=tuple(case.outcome.level_changed for case in cases),
            forms=tuple(case.forms for case in cases),
            teams=tuple(case.team for case in cases),
            places=tuple(case.place for case in cases),
        )

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self.keys)}

    def allowed(self, excluded_keys: Collection[str]) -> Mask:
        """Which cases may be shown: all but the excluded. A key not of this version excludes nothing."""
        mask = np.ones(len(self), dtype=np.bool_)
        mask[[self._row_of[key] for key in excluded_keys if key in self._row_of]] = False
        return mask

    def holds(self, key: str) -> bool:
        """Whether a case lies in this version."""
        return key in self._row_of

    def level_mask(self, level: str) -> Mask:
        """Which cases have a level."""
        return np.array([each == level for each in self.levels], dtype=np.bool_)

    def to_json(self) -> dict[str, Any]:
        """Everything but the codes, as plain JSON; the fields are these and no others."""
        return {"format": FORMAT, **{field: list(getattr(self, field)) for field in FIELDS}}

    @classmethod
    def from_json(cls, area: Area, data: Mapping[str, Any], codes: Columns) -> Self:
        """Reference cases from `to_json` and their codes. Raises ValueError for an unknown field or code."""
        if set(data) != {"format", *FIELDS} or data["format"] != FORMAT:
            raise ValueError("the reference cases have other fields or another format")
        _check_codes(area.levels, data["levels"], needed=True)
        _check_codes(area.outcomes, data["outcomes"])
        _check_codes(area.teams, data["teams"])
        _check_codes(area.places, data["places"])
        _check_codes(area.forms, [form for forms in data["forms"] for form in forms])
        lists = {field: tuple(data[field]) for field in FIELDS}
        lists["forms"] = tuple(tuple(forms) for forms in data["forms"])
        return cls(codes=codes, **lists)


def _check_codes(known: tuple[Code, ...], found: Sequence[str | None], needed: bool = False) -> None:
    allowed = {code.code for code in known} | (set() if needed else {None})
    strangers = set(found) - allowed
    if strangers:
        raise ValueError(f"unknown code {min(map(str, strangers))!r} in the reference cases")
