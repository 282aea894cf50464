"""Drawing a sample: what is refused, and that the same period and seed always give the same."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from service.database import reading, writing
from service.errors import Forbidden, Refused
from service.log import Event, verify
from service.tables.log import LogEntry
from service.tables.oversight import LogSample, Retirement
from service.workflow.log_control import LookUp, choose, draw
from service.workflow.log_control.draw import MOST, chance_of, known_until, newest_period
from service.workflow.log_control.look_ups import PeriodRetired, look_ups
from service.workflow.log_control.rules import RANDOM, RULES, surroundings
from service.workflow.log_control.traces import traces
from tests.builders import a_judgement
from tests.cast import NOW, Cast, gather
from tests.look_ups import MAY, SEED, a_month_of_look_ups, a_sample, at, cases, look, places
from tests.parts.steps import put
from tests.rows import rows

USUAL = {"starts_on": MAY[0], "ends_on": MAY[1], "wanted": 6, "seed": SEED, "now": NOW}
A_NUMBER = "710277-9995"


def drawn_again(engine: Engine, cast: Cast, **changes: Any) -> LogSample:
    """The usual draw, but for some changes."""
    said: dict[str, Any] = {**USUAL, **changes}
    return draw(engine, **said, by=cast.dorte)


@pytest.mark.parametrize("name", ["alma", "tove", "dan", "ada"])
def test_only_an_auditor_draws(name: str, engine: Engine, cast: Cast) -> None:
    a_month_of_look_ups(engine, cast)
    before = rows(engine)

    with pytest.raises(Forbidden):
        a_sample(engine, cast.people[name])
    assert rows(engine) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": MAY[1], "ends_on": MAY[0]}, "ends_on"),
        ({"ends_on": NOW.date()}, "ends_on"),
        ({"ends_on": NOW.date() - timedelta(days=7)}, "ends_on"),
        ({"ends_on": NOW.date() + timedelta(days=900)}, "ends_on"),
        ({"starts_on": date(2025, 5, 1)}, "starts_on"),
        ({"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31)}, "starts_on"),
        ({"wanted": 0}, "wanted"),
        ({"wanted": -1}, "wanted"),
        ({"wanted": MOST + 1}, "wanted"),
        ({"seed": ""}, "seed"),
        ({"seed": "abc"}, "seed"),
        ({"seed": "a seed"}, "seed"),
        ({"seed": "x" * 41}, "seed"),
        ({"seed": "frøene"}, "seed"),
        ({"seed": A_NUMBER}, "seed"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_leaves_nothing(
    changes: dict[str, Any], field: str, engine: Engine, cast: Cast
) -> None:
    a_month_of_look_ups(engine, cast)
    before = rows(engine)

    with pytest.raises(Refused) as refusal:
        drawn_again(engine, cast, **changes)
    assert refusal.value.field == field
    assert rows(engine) == before


def test_a_period_whose_log_is_retired_is_refused(engine: Engine, cast: Cast) -> None:
    a_month_of_look_ups(engine, cast)
    with writing(engine) as session:
        gone = Retirement(
            at=NOW, retired_shard="access/2026Q2", size=25, root="00", checkpoint="", reason="Fristen.",
            operator="uid:0",
        )  # fmt: skip
        put(session, Event.SHARD_RETIRED, gone)
        session.commit()
    before = rows(engine)

    with pytest.raises(PeriodRetired):
        drawn_again(engine, cast)
    assert rows(engine) == before


def test_a_draw_that_cannot_be_logged_is_no_draw(engine: Engine, cast: Cast) -> None:
    a_month_of_look_ups(engine, cast)
    before = rows(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )

    with pytest.raises(DBAPIError):
        drawn_again(engine, cast)
    assert rows(engine) == before


def test_what_was_drawn_is_stored_as_it_was_drawn_and_is_an_entry(any_engine: Engine) -> None:
    cast = gather(any_engine)
    a_month_of_look_ups(any_engine, cast)
    sample = a_sample(any_engine, cast.dorte)

    assert (sample.eligible, len(sample.lookups)) == (13, 6)
    with reading(any_engine) as session:
        stored = session.get_one(LogSample, sample.id)
        entry = json.loads(session.get_one(LogEntry, (sample.shard, sample.log_seq)).entry)
    assert stored.lookups == sample.lookups
    assert (entry["type"], entry["actor"]) == ("access:sampled", cast.dorte.person_id)
    assert (entry["row"]["seed"], entry["row"]["eligible"]) == (SEED, 13)
    assert entry["row"]["lookups"] == sample.lookups
    assert verify(any_engine).ok


def test_the_same_draw_again_is_the_same_sample_and_no_second_one(engine: Engine, cast: Cast) -> None:
    a_month_of_look_ups(engine, cast)
    first = a_sample(engine, cast.dorte)
    before = rows(engine)

    assert a_sample(engine, cast.dorte, now=NOW + timedelta(days=40)).id == first.id
    assert rows(engine) == before


def test_another_seed_or_another_period_is_another_sample_and_another_entry(
    engine: Engine, cast: Cast
) -> None:
    """Whoever draws until a nice one comes leaves them all behind."""
    a_month_of_look_ups(engine, cast, 20)
    first = a_sample(engine, cast.dorte)
    other = drawn_again(engine, cast, seed="seed-2")
    shorter = drawn_again(engine, cast, ends_on=date(2026, 5, 20))

    assert len({first.id, other.id, shorter.id}) == 3
    assert places(first) != places(other)
    assert shorter.eligible < first.eligible
    with reading(engine) as session:
        events = session.exec(select(LogEntry.event).where(LogEntry.event == Event.ACCESS_SAMPLED)).all()
    assert len(events) == 3


def test_look_ups_and_steps_that_come_later_change_nothing(engine: Engine, cast: Cast) -> None:
    """Drawn a month later it is the same: what counts was known when it could first be drawn."""
    opened = a_month_of_look_ups(engine, cast)
    sample = a_sample(engine, cast.dorte)
    look(engine, cast.alma, opened[0], NOW)
    a_judgement(engine, opened[0], cast.alma, now=NOW)
    found = look_ups(engine, sample.municipality_id, *MAY)
    with reading(engine) as session:
        steps = traces(session, (one.case_id for one in found), before=known_until(MAY[1]))

    drawn = choose(found, surroundings(found, steps), SEED, sample.wanted)
    assert [[one.shard, str(one.seq), why] for one, why in drawn] == sample.lookups


def test_a_municipality_draws_its_own_look_ups_alone(engine: Engine, cast: Cast) -> None:
    opened = a_month_of_look_ups(engine, cast)
    look(engine, cast.carla, opened[0], at(29))  # nothing else lets her; the log would show it

    assert a_sample(engine, cast.dorte, wanted=MOST).eligible == 13


def test_one_reading_of_a_case_is_one_look_up_however_many_pages_it_took(engine: Engine, cast: Cast) -> None:
    (case,) = cases(engine, 1)
    first, *_ = look(engine, cast.alma, case, at(4, 9), at(4, 9, 5), at(4, 23, 59))
    (next_day,) = look(engine, cast.alma, case, at(5, 1))
    (by_bent,) = look(engine, cast.bent, case, at(5, 9))
    sample = a_sample(engine, cast.dorte, wanted=MOST)

    assert sample.eligible == 3
    assert places(sample) == [(one.shard, one.seq) for one in (first, next_day, by_bent)]


def test_an_outsider_with_the_log_and_the_seed_finds_the_same(engine: Engine, cast: Cast) -> None:
    """Written anew from the entries alone: those drawn at random are the first that no rule drew."""
    a_month_of_look_ups(engine, cast, 20)
    sample = a_sample(engine, cast.dorte, wanted=10)
    with reading(engine) as session:
        entries = [json.loads(row.entry) for row in session.exec(select(LogEntry).order_by(LogEntry.seq))]  # type: ignore[arg-type]
    firsts: dict[tuple[str, ...], dict[str, str]] = {}
    for entry in entries:
        if entry["type"] == "case:opened" and "2026-05-01" <= entry["t"][:10] <= "2026-05-31":
            who = (entry["actor"], entry["unit"], entry["role"], entry["case"], entry["purpose"])
            firsts.setdefault((*who, entry["t"][:10]), entry)
    by_rule = {(shard, seq) for shard, seq, why in sample.lookups if why != RANDOM}
    order = sorted(
        firsts.values(), key=lambda e: hmac.new(SEED.encode(), e["id"].encode(), hashlib.sha256).hexdigest()
    )
    left = [(e["log"], e["seq"]) for e in order if (e["log"], e["seq"]) not in by_rule]

    at_random = {(shard, seq) for shard, seq, why in sample.lookups if why == RANDOM}
    assert len(at_random) == 5
    assert at_random == set(left[:5])
    assert sample.eligible == len(firsts)


def test_half_of_a_sample_at_most_is_drawn_by_rule_and_the_rules_take_turns(
    engine: Engine, cast: Cast
) -> None:
    a_month_of_look_ups(engine, cast, 20)  # every look-up of Alma's is without a step of her own
    why = [each[2] for each in a_sample(engine, cast.dorte, wanted=10).lookups]

    assert why.count(RANDOM) == 5
    assert "for_a_chosen_purpose" in why
    assert "without_own_step" in why


def test_a_small_period_is_drawn_whole(engine: Engine, cast: Cast) -> None:
    a_month_of_look_ups(engine, cast)
    sample = a_sample(engine, cast.dorte, wanted=100)

    assert len(sample.lookups) == sample.eligible == 13


@pytest.mark.parametrize(
    ("today", "period"),
    [
        (date(2026, 6, 30), (date(2026, 5, 1), date(2026, 5, 31))),
        (date(2026, 6, 7), (date(2026, 4, 1), date(2026, 4, 30))),
        (date(2026, 6, 8), (date(2026, 5, 1), date(2026, 5, 31))),
        (date(2027, 1, 20), (date(2026, 12, 1), date(2026, 12, 31))),
        (date(2028, 3, 8), (date(2028, 2, 1), date(2028, 2, 29))),
    ],
)
def test_the_month_offered_may_be_drawn_from(today: date, period: tuple[date, date]) -> None:
    assert newest_period(today) == period


MINUTES = st.integers(0, 30 * 24 * 60).map(lambda minutes: at(1, 0) + timedelta(minutes=minutes))


@st.composite
def some_look_ups(draw_one: st.DrawFn) -> list[LookUp]:
    """Look-ups of a few people in a few cases."""
    people, opened = st.sampled_from("abc"), st.sampled_from("xyz")
    purposes = st.sampled_from(("sagsbehandling", "klage"))
    instants = draw_one(st.lists(MINUTES, min_size=1, max_size=40, unique=True))
    return [
        LookUp(
            "access/2026Q2", seq, f"{seq:032x}", (instant,), draw_one(people), "u", "visitator",
            draw_one(opened), draw_one(purposes),
        )
        for seq, instant in enumerate(instants)
    ]  # fmt: skip


@given(
    some_look_ups(), st.integers(1, 50), st.text("abcdef0123456789", min_size=4, max_size=16), st.randoms()
)
def test_a_sample_follows_from_look_ups_number_and_seed_alone(
    found: list[LookUp], wanted: int, seed: str, chance: Any
) -> None:
    around = surroundings(found, [])
    drawn = choose(found, around, seed, wanted)
    shuffled = list(found)
    chance.shuffle(shuffled)

    assert choose(shuffled, surroundings(shuffled, []), seed, wanted) == drawn
    assert len({one.id for one, _ in drawn}) == len(drawn) == min(wanted, len(found))
    by_code = {rule.code: rule for rule in RULES}
    assert all(why == RANDOM or by_code[why].picks(one, around) for one, why in drawn)
    assert sum(why != RANDOM for _, why in drawn) <= wanted // 2
    assert [one.at for one, _ in drawn] == sorted(one.at for one, _ in drawn)


@given(some_look_ups(), st.text("abcdef0123456789", min_size=4, max_size=16))
def test_nobody_chooses_what_chance_draws(found: list[LookUp], seed: str) -> None:
    """The order depends on the entry's random id alone, not on who looked, when, or at whom."""
    disguised = [replace(one, person_id="somebody", case_id="some case", times=(NOW,)) for one in found]

    def order(of: list[LookUp]) -> list[str]:
        return [one.id for one in sorted(of, key=lambda one: chance_of(seed, one.id))]

    assert order(disguised) == order(found)
