"""The monthly look: how often it cries out when nothing moved, and how often it finds what was planted."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from models import areas
from models.artifact import Artifact
from models.facts import values
from service.workflow.monitoring.cases import Compared, Judged
from service.workflow.monitoring.measures import Month, measures_of
from tests.soak.figures import Figure, share_of
from training.dataset import Dataset, read_cases
from training.synthesize import Order, synthesize
from training.train import Settings, train

AREA = areas.get("genoptraening")
CASES, LEARNED, SEEDS = 9000, 3000, 200
AFTER = date(2027, 1, 1)
WHO = ("a", "b", "c", "d")
OVERRIDES, REMARKS = 0.15, 0.02
FACT, AWAY = "funk_mobilitet", "0"
Plant = Callable[[Month, np.random.Generator], Month]


def measure(share: float) -> list[Figure]:
    """False alarms over many months, and how often each planted change is found."""
    version, later = a_town()
    return [
        figure for size in (60, 120) for figure in _of_size(version, later, size, share_of(SEEDS, share, 40))
    ]


def a_town() -> tuple[Artifact, list[Judged]]:
    """A version of the earlier cases of an invented municipality, and the later ones with their levels."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "files"
        synthesize(Order(AREA, CASES, 5, date(2026, 6, 1)), files)
        data = read_cases(AREA, (files / "history.csv",))
    cases = sorted(data.cases, key=lambda case: case.decided_at)
    version = train(Dataset(AREA, tuple(cases[:LEARNED]), data.sha256), Settings(seed=5)).artifact
    judged = [case for case in cases[LEARNED:] if case.final_level and case.label_source == "legacy_human"]
    return version, [
        Judged(WHO[n % 4], str(case.final_level), values(case.facts), case.received_on, 2.0 + n % 5)
        for n, case in enumerate(judged)
    ]


def _of_size(version: Artifact, later: list[Judged], size: int, months: int) -> Iterator[Figure]:
    cried = sum(bool(_alarms(version, _month(later, size, seed))) for seed in range(months))
    where = f"{months} months of {size} cases"
    yield Figure(
        "months in which nothing moved that raise an alarm", "", where, f"{cried / months:.1%}",
        "at most 5 %", cried <= 0.05 * months,
    )  # fmt: skip
    for name, plant, code in PLANTED:
        found = 0
        for seed in range(months):
            month = plant(_month(later, size, seed), np.random.default_rng([seed, 7]))
            found += any(each.startswith(code) for each in _alarms(version, month))
        goal = 0.8 if size == 120 else 0.3
        yield Figure(
            f"{name} found",
            "",
            where,
            f"{found / months:.0%}",
            f"at least {goal:.0%}",
            found >= goal * months,
        )


def _month(later: list[Judged], size: int, seed: int) -> Month:
    rng = np.random.default_rng([seed, size])
    drawn = [later[n] for n in rng.permutation(len(later))[: 4 * size]]
    now, before = (_compared(rng, count) for count in (size, 3 * size))
    remarks = tuple((int(rng.binomial(count, REMARKS)), count) for count in (size, 3 * size))
    return Month(drawn[:size], drawn[size:], now, before, *remarks)


def _compared(rng: np.random.Generator, count: int) -> list[Compared]:
    return [Compared(WHO[n % 4], bool(found)) for n, found in enumerate(rng.random(count) < OVERRIDES)]


def _alarms(version: Artifact, month: Month) -> list[str]:
    return [each.code for each in measures_of(version, month, AFTER) if each.alarmed]


def _fact(month: Month, rng: np.random.Generator) -> Month:
    """Two answers in five of one fact are written as another."""
    moved = [
        replace(case, values={**case.values, FACT: AWAY}) if rng.random() < 0.4 else case
        for case in month.cases
    ]
    return replace(month, cases=moved)


def _judgement(month: Month, rng: np.random.Generator) -> Month:
    """A quarter of those judged basal are judged avanceret."""
    moved = [
        replace(case, choice="avanceret") if case.choice == "basal" and rng.random() < 0.25 else case
        for case in month.cases
    ]
    return replace(month, cases=moved)


def _missing(month: Month, rng: np.random.Generator) -> Month:
    """Every fifth answer is gone."""
    moved = [
        replace(case, values={k: None if rng.random() < 0.2 else v for k, v in case.values.items()})
        for case in month.cases
    ]
    return replace(month, cases=moved)


def _overrides(month: Month, rng: np.random.Generator) -> Month:
    """Decided otherwise in a third of the cases, not in three of twenty."""
    return replace(month, compared=[replace(c, override=bool(rng.random() < 0.35)) for c in month.compared])


PLANTED: tuple[tuple[str, Plant, str], ...] = (
    ("a fact rewritten in 40 % of the cases", _fact, f"oplysning:{FACT}"),
    ("own judgements raised in 25 % of those that were low", _judgement, "kalibrering"),
    ("every fifth answer gone", _missing, "mangler"),
    ("decided otherwise 35 %, before 15 %", _overrides, "anderledes"),
)
"""What is planted, and the code that must be among the alarms."""
