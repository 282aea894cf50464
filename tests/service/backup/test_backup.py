"""`skoen backup`: a whole copy or none, without keys, while everybody works."""

import json
import stat
import threading
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from service import log
from service.backup import contents
from service.backup.folder import building
from service.backup.make import LEFT_OUT
from service.backup.manifest import Manifest
from service.database import reading, writing
from service.log import Event
from service.tables import METADATA
from service.tables.session import SignInAttempt, WebSession
from tests.cast import NOW
from tests.parts.steps import CITIZEN
from tests.rows import rows
from tests.service.backup.clock import now
from tests.service.backup.installation import Installation
from tests.service.backup.killing import AFTER, BEFORE, Point, killed

CANARY = "kanariefugl"


def refused(place: Installation, why: str, *arguments: object) -> None:
    """The command is refused for a reason; all it leaves is the entry that somebody ran it."""
    before, files = rows(place.engine), sorted(place.out.parent.rglob("*"))
    result = place.run(*arguments)
    assert result.exit_code != 0
    assert why in result.output
    after = rows(place.engine)
    assert sorted(place.out.parent.rglob("*")) == files
    assert after["log_entries"] == before["log_entries"] + 1
    assert {t: n for t, n in after.items() if not t.startswith("log_")} == {
        t: n for t, n in before.items() if not t.startswith("log_")
    }


def test_without_a_folder_nothing_is_backed_up(place: Installation) -> None:
    assert "skoen backup --out DIR" in place.run("backup").output
    assert not place.out.exists()


@pytest.mark.parametrize("name", ["secrets", "signer", "keys", "around them"])
def test_a_backup_with_the_keys_is_refused(place: Installation, name: str) -> None:
    settings = place.settings
    folder = {
        "secrets": settings.secrets / "copy", "signer": settings.signer,
        "keys": place.out.parent / "keys" / "x", "around them": settings.var.parent,
    }[name]  # fmt: skip

    refused(place, "Keep them apart", "backup", "--out", folder)
    refused(place, "Keep them apart", "keystore", "backup", "--out", folder)


def test_a_way_round_by_a_link_is_refused(place: Installation) -> None:
    place.out.symlink_to(place.settings.secrets, target_is_directory=True)

    refused(place, "Keep them apart", "backup", "--out", place.out / "x")


def test_keys_and_casework_are_not_backed_up_into_one_folder(place: Installation) -> None:
    place.backup()
    place.ok("keystore", "backup", "--out", place.keys_out)

    refused(place, "holds backups of the database", "keystore", "backup", "--out", place.out)
    refused(place, "holds backups of the keystore", "backup", "--out", place.keys_out)


def test_a_backup_within_a_backup_is_refused(place: Installation) -> None:
    made = place.backup()

    refused(place, "is itself a backup", "backup", "--out", made)
    refused(place, "is itself a backup", "keystore", "backup", "--out", made / "x")


def test_a_second_backup_at_the_same_time_is_refused(place: Installation) -> None:
    with building(place.out, NOW):
        result = place.run("backup", "--out", place.out)

    assert "Another backup is being made" in result.output
    assert len(list(place.out.iterdir())) == 1


def test_a_table_of_somebody_elses_is_not_left_out_in_silence(place: Installation) -> None:
    with place.engine.begin() as connection:
        connection.execute(text("CREATE TABLE strangers (id INTEGER PRIMARY KEY)"))

    result = place.run("backup", "--out", place.out)

    assert "a table that is not Skøn's: strangers" in result.output
    assert not list(place.out.iterdir())


def test_a_backup_says_what_it_is(place: Installation) -> None:
    made = place.backup()
    manifest = Manifest.read(made)

    with reading(place.engine) as session:
        heads = session.execute(text("SELECT shard, size FROM log_heads")).all()
    roots = log.verify(place.engine).roots
    assert manifest.shards == {shard: {"size": size, "root": roots[shard]} for shard, size in heads}
    assert (manifest.of, manifest.engine) == ("database", place.engine.dialect.name)
    assert manifest.revision == "0003"
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in made.iterdir()} == {0o600}
    assert "is whole" in place.ok("backup", "check", made)


def test_each_command_leaves_one_entry(place: Installation) -> None:
    made = place.backup()
    place.ok("backup", "check", made)
    place.ok("backup", "check", made, "--elsewhere")
    place.ok("keystore", "backup", "--out", place.keys_out)

    with reading(place.engine) as session:
        query = text("SELECT entry FROM log_entries WHERE event = 'command:run' ORDER BY seq")
        entries = [json.loads(entry) for entry in session.execute(query).scalars()]
    assert [entry["command"] for entry in entries] == ["backup.make", "backup.check", "keystore.backup"]


def test_a_backup_holds_no_key_no_session_and_nothing_typed(place: Installation) -> None:
    with writing(place.engine) as session:
        at = now()
        session.add(WebSession(
            token_hash=CANARY, content={"csrf": CANARY}, created_at=at, last_seen_at=at,
        ))  # fmt: skip
        session.add(SignInAttempt(username=CANARY, address="127.0.0.1", at=at))
        session.commit()
    wrapped = place.keystore.find(CITIZEN)
    assert wrapped is not None
    secrets = [file.read_bytes() for file in place.settings.secrets.iterdir()]

    made = place.backup()

    content = b"".join(file.read_bytes() for file in made.iterdir())
    forms = [form for each in (wrapped, *secrets) for form in (each, each.hex().encode())]
    assert [form for form in (*forms, CANARY.encode(), b"Kan g\xc3\xa5 20 meter") if form in content] == []


def test_what_is_numbered_by_a_sequence_is_left_out() -> None:
    """Else the numbers would have to go on after a restore."""
    counted = [t.name for t in METADATA.sorted_tables if t.autoincrement_column is not None]

    assert set(counted) <= set(LEFT_OUT)


def test_a_copy_made_while_others_write_is_of_one_moment(place: Installation) -> None:
    stop, errors = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            try:
                with writing(place.engine) as session:
                    log.append(session, Event.SIGNED_IN, at=now(), by=None)
                    log.append(session, Event.PASSWORD_SET, at=now(), by=None)
                    session.commit()
            except Exception as error:
                errors.append(error)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        made = [place.backup() for _ in range(3)]
    finally:
        stop.set()
        for writer in writers:
            writer.join()

    assert errors == []
    counted = [Counter(events_of(each)) for each in made]
    assert [each["password:set"] - each["person:signed_in"] for each in counted] == [0, 0, 0]
    assert 0 < counted[0]["person:signed_in"] < counted[2]["person:signed_in"]


def events_of(made: Path) -> list[str]:
    """The events of a backup's log."""
    found = contents.rows(made, Manifest.read(made), "log_entries", ("event",), "shard, seq")
    return [event for (event,) in found]


POINTS = [
    Point(BEFORE, "service.backup.make._copy"),
    Point(AFTER, "service.backup.make._copy"),
    Point(AFTER, "service.backup.make._finish"),
    Point(AFTER, "service.backup.folder._settle"),
]


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_a_backup_that_is_killed_is_never_taken_for_one(place: Installation, point: Point) -> None:
    assert killed(place.environment, ("backup", "--out", str(place.out)), point)

    left = list(place.out.iterdir())
    assert [each.name[:12] for each in left] == [".unfinished-"]

    made = place.backup()
    assert list(place.out.iterdir()) == [made]
    assert "is whole" in place.ok("backup", "check", made)
