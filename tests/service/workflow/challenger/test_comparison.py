"""Two versions pair by pair: figures as by hand, nothing of few cases, and laws that hold for any shares."""

from math import log, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import areas
from service.workflow.challenger.comparison import (
    AGREEMENT,
    CALIBRATION,
    LOSS,
    SILENT,
    Both,
    Paired,
    compare,
    loss,
    paired_difference,
)

AREA = areas.get("genoptraening")
WHO = ("a", "b", "c", "d")


def shares(*of_second: float) -> Any:
    """What a version says of two levels."""
    second = np.array(of_second)
    return np.column_stack([1 - second, second])


def both(challenger: Any, champion: Any, given_: Any, who: tuple[str, ...] = WHO) -> Both:
    people = tuple(who[n % len(who)] for n in range(len(given_)))
    return Both(people, np.asarray(given_), challenger, champion)


def found(cases: Both) -> dict[tuple[str, str], Paired]:
    return {(each.measure, each.level): each for each in compare("eget skøn", AREA, cases)}


@pytest.mark.parametrize(("n", "who"), [(49, WHO), (60, ("a", "b")), (60, ("a",) * 8 + ("b", "c"))])
def test_few_cases_or_people_are_told_nothing_of(n: int, who: tuple[str, ...]) -> None:
    measures = compare("eget skøn", AREA, both(shares(*[0.7] * n), shares(*[0.6] * n), [1] * n, who))

    assert all(each.challenger is each.champion is each.difference is each.cases is None for each in measures)
    assert all(SILENT in each.words for each in measures)


def test_a_level_with_few_cases_is_silent_while_all_cases_are_told() -> None:
    given_ = [1] * 49 + [0] * 60
    measures = found(both(shares(*[0.5] * 109), shares(*[0.5] * 109), given_))

    first, second = (AREA.level_label(code) for code in AREA.level_codes)
    assert measures[LOSS, ""].challenger is not None
    assert measures[LOSS, second].challenger is None
    assert measures[LOSS, first].challenger == pytest.approx(log(2))


def test_no_level_is_told_when_one_would_be_found_from_the_rest() -> None:
    given_ = [1] * 3 + [0] * 60
    measures = found(both(shares(*[0.5] * 63), shares(*[0.4] * 63), given_))

    assert measures[LOSS, ""].challenger is not None
    for code in AREA.level_codes:
        told = measures[LOSS, AREA.level_label(code)]
        assert told.challenger is told.cases is None


def test_the_figures_are_those_of_the_formula() -> None:
    challenger, champion = shares(*[0.8, 0.4] * 30), shares(*[0.6, 0.6] * 30)
    measures = found(both(challenger, champion, [1, 0] * 30))
    level = AREA.level_label(AREA.level_codes[1])

    lost = measures[LOSS, ""]
    each = np.array([-log(0.8) + log(0.6), -log(0.6) + log(0.4)] * 30)
    assert lost.difference == pytest.approx(each.mean())
    assert lost.high == pytest.approx(each.mean() + 1.959964 * each.std(ddof=1) / sqrt(60))
    assert (measures[AGREEMENT, ""].challenger, measures[AGREEMENT, ""].champion) == (1.0, 0.5)
    assert measures[CALIBRATION, level].challenger == pytest.approx(0.5 - 0.6)
    assert measures[CALIBRATION, level].champion == pytest.approx(0.5 - 0.6)
    assert measures[CALIBRATION, level].difference is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 1)), min_size=50, max_size=60))
def test_the_two_turned_round_turn_the_difference_round(rows: list[tuple[float, float, int]]) -> None:
    one, other = (shares(*(row[k] for row in rows)) for k in (0, 1))
    given_ = [row[2] for row in rows]
    there, back = found(both(one, other, given_)), found(both(other, one, given_))
    for key in ((LOSS, ""), (AGREEMENT, "")):
        forth, turned = there[key], back[key]
        assert forth.difference == pytest.approx(-turned.difference)  # type: ignore[operator]
        assert forth.low == pytest.approx(-turned.high)  # type: ignore[operator]
        assert forth.low <= forth.difference <= forth.high  # type: ignore[operator]
    assert np.isfinite(loss(one, np.array(given_))).all()


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    draws = np.random.default_rng(7).normal(0.03, 0.4, (400, 2, 120))
    held = [paired_difference(a, b)[1] <= 0 <= paired_difference(a, b)[2] for a, b in draws]

    assert 0.91 <= sum(held) / len(held) <= 0.985
