"""Levels written by a system are found, whatever the file says of them, and honest ones are left alone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models import areas
from models.decided_case import DecidedCase
from models.label_sanity import Finding, findings_of
from models.record import from_row
from tests.models.test_record import ROW

AREA = areas.get("genoptraening")
CASE = from_row(AREA, ROW)
START = datetime(2023, 1, 2, 8, tzinfo=UTC)
SENDERS = ("ortopaedkirurgi", "neurologi", "medicin")
MANY = 600


def honest(seed: int = 1) -> Iterator[DecidedCase]:
    """Cases judged one by one: about three in ten get the higher level, from every sender alike."""
    chance = np.random.default_rng(seed)
    for row in range(MANY):
        sender, level = SENDERS[int(chance.integers(3))], AREA.level_codes[int(chance.random() < 0.3)]
        stated = CASE.facts["afsender_speciale"]
        yield replace(
            CASE,
            request_id=str(row),
            decided_at=START + timedelta(days=row, seconds=int(chance.integers(20_000))),
            final_level=level,
            facts={**CASE.facts, "afsender_speciale": replace(stated, value=sender)},
        )


def sender_of(case: DecidedCase) -> str:
    """Who sent the plan."""
    return str(case.facts["afsender_speciale"].value)


def at_once(case: DecidedCase) -> DecidedCase:
    """As a robot works: forty at a time, in one second."""
    row = int(case.request_id)
    return replace(case, decided_at=START + timedelta(days=row // 40)) if row < 240 else case


Written = Callable[[DecidedCase], DecidedCase]
SYSTEMS: dict[str, tuple[bool, Written]] = {
    "no_human": (True, lambda case: replace(case, label_source="legacy_robot")),
    "one_level": (True, lambda case: replace(case, final_level="basal")),
    "one_column_decides": (
        True,
        lambda case: replace(case, final_level=("basal", "avanceret")[sender_of(case) == "neurologi"]),
    ),
    "same_second": (True, at_once),
    "one_value_decides": (
        False,
        lambda case: replace(case, final_level="avanceret") if sender_of(case) == "neurologi" else case,
    ),
    "sudden_change": (
        False,
        lambda case: replace(case, final_level="avanceret") if int(case.request_id) > 400 else case,
    ),
    "unknown_author": (
        False,
        lambda case: replace(case, label_source="unknown") if int(case.request_id) % 5 == 0 else case,
    ),
}


def found_in(written: Written) -> dict[str, Finding]:
    """What is found among the honest cases after a system has had its way with them."""
    return {each.code: each for each in findings_of(AREA, map(written, honest()))}


@pytest.mark.parametrize("code", SYSTEMS)
def test_what_a_system_wrote_is_found_and_told_in_words(code: str) -> None:
    refuses, written = SYSTEMS[code]

    found = found_in(written)

    assert code in found
    assert found[code].refuses is refuses
    assert any(each.refuses for each in found.values()) is refuses
    assert all(part.endswith(".") for part in (found[code].found, found[code].means, found[code].cure))


@pytest.mark.parametrize("seed", range(5))
def test_judged_levels_are_left_alone(seed: int) -> None:
    assert findings_of(AREA, honest(seed)) == ()


def test_records_that_know_the_day_alone_are_no_robots() -> None:
    midnight = START.replace(hour=23) - timedelta(days=1)

    def at_midnight(case: DecidedCase) -> DecidedCase:
        return replace(case, decided_at=midnight + timedelta(days=int(case.request_id) // 30))

    assert "same_second" not in found_in(at_midnight)


def test_the_day_of_a_sudden_change_is_told_as_it_is_asked_for() -> None:
    (change,) = findings_of(AREA, map(SYSTEMS["sudden_change"][1], honest()))

    told = datetime.fromisoformat(change.cure.split()[-1].rstrip(".")).date()
    assert abs((told - (START + timedelta(days=401)).date()).days) <= 30
    assert "--practice-change" in change.cure


def test_few_cases_say_nothing() -> None:
    few = [replace(case, final_level="basal") for case in honest() if int(case.request_id) < 40]

    assert findings_of(AREA, few) == ()
