"""The interim look: it stops what does harm, seldom stops what does none, and tells nobody the numbers."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from service.workflow.effect.followed import Followed
from service.workflow.trial.boundary import boundaries
from service.workflow.trial.looking import Look, Stratum, deviation, look
from tests.service.workflow.effect.planted import CASE

PLANNED, SHARE, ALPHA = 400, 50, 50
SEEDS = 240
OFTEN = 23
"""Of 240 false stops at 5 %, fewer than this many come with a chance of 99.9 %."""


def planted(evidence: Sequence[tuple[bool, bool]], control: Sequence[tuple[bool, bool]]) -> list[Followed]:
    """Cases by arm, each (level held, start in time), in two units."""
    return [
        replace(
            CASE,
            arm=arm,
            held=((6, held),),
            row=replace(CASE.row, unit=f"unit {number % 2}", offered="inden_frist" if timely else "senere",
                        first_date=None),
        )
        for arm, outcomes in (("evidence", evidence), ("control", control))
        for number, (held, timely) in enumerate(outcomes)
    ]  # fmt: skip


def seen(cases: list[Followed], times: Sequence[float] = ()) -> Look | None:
    return look(cases, planned=PLANNED, share=SHARE, alpha=ALPHA, times=times)


def test_too_few_cases_are_no_look_and_spend_nothing() -> None:
    assert seen(planted([(True, True)] * 19, [(True, True)] * 300)) == Look("too_few")
    unsettled = [replace(case, held=()) for case in planted([(True, True)] * 90, [(True, True)] * 90)]
    assert seen(unsettled) == Look("too_few")


def test_harm_in_either_arm_and_either_outcome_is_told_apart() -> None:
    fine, moved, late = [(True, True)] * 100, [(False, True)] * 100, [(True, False)] * 100
    mixed = fine[:50] + moved[:25] + late[:25]
    assert seen(planted(mixed, mixed)) == Look("go_on", 50)
    assert seen(planted(moved, fine)) == seen(planted(late, fine)) == Look("evidence_worse", 50)
    assert seen(planted(fine, moved)) == seen(planted(fine, late)) == Look("control_worse", 50)


def test_a_look_that_comes_too_soon_after_the_last_is_none() -> None:
    fine = [(True, True)] * 100
    assert seen(planted(fine, fine), times=(0.47,)) is None
    assert seen(planted(fine, fine), times=(0.45,)) == Look("go_on", 50)
    assert seen(planted(fine * 3, fine * 3), times=(1.0,)) is None


def test_the_deviation_is_counted_by_hand_and_over_units() -> None:
    """One unit: 30 and 20 of 100 each; expected 25, variance 100·100·50·150 / (200²·199) = 9.4221."""
    assert deviation([Stratum(100, 100, 30, 20)]) == pytest.approx(5 / 9.4221**0.5, abs=1e-4)
    assert deviation([Stratum(100, 100, 30, 20)] * 2) == pytest.approx(10 / (2 * 9.4221) ** 0.5, abs=1e-4)
    # More cases with evidence where more go wrong is no harm of the evidence.
    assert deviation([Stratum(80, 20, 40, 10), Stratum(20, 80, 2, 8)]) == pytest.approx(0, abs=1e-9)
    assert deviation([Stratum(1, 0, 1, 0)]) == 0.0


def stops(harm: float, seeds: int) -> tuple[int, int]:
    """How many of so many trials of 400 cases stop for either arm, in four looks."""
    times = (0.25, 0.5, 0.75, 1.0)
    limits = boundaries(times, ALPHA / 1000 / 2)
    found = [0, 0]
    for seed in range(seeds):
        chance = np.random.default_rng(seed)
        rates = {"evidence": 0.25 + harm, "control": 0.25}
        failed = {arm: chance.random((2, PLANNED // 2)) < rate for arm, rate in rates.items()}
        for time, limit in zip(times, limits, strict=True):
            upto = int(PLANNED // 2 * time)
            counted = [
                [Stratum(upto, upto, int(failed["evidence"][harm_kind, :upto].sum()),
                         int(failed["control"][harm_kind, :upto].sum()))]
                for harm_kind in (0, 1)
            ]  # fmt: skip
            deviations = [deviation(each) for each in counted]
            if max(deviations) >= limit or min(deviations) <= -limit:
                found[max(deviations) < limit] += 1
                break
    return found[0], found[1]


def test_where_the_arms_are_alike_a_trial_is_seldom_stopped() -> None:
    """No more often than alpha says, over both outcomes, both directions and all looks."""
    assert sum(stops(0.0, SEEDS)) < OFTEN


@pytest.mark.requirement("D-48")
def test_planted_harm_is_found_and_stops_the_arm_that_does_it() -> None:
    evidence, control = stops(0.2, 60)
    assert evidence >= 57
    assert control == 0
