"""What is measured of a month, what is usual, and what would raise an alarm, in plain Danish.

Each measure is about the model, the facts or the system, and none is about a person. With fewer than 50
cases, or too few caseworkers behind a number about practice, nothing is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import Any

import numpy as np

from models import drift
from models.artifact import Artifact
from models.declaration import Area
from service.workflow.monitoring.cases import (
    Compared,
    Judged,
    codes_of,
    missing_in,
    mixed,
    shares_of,
    unseen_in,
)

CERTAINLY = "og mere end tilfældigt"
OWN_MATERIAL, CALIBRATION_MATERIAL, MISSING_MATERIAL = 0.10, 0.05, 0.05
UNSEEN_MATERIAL, OVERRIDE_MATERIAL, AGE_FACTOR = 0.05, 0.10, 2.0
LEAST_REMARKS = 3


@dataclass(frozen=True)
class Measure:
    """One measure: its code, what it is called, its value, how many cases, what is usual, and the limit.

    `p` is None where nothing was tested. `large` is whether it moved enough to matter; `alarmed` whether it
    did so beyond chance as well.
    """

    code: str
    label: str
    value: str
    cases: int
    usual: str
    limit: str
    p: float | None = None
    large: bool = False
    alarmed: bool = False

    @property
    def is_silent(self) -> bool:
        """Whether there were too few cases to say anything."""
        return self.p is None and not self.value


@dataclass(frozen=True)
class Month:
    """What is measured: a month and the time before it. `remarks` are hits and of how many."""

    cases: Sequence[Judged]
    before: Sequence[Judged]
    compared: Sequence[Compared]
    compared_before: Sequence[Compared]
    remarks: tuple[int, int]
    remarks_before: tuple[int, int]


def measures_of(version: Artifact, month: Month, first_day: date) -> tuple[Measure, ...]:
    """Every measure of a month, those beyond chance marked with regard to how many they are."""
    found = [
        *facts_moved(version, month, first_day),
        *own_judgement_moved(version, month, first_day),
        *calibration_moved(version, month),
        *quality(version, month),
        overrides(month),
        remarks(month),
    ]
    tested = [each.p for each in found if each.p is not None]
    certain = iter(drift.beyond_chance(tested))
    return tuple(
        each if each.p is None else replace(each, alarmed=next(certain) and each.large) for each in found
    )


def facts_moved(version: Artifact, month: Month, first_day: date) -> list[Measure]:
    """Each learned fact against the cases the version rests on."""
    before = drift.counts_before(version, first_day)
    questions = [coding.question for coding in version.codebook.codings]
    limit = f"over {_decimal(drift.PSI_MATERIAL)} {CERTAINLY}"
    few = len(month.cases) < drift.FEWEST or int(before[0].sum()) < drift.FEWEST
    if few:
        return [_silent("oplysninger", "Oplysningerne i sagerne", len(month.cases), limit)]
    codes = codes_of(version, month.cases)
    found = []
    for place, question in enumerate(questions):
        now = np.bincount(codes[:, place], minlength=version.codebook.sizes[place])
        moved = drift.moved(before[place], now)
        found.append(
            Measure(
                f"oplysning:{question.name}", f"Oplysning: {question.label}", _decimal(moved.psi),
                len(month.cases), f"omkring {_decimal(moved.by_chance)}", limit, moved.p,
                moved.psi >= drift.PSI_MATERIAL,
            )
        )  # fmt: skip
    return found


def own_judgement_moved(version: Artifact, month: Month, first_day: date) -> list[Measure]:
    """The caseworkers' own judgements, taken together, against the levels the version learned from."""
    area = version.area
    level = [each for each in month.cases if each.choice in area.level_codes]
    limit, label = f"{_points(OWN_MATERIAL)} procentpoint {CERTAINLY}", "Eget skøn, alle sager under ét"
    before = drift.levels_before(version, first_day)
    if len(level) < drift.FEWEST or not mixed(level) or before.sum() < drift.FEWEST:
        return [_silent("eget_skoen", label, len(level), limit)]
    now = np.array([sum(each.choice == code for each in level) for code in area.level_codes])
    change = now / now.sum() - before / before.sum()
    most = int(np.abs(change).argmax())
    name = area.level_label(area.level_codes[most])
    return [
        Measure(
            "eget_skoen", label, f"{name}: {_percent(now[most] / now.sum())}", len(level),
            f"{_percent(before[most] / before.sum())}", limit, drift.moved(before, now).p,
            bool(abs(change[most]) >= OWN_MATERIAL),
        )
    ]  # fmt: skip


def calibration_moved(version: Artifact, month: Month) -> list[Measure]:
    """What the version says of each level against how often it was judged blind."""
    area = version.area
    cases = [each for each in month.cases if each.choice in area.level_codes]
    limit = f"{_points(CALIBRATION_MATERIAL)} procentpoint {CERTAINLY}"
    label = "Beregningens andele mod eget skøn"
    if len(cases) < drift.FEWEST or not mixed(cases):
        return [_silent("kalibrering", label, len(cases), limit)]
    shares = shares_of(version, codes_of(version, cases))
    # The shares of all levels are one, so that of the first says nothing new.
    return [_gap(area, k, shares[:, k], cases, label, limit) for k in range(1, len(area.level_codes))]


