"""The 72 hours of a breach, counted from the minute it was found."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflow.registers.fields import Field, Kind, stored
from service.workflow.registers.incidents import Notice, clock_of

FOUND = "2026-06-28T10:00:00+02:00"
DUE = datetime.fromisoformat("2026-07-01T10:00:00+02:00")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("is_breach", "told", "now", "notice"),
    [
        (True, None, DUE, Notice.RUNNING),
        (True, None, DUE + MINUTE, Notice.OVERDUE),
        (True, DUE, DUE + timedelta(days=9), Notice.IN_TIME),
        (True, DUE + MINUTE, DUE + timedelta(days=9), Notice.LATE),
        (False, None, DUE + timedelta(days=9), Notice.NOT_NEEDED),
        (False, DUE, DUE, Notice.IN_TIME),
    ],
)
def test_how_an_incident_stands(
    is_breach: bool, told: datetime | None, now: datetime, notice: Notice
) -> None:
    content = {"opdaget": FOUND, "persondata": is_breach, "anmeldt": told.isoformat() if told else None}
    clock = clock_of(content, now)

    assert (clock.due, clock.notice) == (DUE, notice)


def test_an_hour_that_summer_time_takes_is_no_hour_lost() -> None:
    """Found the evening before the clocks go forward: 72 real hours, so an hour later by the wall clock."""
    found = stored(Field("opdaget", "Opdaget", Kind.INSTANT), "2026-03-28T22:00")

    assert clock_of({"opdaget": found, "persondata": True}, DUE).due == datetime.fromisoformat(
        "2026-03-31T23:00+02:00"
    )


@given(st.integers(-(10**6), 10**6).map(lambda minutes: DUE + minutes * MINUTE))
def test_what_is_left_and_what_has_passed_are_72_hours(now: datetime) -> None:
    found = datetime.fromisoformat(FOUND)

    assert clock_of({"opdaget": FOUND, "persondata": True}, now).left + (now - found) == timedelta(hours=72)
