"""Casework in any order, checked after every step (short form; the long one is in the soak)."""

from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings
from sqlmodel import select

from service.database import reading
from service.tables.oversight import Retirement
from tests.parts.lifecycle import Lifecycle

Lifecycle.TestCase.settings = settings(
    max_examples=4, stateful_step_count=15, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
test_decide_correct_erase_restore_and_retire_in_any_order = Lifecycle.TestCase


class Only:
    """Stands where hypothesis chooses: there is one choice."""

    def __init__(self, chosen: object) -> None:
        self.chosen = chosen

    def draw(self, choices: object) -> object:
        return self.chosen


@pytest.fixture
def place() -> Generator[Lifecycle]:
    """A log of which decisions/2026 ended with a restore, one entry beyond its checkpoint, and is retired.

    The first backup is from before that entry, the second has it.
    """
    place = Lifecycle()
    try:
        place.begins()
        place.backs_up()
        place.a_report_comes(Only(0))
        place.backs_up()
        place.restore(Only(place.backups[1]))
        place.time_passes(2000)
        place.retire(days=300, sealed=True)
        with reading(place.town.engine) as session:
            retired = {each.retired_shard: each.size for each in session.exec(select(Retirement))}
        signed, _ = place.town.sealed("decisions/2026")
        assert retired["decisions/2026"] == signed.size + 1
        yield place
    finally:
        place.teardown()


def holds(place: Lifecycle) -> None:
    place.the_log_verifies()
    place.what_the_auditor_holds_stays_true()
    place.who_is_erased_is_gone()


def test_a_shard_retired_beyond_its_last_checkpoint_comes_back_with_a_backup(place: Lifecycle) -> None:
    place.backs_up()

    place.restore(Only(place.backups[-1]))

    holds(place)


def test_what_was_retired_unsigned_is_lost_without_a_word_left_of_it(place: Lifecycle) -> None:
    place.restore(Only(place.backups[0]))

    holds(place)
