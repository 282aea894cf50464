"""The cases a model may learn from, in order of decision, how much each weighs, and why the others do not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from models.answers import FactValue
from models.case_columns import Cases, local_ordinal, microseconds
from models.coding import Codebook, Codes
from models.declaration import Area, Kind
from models.export_head import PRACTICE
from models.facts import values
from models.instants import local_date
from models.labels import OLDER_PRACTICE, TOLD_BY, USUAL, Label, LabelRules, label_of
from models.record import DecidedCase

Levels = NDArray[np.int64]
Weights = NDArray[np.float64]
INVENTED = "invented"
OF_PRACTICE, OF_PEOPLE = 1, 2
NOT_BY_A_PERSON = ("legacy_robot", "unknown")


def _no_weights() -> Weights:
    return np.ones(0)


@dataclass(frozen=True)
class Labelled:
    """Cases with a human label each; `level` is the place of the label among the area's levels.

    `weight` says how much of a case each is, above 0 and at most 1; without it every one is a whole case.
    """

    area: Area
    cases: Sequence[DecidedCase]
    level: Levels
    weight: Weights = field(default_factory=_no_weights)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cases", Cases.of(self.cases))
        if len(self.weight) != len(self.cases):
            object.__setattr__(self, "weight", np.ones(len(self.cases)))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.cases)

    @property
    def columns(self) -> Cases:
        """The cases in columns."""
        return Cases.of(self.cases)

    def values(self) -> list[dict[str, FactValue | None]]:
        """What a calculation may use of each case."""
        return [values(case.facts) for case in self.cases]

    def column(self, name: str) -> list[FactValue | None]:
        """What a calculation may use of each case's answer to one question."""
        return self.columns.answers(name).listed()

    def codes(self, book: Codebook) -> Codes:
        """The cases as codes, one row each; each different answer is coded once."""
        codes = np.zeros((len(self), len(book.names)), dtype=np.uint8)
        days = self.columns.about("received_on")
        for place, name in enumerate(book.names):
            answers = self.columns.answers(name)
            if book.coding(name).question.kind is Kind.DATE:
                first, which = self.columns.alike_in((answers, days))
                told, on = answers.rows(first).listed(), days.rows(first).listed()
            else:
                which, told = answers.places.astype(np.int64), list(answers.values)
                on = [None] * len(told)
            codes[:, place] = book.codes_of(name, told, on)[which]
        return codes

    def received_on(self) -> list[date | None]:
        """The day each plan arrived."""
        return self.columns.about("received_on").listed()

    def days(self) -> tuple[date, date]:
        """The first and the last day of decision."""
        return local_date(self.cases[0].decided_at), local_date(self.cases[-1].decided_at)

    def between(self, start: datetime | None, end: datetime | None) -> "Labelled":
        """The cases decided from `start` on and before `end`."""
        at = self.columns.instants()
        kept = np.ones(len(self), dtype=np.bool_)
        if start is not None:
            kept &= at >= microseconds(start)
        if end is not None:
            kept &= at < microseconds(end)
        return self.rows(np.flatnonzero(kept))

    def rows(self, kept: Sequence[int] | NDArray[np.int64]) -> "Labelled":
        """Some of the cases, by their places."""
        place = np.asarray(kept, dtype=np.int64)
        return Labelled(self.area, self.columns.rows(place), self.level[place], self.weight[place])

    def whole_cases(self) -> float:
        """How many whole cases the weighted ones tell as much as."""
        return whole_cases(self.weight)


def whole_cases(weight: Weights) -> float:
    """How many whole cases so weighted ones tell as much as: (Σw)² / Σw²; 0 of none."""
    squares = float((weight**2).sum())
    return float(weight.sum()) ** 2 / squares if squares else 0.0


def rules_of(
    area: Area, cases: Sequence[DecidedCase], rules: LabelRules | None = None, told: date | None = None
) -> LabelRules:
    """The rules with the newest change of practice: theirs, the one told, the area's up to the last case."""
    rules = rules or USUAL
    if not cases:
        return rules
    declared = area.changed_by(newest_of(Cases.of(cases)))
    days = [day for day in (rules.changed_on, told, declared and declared.on) if day]
    return LabelRules(rules.half_life_days, max(days, default=None))


def newest_of(cases: Cases) -> date:
    """The day of the last decision; the first of all days when there is none."""
    at = cases.instants()
    return local_date(cases[int(at.argmax())].decided_at) if len(at) else date.min


def labelled(
    area: Area, cases: Sequence[DecidedCase], rules: LabelRules | None = None
) -> tuple[Labelled, Mapping[str, int]]:
    """The cases that teach a level, in the given order, and how many cases each rule decided on.

    Age counts from the newest of the cases. A label of an older practice weighs nothing and is left out, and
    so is an invented case of the phase of practice among cases of people.
    """
    every = Cases.of(cases)
    rules = rules_of(area, every, rules)
    phase = every.about("phase").numbers(_phase)
    real = bool((phase == OF_PEOPLE).any())
    first, which = every.alike_in(map(every.about, TOLD_BY))
    labels = [
        Label(None, INVENTED) if real and phase[row] == OF_PRACTICE else label_of(every[int(row)])
        for row in first
    ]
    places = [-1 if label.level is None else area.level_codes.index(label.level) for label in labels]
    level = np.array(places, dtype=np.int64)[which]
    weight = _weights(every, rules)
    older = (level >= 0) & (weight == 0)
    counts = Counter({OLDER_PRACTICE: int(older.sum())})
    for label, count in zip(labels, np.bincount(which[~older], minlength=len(labels)).tolist(), strict=True):
        counts[label.rule] += count
    kept = np.flatnonzero((level >= 0) & (weight > 0))
    known = Labelled(area, every.rows(kept), level[kept], weight[kept])
    return known, dict(sorted((+counts).items()))


def _phase(phase: str | None) -> int:
    return 0 if phase is None else OF_PRACTICE if phase == PRACTICE else OF_PEOPLE


def _weights(cases: Cases, rules: LabelRules) -> Weights:
    """What a label of each case weighs: the same for all of one day and one origin."""
    judged, decided = (cases.about(name).numbers(local_ordinal) for name in ("judged_at", "decided_at"))
    origin = cases.about("origin")
    cells = np.where(judged > 0, judged, decided) * max(len(origin.values), 1) + origin.places
    _, first, which = np.unique(cells, return_index=True, return_inverse=True)
    newest = newest_of(cases)
    found = [rules.weight(cases[int(row)], newest) for row in first]
    return np.array(found, dtype=np.float64)[which]


def control_arm(area: Area, cases: Sequence[DecidedCase]) -> Labelled:
    """Human judgements made without evidence by design: for evaluation, never for training."""
    kept = [
        case
        for case in cases
        if case.arm == "control"
        and case.label_source not in NOT_BY_A_PERSON
        and not case.own_corrected_after_evidence
        and case.own_level in area.level_codes
    ]
    levels = [area.level_codes.index(str(case.own_level)) for case in kept]
    return Labelled(area, tuple(kept), np.array(levels, dtype=np.int64))
