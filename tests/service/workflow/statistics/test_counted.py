"""Several units together: the sum of what each of them shows, and nothing else."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from service.workflow.statistics.counted import Counted
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import override_difference, practice
from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.shares import Share
from tests.service.workflow.statistics.planted import PLAIN, STAFF, some

Q3 = Period(2026, 3)


def test_units_that_are_all_too_small_tell_nothing_together() -> None:
    rows = [*some(4, unit="nord"), *some(4, unit="syd", staff=("f", "i", "j"))]
    page = practice(rows, Q3)
    assert page.left_out == ("nord", "syd")
    assert page.decided is None
    assert page.override.hidden


def test_a_unit_that_is_too_small_is_left_out_and_named() -> None:
    page = practice([*some(30, unit="nord"), *some(1, unit="syd", choice="basal")], Q3)
    assert page.left_out == ("syd",)
    assert (page.decided, page.override) == (30, Share(0, 30))


def test_a_number_that_one_unit_holds_back_is_held_back_for_all() -> None:
    rows = [
        *some(30, unit="nord"),
        *some(9, unit="nord", case_type="knae"),
        *some(30, unit="syd"),
        *some(9, unit="syd", case_type="knae"),
        *some(3, unit="syd", case_type="fod"),
    ]
    together = {row.code: row.override.of for row in practice(rows, Q3).by_type}
    alone = {row.code: row.override.of for row in practice(rows[39:], Q3).by_type}
    assert alone == {"hoftebrud": 30, "knae": None, "fod": None}
    assert together == {"hoftebrud": 60, "knae": None, "fod": None}


def test_periods_of_other_units_are_not_compared() -> None:
    whole = practice(some(40, unit="nord"), Q3)
    part = practice([*some(40, unit="nord"), *some(2, unit="syd")], Q3)
    assert override_difference(whole, whole) is not None
    assert override_difference(whole, part) is None


any_row = st.builds(
    replace,
    st.just(PLAIN),
    unit=st.sampled_from(["nord", "syd"]),
    caseworker=st.sampled_from(STAFF),
    case_type=st.sampled_from(["hoftebrud", "knae"]),
    own=st.sampled_from(["basal", "avanceret"]),
    choice=st.sampled_from(["basal", "avanceret"]),
    reason=st.sampled_from(["praksis", "andet"]),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(any_row, min_size=20, max_size=60))
def test_all_units_together_never_tell_more_than_each(rows: list[DecidedRow]) -> None:
    together = Counted(rows, Q3)
    alone = {unit: Counted([row for row in rows if row.unit == unit], Q3) for unit in ("nord", "syd")}
    for key in together.keys():  # noqa: SIM118
        count = together.count(*key)
        parts = [cells.count(*key) for unit, cells in alone.items() if unit not in together.left_out]
        assert count is None or count == sum(part or 0 for part in parts)
        assert count is None or None not in parts
