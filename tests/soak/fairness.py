"""The fairness suite's power and false alarms, on many more invented panels than the tests have time for."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from fairlearn.metrics import MetricFrame, selection_rate
from scipy.stats import kstest

from models.audit import UNAVAILABLE
from models.declaration import Area
from models.promotion import FAILED, PASSED, status_of, verdict
from tests.panels import HONEST, beside, only, panel, record, three_levels
from tests.soak.figures import Figure, share_of
from training.fairness.explored import map_axes
from training.fairness.telling import of_residuals, told_by

PANELS, PLANTED, DRAWS = 2000, 500, 999
SMALL, CROSSED, LACKING, TOLD = 500, 100, 100, 300
MANY_GROUPS = ("aldersgruppe", "distrikt")
"""Attributes with so many groups that ties hardly ever move a p-value."""


def measure(share: float) -> list[Figure]:
    """Power, false failures and the spread of p-values; then what may never be, on many panels."""
    fair, planted = share_of(PANELS, share, 200), share_of(PLANTED, share, 50)
    return [
        *_power(planted),
        *_by_chance(fair),
        _never_green(share_of(SMALL, share, 50)),
        _never_fine_without(share_of(LACKING, share, 20)),
        _as_fairlearn(share_of(CROSSED, share, 20)),
        *_told(share_of(TOLD, share, 100)),
    ]


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
    many = max(panels // 4, 50)
    given = [(seed, panel(seed)) for seed in range(many)]
    refused = sum(
        verdict(record(each, draws=199, seed=seed, of=beside(each, seed)), HONEST).status == FAILED
        for seed, each in given
    )
    yield Figure(
        "fair versions as good as the one in use refused", "", f"{many} panels", f"{refused / many:.1%}",
        "at most 5 %", refused <= 0.05 * many,
    )  # fmt: skip
    for name in MANY_GROUPS:
        p_values = [axis["p"] for each in told for axis in each["axes"] if axis["name"] == name]
        fit = float(kstest(p_values, "uniform").pvalue)
        yield Figure(
            f"p-values of fair panels, {name}", "", f"{panels} panels", f"Kolmogorov-Smirnov p = {fit:.2f}",
            "uniform (p > 0.001)", fit > 0.001,
        )  # fmt: skip


def _never_green(panels: int) -> Figure:
    """A group of 1 to 19, fair or not, in panels large enough for all others to be shown alike."""
    green = 0
    for seed in range(panels):
        n, shift = 1 + seed % 19, (0.0, 0.25, 1.0)[seed % 3]
        told = record(only(panel(seed, n=2000, shift=shift), "koen", "mand", n), seed=seed)
        axis = next(each for each in told["axes"] if each["name"] == "koen")
        group = next(each for each in axis["groups"] if each["code"] == "mand")
        green += status_of(axis, group) != "for_faa" or verdict(told, HONEST).status == PASSED
    return Figure(
        "a group of under 20 called anything but too small", "", f"{panels} panels", f"{green} times",
        "never", green == 0,
    )  # fmt: skip


def _never_fine_without(panels: int) -> Figure:
    """Each protected attribute missing from the vault without a reason, one after the other."""
    fine = tried = 0
    for seed in range(panels):
        given = panel(seed)
        for name in given.attributes:
            blank = {**given.attributes, name: np.full(len(given), "")}
            told = record(replace(given, attributes=blank), seed=seed)
            status = next(each["status"] for each in told["axes"] if each["name"] == name)
            fine += status != UNAVAILABLE or verdict(told, HONEST).status != FAILED
            tried += 1
    return Figure(
        "a missing attribute called anything but not available", "", f"{tried} panels", f"{fine} times",
        "never", fine == 0,
    )  # fmt: skip


def _as_fairlearn(panels: int) -> Figure:
    """The largest distance from Fairlearn's rates of each level against all others."""
    apart = 0.0
    for seed in range(panels):
        given = panel(seed, area=three_levels())
        for axis in record(given, seed=seed)["axes"]:
            groups = [each for each in axis["groups"] if each["levels"]]
            for place in range(3 if groups else 0):
                chosen = (given.suggested == place).astype(int)
                frame = MetricFrame(
                    metrics=selection_rate, y_true=chosen, y_pred=chosen,
                    sensitive_features=given.attributes[axis["name"]],
                ).by_group  # fmt: skip
                rates = (abs(each["levels"]["S"][place] - frame[each["code"]]) for each in groups)
                apart = max(apart, *rates)
    return Figure(
        "rates of each level beside Fairlearn's", "", f"{panels} panels", f"at most {apart:.0e} apart",
        "at most 1e-12", apart <= 1e-12,
    )  # fmt: skip


def _told(panels: int) -> Iterator[Figure]:
    """What a suggestion misses tells a group where a shift is planted, and by chance as often as said."""
    fair, planted = (
        [_p_of_residuals(panel(seed, shift=shift), seed) for seed in range(panels)] for shift in (0.0, 0.25)
    )
    said = [p for each in fair for p in each.values()]
    often = float(np.mean(np.array(said) <= 0.05))
    yield Figure(
        "groups told by fair suggestions' residuals", "", f"{len(said)} attributes", f"{often:.1%} at p 0.05",
        "at most 7 %", often <= 0.07,
    )  # fmt: skip
    found = float(np.mean([each["koen"] <= 0.05 for each in planted]))
    yield Figure(
        "a planted shift of 0.25 level told by residuals", "", f"{panels} panels", f"{found:.1%}",
        "at least 2 in 3", found >= 2 / 3,
    )  # fmt: skip


def _p_of_residuals(given: Any, seed: int) -> dict[str, float]:
    values = of_residuals(given.judged, given.shares)
    told = told_by(values, map_axes(given), given.stratum, np.random.default_rng([seed, 7]))
    return {each["axis"]: each["p"] for each in told}
