"""A schedule is refused when it is shorter than the law allows, and never read halfway."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflow.retention.schedule import (
    DEFAULT,
    RULES,
    ScheduleRefused,
    day_after,
    months_after,
    read_schedule,
)

OWN = {line: f"{rule.unit} = {max(rule.least, 10)}" for line, rule in RULES.items()}


def text_of(**changes: str | None) -> str:
    """A schedule in order, but for the changes; None leaves a line out."""
    usual = {"schedule": 'schedule = "plan-2026"', "approved_by": 'approved_by = "Dina Due, DPO"'}
    head = {name: changes.pop(name, said) for name, said in usual.items()}
    lines = {line: said for line, said in {**OWN, **changes}.items() if said is not None}
    return "\n".join([*filter(None, head.values()), *(f"[{line}]\n{said}" for line, said in lines.items())])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "schedule.toml"


@pytest.mark.parametrize("line", RULES)
def test_shorter_than_the_least_is_refused_and_the_least_is_named(file: Path, line: str) -> None:
    rule = RULES[line]
    file.write_text(text_of(**{line: f"{rule.unit} = {rule.least - 1}"}))

    with pytest.raises(ScheduleRefused, match=rf"\[{line}\] .* too short: at least {rule.least} \("):
        read_schedule(file)

    longer = {line: f"{rule.unit} = {rule.least}"} | (
        {"decisions": "years = 99"} if line == "citizens" else {}
    )
    if line == "decisions":
        longer["citizens"] = f"years = {rule.least}"
    file.write_text(text_of(**longer))
    assert read_schedule(file).periods[line] == rule.least


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"citizens": None}, r"\[citizens\] must say years"),
        ({"citizens": "months = 120"}, "must say years"),
        ({"citizens": "years = 10\nmonths = 1"}, "must say years"),
        ({"citizens": 'years = "10"'}, "must say years"),
        ({"citizens": "years = 10.0"}, "must say years"),
        ({"citizens": "years = true"}, "must say years"),
        ({"citizens": "years = 101"}, "longer than 100"),
        ({"citizens": "years = 20"}, r"\[decisions\] is shorter than \[citizens\]. .* at least 20 years"),
        ({"citizen": "years = 10"}, r"\[citizen\] is no line of a schedule"),
        ({"schedule": None}, "A schedule says"),
        ({"schedule": 'schedule = "two words"'}, "an id has no blanks"),
        ({"schedule": "schedule = 7"}, "A schedule says"),
        ({"approved_by": "approved_by = true"}, "A schedule says"),
        ({"access": "months = "}, "is not TOML"),
    ],
)
def test_what_is_not_a_schedule_is_refused(file: Path, changes: dict[str, str | None], why: str) -> None:
    file.write_text(text_of(**changes))

    with pytest.raises(ScheduleRefused, match=why):
        read_schedule(file)


def test_a_schedule_that_is_not_there_is_refused(file: Path) -> None:
    with pytest.raises(ScheduleRefused, match="cannot be read"):
        read_schedule(file)


def test_what_nobody_approved_allows_nothing(file: Path) -> None:
    for approved in (None, 'approved_by = "  "'):
        file.write_text(text_of(approved_by=approved))
        with pytest.raises(ScheduleRefused, match="approved by nobody"):
            read_schedule(file).require_approval()

    file.write_text(text_of())
    read_schedule(file).require_approval()


def test_what_comes_along_is_in_order_and_approved_by_nobody() -> None:
    schedule = read_schedule(None)

    assert schedule.periods == {
        "citizens": 10, "decisions": 10, "access": 60, "drafts": 90, "rejects": 30, "sessions": 1,
        "sign_in_attempts": 1, "practice": 365,
    }  # fmt: skip
    with pytest.raises(ScheduleRefused, match="SKOEN_RETENTION"):
        schedule.require_approval()
    assert DEFAULT.read_text(encoding="utf-8").count("MUST BE SET BY THE DPO") == 4


@pytest.mark.parametrize(
    ("shard", "day"),
    [
        ("decisions/2026", date(2027, 1, 1)),
        ("decisions/2026/2", date(2027, 1, 1)),
        ("access/2026Q1", date(2026, 4, 1)),
        ("access/2026Q4", date(2027, 1, 1)),
        ("access/2026Q3/12", date(2026, 10, 1)),
    ],
)
def test_a_shard_ends_with_its_year_or_quarter(shard: str, day: date) -> None:
    assert day_after(shard) == day


def test_the_time_counts_from_the_end_of_the_shard(file: Path) -> None:
    file.write_text(text_of(access="months = 6", decisions="years = 12"))
    schedule = read_schedule(file)

    assert schedule.shard_ends("access/2026Q3") == date(2027, 4, 1)
    assert schedule.shard_ends("decisions/2026/2") == date(2039, 1, 1)
    assert schedule.ends("citizens", date(2024, 2, 29)) == date(2034, 2, 28)
    assert schedule.ends("drafts", date(2026, 1, 1)) == date(2026, 1, 15)


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 1200))
def test_months_never_make_a_period_shorter(day: date, months: int) -> None:
    later = months_after(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
