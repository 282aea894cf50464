"""How many of the cases learned from lie behind each value of a model's tables.

Counts are rounded to tens, and under 20 there is none: such a cell carries no value of its own, and nobody
can be found in it, not by taking it from a sum either.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models.lookup import AnyCodes
from models.tables import Pair, ScoreTables

RARE = 20
"""What rests on fewer cases has no value of its own and no number."""
ROUNDED_TO = 10
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """Exact counts behind single tables and pair tables; they never leave the workshop."""

    singles: tuple[Counts, ...]
    pairs: Mapping[Pair, Counts]

    @classmethod
    def of(cls, sizes: Sequence[int], codes: AnyCodes, pairs: Iterable[Pair]) -> Self:
        """Counts over codes (n, Q), each row a case, however much it weighs in a fit."""
        singles = tuple(np.bincount(codes[:, q], minlength=size) for q, size in enumerate(sizes))
        found = {}
        for q, r in pairs:
            cells = codes[:, q].astype(np.intp) * sizes[r] + codes[:, r]
            found[q, r] = np.bincount(cells, minlength=sizes[q] * sizes[r]).reshape(sizes[q], sizes[r])
        return cls(singles, found)


@dataclass(frozen=True)
class Support:
    """What may be told of the counts: rounded to tens, 0 where there are too few to be told."""

    singles: tuple[tuple[int, ...], ...]
    pairs: Mapping[Pair, tuple[tuple[int, ...], ...]]

    def __post_init__(self) -> None:
        told = [count for counts in self.singles for count in counts]
        told += [count for rows in self.pairs.values() for row in rows for count in row]
        if any(count and (count < RARE or count % ROUNDED_TO) for count in told):
            raise ValueError(f"a count is 0, or at least {RARE} and a multiple of {ROUNDED_TO}")

    @classmethod
    def of(cls, counted: Counted) -> Self:
        """The counts as they may be told."""
        return cls(
            tuple(tuple(_told(counts).tolist()) for counts in counted.singles),
            {pair: tuple(map(tuple, _told(counts).tolist())) for pair, counts in counted.pairs.items()},
        )

    def check_fits(self, tables: ScoreTables) -> None:
        """Raises ValueError when these are not the counts of these tables."""
        if tuple(map(len, self.singles)) != tables.sizes or set(self.pairs) != set(tables.pairs):
            raise ValueError("the counts do not fit the tables")
        for (q, r), rows in self.pairs.items():
            if len(rows) != tables.sizes[q] or any(len(row) != tables.sizes[r] for row in rows):
                raise ValueError("the counts of a pair do not fit its table")

    def to_json(self) -> dict[str, Any]:
        """The counts as plain JSON; a pair is named "3,7"."""
        pairs = {f"{q},{r}": [list(row) for row in rows] for (q, r), rows in sorted(self.pairs.items())}
        return {"singles": [list(counts) for counts in self.singles], "pairs": pairs}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Counts from `to_json`; raises KeyError, TypeError or ValueError when they are not."""
        pairs = {tuple(map(int, name.split(","))): rows for name, rows in data["pairs"].items()}
        return cls(
            tuple(tuple(map(int, counts)) for counts in data["singles"]),
            {(q, r): tuple(tuple(map(int, row)) for row in rows) for (q, r), rows in pairs.items()},
        )


def _told(counts: Counts) -> Counts:
    tens = np.rint(counts / ROUNDED_TO).astype(np.int64) * ROUNDED_TO
    return np.where(counts >= RARE, tens, 0)
