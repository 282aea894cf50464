"""How decisions stand to what most similar cases show: counted on the fingers, and laws for every team."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import practice
from service.workflow.statistics.reliance import Paths, Reliance, reliance
from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.shares import HIDDEN, Share
from tests.service.workflow.statistics.planted import DAY, PLAIN, some, withheld

Q3 = Period(2026, 3)
LEVELS = ("basal", "mellem", "avanceret")


def counted(rows: list[DecidedRow]) -> Reliance:
    """The measures of rows, none of them held back."""
    compared = [row for row in rows if row.compared]
    apart, alike = ([row for row in compared if (row.own != row.reference) is yes] for yes in (True, False))
    return reliance(compared, apart, alike)


def test_what_is_hidden_gives_no_measure() -> None:
    nothing = reliance(None, None, None)
    assert {nothing.distance, nothing.toward, nothing.third, nothing.away, nothing.fast} == {HIDDEN}
    assert nothing.began_apart == nothing.began_alike == Paths(None, None, None, None)


def test_a_distance_is_hidden_with_the_cases_that_make_it() -> None:
    page = practice([*some(30), *some(3, own="basal")], Q3)
    assert page.override == Share(0, 33)
    assert page.reliance.distance == HIDDEN  # 3 of 33 would tell of a cell of three


def test_every_path_from_judgement_to_decision_is_counted() -> None:
    """30 alike (4 left R), 20 apart: 11 switched to R, 7 kept, 2 chose a third."""
    page = counted(
        [
            *some(26),
            *some(4, choice="basal"),
            *some(11, own="basal"),
            *some(7, own="basal", choice="basal"),
            *some(2, own="basal", choice="mellem"),
            *withheld(5, "declined"),
        ]
    )
    assert page.distance == Share(20, 50)
    assert page.toward == Share(11, 20)
    assert page.third == Share(2, 20)
    assert page.away == Share(4, 30)
    assert page.began_apart == Paths(of=20, kept=7, switched=11, third=2)
    assert page.began_alike == Paths(of=30, kept=26, switched=None, third=4)
    assert (page.distance.percent, page.distance.interval) == (40, (28, 54))  # Wilson: 0.2761–0.5382


def considered(seconds: float, count: int, own: str = "basal") -> list[DecidedRow]:
    """Cases changed to R, or already there, so many seconds after the evidence."""
    return some(count, own=own, shown_at=DAY - timedelta(seconds=seconds))


def test_a_change_to_most_similar_cases_within_ten_seconds_is_very_fast() -> None:
    rows = [*considered(9.9, 3), *considered(10, 5), *considered(2, 12, own="avanceret")]
    assert counted(rows).fast == Share(3, 20)  # who agreed beforehand may be quick


def test_very_fast_agreement_is_told_from_twenty_cases_and_for_all_case_types_only() -> None:
    assert counted(considered(4, 19)).fast == HIDDEN
    assert counted(considered(4, 20)).fast == Share(20, 20)


def test_a_case_without_a_time_of_showing_is_not_fast() -> None:
    assert counted(some(20, own="basal")).fast == Share(0, 20)


any_case = st.builds(
    lambda own, reference, choice: some(1, PLAIN, own=own, reference=reference, choice=choice)[0],
    st.sampled_from([*LEVELS, "kan_ikke_afgoeres"]),
    st.sampled_from(LEVELS),
    st.sampled_from(LEVELS),
)


@given(st.lists(any_case, min_size=1, max_size=40))
def test_the_paths_add_up_and_agree_with_the_override_rate(rows: list[DecidedRow]) -> None:
    page = counted(rows)
    apart, alike = page.began_apart, page.began_alike
    assert (apart.kept or 0) + (apart.switched or 0) + (apart.third or 0) == apart.of == page.distance.hits
    assert (alike.kept or 0) + (alike.third or 0) == alike.of
    overrides = (apart.kept or 0) + (apart.third or 0) + (alike.third or 0)
    assert overrides == sum(row.overrides for row in rows)


@given(st.lists(any_case, min_size=1, max_size=40))
def test_keeping_ones_own_judgement_is_never_counted_as_reliance(rows: list[DecidedRow]) -> None:
    kept = some(1, own="basal", reference="avanceret", choice="basal")
    before, after = counted(rows), counted([*rows, *kept])
    assert after.toward.hits == before.toward.hits
    assert after.third.hits == before.third.hits


@pytest.mark.parametrize(("count", "share"), [(12, Share(12, 72))])
def test_the_share_not_shown_is_of_all_decided(count: int, share: Share) -> None:
    assert practice([*some(60), *withheld(count, "declined")], Q3).not_shown == share


def test_the_share_not_shown_is_hidden_with_the_few_that_make_it() -> None:
    assert practice([*some(60), *withheld(4, "declined")], Q3).not_shown == HIDDEN
