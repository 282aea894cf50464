"""`skoen restore` refuses: without two people, and whatever is not the beginning of what was signed."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from service import log
from service.backup.manifest import Manifest
from tests.parts.tampering import tamper
from tests.service.backup.installation import Installation
from tests.service.backup.restoring import DECISIONS, WHY, proven, restored

on_one_engine = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
"""What has nothing to do with the engine is not tried on both."""


def refused(place: Installation, made: Path, why: str, *arguments: str) -> None:
    """The restore is refused for a reason; all it leaves is the entry that somebody tried."""
    before, public = place.content(), place.public()
    result = place.run("restore", "--from", made, *(arguments or WHY))
    assert result.exit_code != 0
    assert why in result.output
    after = place.content()
    assert {t: r for t, r in after.items() if t not in ("log_entries", "log_heads")} == {
        t: r for t, r in before.items() if t not in ("log_entries", "log_heads")
    }
    new = after["log_entries"][:0] + [e for e in after["log_entries"] if e not in before["log_entries"]]
    assert [row[2] for row in new] in ([], ["command:run"])
    assert place.public() == public
    assert not place.left_over()


@on_one_engine
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--reason", "x"), "two names"),
        (("--reason", "x", "--name", "Ada"), "two names"),
        (("--reason", "x", "--name", "Ada", "--name", "Bo", "--name", "Cy"), "two names"),
        (("--reason", "x", "--name", "Ada", "--name", " ada "), "two different people"),
        (("--reason", "x", "--name", "Ada", "--name", " "), "none of them may be empty"),
        (("--reason", " ", "--name", "Ada", "--name", "Bo"), "none of them may be empty"),
        (("--reason", "610190-1234", "--name", "Ada", "--name", "Bo"), "no CPR number"),
        (("--reason", "x" * 501, "--name", "Ada", "--name", "Bo"), "500 characters"),
    ],
    ids=["no name", "one name", "three names", "one twice", "an empty one", "no reason", "a CPR", "too long"],
)
def test_without_a_reason_and_two_people_nothing_is_restored(
    place: Installation, made: Path, arguments: tuple[str, ...], why: str
) -> None:
    refused(place, made, why, *arguments)


def test_what_is_no_whole_backup_of_this_database_is_refused(place: Installation, made: Path) -> None:
    place.ok("keystore", "backup", "--out", place.keys_out)
    refused(place, max(place.keys_out.iterdir()), "skoen keystore restore")
    name = max(Manifest.read(made).files)
    (made / name).write_bytes((made / name).read_bytes()[:-1] + b"?")
    refused(place, made, "is not as it was made")


@on_one_engine
@pytest.mark.parametrize(
    ("otherwise", "why"),
    [
        ({"engine": "mysql"}, "The backup is of mysql"),
        ({"origin": "elsewhere.dk"}, "The backup is of elsewhere.dk"),
        ({"revision": "9999"}, "a newer version"),
    ],
    ids=["engine", "origin", "revision"],
)
def test_a_backup_of_another_installation_or_version_is_refused(
    place: Installation, made: Path, otherwise: dict[str, str], why: str
) -> None:
    manifest = Manifest(**{**vars(Manifest.read(made)), **otherwise})
    manifest.write(made, (place.settings.secrets / "pepper").read_bytes())

    refused(place, made, why)


def test_a_log_that_was_changed_before_the_backup_is_refused(place: Installation) -> None:
    place.decide("kept")
    place.seal()
    place.rewrite(DECISIONS, 3)
    made = place.backup()

    refused(place, made, f"{DECISIONS} in the backup is not what was signed from entry 3 on")


def test_a_row_that_was_changed_before_the_backup_is_refused(place: Installation) -> None:
    tamper(place.engine, "UPDATE decisions SET choice = 'avanceret'")
    made = place.backup()
    place.seal()

    refused(place, made, "does not verify")


def test_without_seals_it_must_be_said(place: Installation) -> None:
    made = place.backup()

    refused(place, made, "the seals are missing")

    assert "NOT held against what was signed" in restored(place, made, "--unproven")
    assert proven(place) == [False, False]


def test_with_damaged_tiles_it_must_be_said(place: Installation, made: Path) -> None:
    for tile in (place.settings.seals / DECISIONS / "tile" / "0").rglob("*.p/*"):
        tile.write_bytes(b"?")

    refused(place, made, "missing or damaged")

    assert "nobody has this entry any more" in restored(place, made, "--unproven")
    assert proven(place) == [True, False]


def test_a_checkpoint_that_nobody_signed_is_refused(place: Installation, made: Path) -> None:
    checkpoint = place.settings.seals / DECISIONS / "checkpoint"
    origin, size, *rest = checkpoint.read_bytes().split(b"\n")
    checkpoint.write_bytes(b"\n".join((origin, b"%d" % (int(size) - 1), *rest)))

    refused(place, made, "cannot be believed")


def test_a_damaged_database_is_to_be_moved_away_first(engine: Engine, tmp_path: Path) -> None:
    place, file = Installation(engine, tmp_path), Path(str(engine.url.database))
    place.seal()
    made = place.backup()
    place.engine.dispose()
    file.write_bytes(b"no database at all, but somebody may want to look at it" * 100)
    before = file.read_bytes()

    result = place.run("restore", "--from", made, *WHY)

    assert "Move it away" in result.output
    assert file.read_bytes() == before
    file.unlink()
    restored(place, made)
    assert log.verify(place.engine).problems == []
