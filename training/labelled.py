"""The cases a model may learn from, in order of decision, and why the others teach nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from models.answers import FactValue
from models.declaration import Area
from models.facts import values
from models.instants import local_date
from models.labels import label_of
from models.record import DecidedCase

Levels = NDArray[np.int64]


@dataclass(frozen=True)
class Labelled:
    """Cases with a human label each; `level` is the place of the label among the area's levels."""

    area: Area
    cases: tuple[DecidedCase, ...]
    level: Levels

    def __len__(self) -> int:
        """How many there are."""
        return len(self.cases)

    def values(self) -> list[dict[str, FactValue | None]]:
        """What a calculation may use of each case."""
        return [values(case.facts) for case in self.cases]

    def received_on(self) -> list[date | None]:
        """The day each plan arrived."""
        return [case.received_on for case in self.cases]

    def days(self) -> tuple[date, date]:
        """The first and the last day of decision."""
        return local_date(self.cases[0].decided_at), local_date(self.cases[-1].decided_at)

    def between(self, start: datetime | None, end: datetime | None) -> "Labelled":
        """The cases decided from `start` on and before `end`."""
        kept = [
            row
            for row, case in enumerate(self.cases)
            if (start is None or case.decided_at >= start) and (end is None or case.decided_at < end)
        ]
        return Labelled(self.area, tuple(self.cases[row] for row in kept), self.level[kept])


def labelled(area: Area, cases: tuple[DecidedCase, ...]) -> tuple[Labelled, Mapping[str, int]]:
    """The cases that teach a level, in the given order, and how many cases each rule decided on."""
    rules: Counter[str] = Counter()
    kept, levels = [], []
    for case in cases:
        label = label_of(case)
        rules[label.rule] += 1
        if label.level is not None:
            kept.append(case)
            levels.append(area.level_codes.index(label.level))
    return Labelled(area, tuple(kept), np.array(levels, dtype=np.int64)), dict(sorted(rules.items()))


def control_arm(area: Area, cases: tuple[DecidedCase, ...]) -> Labelled:
    """Human judgements made without evidence by design: for evaluation, never for training."""
    kept = [
        case
        for case in cases
        if case.arm == "control"
        and case.label_source == "human"
        and not case.own_corrected_after_evidence
        and case.own_level in area.level_codes
    ]
    levels = [area.level_codes.index(str(case.own_level)) for case in kept]
    return Labelled(area, tuple(kept), np.array(levels, dtype=np.int64))
