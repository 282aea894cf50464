"""A model as tables on codes: its score, and the exact Shapley values of a score.

Per class the score is f(x) = c + sum of T_q(x_q) + sum of P_qr(x_q, x_r), in log-odds.
For two levels the first class scores 0, so the second class's score is the log-odds between them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.lookup import AnyCodes, Entry, Floats, Laid

Pair = tuple[int, int]

FEW_ROWS = 64
"""Up to so many cases are looked up in tables laid end to end; for more, table by table is quicker."""


@dataclass(frozen=True)
class ScoreTables:
    """`base` is (K,), `singles` one (K, size) per question, `pairs` {(q, r): (K, size_q, size_r)} with q < r.

    ValueError when shapes do not fit, a number is not finite or, with two classes, the first is not 0.
    """

    classes: tuple[str, ...]
    base: Floats
    singles: tuple[Floats, ...]
    pairs: Mapping[Pair, Floats]

    def __post_init__(self) -> None:
        if len(self.classes) < 2 or self.base.shape != (len(self.classes),):
            raise ValueError("one base value is needed for each of at least two classes")
        for question, table in enumerate(self.singles):
            if table.ndim != 2 or table.shape[0] != len(self.classes):
                raise ValueError(f"table of question {question} has shape {table.shape}")
        for (q, r), table in self.pairs.items():
            if not 0 <= q < r < len(self.singles) or table.shape != self._pair_shape(q, r):
                raise ValueError(f"table of pair {q}, {r} has shape {table.shape}")
        tables = (self.base, *self.singles, *self.pairs.values())
        if not all(table.dtype == np.float64 and np.isfinite(table).all() for table in tables):
            raise ValueError("tables hold finite float64 numbers")
        if len(self.classes) == 2 and any(table[0].any() for table in tables):
            raise ValueError("with two classes the first one's score is 0")

    def _pair_shape(self, q: int, r: int) -> tuple[int, int, int]:
        return len(self.classes), self.singles[q].shape[1], self.singles[r].shape[1]

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of codes of each question."""
        return tuple(table.shape[1] for table in self.singles)

    def scores(self, codes: AnyCodes) -> Floats:
        """Log-odds (n, K) of codes (n, Q); a code beyond a table raises IndexError."""
        rows = np.atleast_2d(codes)
        if len(rows) <= FEW_ROWS:
            return self._laid.sums(rows)[:, 0] + self.base
        total = np.repeat(self.base[:, None], len(rows), axis=1)
        for question, table in enumerate(self.singles):
            total += table[:, rows[:, question]]
        for (q, r), table in self.pairs.items():
            total += table[:, rows[:, q], rows[:, r]]
        return np.ascontiguousarray(total.T)

    @cached_property
    def _laid(self) -> Laid:
        singles = [Entry(0, (q,), table) for q, table in enumerate(self.singles)]
        return Laid(self.sizes, [*singles, *(Entry(0, pair, table) for pair, table in self.pairs.items())])

    def probabilities(self, codes: AnyCodes) -> Floats:
        """Shares (n, K) that sum to 1."""
        scores = self.scores(codes)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: Floats = powers / powers.sum(axis=1, keepdims=True)
        return shares


def shapley(tables: ScoreTables, background: AnyCodes) -> "Explainer":
    """The explainer of a score against background rows (m, Q), m at least 1."""
    return Explainer(tables, background)


