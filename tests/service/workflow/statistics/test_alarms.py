"""An alarm for over-reliance: raised by a planted log, silent in ordinary quarters, never by deviating."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from math import exp, log
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.log import Event
from service.tables.log import LogEntry
from service.workflow.statistics.alarms import (
    CHANGED_TOWARD,
    DE_FACTO_AUTOMATIC,
    Alarm,
    alarms_of,
    raised,
)
from service.workflow.statistics.counted import Counted
from service.workflow.statistics.periods import Period
from service.workflow.statistics.rows import DecidedRow
from tests.builders import an_admission
from tests.cast import Cast
from tests.quarter import decide_case
from tests.service.workflow.statistics.planted import DAY, PLAIN, STAFF, some

Q3 = Period(2026, 3)
SEEDS = range(200)


def codes(rows: list[DecidedRow]) -> set[str]:
    """The alarms that a unit's quarter raises."""
    return {alarm.code for alarm in alarms_of(Counted(rows, Q3))}


def quickly(count: int, seconds: float = 4, **changes: object) -> list[DecidedRow]:
    """Cases saved so many seconds after the evidence."""
    return some(count, shown_at=DAY - timedelta(seconds=seconds), **changes)


def test_ninety_nine_in_a_hundred_within_four_seconds_is_de_facto_automatic() -> None:
    rows = [*quickly(99), *quickly(1, choice="basal")]
    assert alarms_of(Counted(rows, Q3)) == (Alarm("", DE_FACTO_AUTOMATIC, 99, 100),)


@pytest.mark.parametrize(
    "rows",
    [
        [*quickly(49)],  # too few
        [*quickly(100, staff=STAFF[:2])],  # two caseworkers: it would be about persons
        [*quickly(90), *quickly(300, staff=STAFF[:1])],  # mostly one caseworker
        [*quickly(99, seconds=40)],  # time to think
        [*some(99)],  # nobody knows how long
        [*quickly(60, shown=False, reference=None, withheld_reason="declined")],  # nothing was shown
        [*quickly(85), *quickly(15, choice="basal")],  # decided otherwise in some
    ],
    ids=["few", "two", "one", "slow", "untimed", "not shown", "deviating"],
)
def test_nothing_is_raised_by(rows: list[DecidedRow]) -> None:
    assert codes(rows) == set()


def test_changing_nearly_always_to_most_similar_cases_is_raised_however_slowly() -> None:
    rows = [*some(40), *some(39, own="basal"), *some(1, own="basal", choice="basal")]
    assert codes(rows) == {CHANGED_TOWARD}
    assert codes([*some(60), *some(19, own="basal")]) == set()  # too few began apart


def a_quarter(random: Random, agreement: float, change: float, median: float) -> list[DecidedRow]:
    """A unit's quarter of 60 to 200 cases: how often J1 is R, how often it is changed to R, and seconds."""
    rows = []
    for _ in range(random.randint(60, 200)):
        own = "avanceret" if random.random() < agreement else "basal"
        changed = own == "basal" and random.random() < change
        seconds = exp(random.gauss(log(median), 0.9))
        rows.append(
            replace(
                PLAIN,
                caseworker=random.choice(STAFF),
                own=own,
                choice="avanceret" if changed else own,
                shown_at=DAY - timedelta(seconds=seconds),
            )
        )
    return rows


def straight(rows: list[DecidedRow]) -> set[str]:
    """The alarms of rows whose cells are all large enough to be shown."""
    return set(raised(rows, [row for row in rows if row.began_apart]))


def an_ordinary_quarter(random: Random) -> list[DecidedRow]:
    return a_quarter(random, random.uniform(0.6, 0.9), random.uniform(0.2, 0.7), random.uniform(20, 120))


def quick_and_just_below(random: Random) -> list[DecidedRow]:
    """As quick as can be, and nine in ten like most similar cases: the border itself."""
    return a_quarter(random, 0.9, 0.0, 4)


def changing_just_below(random: Random) -> list[DecidedRow]:
    """Four in five of those that began apart change: the border itself."""
    return a_quarter(random, 0.5, 0.8, 60)


@pytest.mark.parametrize("played", [an_ordinary_quarter, quick_and_just_below, changing_just_below])
def test_false_alarms_are_rare(played: Callable[[Random], list[DecidedRow]]) -> None:
    false = sum(bool(straight(played(Random(seed)))) for seed in SEEDS)
    assert false <= len(SEEDS) * 0.05


def test_a_team_that_lets_the_evidence_decide_is_noticed() -> None:
    """99 % agreement and a median of 4 seconds, in most of 200 quarters of every size."""
    noticed = sum(DE_FACTO_AUTOMATIC in straight(a_quarter(Random(s), 0.99, 0.0, 4)) for s in SEEDS)
    assert noticed >= len(SEEDS) * 0.9


any_case = st.builds(
    lambda own, choice, seconds: replace(
        PLAIN, own=own, choice=choice, shown_at=DAY - timedelta(seconds=seconds)
    ),
    st.sampled_from(["avanceret", "avanceret", "basal"]),
    st.sampled_from(["avanceret"] * 9 + ["basal"]),
    st.sampled_from([3, 4, 60]),
)


@pytest.mark.requirement("SK-11")
@given(st.lists(any_case, min_size=50, max_size=90), st.data())
def test_deciding_otherwise_never_raises_an_alarm(rows: list[DecidedRow], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    otherwise = [*rows[:place], replace(rows[place], choice="basal"), *rows[place + 1 :]]
    assert straight(otherwise) <= straight(rows)


@given(st.integers(0, 300), st.sampled_from([1, 4, 400]))
def test_a_unit_that_always_decides_otherwise_raises_nothing(count: int, seconds: int) -> None:
    assert straight(quickly(count, seconds=seconds, own="basal", choice="basal")) == set()
    assert straight(quickly(count, seconds=seconds, choice="basal")) == set()


def test_the_alarm_of_a_unit_is_not_lost_among_the_others() -> None:
    rows = [*quickly(80, unit="nord"), *some(400, unit="syd", own="basal", choice="basal")]
    assert alarms_of(Counted(rows, Q3)) == (Alarm("nord", DE_FACTO_AUTOMATIC, 80, 80),)


@pytest.mark.requirement("SK-11")
def test_deciding_otherwise_leaves_the_same_traces_as_agreeing(engine: Engine, cast: Cast) -> None:
    """No notice, no alarm, no other entry."""
    an_admission(engine, cast.dan)

    def events() -> Counter[str]:
        with reading(engine) as session:
            found = session.exec(select(LogEntry.event).where(LogEntry.event != Event.CLOCK_ANOMALY))
            return Counter(found)

    def traces(number: int, choice: str) -> Counter[str]:
        before = events()
        decide_case(engine, cast.alma, number, choice=choice)
        return events() - before

    assert traces(1, "avanceret") == traces(2, "basal") != Counter()
