"""Measures that need the model itself: how alike the similar cases are, and what explanations rest on."""

from collections.abc import Iterator

import numpy as np

from models.artifact import Artifact
from models.coding import Codes
from models.tables import shapley
from training.chance import Indexes, Numbers
from training.dataset import Protected
from training.fairness.measures import Measure
from training.fairness.panel import Panel, attributes_of
from training.labelled import Labelled

NEIGHBOURS = 20
QUERIES = 300
BEYOND_CRITERIA = "Andel af forklaringen ud over de faglige kriterier"


def of_the_basis(
    artifact: Artifact, codes: Codes, panel: Panel, earlier: Labelled, vault: Protected
) -> Iterator[Measure]:
    """Likeness of the nearest 20 among earlier cases, how many share one's group, and the explanation."""
    explainer = shapley(artifact.tables, artifact.background)
    pull = np.abs(explainer.contributions_many(codes)).sum(axis=1)
    criteria = {*panel.area.need, *panel.area.clinical}
    beyond = [name not in criteria for name in artifact.codebook.names]
    total = pull.sum(axis=1)
    share = np.where(total > 0, pull[:, beyond].sum(axis=1) / np.where(total > 0, total, 1.0), np.nan)
    yield Measure("forklaring", "grundlag", BEYOND_CRITERIA, share)
    likeness, rows = _nearest(artifact, codes, earlier)
    yield Measure("lighed", "grundlag", "Hvor meget de 20 nærmeste tidligere sager ligner", likeness)
    known = attributes_of(panel.area, earlier.cases, vault)
    for question in panel.area.kept_apart:
        own = panel.attributes[question.name]
        of_own = np.full(len(panel), np.nan)
        for place, found in rows.items():
            if own[place]:
                of_own[place] = float((known[question.name][found] == own[place]).mean())
        yield Measure(f"egen_gruppe_{question.name}", "grundlag",
                      f"Lignende sager fra egen gruppe: {question.label.lower()}", of_own)  # fmt: skip


def _nearest(artifact: Artifact, codes: Codes, earlier: Labelled) -> tuple[Numbers, dict[int, Indexes]]:
    """For at most 300 cases the mean likeness of the nearest earlier ones, and which these are."""
    book = artifact.codebook
    likeness = np.full(len(codes), np.nan)
    rows: dict[int, Indexes] = {}
    if not len(earlier):
        return likeness, rows
    reference = earlier.codes(book)
    weights = np.array([float(artifact.manifest.weights[name]) for name in book.names])
    tables = [book.distance_table(name) for name in book.names]
    for place in sorted({int(each) for each in np.linspace(0, len(codes) - 1, min(len(codes), QUERIES))}):
        distance = np.zeros(len(reference))
        for q in np.flatnonzero(weights):
            distance += weights[q] / weights.sum() * tables[q][codes[place, q]].take(reference[:, q])
        rows[place] = np.argsort(distance, kind="stable")[:NEIGHBOURS]
        likeness[place] = float(1 - distance[rows[place]].mean())
    return likeness, rows
