"""Behind the statistics' own suppression: no cell of followed cases gives away what is hidden."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import numpy as np
import pytest

from service.workflow.effect.cells import FollowedCases, further
from service.workflow.effect.followed import STEPS_AGAIN, Followed
from service.workflow.statistics.cells import visible
from service.workflow.statistics.suppression import Key, Table, may_show, released
from tests.service.workflow.effect.planted import CASE, K3, cases

OFFERS = ("ortopaedisk", "neurologisk", "haand", "kraeft")


def a_town(seed: int, count: int = 70) -> list[Followed]:
    """A quarter of one unit in which one caseworker sees to most hands."""
    chance = Random(seed)
    return [_a_case(chance) for _ in range(count)]


def _a_case(chance: Random) -> Followed:
    who = chance.choice(("alma", "bent", "ebbe", "gorm"))
    at = datetime(2026, 7, 1, 9, tzinfo=UTC) + timedelta(days=chance.randrange(90))
    reference = chance.choice(("basal", "avanceret", None))
    planned = chance.random() < 0.85
    status = chance.choice(("inden_frist", "inden_frist", "frit_valg", "udskudt")) if planned else None
    return Followed(
        row=replace(
            CASE.row, caseworker=who, decided_at=at, opened_at=at, case_type=chance.choice(("hofte", "knae")),
            shown=reference is not None, withheld_reason=None if reference else "declined",
            reference=reference, own=chance.choice(("basal", "avanceret")), offered=status, first_date=None,
            due_on=at.date() + timedelta(days=3), completed=chance.choice((True, False, None)),
        ),
        arm=chance.choices(("evidence", "control"), (9, 1))[0],
        offer="haand" if who == "gorm" and chance.random() < 0.6 else chance.choices(OFFERS, (8, 5, 1, 1))[0],
        discharged_on=at.date() - timedelta(days=2),
        start_after=at.date() if chance.random() < 0.1 else None,
        offered_on=chance.choice((None, at.date())),
        started_on=chance.choice((None, date(2026, 12, 1))),
        ended_with=chance.choice((None, "gennemfoert", "gennemfoert", "fravalg", "udeblevet")),
        held=chance.choice(((), ((6, True),), ((6, True), (8, True)), ((6, False), (8, False)))),
        received_on=chance.choice((None, at.date())),
        again=frozenset(step for step in STEPS_AGAIN if chance.random() < 0.1),
    )  # fmt: skip


def shown_in(some: list[Followed]) -> tuple[Table, frozenset[Key]]:
    table = further(some)
    return table, released(table, visible([case.row for case in some], K3))


def computable(table: Table, shown: frozenset[Key], secret: frozenset[int]) -> bool:
    """Whether the size of a group follows from what is shown, by solving for it from scratch."""
    groups = [table.cells[key] for key in sorted(shown)]
    groups += [table.told[key] for key in sorted(shown) if key in table.told] + list(table.known)
    vectors = np.zeros((len(groups) + 1, len(table.caseworkers)))
    for number, group in enumerate([*groups, secret]):
        vectors[number, list(group)] = 1
    solution = np.linalg.lstsq(vectors[:-1].T, vectors[-1], rcond=None)[0]
    return bool(np.linalg.norm(vectors[:-1].T @ solution - vectors[-1]) < 1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_no_small_cell_can_be_computed_from_all_that_is_shown(seed: int) -> None:
    some = a_town(seed)
    table, shown = shown_in(some)
    small = [
        key
        for key, group in table.cells.items()
        if key[0] != "bin" and not may_show(table.caseworkers, group)
    ]
    assert len([key for key in small if key[0] in ("offer", "offer month", "agreed", "arm planned")]) > 4
    assert [key for key in small if computable(table, shown, table.cells[key])] == []


def test_the_small_parts_of_a_line_are_not_found_together_by_going_round_it() -> None:
    """Hands in August follow from the quarter less July; August less both offers would leave four others."""
    july, august = datetime(2026, 7, 8, 9, tzinfo=UTC), datetime(2026, 8, 12, 9, tzinfo=UTC)
    some = [
        *cases(9, july), *cases(9, august),
        *cases(9, july, offer="haand"), *cases(9, august, offer="haand"),
        *cases(6, july, offer="kraeft"), *cases(2, august, offer="kraeft"),
        *cases(6, july, offer="boern"), *cases(2, august, offer="boern"),
    ]  # fmt: skip
    table, shown = shown_in(some)
    others = table.cells["offer month", "kraeft", "2026-08"] | table.cells["offer month", "boern", "2026-08"]
    assert len(others) == 4
    assert ("planned month", "2026-08") in shown
    assert not computable(table, shown, others)


@pytest.mark.parametrize("seed", range(6))
def test_what_the_statistics_hold_back_is_held_back_here_and_what_they_show_stays(seed: int) -> None:
    some = a_town(seed)
    table, shown = shown_in(some)
    theirs = visible([case.row for case in some], K3)
    own = {key for key in shown if key not in theirs}
    assert theirs <= shown
    assert own
    assert not own & visible_keys_of_the_statistics(table, some)


def visible_keys_of_the_statistics(table: Table, some: list[Followed]) -> set[Key]:
    """The keys of the statistics' own table, shown or not."""
    from service.workflow.statistics.cells import table_of

    return set(table_of([case.row for case in some]).cells)


def test_several_units_show_the_sum_of_what_each_shows() -> None:
    north, south = cases(12, unit="nord"), cases(9, unit="syd", offer="neurologisk")
    few = cases(3, unit="oest")
    found = FollowedCases([*north, *south, *few], K3)
    assert found.left_out == ("oest",)
    assert len(found.shown("planned", "alle") or ()) == 21
    assert len(found.shown("offer", "ortopaedisk") or ()) == 12


def test_a_cell_that_one_unit_hides_is_hidden_of_all() -> None:
    north = [*cases(12, unit="nord"), *cases(3, unit="nord", offer="haand")]
    found = FollowedCases([*north, *cases(9, unit="syd", offer="haand")], K3)
    assert found.shown("offer", "haand") is None


def test_when_every_unit_is_too_small_nothing_is_told() -> None:
    found = FollowedCases([*cases(3, unit="nord"), *cases(2, unit="syd")], K3)
    assert found.shown("decided", "alle") is None


def test_without_cases_there_is_nothing_to_hide() -> None:
    assert FollowedCases([], K3).shown("decided", "alle") == []
