"""Which facts a version uses: what each adds, and the fewest that do no worse, told on earlier cases alone.

The cases that are learned from are split in time as the kinds of model are compared (`training.windows`), and
the later cases, which a version is measured on, are not looked at. One stretch alone let eight facts through
that were clearly worse afterwards. A logistic model of the codes is fitted with some of the facts at a time,
for it is quick. What a fact adds is the mean of how much greater each case's loss is without it. What other
facts tell as well adds little beside them: whenever a smaller set does, those left are ranked anew.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.coding import Codebook, Codes
from models.declaration import Area
from training.candidates import LOGISTIC, Rows, one_thread
from training.chance import Numbers
from training.labelled import Labelled, Levels
from training.measures import Z95, Mean, evenly, losses, mean_of
from training.refusals import TrainingRefused
from training.windows import CUTS, windows_of

KIND, SETTINGS = "logistic", LOGISTIC | {"solver": "newton-cholesky"}
MOST = 10_000
"""Of more cases in a window so many are learned from and measured on, evenly over time."""
FEWEST_LEARNED, FEWEST_MEASURED = 2000, 400
"""With fewer cases before the last window, or fewer in all windows, no fact can be told from chance."""
STEPS = (1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50)
"""How many facts are tried together, the most useful first."""

SMALLEST, ALL = "smallest", "all"
"""What a training is asked for: the smallest set of facts within one standard error, or every fact."""
TOO_FEW = "too_few_cases"


@dataclass(frozen=True)
class Asked:
    """Which facts a training is asked to use; those in `keep` are used whatever they add."""

    facts: str = SMALLEST
    keep: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it stands in a manifest."""
        return {"facts": self.facts, "keep": list(self.keep)}


FEWEST = Asked()
"""What is asked for where nothing is said."""


@dataclass(frozen=True)
class FactsChosen:
    """The facts a version uses, in declared order; why they are these; and what was measured, if it was."""

    used: tuple[str, ...]
    why: str
    told: dict[str, Any] | None

    def to_json(self, area: Area) -> dict[str, Any]:
        """As it stands in a manifest, with the learned facts that are left out."""
        out = [question.name for question in area.learned if question.name not in self.used]
        return {"why": self.why, "used": list(self.used), "left_out": out}


def checked(area: Area, asked: Asked) -> Asked:
    """The same with each name once, in declared order. Raises TrainingRefused for what is asked wrongly."""
    learned = [question.name for question in area.learned]
    strangers = [name for name in asked.keep if name not in learned]
    if strangers:
        raise TrainingRefused(
            f"no fact that may be learned in {area.name} is called {', '.join(strangers)}; the names are: "
            + ", ".join(learned)
        )
    if asked.facts not in (SMALLEST, ALL):
        raise TrainingRefused(f"facts are {SMALLEST} or {ALL}, not {asked.facts!r}")
    return Asked(asked.facts, tuple(name for name in learned if name in asked.keep))


@dataclass(frozen=True)
class Stretch:
    """Cases to learn from, and the codes and levels of those right after them to measure on."""

    rows: Rows
    later: Codes
    level: Levels


def choose_facts(learned: Labelled, asked: Asked, *, carried: str, rare: int) -> FactsChosen:
    """The facts to use, told by the cases to learn from alone.

    With too few cases, and where they can carry no model, every fact is used.
    """
    area, every = learned.area, tuple(question.name for question in learned.area.learned)
    windows = windows_of(learned, rare) if carried == "model" else []
    told = None
    if len(windows) == len(CUTS):
        stretches = [Stretch(each.rows, each.later, each.split.tested.level) for each in windows]
        told = proportion(stretches, always=[*area.need, *asked.keep], whole=asked.facts == ALL)
    if told is None:
        return FactsChosen(every, TOO_FEW if asked.facts == SMALLEST else ALL, None)
    first, last = windows[0].split.to_json(), windows[-1].split.to_json()
    told |= {
        "split": {"tested_from": first["tested_from"], "tested_to": last["tested_to"]},
        "always": list(area.need),
        "kept": list(asked.keep),
    }
    used = every if asked.facts == ALL else tuple(name for name in every if name in told["smallest"])
    return FactsChosen(used, asked.facts, told)


