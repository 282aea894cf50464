"""Many small tables laid end to end: what a case finds in all of them is one gather and one sum."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
AnyCodes = npt.NDArray[np.integer]

AT_ONCE = 256
"""Cases taken together: enough to be quick, few enough to stay small."""


@dataclass(frozen=True)
class Entry:
    """A table (K, size) of one question, or (K, size, size) of two, and which sum its values belong to."""

    target: int
    questions: tuple[int, ...]
    table: Floats


class Laid:
    """Tables end to end. `sizes` are the numbers of codes; there is at least one entry for each target."""

    def __init__(self, sizes: Sequence[int], entries: Sequence[Entry]) -> None:
        ordered = sorted(entries, key=lambda each: each.target)
        self._sizes = np.array(sizes, dtype=np.intp)
        self._first = np.array([each.questions[0] for each in ordered], dtype=np.intp)
        self._second = np.array([each.questions[-1] for each in ordered], dtype=np.intp)
        alone = np.array([len(each.questions) == 1 for each in ordered], dtype=np.bool_)
        self._steps = np.where(alone, 1, self._sizes[self._second])
        self._also = np.where(alone, 0, 1)
        cells = [each.table[0].size for each in ordered]
        self._offsets = np.concatenate([[0], np.cumsum(cells[:-1], dtype=np.intp)]).astype(np.intp)
        self._values: Floats = np.concatenate(
            [each.table.reshape(len(each.table), -1).T for each in ordered]
        ).copy()
        targets = np.array([each.target for each in ordered])
        self._starts = np.flatnonzero(np.concatenate([[True], targets[1:] != targets[:-1]]))

    def sums(self, codes: AnyCodes) -> Floats:
        """Sums (n, targets, K) of what codes (n, Q) find; a code beyond its question raises IndexError."""
        rows = codes.astype(np.intp)
        below = codes.dtype.kind != "u" and bool((rows < 0).any())
        if below or rows.shape[1] != len(self._sizes) or (rows >= self._sizes).any():
            raise IndexError("a code lies beyond its question's table")
        parts = [self._sums(rows[at : at + AT_ONCE]) for at in range(0, len(rows), AT_ONCE)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _sums(self, rows: npt.NDArray[np.intp]) -> Floats:
        places = rows[:, self._first]
        places *= self._steps
        places += rows[:, self._second] * self._also
        places += self._offsets
        found = self._values.take(places, axis=0)
        if len(self._starts) == 1:
            return found.sum(axis=1, keepdims=True)
        return np.add.reduceat(found, self._starts, axis=1)
