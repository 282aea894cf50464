"""Geometry of charts that hold two shares against each other."""

from hypothesis import given
from hypothesis import strategies as st

from service.web.drawing.pair_charts import Pair, dumbbell, square_chart

share = st.floats(0, 1)


def test_equal_shares_lie_on_the_diagonal_and_more_decided_lies_above() -> None:
    same, more = Pair(0.7, 0.7, 0.5, 0.8), Pair(0.7, 0.9, 0.8, 1.0)
    chart = square_chart("k", "Titel", "Tekst", [same, more], [], "vist", ("besluttet", "gennemført"))
    assert chart.marks[0].x - chart.left == chart.bottom - chart.marks[0].y == 168.0
    assert chart.marks[1].y < chart.marks[0].y


@given(share, share)
def test_every_mark_lies_within_its_chart(across: float, upward: float) -> None:
    pair = Pair(across, upward, 0.0, 1.0)
    (mark,) = square_chart("k", "T", "t", [], [pair], "vist", ("a", "b")).others
    chart = square_chart("k", "T", "t", [pair], [], "vist", ("a", "b"))
    assert chart.left <= mark.x <= chart.right
    assert chart.top <= mark.high <= mark.y <= mark.low <= chart.bottom


@given(share, share)
def test_the_larger_share_lies_farther_right(one: float, other: float) -> None:
    chart = dumbbell("r", "T", "t", ("a", one, one, one), ("b", other, other, other))
    assert (chart.first.at - chart.second.at) * (one - other) >= 0
    assert chart.left <= min(chart.first.at, chart.second.at)
    assert max(chart.first.at, chart.second.at) <= chart.width
