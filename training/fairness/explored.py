"""Everything else that may differ between groups: looked at, told with its uncertainty, never a test.

A gap is taken within strata of need, as in the primary family, and told with its 90 % interval and the gap
that would have been found.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from models.audit import FEWEST
from models.recognisable import FEWEST as FEWEST_TOLD
from training.chance import Indexes, Numbers
from training.fairness.measures import Measure
from training.fairness.panel import Panel
from training.fairness.primary import Axis, axis_of
from training.fairness.quality import rounded
from training.fairness.stratified import Gaps, gaps, shrunk


def explored(panel: Panel, measures: Iterable[Measure]) -> list[dict[str, Any]]:
    """Each measure by each attribute and by sex and age together; groups under 20 are only counted."""
    axes = [axis for axis in map_axes(panel) if axis.codes]
    return [
        {
            "code": each.code, "about": each.about, "label": each.label,
            "n": int(np.isfinite(each.values).sum()),
            "by": [
                told
                for axis in axes
                if each.axis in ("", axis.question.name) and (told := _by_axis(panel, each.values, axis))
            ],
        }
        for each in measures
    ]  # fmt: skip


def map_axes(panel: Panel) -> list[Axis]:
    """The axes of every protected attribute."""
    return [axis_of(panel, question) for question in panel.area.kept_apart]


def _by_axis(panel: Panel, values: Numbers, axis: Axis) -> dict[str, Any] | None:
    known = np.isfinite(values)
    if not known.any():
        return None
    members, kept = axis.members[known], values[known]
    counts = members.sum(axis=0)
    large = np.flatnonzero(counts >= FEWEST)
    stratum = np.unique(panel.stratum[known], return_inverse=True)[1]
    found = gaps(kept, members[:, large], stratum)
    groups = []
    for column, code in enumerate(axis.codes):
        told: dict[str, Any] = {
            "code": code, "label": axis.question.code_label(code), "n": int(counts[column]), "mean": None,
            "gap": None,
        }  # fmt: skip
        if counts[column] >= FEWEST:
            at = int(np.searchsorted(large, column))
            told["mean"] = round(float(kept[members[:, column]].mean()), 4)
            told["gap"] = _told(found, at)
        groups.append(told)
    return {"name": axis.question.name, "label": axis.question.label, "groups": groups}


def intersections(panel: Panel, one: str, other: str) -> list[dict[str, Any]]:
    """Two attributes together: how much more often each pair of groups is suggested too low.

    Of fewer than five it is not even told how many there are.
    """
    first, second = (panel.attributes.get(name) for name in (one, other))
    if first is None or second is None:
        return []
    pairs = [
        (a, b, (first == a) & (second == b))
        for a in sorted(set(first.tolist()) - {""})
        for b in sorted(set(second.tolist()) - {""})
    ]
    told = _pooled(panel, [rows for *_, rows in pairs])
    return [
        {"groups": [a, b], "n": int(rows.sum()) if rows.sum() >= FEWEST_TOLD else None, "gap": gap}
        for (a, b, rows), gap in zip(pairs, told, strict=True)
        if rows.any()
    ]


def within_each_need(panel: Panel, one: str, other: str) -> dict[str, Any]:
    """Two attributes and need together: each pair of groups of one need, pulled towards none over all.

    Of what holds fewer than 20 it is only counted how many there are.
    """
    first, second = (panel.attributes.get(name) for name in (one, other))
    if first is None or second is None:
        return {"cells": [], "too_small": 0}
    found, cells, small = [], [], 0
    for need in range(int(panel.stratum.max(initial=-1)) + 1):
        here = np.flatnonzero(panel.stratum == need)
        pairs = list(zip(first[here].tolist(), second[here].tolist(), strict=True))
        counts = Counter(pair for pair in pairs if all(pair))
        large = sorted(pair for pair, n in counts.items() if n >= FEWEST)
        small += len(counts) - len(large)
        if large:
            found.append(_gaps_in(panel, here, [[pair == cell for cell in large] for pair in pairs]))
            cells += [{"groups": list(c), "need": panel.needs[need], "n": counts[c]} for c in large]
    pulled = shrunk(_together(found)) if found else None
    return {
        "cells": [{**cell, "gap": pulled and _told(pulled, at)} for at, cell in enumerate(cells)],
        "too_small": small,
    }


def _gaps_in(panel: Panel, here: Indexes, members: list[list[bool]]) -> Gaps:
    """The gaps within one need, which no other need has a part in."""
    low = (panel.suggested[here] < panel.judged[here]).astype(np.float64)
    return gaps(low, np.array(members), np.zeros(len(here), dtype=np.int64))


def _together(found: list[Gaps]) -> Gaps:
    return Gaps(np.concatenate([each.gap for each in found]), np.concatenate([each.error for each in found]))


def _pooled(panel: Panel, cells: list[Any]) -> list[dict[str, float] | None]:
    """How much more often each cell of at least 20 is suggested too low, pooled; None of others."""
    large = [place for place, rows in enumerate(cells) if rows.sum() >= FEWEST]
    found: list[dict[str, float] | None] = [None] * len(cells)
    if large:
        low = (panel.suggested < panel.judged).astype(np.float64)
        members = np.stack([cells[place] for place in large], axis=1)
        pulled = shrunk(gaps(low, members, panel.stratum))
        for at, place in enumerate(large):
            found[place] = _told(pulled, at)
    return found


def _told(found: Gaps, at: int) -> dict[str, float] | None:
    """One gap with its interval and what could have been found; None where no stratum holds both."""
    names = ("gap", "low", "high", "detectable")
    numbers = {name: float(getattr(found, name)[at]) for name in names}
    return rounded(numbers) if np.isfinite(list(numbers.values())).all() else None
