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
        nowhere = len(sizes)  # the column of zeros beside the questions
        seconds = [each.questions[1] if len(each.questions) == 2 else nowhere for each in ordered]
        self._second = np.array(seconds, dtype=np.intp)
        self._steps = np.append(self._sizes, 1)[self._second]
        cells = [each.table[0].size for each in ordered]
        self._offsets = np.concatenate([[0], np.cumsum(cells[:-1], dtype=np.intp)]).astype(np.intp)
        self._values: Floats = np.concatenate(
            [each.table.reshape(len(each.table), -1).T for each in ordered]
        ).copy()
        targets = np.array([each.target for each in ordered])
        self._starts = np.flatnonzero(np.concatenate([[True], targets[1:] != targets[:-1]]))

    def sums(self, codes: AnyCodes) -> Floats:
        """Sums (n, targets, K) of what codes (n, Q) find; a code beyond its question raises IndexError."""
        below = codes.dtype.kind != "u" and bool((codes < 0).any())
        if below or codes.shape[1] != len(self._sizes) or (codes >= self._sizes).any():
            raise IndexError("a code lies beyond its question's table")
        rows = np.zeros((len(codes), len(self._sizes) + 1), dtype=np.intp)
        rows[:, :-1] = codes
        parts = [self._sums(rows[at : at + AT_ONCE]) for at in range(0, len(rows), AT_ONCE)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _sums(self, rows: npt.NDArray[np.intp]) -> Floats:
        places = rows.take(self._first, axis=1)
        places *= self._steps
        places += rows.take(self._second, axis=1)
        places += self._offsets
        found = self._values.take(places, axis=0)
        if len(self._starts) == 1:
            return found.sum(axis=1, keepdims=True)
        return np.add.reduceat(found, self._starts, axis=1)
