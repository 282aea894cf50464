"""Nobody who holds every file for every period, filter and role finds a number that was held back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from service.web.statistics.page import Reading
from service.web.statistics.spreadsheet import as_csv
from service.workflow.statistics import cells
from service.workflow.statistics.cells import cases_in
from service.workflow.statistics.counted import Counted
from service.workflow.statistics.differences import differences_of
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import practice_of
from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.suppression import Key, Table, may_show
from tests.service.workflow.statistics.adversary import DECIDED, Adversary, Town, Where, in_cell
from tests.service.workflow.statistics.planted import PLAIN

TYPES, REASONS = ("hoftebrud", "knae", "fod", "ryg"), ("funktion_nu", "praksis", "kapacitet", "andet")
LEVELS = ("basal", "avanceret")
STAFF = {"nord": ("alma", "bent", "ebbe", "gorm"), "syd": ("freja", "ida", "jon"), "oest": ("karl", "lis")}
ODD = "gorm"
"""Judges and decides most feet, mostly otherwise than similar cases, and for a reason of his own."""
QUARTERS = (Period(2025, 4), Period(2026, 1), Period(2026, 2))
PERIODS = (*QUARTERS, Period(2025), Period(2026))
TOWN = Town(
    units=tuple(STAFF),
    quarters=tuple(each.code for each in QUARTERS),
    types=TYPES,
    reasons=REASONS,
    owns=(*LEVELS, "kan_ikke_afgoeres"),
    levels=LEVELS,
    bins=("6", "7", "8", "?"),
)


def planted_town(seed: int) -> list[DecidedRow]:
    """Three quarters, of two years, of three units of very different size."""
    random = Random(seed)
    return [
        a_case(random, unit, random.choice(staff), quarter)
        for unit, staff in STAFF.items()
        for quarter in QUARTERS
        for _ in range({"nord": 70, "syd": 40, "oest": 12}[unit])
    ]


def a_case(random: Random, unit: str, who: str, quarter: Period) -> DecidedRow:
    """One case, decided by somebody's habits."""
    odd = who == ODD
    at = datetime.combine(quarter.start, datetime.min.time(), UTC) + timedelta(days=random.randrange(1, 89))
    shown = random.random() < 0.85
    reference = random.choice((*LEVELS, *LEVELS, *LEVELS, None)) if shown else None
    own = reference if reference and random.random() < (0.3 if odd else 0.75) else random.choice(TOWN.owns)
    choice = own if own in LEVELS and (odd or random.random() < 0.6) else reference or random.choice(LEVELS)
    return replace(
        PLAIN,
        unit=unit,
        caseworker=who,
        opened_at=at - timedelta(minutes=9),
        decided_at=at,
        case_type="fod" if odd and random.random() < 0.6 else random.choices(TYPES, (9, 6, 1, 3))[0],
        shown=shown,
        withheld_reason=None if shown else random.choice(("declined", "abstained", "control_arm")),
        own=own,
        reference=reference,
        choice=choice,
        reason="kapacitet" if odd and choice != reference else random.choices(REASONS, (9, 6, 1, 2))[0],
        offered=random.choice(("inden_frist", "frit_valg", None)),
        first_date=None,
        support=random.choice((0.6, 0.7, 0.8)),
        completed=random.choice((True, False, None)),
    )


@dataclass(frozen=True)
class Secret:
    """A cell that was not to be found: whose, when, which, whose cases it holds, and how many overrides."""

    units: tuple[str, ...]
    period: str
    key: Key
    staff: frozenset[str]
    overrides: int


def scopes() -> Iterator[tuple[str, ...]]:
    """The units that a lead reads, one at a time, and those that whoever audits reads together."""
    yield from ((unit,) for unit in STAFF)
    yield tuple(STAFF)


def of_units(rows: list[DecidedRow], units: tuple[str, ...]) -> list[DecidedRow]:
    return [row for row in rows if row.unit in units]


def files(rows: list[DecidedRow]) -> Iterator[tuple[tuple[str, ...], bytes]]:
    """Every file there is, of every scope, period and case type."""
    for units in scopes():
        theirs = of_units(rows, units)
        for period in PERIODS:
            cells = Counted(theirs, period)
            for case_type in (None, *TYPES):
                now = practice_of(cells, case_type)
                reading = Reading(
                    offered=PERIODS,
                    until=date(2026, 10, 1),
                    now=now,
                    before=now,
                    differing=differences_of(cells) if case_type is None else None,
                    changes=(),
                )
                yield tuple(unit for unit in units if unit not in now.left_out), as_csv(reading)


def secrets(rows: list[DecidedRow]) -> Iterator[Secret]:
    """Every cell of too few cases or caseworkers, or mostly of one."""
    for units in scopes():
        for period in PERIODS:
            within = [row for row in of_units(rows, units) if period.includes(row.decided_at)]
            for key, cases in cases_in(within).items():
                staff = [row.caseworker for row in cases]
                if key[0] != "column" and not may_show(staff, range(len(staff))):
                    yield Secret(
                        units, period.code, key, frozenset(staff), sum(row.overrides for row in cases)
                    )


def an_adversary(rows: list[DecidedRow]) -> Adversary:
    """One who holds every file."""
    player = Adversary(TOWN)
    for units, file in files(rows):
        player.read(units, file)
    return player


def found_by(player: Adversary, kept: list[Secret], *where: Where) -> list[Secret]:
    """Those of the secrets whose size the adversary finds, or the size of a part of them."""
    asked = [player.group(each.units, each.period, in_cell(each.key), *where) for each in kept]
    found = set(player.finds(asked))
    return [each for each, group in zip(kept, asked, strict=True) if group in found]


OVERRIDES_TOLD = ("compared", "month", "bin", "differing")
"""Cells along with which it is told how many were decided otherwise."""


@pytest.mark.requirement("SK-09")
@pytest.mark.parametrize("seed", range(1, 7))
def test_no_cell_that_was_held_back_is_found(seed: int) -> None:
    rows = planted_town(seed)
    player, kept = an_adversary(rows), list(secrets(rows))
    assert len([each for each in kept if each.staff == {ODD}]) >= 5
    assert found_by(player, kept) == []
    overridden = [each for each in kept if each.key[0] in OVERRIDES_TOLD and each.overrides]
    assert len(overridden) >= 20
    assert found_by(player, overridden, lambda atom: atom[4] in ("override", *DECIDED["override"])) == []


def everything(table: Table, already: object = ()) -> frozenset[Key]:
    """No suppression at all."""
    return frozenset(table.cells)


def small_ones_only(table: Table, already: object = ()) -> frozenset[Key]:
    """Only small cells are held back, and nothing for their sake."""
    return frozenset(key for key, cases in table.cells.items() if may_show(table.caseworkers, cases))


@pytest.mark.parametrize("careless", [everything, small_ones_only])
def test_the_adversary_finds_what_is_held_back_carelessly(
    careless: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "released", careless)
    rows = planted_town(1)
    kept = list(secrets(rows))
    found = found_by(an_adversary(rows), kept)
    assert len(found) >= len(kept) / 10
    assert [each for each in found if each.staff == {ODD}]
