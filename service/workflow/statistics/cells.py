"""The cells that the statistics of a quarter or a year show, and which of them may be shown.

What a quarter may show depends on that quarter alone, so its page never changes. A year is shown with regard
to its quarters: a yearly number that would give away a hidden quarter by subtraction is held back.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from service.workflow.statistics.calibration import tenths_of
from service.workflow.statistics.periods import Period
from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.suppression import Key, Line, Table, released

ALL = "alle"
"""Stands for all case types together."""

Group = Callable[[DecidedRow], bool]
MEASURES: Mapping[str, Group] = {
    "compared": lambda row: row.compared,
    "decided": lambda row: True,
    "with": lambda row: row.shown,
    "without": lambda row: not row.shown,
    "planned": lambda row: row.planned,
    "apart": lambda row: row.began_apart,
    "alike": lambda row: row.began_alike,
}
"""The groups that numbers are given of, what matters most first."""

SUMS = {"decided": ("with", "without"), "compared": ("apart", "alike")}

COLUMNS: Mapping[str, Group] = {
    "all": lambda row: True,
    "agreement": lambda row: row.compared and not row.overrides,
    "override": lambda row: row.overrides,
    "uncompared": lambda row: not row.compared,
}
"""The columns of the reasons; the last is not on the page, but could be found by subtraction."""

ENDED: Mapping[str, Group] = {
    "agreement": lambda row: row.completed is not None and row.compared and not row.overrides,
    "override": lambda row: row.completed is not None and row.overrides,
}
"""The groups whose outcomes are told: courses that have ended."""

TELLING: Mapping[str, Group] = {
    name: lambda row: row.overrides for name in ("compared", "apart", "alike", "differing")
}
"""By the name of a cell, the group within it whose size is told along with it."""

NO_SUPPORT = "?"
"""Stands for cases of which it can no longer be read how many similar cases had the most common level."""


def visible(rows: Sequence[DecidedRow], period: Period) -> frozenset[Key]:
    """The keys of the cells of a quarter or a year that may be shown."""
    if period.quarter is not None:
        return released(table_of(_within(rows, period)))
    return _visible_in_year(_within(rows, period), period)


def cases_in(rows: Sequence[DecidedRow]) -> dict[Key, list[DecidedRow]]:
    """The rows behind every cell."""
    return {key: [rows[n] for n in sorted(cases)] for key, cases in table_of(rows).cells.items()}


def _within(rows: Sequence[DecidedRow], period: Period) -> list[DecidedRow]:
    return [row for row in rows if period.includes(row.decided_at)]


def table_of(rows: Sequence[DecidedRow]) -> Table:
    """The cells of a period with all that holds between them; other pages add theirs behind these."""
    types = sorted({row.case_type for row in rows})
    reasons = sorted({row.reason for row in rows})
    withheld = sorted({row.withheld_reason for row in rows if row.withheld_reason is not None})
    months = sorted({row.month for row in rows})
    bins = sorted({tenths(row) for row in rows if row.compared})
    apart_by = sorted({_difference(row) for row in rows if row.began_apart})
    compared, without, apart = MEASURES["compared"], MEASURES["without"], MEASURES["apart"]
    sides: dict[Key, frozenset[int]] = {
        ("column", side): _those(rows, COLUMNS[side]) for side in ("agreement", "override")
    }
    tiers: list[dict[Key, frozenset[int]]] = [
        *(_tier((measure, ALL), _numbers(rows, group)) for measure, group in MEASURES.items()),
        *(_by(rows, (measure,), group, "case_type", types) for measure, group in MEASURES.items()),
        sides,
        {("month", month.code): _numbers(rows, compared, month=month) for month in months},
        *(_by(rows, ("reason", column), group, "reason", reasons) for column, group in COLUMNS.items()),
        _by(rows, ("withheld",), without, "withheld_reason", withheld),
        _by(rows, ("apart by reason",), apart, "reason", reasons),
        {("bin", each): _those(rows, _binned(each)) for each in bins},
        {("differing", *each): _those(rows, _differs(each)) for each in apart_by},
        # Outcomes come last: nothing else is held back for their sake.
        {("ended", name): _those(rows, group) for name, group in ENDED.items()},
        {("bin ended", each): _those(rows, _binned(each, ended=True)) for each in bins},
    ]
    told = _told(rows, tiers)
    return Table(
        caseworkers=[row.caseworker for row in rows],
        tiers=tiers,
        lines=(
            *_lines(types, reasons, withheld, [month.code for month in months], bins),
            *(
                Line(("apart", name), tuple(("differing", *each) for each in apart_by if each[0] == name))
                for name in types
            ),
        ),
        phantoms=frozenset(
            [
                *(("reason", "uncompared", code) for code in reasons),
                ("bin", NO_SUPPORT),
                ("bin ended", NO_SUPPORT),
            ]
        ),
        # How many agreed and how many did not stands beside the override rate.
        known=tuple(sides.values()),
        # How many were decided otherwise is told of each of these: of a part without its whole, that could
        # tell the number of a hidden neighbour of the whole.
        within={
            **{(part, name): ("compared", name) for part in ("apart", "alike") for name in (ALL, *types)},
            **{("differing", *each): ("apart", each[0]) for each in apart_by},
        },
        told=told,
        choices=frozenset(told),
    )


def _told(
    rows: Sequence[DecidedRow], tiers: Sequence[Mapping[Key, frozenset[int]]]
) -> dict[Key, frozenset[int]]:
    """Which cases of a cell were decided otherwise, where that is told along with it."""
    telling = {name: _those(rows, group) for name, group in TELLING.items()}
    return {
        key: cases & telling[key[0]] for tier in tiers for key, cases in tier.items() if key[0] in telling
    }


def _difference(row: DecidedRow) -> tuple[str, str, str]:
    """What kind of case, what was judged first, and what most similar cases show."""
    return row.case_type, row.own, row.reference or ""


def _differs(difference: tuple[str, str, str]) -> Group:
    return lambda row: row.began_apart and _difference(row) == difference


def tenths(row: DecidedRow) -> str:
    """The bin of a case: how many tenths of the similar cases had the most common level."""
    return NO_SUPPORT if row.support is None else str(tenths_of(row.support))


def _binned(tenth: str, *, ended: bool = False) -> Group:
    """The group of the cases of a bin, or of those of them whose courses have ended."""
    return lambda row: row.compared and tenths(row) == tenth and (row.completed is not None or not ended)


def _those(rows: Sequence[DecidedRow], group: Group) -> frozenset[int]:
    return frozenset(number for number, row in enumerate(rows) if group(row))


def _lines(
    types: list[str], reasons: list[str], withheld: list[str], months: list[str], bins: list[str]
) -> Iterator[Line]:
    for total, parts in SUMS.items():
        for name in (ALL, *types):
            yield Line((total, name), tuple((part, name) for part in parts))
    for measure in MEASURES:
        yield Line((measure, ALL), tuple((measure, name) for name in types))
    yield Line(("compared", ALL), tuple(("month", code) for code in months))
    yield Line(("decided", ALL), tuple(("reason", "all", code) for code in reasons))
    for side in ("agreement", "override"):
        # Of too few that were decided otherwise it is not even told which reasons none of them had.
        yield Line(("column", side), tuple(("reason", side, code) for code in reasons))
    for code in reasons:
        yield Line(("reason", "all", code), tuple(("reason", column, code) for column in list(COLUMNS)[1:]))
    yield Line(("without", ALL), tuple(("withheld", code) for code in withheld))
    yield Line(("apart", ALL), tuple(("apart by reason", code) for code in reasons))
    yield Line(("compared", ALL), tuple(("bin", each) for each in bins))


def _tier(key: Key, cases: frozenset[int]) -> dict[Key, frozenset[int]]:
    return {key: cases}


def _by(
    rows: Sequence[DecidedRow], start: Key, group: Group, attribute: str, values: list[str]
) -> dict[Key, frozenset[int]]:
    """One cell for each value of an attribute."""
    return {(*start, value): _numbers(rows, group, **{attribute: value}) for value in values}


def _numbers(rows: Sequence[DecidedRow], group: Group, **same: object) -> frozenset[int]:
    """The numbers of the rows of a group whose attributes have the given values."""
    return frozenset(
        number
        for number, row in enumerate(rows)
        if group(row) and all(getattr(row, name) == value for name, value in same.items())
    )


def _visible_in_year(rows: Sequence[DecidedRow], year: Period) -> frozenset[Key]:
    """The year's own cells that may be shown beside those that its quarters show."""
    whole, quarters, known = table_of(rows), dict[Key, frozenset[int]](), list[frozenset[int]]()
    told = dict(whole.told)
    shown: set[Key] = set()
    for quarter in year.quarters:
        places = [number for number, row in enumerate(rows) if quarter.includes(row.decided_at)]
        table = table_of([rows[number] for number in places])
        shown |= {(quarter.code, *key) for key in released(table)}
        known += [frozenset(places[case] for case in cases) for cases in table.known]
        for key, cases in table.cells.items():
            quarters[quarter.code, *key] = frozenset(places[case] for case in cases)
        for key, cases in table.told.items():
            told[quarter.code, *key] = frozenset(places[case] for case in cases)
    months = {key: (_quarter_of_month(key[1]), *key) for key in whole.cells if key[0] == "month"}
    settled = {key for key, in_quarter in months.items() if in_quarter in shown}
    table = Table(
        caseworkers=whole.caseworkers,
        tiers=(quarters, *whole.tiers),
        lines=(*whole.lines, *_over_quarters(whole, quarters, year)),
        phantoms=whole.phantoms | (quarters.keys() - shown) | (months.keys() - settled),
        known=(*whole.known, *known),
        within=whole.within,
        told=told,
        choices=frozenset(told),
    )
    return frozenset(key for key in released(table, shown | settled) if key in whole.cells)


def _over_quarters(whole: Table, quarters: Mapping[Key, object], year: Period) -> list[Line]:
    """Every yearly cell is the sum of its quarters."""
    keys = [key for key in whole.cells if key[0] != "month"]
    codes = [quarter.code for quarter in year.quarters]
    return [Line(key, tuple((code, *key) for code in codes if (code, *key) in quarters)) for key in keys]


def _quarter_of_month(code: str) -> str:
    year, month = code.split("-")
    return Period(int(year), (int(month) + 2) // 3).code
