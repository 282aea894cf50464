"""Fitting a codebook: which codes a question gets, from the cases that are learned from.

Ordered so that a split on codes can say what a split on categories would, and merged so that no cell of a
table rests on few citizens.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from models.answers import FactValue
from models.coding import Codebook
from models.declaration import Kind, Question
from models.question_codes import MAX_COMBINATIONS
from models.support import RARE
from training.labelled import Labelled

MOST_BINS = 24


def fit_codebook(known: Labelled, rare: int = RARE) -> Codebook:
    """A codebook for the learned questions of the area, from the labelled cases."""
    rows, days = known.values(), known.received_on()
    orders = {}
    for question in known.area.learned:
        answers = [row[question.name] for row in rows]
        orders[question.name] = _order(question, answers, days, known.level.tolist(), rare)
    return Codebook.build(known.area, orders)


def _order(
    question: Question,
    answers: Sequence[FactValue | None],
    received_on: Sequence[date | None],
    levels: Sequence[int],
    rare: int,
) -> list[Any]:
    if question.kind is Kind.SCALE:
        counts = Counter(answers)
        return [code for code in question.code_values if counts[code] >= rare]
    if question.kind is Kind.CHOICE:
        return _by_level(answers, levels, rare)
    if question.kind is Kind.SET:
        return _by_level(answers, levels, rare)[: MAX_COMBINATIONS - 1]
    return _edges(_numbers(answers, received_on), rare)


def _by_level(answers: Sequence[Any], levels: Sequence[int], rare: int) -> list[Any]:
    """The answers with enough cases, by the mean level of their cases; equals by name."""
    found: dict[Any, list[int]] = defaultdict(list)
    for answer, level in zip(answers, levels, strict=True):
        if answer is not None:
            found[answer].append(level)
    enough = {answer: sum(each) / len(each) for answer, each in found.items() if len(each) >= rare}
    return sorted(enough, key=lambda answer: (enough[answer], _name(answer)))


def _name(answer: Any) -> str:
    return "+".join(sorted(answer)) if isinstance(answer, frozenset) else str(answer)


def _numbers(answers: Sequence[Any], received_on: Sequence[date | None]) -> list[float]:
    numbers = []
    for answer, day in zip(answers, received_on, strict=True):
        if isinstance(answer, date) and day is not None:
            numbers.append(float((answer - day).days))
        elif isinstance(answer, int | float):
            numbers.append(float(answer))
    return sorted(numbers)


def _edges(numbers: list[float], rare: int) -> list[float]:
    """Edges between bins of at least `rare` cases; an edge is the next bin's first value."""
    smallest = max(rare, int(np.ceil(len(numbers) / MOST_BINS)))
    counts = sorted(Counter(numbers).items())
    edges: list[float] = []
    inside, left = 0, len(numbers)
    for number, count in counts:
        if inside >= smallest and left >= smallest:
            edges.append(number)
            inside = 0
        inside += count
        left -= count
    return edges
