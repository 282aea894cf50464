"""Reasons that repeat each other: exact against every pair, and told of a unit alone."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from models import areas
from service.database import reading
from service.workflow.statistics.near_duplicates import ALIKE, _shingles, with_twins
from service.workflow.statistics.periods import Period
from service.workflow.statistics.repeated_words import repeated_words, shares
from tests.answered import a_decision, an_answered_case
from tests.cast import Cast

LONG = (
    "Borgeren bor alene på tredje sal uden elevator og har svært ved at komme ned og op igen hver eneste dag"
)
WORDS = st.sampled_from(["hun", "går", "med", "rollator", "bor", "alene"])
TEXTS = st.lists(st.lists(WORDS, max_size=12).map(" ".join), max_size=14)


def brute_force(texts: list[str]) -> int:
    """Every pair."""
    every = [_shingles(text) for text in texts]
    return sum(
        any(
            one and at != other and ALIKE[1] * len(one & each) >= ALIKE[0] * len(one | each)
            for other, each in enumerate(every)
        )
        for at, one in enumerate(every)
    )


@pytest.mark.requirement("F-27")
def test_a_copy_with_a_word_changed_is_found_and_a_text_of_its_own_is_not() -> None:
    assert with_twins([LONG, f"{LONG.upper()}!", "Går med rollator."]) == 2
    assert with_twins([LONG, LONG.replace("eneste dag", "eneste uge")]) == 2
    assert with_twins([LONG, LONG.replace("tredje sal", "fjerde sal"), "Ja", "ja."]) == 2
    assert with_twins([LONG, "Hun har god hjælp af sin datter.", "", "…"]) == 0


@pytest.mark.requirement("F-27")
@settings(max_examples=50, deadline=None)
@given(TEXTS)
@example(["hun går", "hun går", ""])
def test_it_finds_what_comparing_every_pair_finds(texts: list[str]) -> None:
    assert with_twins(texts) == brute_force(texts)


@pytest.mark.requirement("F-27")
@pytest.mark.parametrize(
    ("texts", "staff", "share"),
    [(9, 3, None), (10, 2, None), (10, 3, 40), (30, 3, 10)],
    ids=["nine texts", "two caseworkers", "ten of three", "thirty of three"],
)
def test_a_share_needs_ten_texts_of_three_caseworkers(texts: int, staff: int, share: int | None) -> None:
    own = [f"Ord nummer {number} om noget helt for sig selv {number}" for number in range(texts - 4)]
    written = [("nord", f"p{at % staff}", text) for at, text in enumerate([LONG] * 4 + own)]

    assert shares([*written, ("syd", "p1", LONG)]) == {"nord": share, "syd": None}


@pytest.mark.requirement("F-27")
def test_one_who_writes_most_of_them_hides_the_share() -> None:
    assert shares([("nord", "p1", LONG)] * 20 + [("nord", f"p{at}", LONG) for at in range(2, 6)]) == {
        "nord": None
    }


def test_the_texts_of_a_quarter_are_opened_and_a_year_tells_nothing(engine: Engine, cast: Cast) -> None:
    area, unit = areas.get("genoptraening"), cast.alma.unit_id
    for number in range(1, 4):
        case = an_answered_case(engine, cast, number=number)
        a_decision(engine, case, cast.alma, text=LONG)
    with reading(engine) as session:
        assert repeated_words(session, [unit], area, Period(2026, 2)) == {unit: None}
        assert repeated_words(session, [unit], area, Period(2026)) == {}
