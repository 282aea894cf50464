"""An erasure that was broken off is noticed, and so is a damaged ledger; the work goes on."""

from datetime import timedelta
from pathlib import Path

import pytest

from service.log import erasure_ledger
from service.log.erasure_ledger import alone, erased_line, ledger_file, swept_line
from service.selftest import Installation, State
from service.selftest.erasures import LONGEST, erasures
from tests.cast import NOW


@pytest.fixture
def ledger(place: Installation) -> Path:
    return ledger_file(place.settings)


def add(path: Path, *lines: erasure_ledger.Line) -> None:
    with alone(path) as held:
        held.add(lines)


def gone(ago: timedelta) -> erasure_ledger.Line:
    return erased_line("c" * 32, at=NOW - ago, ground="unlawful", occasion="request")


def test_a_damaged_ledger_is_noticed(place: Installation, ledger: Path) -> None:
    add(ledger, gone(LONGEST))
    ledger.write_bytes(ledger.read_bytes().replace(b"unlawful", b"objected"))

    found = erasures(place)

    assert found.state is State.WARNING
    assert "Restore it from a copy" in found.english


def test_what_was_broken_off_long_ago_is_noticed(place: Installation, ledger: Path) -> None:
    add(ledger, gone(LONGEST + timedelta(minutes=1)))

    found = erasures(place)

    assert found.state is State.WARNING
    assert "was broken off. Run: skoen citizen finish" in found.english


def test_what_is_under_way_or_finished_is_in_order(place: Installation, ledger: Path) -> None:
    assert erasures(place).state is State.OK
    add(ledger, gone(timedelta(minutes=5)))
    assert erasures(place).state is State.OK
    add(ledger, swept_line(NOW - timedelta(days=99)))
    assert erasures(place).state is State.OK
