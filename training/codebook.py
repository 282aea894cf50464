"""Fitting a codebook: which codes a question gets, from the cases that are learned from.

Ordered so that a split on codes can say what a split on categories would, and merged so that no cell of a
table rests on few citizens.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from models.coding import Codebook
from models.declaration import Kind, Question
from models.question_codes import MAX_COMBINATIONS
from models.support import RARE
from training.labelled import Labelled

MOST_BINS = 24


def fit_codebook(known: Labelled, rare: int = RARE, used: Collection[str] | None = None) -> Codebook:
    """A codebook from the labelled cases for the learned questions of the area, or those of them used."""
    orders = {
        question.name: _order(question, known, rare)
        for question in known.area.learned
        if used is None or question.name in used
    }
    return Codebook.build(known.area, orders)


def _order(question: Question, known: Labelled, rare: int) -> list[Any]:
    if question.kind is Kind.SCALE:
        return neighbours_joined(question.code_values, _answers(known, question), rare)
    if question.kind is Kind.CHOICE:
        return _by_level(known, question, rare)
    if question.kind is Kind.SET:
        return _by_level(known, question, rare)[: MAX_COMBINATIONS - 1]
    return _edges(_numbers(known, question), rare)


def _answers(known: Labelled, question: Question) -> Counter[Any]:
    """How many cases have each answer."""
    counts: Counter[Any] = Counter()
    column = known.columns.answers(question.name)
    for answer, count in zip(
        column.values, np.bincount(column.places, minlength=len(column.values)), strict=True
    ):
        counts[answer] += int(count)
    return +counts


def neighbours_joined(scale: Sequence[str], counts: Mapping[Any, int], rare: int) -> list[tuple[str, ...]]:
    """The answers of a scale in groups of at least `rare` cases, the rarest joined to its rarer neighbour.

    An answer that nobody has is in no group: nothing was learned of it. With fewer cases in all, no group.
    """
    groups: list[tuple[str, ...]] = [(answer,) for answer in scale if counts[answer]]
    size = {group: counts[group[0]] for group in groups}
    while len(groups) > 1 and min(size[group] for group in groups) < rare:
        at = min(range(len(groups)), key=lambda place: size[groups[place]])
        beside = [place for place in (at - 1, at + 1) if 0 <= place < len(groups)]
        first, second = sorted((at, min(beside, key=lambda place: size[groups[place]])))
        joined = groups[first] + groups[second]
        size[joined] = size[groups[first]] + size[groups[second]]
        groups[first : second + 1] = [joined]
    return [group for group in groups if size[group] >= rare]


def _by_level(known: Labelled, question: Question, rare: int) -> list[Any]:
    """The answers with enough cases, by the mean level of their cases; equals by name."""
    cases: Counter[Any] = Counter()
    sums: Counter[Any] = Counter()
    column, levels = known.columns.answers(question.name), len(known.area.levels)
    for answer, counts in zip(column.values, column.counts_by(known.level, levels).tolist(), strict=True):
        if answer is not None:
            cases[answer] += sum(counts)
            sums[answer] += sum(level * count for level, count in enumerate(counts))
    enough = {answer: sums[answer] / count for answer, count in cases.items() if count and count >= rare}
    return sorted(enough, key=lambda answer: (enough[answer], _name(answer)))


def _name(answer: Any) -> str:
    return "+".join(sorted(answer)) if isinstance(answer, frozenset) else str(answer)


def _numbers(known: Labelled, question: Question) -> Counter[float]:
    """How many cases have each number; of a date, the days after receipt."""
    numbers: Counter[float] = Counter()
    if question.kind is not Kind.DATE:
        for answer, count in _answers(known, question).items():
            if isinstance(answer, int | float):
                numbers[float(answer)] += count
        return numbers
    answers, days = known.columns.answers(question.name), known.columns.about("received_on")
    first, which = known.columns.alike_in((answers, days))
    pairs = zip(
        answers.rows(first).listed(), days.rows(first).listed(), np.bincount(which).tolist(), strict=True
    )
    for answer, day, count in pairs:
        if isinstance(answer, date) and day is not None:
            numbers[float((answer - day).days)] += count
    return numbers


def _edges(numbers: Counter[float], rare: int) -> list[float]:
    """Edges between bins of at least `rare` cases; an edge is the next bin's first value."""
    smallest = max(rare, int(np.ceil(numbers.total() / MOST_BINS)))
    counts = sorted(numbers.items())
    edges: list[float] = []
    inside, left = 0, numbers.total()
    for number, count in counts:
        if inside >= smallest and left >= smallest:
            edges.append(number)
            inside = 0
        inside += count
        left -= count
    return edges
