"""The cases a model may learn from, in order of decision, how much each weighs, and why the others do not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from models.answers import FactValue
from models.coding import Codebook, Codes
from models.declaration import Area
from models.export_head import PRACTICE
from models.facts import values
from models.instants import local_date
from models.labels import OLDER_PRACTICE, USUAL, Label, LabelRules, label_of
from models.record import DecidedCase

Levels = NDArray[np.int64]
Weights = NDArray[np.float64]
INVENTED = "invented"
NOT_BY_A_PERSON = ("legacy_robot", "unknown")


def _no_weights() -> Weights:
    return np.ones(0)


@dataclass(frozen=True)
class Labelled:
    """Cases with a human label each; `level` is the place of the label among the area's levels.

    `weight` says how much of a case each is, above 0 and at most 1; without it every one is a whole case.
    """

    area: Area
    cases: tuple[DecidedCase, ...]
    level: Levels
    weight: Weights = field(default_factory=_no_weights)

    def __post_init__(self) -> None:
        if len(self.weight) != len(self.cases):
            object.__setattr__(self, "weight", np.ones(len(self.cases)))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.cases)

    def values(self) -> list[dict[str, FactValue | None]]:
        """What a calculation may use of each case."""
        return [values(case.facts) for case in self.cases]

    def column(self, name: str) -> list[FactValue | None]:
        """What a calculation may use of each case's answer to one question."""
        return [case.facts[name].known for case in self.cases]

    def codes(self, book: Codebook) -> Codes:
        """The cases as codes, one row each."""
        return book.encode_columns(self.column, self.received_on())

    def received_on(self) -> list[date | None]:
        """The day each plan arrived."""
        return [case.received_on for case in self.cases]

    def days(self) -> tuple[date, date]:
        """The first and the last day of decision."""
        return local_date(self.cases[0].decided_at), local_date(self.cases[-1].decided_at)

    def between(self, start: datetime | None, end: datetime | None) -> "Labelled":
        """The cases decided from `start` on and before `end`."""
        return self.rows(
            [
                row
                for row, case in enumerate(self.cases)
                if (start is None or case.decided_at >= start) and (end is None or case.decided_at < end)
            ]
        )

    def rows(self, kept: Sequence[int]) -> "Labelled":
        """Some of the cases, by their places."""
        place = np.array(kept, dtype=np.int64)
        return Labelled(
            self.area, tuple(self.cases[row] for row in kept), self.level[place], self.weight[place]
        )

    def whole_cases(self) -> float:
        """How many whole cases the weighted ones tell as much as: (Σw)² / Σw²; 0 of none."""
        squares = float((self.weight**2).sum())
        return float(self.weight.sum()) ** 2 / squares if squares else 0.0


def rules_of(
    area: Area, cases: Sequence[DecidedCase], rules: LabelRules | None = None, told: date | None = None
) -> LabelRules:
    """The rules with the newest change of practice: theirs, the one told, the area's up to the last case."""
    rules = rules or USUAL
    if not cases:
        return rules
    declared = area.changed_by(max(local_date(case.decided_at) for case in cases))
    days = [day for day in (rules.changed_on, told, declared and declared.on) if day]
    return LabelRules(rules.half_life_days, max(days, default=None))


def labelled(
    area: Area, cases: tuple[DecidedCase, ...], rules: LabelRules | None = None
) -> tuple[Labelled, Mapping[str, int]]:
    """The cases that teach a level, in the given order, and how many cases each rule decided on.

    Age counts from the newest of the cases. A label of an older practice weighs nothing and is left out, and
    so is an invented case of the phase of practice among cases of people.
    """
    rules = rules_of(area, cases, rules)
    newest = max((local_date(case.decided_at) for case in cases), default=date.min)
    real = any(case.phase not in (None, PRACTICE) for case in cases)
    counts: Counter[str] = Counter()
    kept, levels, weights = [], [], []
    for case in cases:
        label = Label(None, INVENTED) if real and case.phase == PRACTICE else label_of(case)
        weight = 0.0 if label.level is None else rules.weight(case, newest)
        counts[OLDER_PRACTICE if label.level is not None and not weight else label.rule] += 1
        if label.level is not None and weight:
            kept.append(case)
            levels.append(area.level_codes.index(label.level))
            weights.append(weight)
    known = Labelled(area, tuple(kept), np.array(levels, dtype=np.int64), np.array(weights, dtype=np.float64))
    return known, dict(sorted(counts.items()))


def control_arm(area: Area, cases: tuple[DecidedCase, ...]) -> Labelled:
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
