"""The same values always give the same bytes, and what has no exact form is refused."""

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.log.canonical import canonical, describe, instant
from service.log.events import STEP_OF, Event
from service.log.shards import shard_of
from service.tables.base import table_of
from service.tables.log import STEPS
from tests.parts.steps import LATER, SOMEBODY, a_case

texts = st.text(st.characters(exclude_categories=["Cs"]))
leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=8)


@pytest.mark.parametrize(
    "value", [0.5, {1, 2}, b"x", object(), float("nan"), timedelta(1), {"a": 1.0}, {1: "a"}]
)
def test_what_json_cannot_hold_exactly_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("value", [2**53, "\ud800"], ids=["too large", "half a character"])
def test_what_two_programs_may_read_differently_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)


def test_names_stand_in_order_and_nothing_is_escaped_without_need() -> None:
    assert canonical({"b": "Ærø\n", "a": [1, True, None]}) == '{"a":[1,true,null],"b":"Ærø\\n"}'.encode()


@given(values)
def test_the_order_in_which_names_were_given_does_not_matter(value: object) -> None:
    def turned(inner: object) -> object:
        if isinstance(inner, dict):
            return {name: turned(inner[name]) for name in reversed(inner)}
        return [turned(each) for each in inner] if isinstance(inner, list) else inner

    assert canonical(value) == canonical(turned(value))


@given(texts)
def test_one_text_has_one_form(text: str) -> None:
    assert canonical(unicodedata.normalize("NFD", text)) == canonical(unicodedata.normalize("NFC", text))


def test_dates_and_instants_are_text() -> None:
    at = datetime(2026, 11, 21, 11, 11, 12, 5, tzinfo=timezone(timedelta(hours=1)))

    assert canonical([date(2026, 1, 2), at]) == b'["2026-01-02","2026-11-21T10:11:12.000005Z"]'


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2026, 1, 1))  # noqa: DTZ001 - it is what is refused


@given(
    st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds it
    st.timedeltas(timedelta(0), timedelta(9)),
)
def test_the_order_of_texts_is_the_order_of_instants(at: datetime, later: timedelta) -> None:
    assert instant(at) <= instant(at + later)


def test_a_description_covers_every_column_but_the_place_in_the_log() -> None:
    case = a_case(SOMEBODY)
    described = describe(case)

    assert described["at"] == instant(LATER)
    assert described["start_after"] is None
    place = {"shard", "log_seq", "log_step", "part_id"}
    assert described.keys().isdisjoint(place)
    assert set(described) == {c.name for c in table_of(type(case)).columns} - place


@pytest.mark.parametrize(
    ("at", "decisions", "access"),
    [
        ("2026-12-31T22:59:59+00:00", "decisions/2026", "access/2026Q4"),
        ("2026-12-31T23:00:00+00:00", "decisions/2027", "access/2027Q1"),
        ("2026-03-31T21:59:59+00:00", "decisions/2026", "access/2026Q1"),
        ("2026-03-31T22:00:00+00:00", "decisions/2026", "access/2026Q2"),
    ],
)
def test_a_shard_follows_the_danish_date(at: str, decisions: str, access: str) -> None:
    instant_ = datetime.fromisoformat(at)

    assert shard_of("decisions", instant_) == decisions
    assert shard_of("access", instant_) == access


def test_there_is_no_third_log() -> None:
    with pytest.raises(ValueError, match="no log"):
        shard_of("other", LATER)


def test_every_step_has_events() -> None:
    assert set(STEP_OF.values()) == set(STEPS)
    assert {event.log for event in Event} == {"decisions", "access"}