class Explainer:
    """Exact interventional Shapley values in closed form.

    phi_q = T_q(x_q) - E T_q(b_q)
            + 1/2 sum over r of [P(x_q, x_r) - E P(b_q, x_r) + E P(x_q, b_r) - E P(b_q, b_r)]

    with base c + sum of E T_q(b_q) + sum of E P(b_q, b_r); E is the mean over the background rows b.
    A pair's effect beyond its two questions is split in halves, as Shapley's rule says. Every bracket depends
    on two codes only and is laid down once, so that a value is one addition per question and per pair.
    """

    def __init__(self, tables: ScoreTables, background: AnyCodes) -> None:
        if background.ndim != 2 or len(background) < 1 or background.shape[1] != len(tables.singles):
            raise ValueError("the background is at least one row with a code per question")
        self.tables = tables
        self.base: Floats = tables.scores(background).mean(axis=0)
        entries = [
            Entry(
                question, (question,), table - table[:, background[:, question]].mean(axis=1, keepdims=True)
            )
            for question, table in enumerate(tables.singles)
        ]
        self._background = background
        for pair, table in tables.pairs.items():
            to_first, to_second = _halves(table, background[:, pair[0]], background[:, pair[1]])
            entries += [Entry(pair[0], pair, to_first), Entry(pair[1], pair, to_second)]
        self._laid = Laid(tables.sizes, entries)

    def contributions(self, codes: AnyCodes) -> tuple[Floats, Floats]:
        """Contributions (K, Q) of one case and the base value (K,); together they make its score."""
        return self._laid.sums(codes[None, :])[0].T, self.base.copy()

    def contributions_many(self, codes: AnyCodes) -> Floats:
        """Contributions (n, K, Q) of codes (n, Q)."""
        return np.ascontiguousarray(np.swapaxes(self._laid.sums(codes), 1, 2))

    def together(self, codes: AnyCodes) -> Floats:
        """What two questions add for one case beyond what each adds alone (K, Q, Q); 0 where no pair is.

        This is Shapley's interaction of the two; half of it stands in the contribution of either.
        """
        questions = len(self.tables.singles)
        found = np.zeros((len(self.tables.classes), questions, questions))
        if self.tables.pairs:
            first, second = np.array(list(self.tables.pairs)).T
            beyond = self._beyond.sums(codes[None, :])[0].T
            found[:, first, second] = found[:, second, first] = beyond
        return found

    @cached_property
    def _beyond(self) -> Laid:
        entries = []
        for place, ((q, r), table) in enumerate(self.tables.pairs.items()):
            known_q, known_r, neither = _means(table, self._background[:, q], self._background[:, r])
            entries.append(Entry(place, (q, r), table - known_q - known_r + neither))
        return Laid(self.tables.sizes, entries)


def _means(table: Floats, first: AnyCodes, second: AnyCodes) -> tuple[Floats, Floats, Floats]:
    """Means of a pair's table over the background: E P(x_q, b_r), E P(b_q, x_r) and E P(b_q, b_r)."""
    known_first = table[:, :, second].mean(axis=2)[:, :, None]
    known_second = table[:, first, :].mean(axis=1)[:, None, :]
    return known_first, known_second, table[:, first, second].mean(axis=1)[:, None, None]


def _halves(table: Floats, first: AnyCodes, second: AnyCodes) -> tuple[Floats, Floats]:
    """What a pair's table gives its first and its second question, for every pair of codes."""
    known_first, known_second, neither = _means(table, first, second)
    to_first = 0.5 * (table - known_second + known_first - neither)
    to_second = 0.5 * (table - known_first + known_second - neither)
    return to_first, to_second


def to_arrays(tables: ScoreTables) -> dict[str, Floats]:
    """The tables as named arrays for an .npz file: base, single_003, pair_003_007."""
    singles = {f"single_{question:03d}": table for question, table in enumerate(tables.singles)}
    pairs = {f"pair_{q:03d}_{r:03d}": table for (q, r), table in sorted(tables.pairs.items())}
    return {"base": tables.base, **singles, **pairs}


def from_arrays(classes: Sequence[str], arrays: Mapping[str, Floats]) -> ScoreTables:
    """Tables from `to_arrays`; raises ValueError or KeyError when the names or shapes do not fit."""
    singles = sorted(name for name in arrays if name.startswith("single_"))
    pairs = sorted(name for name in arrays if name.startswith("pair_"))
    if len(arrays) != 1 + len(singles) + len(pairs):
        raise ValueError("an array is neither base, single nor pair")
    return ScoreTables(
        tuple(classes),
        arrays["base"],
        tuple(arrays[f"single_{question:03d}"] for question in range(len(singles))),
        {(int(name[5:8]), int(name[9:12])): arrays[name] for name in pairs},
    )
