"""A restore that is killed, kill -9, at any point: the database is the old one or the new one, whole."""

from pathlib import Path

import pytest

from service import log
from service.backup.manifest import Manifest
from service.signer.report import OK
from tests.service.backup.installation import Installation
from tests.service.backup.killing import AFTER, BEFORE, Point, killed
from tests.service.backup.restoring import DECISIONS, WHY, restored

SMALL = {"service.backup.sqlite.PAGES": 20}
OLD = [
    Point(AFTER, "service.backup.restore.outside"),
    Point(AFTER, "service.backup.restore.begin_epochs"),
    Point(AFTER, "service.backup.restore.replay_erasures"),
    Point(BEFORE, "service.backup.restore.put_in_place"),
]
ONLY = {
    "sqlite": [
        Point(BEFORE, "service.backup.staging.upgrade"),
        Point(AFTER, "service.backup.sqlite.between", 1, SMALL),
        Point(AFTER, "service.backup.sqlite.between", 6, SMALL),
    ],
    "postgresql": [
        Point(AFTER, "service.backup.postgresql.copy_in"),
        Point(AFTER, "service.backup.schemas.drop_ours"),
        Point(AFTER, "service.backup.schemas.move"),
        Point(AFTER, "service.backup.schemas.replace"),
    ],
}


def command(made: Path) -> tuple[str, ...]:
    """The restore."""
    return ("restore", "--from", str(made), *WHY)


EVERY = [
    *(("sqlite", point) for point in OLD),
    *((engine, point) for engine in ONLY for point in ONLY[engine]),
]
"""The steps of every restore are tried on SQLite; what each engine does in its own way, on that engine."""


@pytest.mark.parametrize(
    ("engine_name", "point"), [pytest.param(
        engine, point, id=f"{engine} {point}", marks=[pytest.mark.postgres] if engine == "postgresql" else [],
    ) for engine, point in EVERY], indirect=["engine_name"],
)  # fmt: skip
def test_a_restore_that_is_killed_leaves_the_old_database(
    place: Installation, made: Path, point: Point
) -> None:
    before, public = place.content(), place.public()
    place.engine.dispose()

    assert killed(place.environment, command(made), point)

    after = place.content()
    assert [row[2] for row in after.pop("log_entries") if row not in before["log_entries"]] == ["command:run"]
    del before["log_entries"], before["log_heads"], after["log_heads"]
    assert (after, place.public()) == (before, public)
    assert log.verify(place.engine).problems == []
    assert place.seal().state == OK

    restored(place, made)
    assert not place.left_over()
    assert log.verify(place.engine).problems == []
    assert place.seal().state == OK


def test_a_restore_that_is_killed_at_its_end_leaves_the_new_database(place: Installation, made: Path) -> None:
    place.engine.dispose()

    assert killed(place.environment, command(made), Point(AFTER, "service.backup.restore.put_in_place"))

    assert place.sizes()[DECISIONS] == Manifest.read(made).shards[DECISIONS]["size"]
    assert place.sizes()[f"{DECISIONS}/2"] == 1
    assert log.verify(place.engine).problems == []
    assert place.seal().state == OK