def proportion(
    stretches: Sequence[Stretch], *, always: Collection[str] = (), whole: bool = False
) -> dict[str, Any] | None:
    """Every fact used with what it `adds` in nats and its 95 % `interval`, and the smallest set.

    `smallest` are the fewest of the tried facts that lie within one standard error of all, those in `always`
    among them; with `whole` it is told and every fact is used. What a fact adds is measured beside the others
    used; one whose interval reaches 0 `may_go`. Those `left_out` are told beside all facts. None with too few
    cases.
    """
    learned = len(stretches[-1].rows.level)
    if learned < FEWEST_LEARNED or sum(len(each.level) for each in stretches) < FEWEST_MEASURED:
        return None
    fits = _Fits([_OneStretch.of(each) for each in stretches])
    book = stretches[-1].rows.book
    first, smallest, sets = _tried(fits, len(book.names), book.places_of(always))
    shown = first if whole else smallest
    return {
        "kind": KIND,
        "learned_from": min(learned, MOST),
        "measured_on": fits.measured,
        "facts": [_told(book, q, shown.adds[q]) for q in shown.order],
        "left_out": [_told(book, q, first.adds[q]) for q in first.order if q not in shown.order],
        "sets": [{"facts": count, "behind_all": behind.to_json()} for count, behind in sets],
        "smallest": [book.names[q] for q in smallest.order],
    }


@dataclass(frozen=True)
class _Ranked:
    """A set of facts, the most useful first, and what each adds beside the others of it."""

    order: tuple[int, ...]
    adds: dict[int, Mean]

    def first(self, count: int, always: Collection[int]) -> tuple[int, ...]:
        """So many of them, those that are always used before the others, still in order of what they add."""
        free = [q for q in self.order if q not in always][: count - len(always)]
        return tuple(q for q in self.order if q in always or q in free)


@dataclass(frozen=True)
class _OneStretch:
    """One stretch with each fact as columns of 0 and 1, one a code."""

    learned: list[Numbers]
    later: list[Numbers]
    level: Levels
    weight: Numbers
    was: Levels

    @classmethod
    def of(cls, stretch: Stretch) -> "_OneStretch":
        """Of more cases than MOST so many, evenly over time."""
        rows, measured = (
            stretch.rows.drawn(evenly(len(stretch.rows.level), MOST)),
            evenly(len(stretch.level), MOST),
        )
        sizes = rows.book.sizes
        learned, later = (_columns(codes, sizes) for codes in (rows.codes, stretch.later[measured]))
        return cls(learned, later, rows.level, rows.weight, stretch.level[measured])

    def losses(self, facts: Sequence[int]) -> Numbers:
        """The loss of every measured case with some facts alone; of none, by the shares of levels."""
        if not facts:
            shares = np.bincount(self.level, self.weight) / self.weight.sum()
            return losses(np.tile(shares, (len(self.was), 1)), self.was)
        model = LogisticRegression(**SETTINGS)
        model.fit(np.hstack([self.learned[q] for q in facts]), self.level, sample_weight=self.weight)
        return losses(model.predict_proba(np.hstack([self.later[q] for q in facts])), self.was)


@dataclass(frozen=True)
class _Fits:
    """A model to be fitted with some of the facts at a time, on every stretch."""

    stretches: list[_OneStretch]

    @cached_property
    def measured(self) -> int:
        """On how many cases it is measured."""
        return sum(len(each.was) for each in self.stretches)

    def losses(self, facts: Collection[int]) -> Numbers:
        """The losses of all stretches, one after the other."""
        with one_thread():
            return np.concatenate([each.losses(sorted(facts)) for each in self.stretches])

    def ranked(self, facts: Collection[int], whole: Numbers) -> _Ranked:
        """What each of some facts adds beside the others; `whole` are the losses with all of them."""
        adds = {q: mean_of(self.losses([each for each in facts if each != q]) - whole) for q in facts}
        return _Ranked(tuple(sorted(facts, key=lambda q: (-adds[q].value, q))), adds)


def _tried(
    fits: _Fits, count_of_all: int, always: Sequence[int]
) -> tuple[_Ranked, _Ranked, list[tuple[int, Mean]]]:
    """All facts, the smallest set within one standard error of them, and how far each set tried is behind."""
    every = range(count_of_all)
    whole = fits.losses(every)
    first = best = fits.ranked(every, whole)
    least = max(1, len(always))
    sets = []
    for count in sorted({least, *STEPS}, reverse=True):
        if not least <= count < count_of_all:
            continue
        facts = best.first(count, always)
        loss = fits.losses(facts)
        behind = mean_of(loss - whole)
        sets.append((count, behind))
        if behind.value <= behind.error:
            best = fits.ranked(facts, loss)
    return first, best, sets[::-1]


def _columns(codes: Codes, sizes: Sequence[int]) -> list[Numbers]:
    return [(codes[:, q, None] == np.arange(size)).astype(np.float64) for q, size in enumerate(sizes)]


def _told(book: Codebook, q: int, adds: Mean) -> dict[str, Any]:
    interval = [round(adds.value + sign * Z95 * adds.error, 6) for sign in (-1, 1)]
    return {
        "name": book.names[q],
        "adds": adds.to_json(),
        "interval": interval,
        "may_go": interval[0] <= 0,
    }
