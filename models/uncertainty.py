"""How far a score can be trusted: shares held against later cases, and which levels are still plausible.

Three small tables per level, all made at training from cases decided after the ones learned from:
a monotone curve from the score to a share (Platt's two numbers, or isotonic steps), the intervals of what was
decided at such a share, and the reach within which a level is plausible (split conformal, level by level).
Contributions stay in log-odds of the score as it is; nothing here touches them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models.tables import Floats

Rows = npt.NDArray[np.bool_]
NONE, PLATT, ISOTONIC = "none", "platt", "isotonic"
EVERYONE = 1.0
"""A reach so long that the level is always plausible: too few cases to say otherwise."""


@dataclass(frozen=True)
class Platt:
    """A share as the logistic of slope times log-odds plus offset; the slope is positive."""

    slope: float
    offset: float

    def __post_init__(self) -> None:
        if not (np.isfinite([self.slope, self.offset]).all() and self.slope > 0):
            raise ValueError("Platt's slope is above 0, and both numbers are finite")

    def shares(self, log_odds: Floats) -> Floats:
        """The share at each log-odds."""
        return np.asarray(_logistic(self.slope * log_odds + self.offset))

    def to_json(self) -> dict[str, Any]:
        """The two numbers."""
        return {"slope": self.slope, "offset": self.offset}


@dataclass(frozen=True)
class Isotonic:
    """A share read from a table that never falls, straight between its points and level beyond them."""

    at: tuple[float, ...]
    share: tuple[float, ...]

    def __post_init__(self) -> None:
        at, share = np.array(self.at), np.array(self.share)
        if len(at) < 1 or at.shape != share.shape or not np.isfinite([at, share]).all():
            raise ValueError("an isotonic table has a finite share at each of its points")
        if (np.diff(at) <= 0).any() or (np.diff(share) < 0).any() or share[0] < 0 or share[-1] > 1:
            raise ValueError("an isotonic table rises, and its shares lie between 0 and 1")

    def shares(self, log_odds: Floats) -> Floats:
        """The share at each log-odds."""
        return np.interp(log_odds, self.at, self.share)

    def to_json(self) -> dict[str, Any]:
        """The points."""
        return {"at": list(self.at), "share": list(self.share)}


Curve = Platt | Isotonic


@dataclass(frozen=True)
class Seen:
    """Up to the share `upto` a level was given in `low` to `high` of the later cases (95 %), of `n`."""

    upto: float
    low: float
    high: float
    n: int

    def __post_init__(self) -> None:
        if not (0 <= self.low <= self.high <= 1 and 0 <= self.upto <= 1 and self.n > 0):
            raise ValueError("an interval of shares lies between 0 and 1 and rests on some cases")


@dataclass(frozen=True)
class Uncertainty:
    """What is known of a version's uncertainty; the empty one knows nothing and says nothing.

    Per level, in the area's order: `curves` (none of them: the score's own shares stand), `seen` in rising
    order of share, and `reach`. `nominal` is the share of cases whose level is to be among the plausible.
    """

    method: str = NONE
    curves: tuple[Curve, ...] = ()
    seen: tuple[tuple[Seen, ...], ...] = ()
    reach: tuple[float, ...] = ()
    nominal: float = 0.95

    def __post_init__(self) -> None:
        if self.method not in (NONE, PLATT, ISOTONIC) or bool(self.curves) == (self.method == NONE):
            raise ValueError(f"{self.method!r} does not fit {len(self.curves)} curves")
        if not all(0 <= reach <= 1 for reach in self.reach) or not 0 < self.nominal < 1:
            raise ValueError("a reach is a share, and so is what is nominal")
        for bins in self.seen:
            if not bins or [each.upto for each in bins] != sorted(each.upto for each in bins):
                raise ValueError("what was seen stands in rising order of share")

    def check_levels(self, count: int) -> None:
        """Raise ValueError when a table is of another number of levels."""
        for table in (self.curves, self.seen, self.reach):
            if table and len(table) != count:
                raise ValueError(f"{len(table)} tables do not fit {count} levels")

    def shares(self, scores: Floats) -> Floats:
        """Calibrated shares (n, K) of scores (n, K), each row summing to 1."""
        if not self.curves:
            return raw_shares(scores)
        odds = log_odds(scores)
        each = np.stack([curve.shares(odds[:, k]) for k, curve in enumerate(self.curves)], axis=1)
        total = each.sum(axis=1, keepdims=True)
        return np.where(total > 0, each / np.where(total > 0, total, 1.0), 1.0 / each.shape[1])

    def plausible(self, scores: Floats) -> Rows:
        """Whether each level is plausible (n, K): never none of them, and all of them where nothing is known.

        The level with the highest score is always among them, which can only add to the coverage.
        """
        if not self.reach:
            return np.ones(scores.shape, dtype=np.bool_)
        held = 1.0 - raw_shares(scores) <= np.array(self.reach)[None, :] + 1e-12
        held[np.arange(len(scores)), scores.argmax(axis=1)] = True
        return np.asarray(held)

    def interval(self, level: int, share: float) -> Seen | None:
        """What was seen at such a share of a level, or None where nothing was measured."""
        if not self.seen:
            return None
        bins = self.seen[level]
        return next((each for each in bins if share <= each.upto), bins[-1])

    def to_json(self) -> dict[str, Any]:
        """The tables as plain JSON."""
        return {
            "method": self.method,
            "curves": [curve.to_json() for curve in self.curves],
            "seen": [[vars(each) for each in bins] for bins in self.seen],
            "reach": list(self.reach),
            "nominal": self.nominal,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From `to_json`; raises KeyError, TypeError or ValueError when it is not one."""
        return cls(
            method=data["method"],
            curves=tuple(_curve(each) for each in data["curves"]),
            seen=tuple(tuple(Seen(**each) for each in bins) for bins in data["seen"]),
            reach=tuple(data["reach"]),
            nominal=data["nominal"],
        )


