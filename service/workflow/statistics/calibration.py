"""Calibration in use: when so many of ten similar cases had a level, how often was that level decided?

Cases are put in bins by the share of the similar cases shown that had the most common level, to the nearest
tenth. A bin is told from 20 cases on. Once practice follows the evidence, this confirms itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor

from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.shares import HIDDEN, Share, share_of, whole_percent

LEAST_IN_BIN = 20
TENTHS = 10


@dataclass(frozen=True)
class Bin:
    """The cases in which the basis showed about `tenths` of ten; `shown` is the mean share in whole percent.

    `decided`: that level was decided. `completed`: of those whose course has ended, it was completed.
    """

    tenths: int
    shown: int
    decided: Share
    completed: Share


def tenths_of(support: float) -> int:
    """A share of one to the nearest tenth, half rounded up. Outside 0 to 1 it raises ValueError."""
    if not 0 <= support <= 1:
        raise ValueError(f"{support} is no share")
    return floor(round(support * TENTHS, 9) + 0.5)


def calibration(
    compared: Mapping[int, Sequence[DecidedRow] | None], ended: Mapping[int, Sequence[DecidedRow] | None]
) -> tuple[Bin, ...]:
    """The bins with cases enough, by tenths; a bin that is hidden or too small is left out.

    `compared` holds the cases of each bin, `ended` those of them with a known outcome.
    """
    return tuple(
        Bin(
            tenths=tenths,
            shown=whole_percent(sum(row.support or 0.0 for row in cases) / len(cases)),
            decided=share_of(cases, lambda row: row.choice == row.reference),
            completed=_enough(ended.get(tenths)),
        )
        for tenths, cases in sorted(compared.items())
        if cases is not None and len(cases) >= LEAST_IN_BIN
    )


def _enough(ended: Sequence[DecidedRow] | None) -> Share:
    if ended is None or len(ended) < LEAST_IN_BIN:
        return HIDDEN
    return share_of(ended, lambda row: row.completed is True)
