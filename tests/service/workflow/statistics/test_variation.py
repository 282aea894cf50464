"""Variation among comparable cases: planted is found, chance is not, need and evidence do not make any."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import exp, log

import numpy as np
import pytest

from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.variation import by_month, by_unit, quantile, variation
from tests.service.workflow.statistics.planted import DAY, PLAIN, STAFF

LEVELS = ("basal", "avanceret")
NEEDS = (("let", 0.2), ("moderat", 0.5), ("svaer", 0.8))


def planted(seed: int, units: int, cases: int, spread: float, mix: bool = False) -> list[DecidedRow]:
    """Units whose log odds of the highest level have a planted spread; with `mix` their needs differ too."""
    chance, rows = np.random.default_rng(seed), []
    for unit in range(units):
        lean = chance.normal(0, spread) if spread else 0.0
        weights = chance.dirichlet([2, 2, 2]) if mix else [1 / 3] * 3
        for number, place in enumerate(chance.choice(3, size=cases, p=weights)):
            need, share = NEEDS[place]
            odds = exp(log(share / (1 - share)) + lean)
            rows.append(
                replace(
                    PLAIN,
                    unit=f"enhed {unit:02d}",
                    caseworker=STAFF[number % 3],
                    need=need,
                    choice=LEVELS[int(chance.random() < odds / (1 + odds))],
                )
            )
    return rows


def found(rows: Sequence[DecidedRow]) -> bool:
    seen = variation(rows, LEVELS, by_unit)
    assert seen is not None
    return seen.found


@pytest.mark.requirement("D-54", "G-32")
def test_twice_the_variance_that_chance_gives_is_found() -> None:
    # The log odds of 60 cases are known with a variance of about 1/12: as much again is planted.
    seen = [variation(planted(seed, 80, 60, (1 / 12) ** 0.5), LEVELS, by_unit) for seed in range(8)]
    assert all(each is not None and each.found and each.odds_low > 1 for each in seen)
    ratios = [each.ratio for each in seen if each is not None]
    assert 1.7 < sum(ratios) / len(ratios) < 2.3


@pytest.mark.requirement("G-32")
def test_without_any_the_variance_is_what_chance_gives() -> None:
    ratios = [
        seen.ratio for seed in range(40) if (seen := variation(planted(seed, 5, 60, 0), LEVELS, by_unit))
    ]
    assert 0.7 < sum(ratios) / len(ratios) < 1.3


@pytest.mark.requirement("G-32")
def test_a_unit_that_decides_otherwise_is_found_with_p_below_a_hundredth() -> None:
    rows = planted(1, 5, 150, 0)
    other = [replace(row, choice="basal") if row.unit == "enhed 00" and n % 2 else row
             for n, row in enumerate(rows)]  # fmt: skip
    seen = variation(other, LEVELS, by_unit)
    assert seen is not None and seen.p < 0.01 and seen.found
    assert min(seen.groups, key=lambda group: group.share).name == "enhed 00"
    assert seen.odds_low > 1


@pytest.mark.requirement("G-32")
@pytest.mark.parametrize("mix", [False, True])
def test_chance_alone_is_rarely_told_as_variation(mix: bool) -> None:
    alarms = [found(planted(seed, 6, 60, 0, mix)) for seed in range(100)]
    assert sum(alarms) <= 5


def test_units_with_other_citizens_are_not_units_that_decide_otherwise() -> None:
    heavy = [replace(row, unit="tung") for row in planted(3, 1, 300, 0) if row.need == "svaer"]
    light = [replace(row, unit="let") for row in planted(4, 1, 300, 0) if row.need != "svaer"]
    some = [replace(row, unit="let") for row in planted(5, 1, 60, 0)]
    seen = variation([*heavy, *light, *some, *planted(6, 3, 60, 0)], LEVELS, by_unit)
    assert seen is not None and not seen.found
    shares = [sum(row.choice == "avanceret" for row in rows) / len(rows) for rows in (heavy, [*light, *some])]
    assert shares[0] - shares[1] > 0.3


def test_evidence_and_reference_change_nothing() -> None:
    rows = planted(2, 5, 60, 0.5)
    other = [replace(row, reference="basal", shown=False, own="basal", support=0.9) for row in rows]
    seen = variation(rows, LEVELS, by_unit)
    assert seen is not None and variation(other, LEVELS, by_unit) == seen


def test_what_is_told_can_be_counted_by_hand() -> None:
    rows = [
        replace(PLAIN, unit=unit, need=need, choice=LEVELS[number < high], caseworker=STAFF[number % 3])
        for unit, need, of, high in [
            ("a", "x", 20, 10),
            ("b", "x", 20, 10),
            ("a", "y", 10, 2),
            ("b", "y", 30, 6),
            ("c", "y", 25, 5),
            ("d", "x", 22, 11),
            ("e", "x", 24, 12),
        ]
        for number in range(of)
    ]
    seen = variation(rows, LEVELS, by_unit)
    assert seen is not None
    assert [(each.name, each.n, each.high, each.expected) for each in seen.groups] == [
        ("a", 30, 12, pytest.approx(12)), ("b", 50, 16, pytest.approx(16)), ("c", 25, 5, pytest.approx(5)),
        ("d", 22, 11, pytest.approx(11)), ("e", 24, 12, pytest.approx(12)),
    ]  # fmt: skip
    assert (seen.n, seen.overall, seen.ratio) == (151, pytest.approx(56 / 151), pytest.approx(0))
    assert seen.odds == seen.odds_low == 1
    assert seen.p == 1


@pytest.mark.requirement("SK-09")
def test_small_groups_and_groups_of_few_people_are_left_out_by_name() -> None:
    rows = planted(1, 5, 60, 0)
    few = [replace(row, unit="lille") for row in rows[:19]]
    hers = [replace(row, unit="egen", caseworker=STAFF[0]) for row in rows[:20]]
    seen = variation([*rows, *few, *hers], LEVELS, by_unit)
    assert seen is not None and seen.left_out == ("egen", "lille")
    assert {each.name for each in seen.groups} == {f"enhed {n:02d}" for n in range(5)}


@pytest.mark.requirement("SK-09")
def test_nothing_is_told_when_a_small_group_could_be_found_by_subtraction() -> None:
    rows = planted(1, 5, 60, 0)
    assert variation([*rows, *(replace(row, unit="lille") for row in rows[:4])], LEVELS, by_unit) is None
    assert variation([*rows, *(replace(row, unit="lille") for row in rows[:6])], LEVELS, by_unit) is not None


@pytest.mark.parametrize(
    "changes", [{"need": None}, {"choice": "retur"}, {"unit": "en"}, {"choice": "basal"}]
)
def test_where_there_is_nothing_to_compare_nothing_is_told(changes: dict[str, str | None]) -> None:
    rows = [replace(row, **changes) for row in planted(1, 5, 40, 0)]  # type: ignore[arg-type]
    assert variation(rows, LEVELS, by_unit) is None


def test_months_are_compared_like_units() -> None:
    months = [DAY - timedelta(days=31 * n) for n in range(5)]
    rows = [
        replace(row, decided_at=months[n % 5], choice=LEVELS[n % 5 == 0], caseworker=STAFF[n // 5 % 3])
        for n, row in enumerate(planted(1, 1, 150, 0))
    ]
    seen = variation(rows, LEVELS, by_month)
    assert seen is not None and seen.found
    assert [each.name for each in seen.groups] == [f"2026-{month:02d}" for month in range(4, 9)]


def test_four_units_are_not_compared() -> None:
    assert variation(planted(1, 4, 60, 2), LEVELS, by_unit) is None


@pytest.mark.parametrize(
    ("freedom", "z", "published"),
    [(1, 1.959964, 5.02), (5, 1.959964, 12.83), (9, -1.959964, 2.70), (20, 0, 19.34)],
)
def test_the_quantiles_of_chi_square_are_those_of_the_tables(
    freedom: int, z: float, published: float
) -> None:
    assert quantile(freedom, z) == pytest.approx(published, abs=0.15)
