"""When a citizen without an appointment is to be reminded of her deadline: from day 5 of the seven."""

from datetime import date, timedelta

AHEAD = timedelta(days=2)
"""Day 5, when a start must be offered by day 7: time enough to ring, and to find another place."""


def is_near(due_on: date, today: date) -> bool:
    """Whether the day by which a start must be offered is at most two days ahead, and not past."""
    return due_on - AHEAD <= today <= due_on
