"""Two versions on the same cases, pair by pair: which gave what was judged, or decided, more.

Pure. `challenger` and `champion` are what each said of every level (n, K); `given` is the level that counts.
The interval is of the paired difference in the mean, two standard errors of a normal each way (95 %).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from models import drift
from models.declaration import Area
from models.tables import Floats
from service.workflow.statistics.suppression import may_show

Z95 = 1.959964
LEAST_SHARE = 1e-15
"""A share this small counts as this much: no logarithm of nothing."""
LOSS, AGREEMENT, CALIBRATION = "log-tab", "enighed", "kalibrering"
SILENT = "kan ikke siges endnu"


@dataclass(frozen=True)
class Both:
    """The cases of a comparison, row by row. `caseworkers` serve the rule of small groups alone."""

    caseworkers: Sequence[str]
    given: Any
    challenger: Floats
    champion: Floats

    def only(self, rows: Any) -> "Both":
        """Some of the cases, by a mask."""
        who = tuple(each for each, kept in zip(self.caseworkers, rows, strict=True) if kept)
        return Both(who, self.given[rows], self.challenger[rows], self.champion[rows])


@dataclass(frozen=True)
class Paired:
    """One measure of both versions; figures and count are None where they would tell too little or too much.

    `difference` is the challenger's less the champion's, from `low` to `high`. Log-loss is in nats a case,
    agreement a share, calibration the share judged less the share said (its interval is not paired: "").
    """

    against: str
    measure: str
    level: str
    cases: int | None = None
    challenger: float | None = None
    champion: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def words(self) -> str:
        """The measure as one reads it."""
        name = ", ".join(each for each in (self.against, self.measure, self.level) if each)
        if self.challenger is None or self.champion is None:
            return f"{name}: {SILENT}"
        told = f"{name}: {_told(self.challenger)} mod {_told(self.champion)} for den i brug"
        if self.difference is None or self.low is None or self.high is None:
            return f"{told} ({self.cases} sager)"
        return (
            f"{told}; forskel {_told(self.difference)} ({_told(self.low)} til {_told(self.high)},"
            f" {self.cases} sager)"
        )


def compare(against: str, area: Area, both: Both) -> tuple[Paired, ...]:
    """Every measure against one yardstick: all cases, and each level by itself."""
    return tuple(_measures(against, area, both))


def _measures(against: str, area: Area, both: Both) -> Iterator[Paired]:
    yield _paired(against, LOSS, "", both, loss(both.challenger, both.given), loss(both.champion, both.given))
    yield _paired(against, AGREEMENT, "", both, _hit(both.challenger, both), _hit(both.champion, both))
    by_level = [both.only(both.given == k) for k in range(len(area.level_codes))]
    # All levels or none: one that is held back could be found from the others and all cases.
    told = all(may_show(some.caseworkers, range(len(some.caseworkers))) for some in by_level)
    for code, some in zip(area.level_codes, by_level, strict=True):
        if not told:
            yield Paired(against, LOSS, area.level_label(code))
            continue
        yield _paired(
            against, LOSS, area.level_label(code), some, loss(some.challenger, some.given),
            loss(some.champion, some.given),
        )  # fmt: skip
    # The shares of all levels are one, so that of the first says nothing new.
    for k, code in enumerate(area.level_codes[1:], start=1):
        yield _calibration(against, area.level_label(code), both, k)


def loss(shares: Floats, given: Any) -> Floats:
    """The log-loss of each case, in nats."""
    found: Floats = -np.log(np.maximum(shares[np.arange(len(given)), given], LEAST_SHARE))
    return found


def paired_difference(challenger: Floats, champion: Floats) -> tuple[float, float, float]:
    """The mean difference of at least two pairs, and its interval of 95 %."""
    each = challenger - champion
    value, error = float(each.mean()), float(each.std(ddof=1)) / sqrt(len(each))
    return value, value - Z95 * error, value + Z95 * error


def _paired(
    against: str, measure: str, level: str, both: Both, challenger: Floats, champion: Floats
) -> Paired:
    if not _told_at_all(both):
        return Paired(against, measure, level)
    return Paired(
        against, measure, level, len(both.given), float(challenger.mean()), float(champion.mean()),
        *paired_difference(challenger, champion),
    )  # fmt: skip


def _calibration(against: str, level: str, both: Both, k: int) -> Paired:
    if not _told_at_all(both):
        return Paired(against, CALIBRATION, level)
    was = both.given == k
    gaps = (drift.calibration_gap(shares[:, k], was).value for shares in (both.challenger, both.champion))
    return Paired(against, CALIBRATION, level, len(both.given), *gaps)


def _hit(shares: Floats, both: Both) -> Floats:
    found: Floats = (shares.argmax(axis=1) == both.given).astype(float)
    return found


def _told_at_all(both: Both) -> bool:
    return len(both.given) >= drift.FEWEST and may_show(both.caseworkers, range(len(both.caseworkers)))


def _told(number: float) -> str:
    return f"{number:.3f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")
