"""Measures that need the model itself: how alike the similar cases are, and what explanations rest on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from models.artifact import Artifact
from models.coding import Codes
from models.evidence import Suggester
from models.stability import Stability
from models.tables import Floats
from training.chance import Indexes, Numbers
from training.dataset import Protected
from training.fairness.measures import Measure
from training.fairness.panel import Panel, attributes_of
from training.labelled import Labelled
from training.measures import evenly
from training.pulls import same_order, strongest_of
from training.train import reference_of

NEIGHBOURS = 20
QUERIES = 300
REFITTED_FOR = 1000
"""Of more cases so many are looked up in the refitted models, and QUERIES put to the version as a case is."""
BEYOND_CRITERIA = "Andel af forklaringen ud over de faglige kriterier"


def of_the_basis(
    artifact: Artifact,
    codes: Codes,
    panel: Panel,
    earlier: Labelled,
    vault: Protected,
    contributions: Floats,
    through: Iterable[Mapping[str, Any]],
) -> Iterator[Measure]:
    """Shares said, explanations and how firm they are, silence, and the nearest 20 among earlier cases.

    `contributions` (n, K, Q) are those of the cases; `through` names the best proxies of each attribute.
    """
    yield from _said_too_much(panel)
    yield from _resting_on(artifact, panel, contributions, through)
    yield from _firm(artifact, codes, contributions)
    yield Measure("tier", "S", "Versionen tier selv", _silent(artifact, panel, earlier))
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
                      f"Lignende sager fra egen gruppe: {question.label.lower()}", of_own,
                      question.name)  # fmt: skip


def _said_too_much(panel: Panel) -> Iterator[Measure]:
    """Calibration by level; of two levels the first is the mirror of the second."""
    for place, level in list(enumerate(panel.area.levels))[len(panel.area.levels) == 2 :]:
        label = f"Beregningens andel for {level.label.lower()} mod menneskers"
        yield Measure(f"tro_{level.code}", "S", label, panel.shares[:, place] - (panel.judged == place))


def _resting_on(
    artifact: Artifact, panel: Panel, contributions: Floats, through: Iterable[Mapping[str, Any]]
) -> Iterator[Measure]:
    """What part of a case's explanation lies beyond the criteria, and on the proxies of each attribute."""
    names = artifact.codebook.names
    pull = np.abs(contributions).sum(axis=1)
    total = pull.sum(axis=1)

    def share(columns: list[bool]) -> Numbers:
        found = pull[:, columns].sum(axis=1) / np.where(total > 0, total, 1.0)
        return np.where(total > 0, found, np.nan)

    criteria = {*panel.area.need, *panel.area.clinical}
    yield Measure("forklaring", "grundlag", BEYOND_CRITERIA, share([name not in criteria for name in names]))
    rows = list(through)
    for question in panel.area.kept_apart:
        proxies = {each["name"] for each in rows if each["axis"] == question.name}
        if proxies:
            yield Measure(f"stedfortraedere_{question.name}", "grundlag",
                          f"Andel af forklaringen på de fem, der siger mest om {question.label.lower()}",
                          share([name in proxies for name in names]), question.name)  # fmt: skip


def _firm(artifact: Artifact, codes: Codes, contributions: Floats) -> Iterator[Measure]:
    """How often refitted models name the same strongest fact of a case, and rank those shown alike."""
    places = evenly(len(codes), REFITTED_FOR)
    stability = Stability(artifact.refitted, artifact.tables.classes, artifact.background)
    again = stability.contributions_many(codes[places])
    pulls = contributions[places, -1] - contributions[places, 0]
    top, order = np.full(len(codes), np.nan), np.full(len(codes), np.nan)
    for place, pull, others in zip(places, pulls, again[:, :, -1] - again[:, :, 0], strict=True):
        shown = strongest_of(pull)
        if not len(shown):
            continue
        top[place] = float((np.abs(others).argmax(axis=1) == shown[0]).mean())
        if len(shown) > 1:
            order[place] = float((1 + same_order(pull[shown], others[:, shown]).mean()) / 2)
    yield Measure("fast_stoerste", "grundlag", "Samme vigtigste oplysning, når modellen tilpasses igen", top)
    yield Measure("fast_orden", "grundlag", "Samme rækkefølge af de vigtigste, når modellen tilpasses igen",
                  order)  # fmt: skip


def _silent(artifact: Artifact, panel: Panel, earlier: Labelled) -> Numbers:
    """1 where the version itself has no answer to a case, 0 where it has: for at most 300 of them.

    Only earlier cases are its reference, for a case is never its own neighbour.
    """
    silent = np.full(len(panel), np.nan)
    if not len(earlier):
        return silent
    book, seed = artifact.codebook, artifact.manifest.seed
    reference = reference_of(book, earlier, earlier.codes(book), seed)
    suggester = Suggester(replace(artifact, reference=reference))
    places = evenly(len(panel), QUERIES)
    asked = Labelled(panel.area, [panel.cases[place] for place in places], panel.judged[places])
    for place, facts, day in zip(places, asked.values(), asked.received_on(), strict=True):
        answer = suggester.suggest(facts, own_level=None, received_on=day)
        silent[place] = float(bool(answer.abstained))
    return silent


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
    for place in map(int, evenly(len(codes), QUERIES)):
        distance = np.zeros(len(reference))
        for q in np.flatnonzero(weights):
            distance += weights[q] / weights.sum() * tables[q][codes[place, q]].take(reference[:, q])
        rows[place] = np.argsort(distance, kind="stable")[:NEIGHBOURS]
        likeness[place] = float(1 - distance[rows[place]].mean())
    return likeness, rows