def quality(version: Artifact, month: Month) -> list[Measure]:
    """Missing answers, answers the version never learned, and how old the facts were when they were used."""
    now, before = month.cases, month.before
    missing = "Manglende oplysninger", f"{_points(MISSING_MATERIAL)} procentpoint flere {CERTAINLY}"
    unseen = (
        "Sager med et svar, modellen ikke kender",
        f"{_points(UNSEEN_MATERIAL)} procentpoint flere {CERTAINLY}",
    )
    age = "Oplysningernes alder ved vurderingen", f"dobbelt så gamle {CERTAINLY}"
    if min(len(now), len(before)) < drift.FEWEST:
        few = len(now)
        return [
            _silent("mangler", missing[0], few, missing[1]), _silent("ukendte", unseen[0], few, unseen[1]),
            _silent("alder", age[0], few, age[1]),
        ]  # fmt: skip
    lacking, lacked = missing_in(version, now), missing_in(version, before)
    rose = float(np.mean(lacking) - np.mean(lacked))
    hits, hits_before = unseen_in(version, now), unseen_in(version, before)
    return [
        Measure(
            "mangler", missing[0], _percent(np.mean(lacking)), len(now), _percent(np.mean(lacked)),
            missing[1], drift.ranks_moved(lacked, lacking), rose >= MISSING_MATERIAL,
        ),
        Measure(
            "ukendte", unseen[0], _percent(hits / len(now)), len(now), _percent(hits_before / len(before)),
            unseen[1], drift.share_rose(hits, len(now), hits_before, len(before)),
            hits / len(now) - hits_before / len(before) >= UNSEEN_MATERIAL,
        ),
        _age(*age, [c.age for c in now if c.age is not None], [c.age for c in before if c.age is not None]),
    ]  # fmt: skip


def overrides(month: Month) -> Measure:
    """A jump in decisions unlike most similar cases: the evidence may be out of order, not anybody's work."""
    label = "Besluttet anderledes end flest lignende sager"
    limit = f"{_points(OVERRIDE_MATERIAL)} procentpoint flere {CERTAINLY}"
    now, before = month.compared, month.compared_before
    if min(len(now), len(before)) < drift.FEWEST or not (mixed(now) and mixed(before)):
        return _silent("anderledes", label, len(now), limit)
    hits, earlier = sum(each.override for each in now), sum(each.override for each in before)
    share, usual = hits / len(now), earlier / len(before)
    p = drift.share_rose(hits, len(now), earlier, len(before))
    return Measure(
        "anderledes", label, _percent(share), len(now), _percent(usual), limit, p,
        share - usual >= OVERRIDE_MATERIAL,
    )  # fmt: skip


def remarks(month: Month) -> Measure:
    """Remarks that may speak of a malfunction; how many, and not whose."""
    label = "Bemærkninger, der kan handle om en fejl i systemet"
    limit = f"mindst {LEAST_REMARKS} {CERTAINLY}"
    (hits, of), (earlier, of_before) = month.remarks, month.remarks_before
    if min(of, of_before) < drift.FEWEST:
        return _silent("bemaerkninger", label, of, limit)
    p = drift.share_rose(hits, of, earlier, of_before)
    told = str(hits) if hits >= LEAST_REMARKS else f"under {LEAST_REMARKS}"
    usual = f"{_percent(earlier / of_before)} af bemærkningerne"
    return Measure("bemaerkninger", label, told, of, usual, limit, p, hits >= LEAST_REMARKS)


def _gap(area: Area, level: int, shares: Any, cases: Sequence[Judged], label: str, limit: str) -> Measure:
    code = area.level_codes[level]
    gap = drift.calibration_gap(shares, [each.choice == code for each in cases])
    value = f"{_signed(gap.value)} ({_signed(gap.low)} til {_signed(gap.high)}) procentpoint"
    return Measure(
        f"kalibrering:{code}", f"{label}: {area.level_label(code)}", value, len(cases), "0 procentpoint",
        limit, gap.p, abs(gap.value) >= CALIBRATION_MATERIAL,
    )  # fmt: skip


def _age(label: str, limit: str, now: Sequence[float], before: Sequence[float]) -> Measure:
    if min(len(now), len(before)) < drift.FEWEST:
        return _silent("alder", label, len(now), limit)
    value, usual = median(now), median(before)
    older = value >= AGE_FACTOR * usual and value - usual >= 1
    p = drift.ranks_moved(before, now)
    return Measure("alder", label, _days(value), len(now), _days(usual), limit, p, older)


def _silent(code: str, label: str, cases: int, limit: str) -> Measure:
    return Measure(code, label, "", cases, "", limit)


def _percent(share: Any) -> str:
    return f"{round(100 * float(share))}\N{NO-BREAK SPACE}%"


def _points(share: float) -> str:
    return f"{100 * share:.0f}"


def _signed(share: float) -> str:
    return f"{round(100 * share):+d}".replace("-", "\N{MINUS SIGN}").replace("+0", "0")


def _decimal(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")


def _days(days: float) -> str:
    return f"{days:.1f}\N{NO-BREAK SPACE}dage".replace(".", ",")
