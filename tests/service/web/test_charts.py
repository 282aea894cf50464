"""Geometry of the charts: within their frame, to scale, and silent where there is nothing to draw."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.web.drawing.charts import Value, axis_end, bar_chart, dot_chart, line_chart

shares = st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)).map(sorted)
values = shares.map(lambda three: Value("navn", "ord", three[1], three[0], three[2]))
rows = st.lists(st.one_of(values, st.just(Value("navn", "Skjult"))), max_size=15)


@given(rows)
def test_dots_lie_in_the_frame_and_between_the_ends_of_their_interval(found: list[Value]) -> None:
    chart = dot_chart("id", "titel", "tekst", found)
    for value, dot in zip(found, chart.dots, strict=True):
        assert 0 < dot.y < chart.bottom
        if value.share is None:
            assert (dot.at, dot.low, dot.high) == (None, None, None)
        else:
            assert chart.left <= dot.low <= dot.at <= dot.high <= chart.width


@given(rows)
def test_the_axis_holds_every_interval(found: list[Value]) -> None:
    assert axis_end(found) >= max((value.high for value in found if value.high is not None), default=0)


@given(rows)
def test_months_lie_in_the_frame_and_a_gap_is_not_drawn_over(found: list[Value]) -> None:
    chart = line_chart("id", "titel", "tekst", found, [(0.5, "ny model")])
    drawn = [point for point in chart.points if point.y is not None]
    assert all(chart.top <= point.high <= point.y <= point.low <= chart.bottom for point in drawn)
    neighbours = pairwise(found)
    assert len(chart.lines) == sum(a.share is not None and b.share is not None for a, b in neighbours)
    assert all(chart.left <= mark.at <= chart.width for mark in chart.marks)


def test_bars_are_as_long_as_their_counts() -> None:
    chart = bar_chart(
        "id", "titel", "tekst", [("a", "10", 10), ("b", "5", 5), ("c", "Skjult", None), ("d", "0", 0)]
    )
    longest, half, hidden, none = (bar.length for bar in chart.bars)
    assert half == longest / 2
    assert (hidden, none) == (0, 0)


def test_an_empty_chart_can_be_drawn() -> None:
    assert dot_chart("id", "titel", "tekst", []).dots == ()
    assert bar_chart("id", "titel", "tekst", []).bars == ()
    assert line_chart("id", "titel", "tekst", [], []).points == ()
