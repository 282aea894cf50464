"""The fairness suite's power and false alarms, on many more invented panels than the tests have time for."""

from collections.abc import Iterator
from typing import Any

from scipy.stats import kstest

from models.declaration import Area
from models.promotion import FAILED, verdict
from tests.panels import HONEST, panel, record, three_levels
from tests.soak.figures import Figure, share_of

PANELS, PLANTED, DRAWS = 2000, 500, 999
MANY_GROUPS = ("aldersgruppe", "distrikt")
"""Attributes with so many groups that ties hardly ever move a p-value."""


def measure(share: float) -> list[Figure]:
    """Power at a quarter of a level with groups of 300, false failures, and the spread of p-values."""
    fair, planted = share_of(PANELS, share, 200), share_of(PLANTED, share, 50)
    return [*_power(planted), *_by_chance(fair)]


def _power(panels: int) -> Iterator[Figure]:
    for levels, area in ((2, None), (3, three_levels())):
        refused = sum(_is_refused(seed, area) for seed in range(panels))
        yield Figure(
            f"a planted shift of 0.25 level in a group of 300, {levels} levels", "", f"{panels} panels",
            f"refused in {refused / panels:.1%}", "at least 90 %", refused >= 0.9 * panels,
        )  # fmt: skip


def _is_refused(seed: int, area: Area | None) -> bool:
    told = record(panel(seed, area=area, shift=0.25), draws=DRAWS, seed=seed)
    return any(each.code == "gruppe" for each in verdict(told, HONEST).findings)


def _by_chance(panels: int) -> Iterator[Figure]:
    told: list[dict[str, Any]] = [record(panel(seed), draws=DRAWS, seed=seed) for seed in range(panels)]
    failed = sum(verdict(each, HONEST).status == FAILED for each in told)
    yield Figure(
        "fair panels of 600 cases refused", "", f"{panels} panels", f"{failed / panels:.1%}", "at most 5 %",
        failed <= 0.05 * panels,
    )  # fmt: skip
    for name in MANY_GROUPS:
        p_values = [axis["p"] for each in told for axis in each["axes"] if axis["name"] == name]
        fit = float(kstest(p_values, "uniform").pvalue)
        yield Figure(
            f"p-values of fair panels, {name}", "", f"{panels} panels", f"Kolmogorov-Smirnov p = {fit:.2f}",
            "uniform (p > 0.001)", fit > 0.001,
        )  # fmt: skip
