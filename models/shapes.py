"""A model laid open: what each answer and each two answers do to the score, and how many cases lie behind.

Pulls are towards the highest level and away from the lowest, in log-odds beside the mean of the cases learned
from. All of them together, with the base, are the score: there is nothing else in the model.
"""

from dataclasses import dataclass

import numpy as np

from models.artifact import Artifact
from models.declaration import Question
from models.question_codes import Combined, Listed
from models.stability import STUDENT_90
from models.tables import Floats, Pair, ScoreTables

MOST_PAIRS = 12


@dataclass(frozen=True)
class Value:
    """What one answer pulls alone; `reach` is how far that may lie off (90 %), `cases` 0 when under 20."""

    label: str
    pull: float
    reach: float
    cases: int


@dataclass(frozen=True)
class Shape:
    """One question's own table. `merged` are answers with too few cases to stand alone.

    They count as not stated, or, where `merged_into` names it, as that. `joined` are neighbours of a scale
    that are one answer here, because one of them has too few cases.
    """

    question: Question
    values: tuple[Value, ...]
    merged: tuple[str, ...]
    merged_into: str
    joined: tuple[str, ...] = ()

    @property
    def size(self) -> float:
        """How much it pulls one way or the other, over the cases behind it; 0 when it says nothing."""
        return _weighted(np.array([abs(each.pull) for each in self.values]), [v.cases for v in self.values])


@dataclass(frozen=True)
class PairShape:
    """What two questions pull together beyond each alone; rows are the first one's answers.

    Answers that have no two with cases enough are left out.
    """

    first: Question
    second: Question
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    pulls: tuple[tuple[float, ...], ...]
    cases: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> float:
        """How much it pulls one way or the other, over the cases behind it."""
        return _weighted(np.abs(np.array(self.pulls)), self.cases)


def shapes_of(artifact: Artifact) -> tuple[Shape, ...]:
    """The single tables of a version, the one that pulls most first."""
    shapes = [_shape(artifact, place) for place in range(len(artifact.codebook.names))]
    return tuple(sorted(shapes, key=lambda each: -each.size))  # stable: equals stay in declared order


def pair_shapes_of(artifact: Artifact, most: int = MOST_PAIRS) -> tuple[PairShape, ...]:
    """The pair tables of a version, the one that pulls most first, at most so many."""
    found = sorted(
        (_pair_shape(artifact, pair) for pair in artifact.tables.pairs), key=lambda each: -each.size
    )
    return tuple(found[:most])


def _shape(artifact: Artifact, place: int) -> Shape:
    coding = artifact.codebook.codings[place]
    pulls, reaches = _between(artifact.tables, place), _reach(artifact, place)
    values = tuple(
        Value(label, float(pull), float(reach), cases)
        for label, pull, reach, cases in zip(
            coding.labels(), pulls, reaches, artifact.support.singles[place], strict=True
        )
    )
    if isinstance(coding, Listed):
        kept = {answer for group in coding.groups for answer in group}
        merged = tuple(code.label for code in coding.question.codes if code.code not in kept)
        several = zip(coding.labels()[1:], coding.groups, strict=True)
        return Shape(coding.question, values, merged, "", tuple(name for name, of in several if len(of) > 1))
    into = coding.labels()[-1] if isinstance(coding, Combined) and coding.other else ""
    return Shape(coding.question, values, (), into)


def _pair_shape(artifact: Artifact, pair: Pair) -> PairShape:
    """Answers without a value are left out of the picture; a table of zeros keeps all of them."""
    table = artifact.tables.pairs[pair]
    pulls, cases = table[-1] - table[0], np.array(artifact.support.pairs[pair])
    rows, columns = np.flatnonzero(cases.any(axis=1)), np.flatnonzero(cases.any(axis=0))
    kept = pulls[np.ix_(rows, columns)], cases[np.ix_(rows, columns)]
    first, second = (artifact.codebook.codings[each] for each in pair)
    return PairShape(
        first.question,
        second.question,
        tuple(first.labels()[code] for code in rows),
        tuple(second.labels()[code] for code in columns),
        tuple(map(tuple, kept[0].tolist())),
        tuple(map(tuple, kept[1].tolist())),
    )


def _between(tables: ScoreTables, place: int) -> Floats:
    table = tables.singles[place]
    return np.asarray(table[-1] - table[0])


def _reach(artifact: Artifact, place: int) -> Floats:
    levels = len(artifact.tables.classes)
    models = artifact.refitted.singles[place].reshape(-1, levels, artifact.tables.sizes[place])
    pulls = models[:, -1] - models[:, 0]
    return np.asarray(STUDENT_90[len(models) - 2] * pulls.std(axis=0, ddof=1))


def _weighted(sizes: Floats, cases: object) -> float:
    weights = np.array(cases, dtype=np.float64)
    return float((sizes * weights).sum() / weights.sum()) if weights.sum() else 0.0
