"""With the same function and the same professional criteria, does the calculation go by age all the same?

Age is no input. What is not a criterion of the level may still carry it: each case of a younger group is
given the oldest group's values of just that, at its own rank within the same need, and the suggested level
is compared.
"""

from typing import Any

import numpy as np

from models.artifact import Artifact
from models.audit import FEWEST
from models.coding import Codes
from models.declaration import Kind
from training.chance import Indexes, Numbers
from training.fairness.panel import Panel
from training.fairness.primary import LARGE, Axis
from training.fairness.quality import rounded
from training.fairness.stratified import Z90, within
from training.fairness.swaps import swapped


def by_age(
    artifact: Artifact, codes: Codes, panel: Panel, axes: list[Axis], rng: np.random.Generator
) -> list[dict[str, Any]]:
    """How far the suggested level of each younger group moves (in levels, 90 %), made as old as the oldest.

    Told of every ordered attribute that everybody has, for groups of at least 20.
    """
    return [
        told
        for axis in axes
        if axis.question.name in LARGE and axis.question.kind is Kind.SCALE
        for column in axis.large[:-1]
        if (told := _made_older(artifact, codes, panel, axis, column, rng))
    ]


def _made_older(
    artifact: Artifact, codes: Codes, panel: Panel, axis: Axis, column: int, rng: np.random.Generator
) -> dict[str, Any] | None:
    oldest = axis.large[-1]
    young, old = axis.members[:, column], axis.members[:, oldest]
    alike = np.isin(panel.stratum, panel.stratum[old])
    both = np.flatnonzero((young | old) & alike)
    mine = young[both]
    if mine.sum() < FEWEST:
        return None
    own, stratum = codes[both], panel.stratum[both]
    before = _said(artifact, own)
    carried = _not_criteria(artifact, panel)
    moved = (_said(artifact, _swapped(own, mine, stratum, carried, rng)) - before)[mine]
    error = _error(artifact, own, mine, stratum, carried, rng)
    gap = float(moved.mean())
    return {
        "axis": axis.question.name, "label": axis.question.label, "n": int(mine.sum()),
        "from": axis.codes[column], "from_label": axis.question.code_label(axis.codes[column]),
        "to": axis.codes[oldest], "to_label": axis.question.code_label(axis.codes[oldest]),
        **rounded({"gap": gap, "low": gap - Z90 * error, "high": gap + Z90 * error}),
    }  # fmt: skip


def _not_criteria(artifact: Artifact, panel: Panel) -> list[int]:
    criteria = {*panel.area.need, *panel.area.clinical}
    return [q for q, name in enumerate(artifact.codebook.names) if name not in criteria]


def _said(artifact: Artifact, codes: Codes) -> Numbers:
    """The level a case is expected at by the shares it is told, in levels from the lowest."""
    shares = artifact.uncertainty.shares(artifact.tables.scores(codes))
    return np.asarray(shares @ np.arange(shares.shape[1]))


def _swapped(
    codes: Codes, young: Any, stratum: Indexes, carried: list[int], rng: np.random.Generator
) -> Codes:
    changed = codes.copy()
    for q in carried:
        changed[:, q] = swapped(codes[:, q], young[:, None], stratum, rng)
    return changed


def _error(
    artifact: Artifact, codes: Codes, young: Any, stratum: Indexes, carried: list[int],
    rng: np.random.Generator,
) -> float:  # fmt: skip
    """How far two groups of these sizes would differ by chance: by how much those facts move one case."""
    mixed = codes.copy()
    mixed[:, carried] = codes[within(stratum, rng)][:, carried]
    spread = float((_said(artifact, mixed) - _said(artifact, codes)).std()) / np.sqrt(2)
    ones = int(young.sum())
    return float(spread * np.sqrt(1 / ones + 1 / max(len(young) - ones, 1)))
