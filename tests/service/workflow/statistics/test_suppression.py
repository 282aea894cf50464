"""Suppression: what may be shown, and that no hidden cell can be computed from what is."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.workflow.statistics.suppression import Key, Line, Table, may_show, released

STAFF = ("alma", "bent", "ebbe", "freja")


def cases_of(*counts: int) -> list[str]:
    """Caseworkers of a group: so many cases of the first, so many of the second, …"""
    return [STAFF[number] for number, count in enumerate(counts) for _ in range(count)]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((), True),
        ((1, 1, 2), False),  # four cases
        ((2, 2, 1), True),
        ((3, 3), False),  # two caseworkers
        ((7, 2, 1), True),  # exactly 70 %
        ((8, 2, 1), False),
    ],
    ids=str,
)
def test_a_cell_needs_five_cases_three_caseworkers_and_nobody_with_more_than_seventy_percent(
    counts: tuple[int, ...], shown: bool
) -> None:
    staff = cases_of(*counts)
    assert may_show(staff, range(len(staff))) is shown


def line_of(*sizes: int) -> Table:
    """A total and its parts, each spread evenly over three caseworkers."""
    staff, parts = [], {}
    for number, size in enumerate(sizes):
        parts[("part", str(number))] = frozenset(range(len(staff), len(staff) + size))
        staff += [STAFF[n % 3] for n in range(size)]
    total = {("total",): frozenset(range(len(staff)))}
    return Table(staff, (total, parts), (Line(("total",), tuple(parts)),))


def shown_parts(table: Table) -> list[int]:
    return sorted(int(key[1]) for key in released(table) if key[0] == "part")


def test_one_hidden_part_takes_the_next_smallest_with_it() -> None:
    assert shown_parts(line_of(10, 6, 2)) == [0]


def test_two_hidden_parts_that_are_few_together_take_a_third() -> None:
    assert shown_parts(line_of(10, 6, 1, 1)) == [0]


def test_two_hidden_parts_that_are_enough_together_hide_each_other() -> None:
    assert shown_parts(line_of(10, 6, 3, 3)) == [0, 1]


def test_nothing_hidden_hides_nothing() -> None:
    assert shown_parts(line_of(10, 6, 5)) == [0, 1, 2]


def test_an_empty_part_is_shown_as_empty() -> None:
    assert shown_parts(line_of(10, 0, 6)) == [0, 1, 2]


def test_a_total_that_may_not_be_shown_has_no_parts_that_may() -> None:
    assert released(line_of(2, 1, 1)) == frozenset()


def test_a_later_total_is_held_back_when_it_would_give_away_an_earlier_part() -> None:
    """A year is not shown for a case type of which one quarter was hidden."""
    table = line_of(9, 8, 2)
    quarters = [("part", "0"), ("part", "1")]
    later = Table(table.caseworkers, table.tiers[::-1], table.lines)
    assert ("total",) not in released(later, quarters)


@pytest.mark.parametrize("decided", ["none", "all"])
def test_what_holds_of_none_or_of_all_that_is_left_is_not_told_of_a_hidden_part(decided: str) -> None:
    """Who sees that all decided otherwise were of other types knows how many of a hidden one were: none."""
    table = line_of(12, 8, 3, 3)
    part, total = table.tiers[1], table.tiers[0]["total",]
    otherwise = frozenset({0, 1}) if decided == "none" else total - {0, 1}
    told = {key: cases & otherwise for key, cases in {("total",): total, **part}.items()}
    telling = Table(table.caseworkers, table.tiers, table.lines, told=told, choices=frozenset(told))

    assert shown_parts(table) == [0, 1]
    assert shown_parts(telling) == [1]


def test_a_whole_of_which_it_holds_throughout_keeps_its_page() -> None:
    table = line_of(12, 8, 3, 3)
    told: dict[Key, frozenset[int]] = dict.fromkeys(table.cells, frozenset())
    telling = Table(table.caseworkers, table.tiers, table.lines, told=told, choices=frozenset(told))

    assert released(telling) == released(table)


def grid(rows: list[list[list[int]]]) -> Table:
    """A table of rows and columns with all margins; each cell lists how many cases each caseworker has."""
    staff: list[str] = []
    inner: dict[Key, frozenset[int]] = {}
    for r, row in enumerate(rows):
        for c, counts in enumerate(row):
            new = cases_of(*counts)
            inner[("cell", str(r), str(c))] = frozenset(range(len(staff), len(staff) + len(new)))
            staff += new
    height, width = len(rows), len(rows[0])
    row_totals = {
        ("row", str(r)): frozenset().union(*(inner["cell", str(r), str(c)] for c in range(width)))
        for r in range(height)
    }
    column_totals = {
        ("column", str(c)): frozenset().union(*(inner["cell", str(r), str(c)] for r in range(height)))
        for c in range(width)
    }
    everything: dict[Key, frozenset[int]] = {("all",): frozenset(range(len(staff)))}
    lines = (
        Line(("all",), tuple(row_totals)),
        Line(("all",), tuple(column_totals)),
        *(
            Line(("row", str(r)), tuple(("cell", str(r), str(c)) for c in range(width)))
            for r in range(height)
        ),
        *(
            Line(("column", str(c)), tuple(("cell", str(r), str(c)) for r in range(height)))
            for c in range(width)
        ),
    )
    return Table(staff, (everything, {**row_totals, **column_totals}, inner), lines)


def can_compute(
    cells: dict[Key, frozenset[int]], visible: frozenset[Key], secret: Key, lines: tuple[Line, ...]
) -> bool:
    """Whether the size of a cell follows from the sizes shown and the sums, in exact arithmetic.

    The unknowns are the sizes of the hidden cells; the reader knows every line and every visible size.
    """
    unknown = [key for key in cells if key not in visible]
    equations = []
    for line in lines:
        row = [Fraction(0)] * len(unknown)
        for key, sign in [(line.total, -1), *((part, 1) for part in line.parts)]:
            if key not in visible:
                row[unknown.index(key)] += sign
        equations.append(row)
    goal = [Fraction(int(key == secret)) for key in unknown]
    return _rank(equations) == _rank([*equations, goal])


def _rank(rows: list[list[Fraction]]) -> int:
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for r in range(rank + 1, len(rows)):
            factor = rows[r][column] / rows[rank][column]
            rows[r] = [value - factor * top for value, top in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return rank


counts = st.lists(st.integers(0, 5), min_size=4, max_size=4)
grids = st.integers(2, 4).flatmap(
    lambda w: st.lists(st.lists(counts, min_size=w, max_size=w), min_size=2, max_size=4)
)


@settings(max_examples=150, deadline=None)
@given(grids)
def test_no_hidden_cell_can_be_computed_from_rows_and_columns(rows: list[list[list[int]]]) -> None:
    table = grid(rows)
    visible, cells = released(table), table.cells
    for key, cases in cells.items():
        if not may_show(table.caseworkers, cases):
            assert key not in visible
            assert not can_compute(cells, visible, key, table.lines), (key, sorted(visible))


@settings(max_examples=150, deadline=None)
@given(grids)
def test_what_is_left_of_a_line_may_itself_be_shown(rows: list[list[list[int]]]) -> None:
    table = grid(rows)
    visible, cells = released(table), table.cells
    for line in table.lines:
        if line.total in visible:
            rest = cells[line.total].difference(*(cells[part] for part in line.parts if part in visible))
            assert may_show(table.caseworkers, rest)


@settings(max_examples=50, deadline=None)
@given(grids, st.permutations(STAFF))
def test_who_is_who_makes_no_difference(rows: list[list[list[int]]], order: list[str]) -> None:
    table = grid(rows)
    renamed = dict(zip(STAFF, order, strict=True))
    other = Table([renamed[name] for name in table.caseworkers], table.tiers, table.lines)
    assert released(table) == released(other) == released(table)


def test_a_bridge_between_two_blocks_is_not_left_to_be_computed() -> None:
    """Every row and column has two hidden cells, and still subtraction would find one: it needs a third."""
    few, many = [1, 1, 0, 0], [4, 4, 4, 0]
    table = grid(
        [
            [few, few, many, many, many],
            [few, [2, 2, 0, 0], few, many, many],
            [many, many, few, few, few],
            [many, many, many, few, few],
        ]
    )
    visible = released(table)
    for key, cases in table.cells.items():
        if not may_show(table.caseworkers, cases):
            assert not can_compute(table.cells, visible, key, table.lines)