@dataclass(frozen=True)
class Frequency:
    """Between `low` and `high` of `of` later cases with such a share got a level; `n` were counted."""

    level: str
    low: int
    high: int
    of: int
    n: int


@dataclass(frozen=True)
class Doubt:
    """What is said of one case's uncertainty. `margin` lies between the two likeliest levels' shares."""

    frequencies: tuple[Frequency, ...] = ()
    plausible: tuple[str, ...] = ()
    margin: float = 1.0
    adjusted: bool = field(default=False)


def doubt_of(known: Uncertainty, levels: Sequence[str], scores: Floats, of: int) -> Doubt:
    """The uncertainty of one case from its scores (K,); nothing is said where nothing is known."""
    if not known.seen and not known.reach and not known.curves:
        return Doubt()
    shares = known.shares(scores[None, :])[0]
    plausible = known.plausible(scores[None, :])[0]
    ranked = np.sort(shares)
    return Doubt(
        frequencies=tuple(
            Frequency(level, floor(seen.low * of), -floor(-seen.high * of), of, seen.n)
            for k, level in enumerate(levels)
            if (seen := known.interval(k, float(shares[k]))) is not None
        ),
        plausible=tuple(level for level, held in zip(levels, plausible, strict=True) if held),
        margin=float(ranked[-1] - ranked[-2]),
        adjusted=bool(known.curves),
    )


def log_odds(scores: Floats) -> Floats:
    """Each level's log-odds against all the others (n, K), from scores (n, K)."""
    columns = []
    for level in range(scores.shape[1]):
        others = np.delete(scores, level, axis=1)
        top = others.max(axis=1)
        columns.append(scores[:, level] - top - np.log(np.exp(others - top[:, None]).sum(axis=1)))
    return np.stack(columns, axis=1)


def raw_shares(scores: Floats) -> Floats:
    """The score's own shares (n, K), each row summing to 1."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _curve(data: Mapping[str, Any]) -> Curve:
    if "slope" in data:
        return Platt(**data)
    return Isotonic(tuple(data["at"]), tuple(data["share"]))


def _logistic(value: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * value)))
