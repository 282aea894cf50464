"""When so many of ten similar cases had a level, how often was it decided? Counted by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflow.statistics.calibration import Bin, calibration, tenths_of
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import practice
from service.workflow.statistics.shares import HIDDEN, Share
from tests.service.workflow.statistics.planted import some

Q3 = Period(2026, 3)


@pytest.mark.parametrize("support", [-0.1, 1.01, float("nan")])
def test_what_is_no_share_has_no_bin(support: float) -> None:
    with pytest.raises(ValueError, match="no share"):
        tenths_of(support)


@pytest.mark.parametrize(
    ("of_twenty", "tenths"), [(0, 0), (1, 1), (11, 6), (12, 6), (13, 7), (14, 7), (15, 8), (19, 10), (20, 10)]
)
def test_the_nearest_tenth_half_rounded_up(of_twenty: int, tenths: int) -> None:
    assert tenths_of(of_twenty / 20) == tenths


@given(st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_bin_is_never_more_than_half_a_tenth_away(share: tuple[int, int]) -> None:
    hits, of = share
    assert abs(tenths_of(hits / of) / 10 - hits / of) <= 0.05 + 1e-9


def test_a_bin_is_told_from_twenty_cases_on() -> None:
    assert calibration({7: some(19, support=0.7), 8: None}, {}) == ()


def test_a_bin_says_what_was_shown_decided_and_completed() -> None:
    """14 with 13 of 20 and 10 with 14 of 20: (14*13 + 10*14) / (24*20) = 0.6708; 15 decided so."""
    cases = [
        *some(9, support=0.65, completed=True),
        *some(5, support=0.65, choice="basal", completed=False),
        *some(6, support=0.70, completed=True),
        *some(4, support=0.70, choice="basal"),
    ]
    ended = [row for row in cases if row.completed is not None]
    assert calibration({7: cases}, {7: ended}) == (Bin(7, 67, Share(15, 24), Share(15, 20)),)
    assert calibration({7: cases}, {7: ended[1:]})[0].completed == HIDDEN


def test_a_practice_has_its_bins_behind_suppression() -> None:
    rows = [*some(30, support=0.7), *some(25, support=1.0), *some(21, support=0.55, staff=("a", "b"))]
    page = practice(rows, Q3)
    assert [each.tenths for each in page.bins] == [
        7
    ]  # two caseworkers hide a bin, and it takes another along


def test_with_one_case_type_there_are_no_bins() -> None:
    assert practice(some(40, support=0.7), Q3, "hoftebrud").bins == ()


def test_a_case_whose_evidence_can_no_longer_be_read_is_in_no_bin() -> None:
    page = practice([*some(30, support=0.7), *some(8)], Q3)
    assert [(each.tenths, each.decided.of) for each in page.bins] == [(7, 30)]
