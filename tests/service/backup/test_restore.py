"""`skoen restore`: a declared restore lets the service go on, and what is lost is known to the entry."""

import json
from pathlib import Path

from sqlalchemy import text

from service import log
from service.backup.manifest import Manifest
from service.database import reading, writing
from service.signer.report import OK
from service.tables.session import WebSession
from tests.rows import rows
from tests.service.backup.clock import now
from tests.service.backup.installation import Installation
from tests.service.backup.restoring import ACCESS, DECISIONS, WHY, first_entry, restored


def test_a_trial_changes_nothing(place: Installation, made: Path) -> None:
    before, public = place.content(), place.public()

    said = place.ok("restore", "--from", made, *WHY, "--dry-run")

    after = place.content()
    assert len(after.pop("log_entries")) == len(before.pop("log_entries")) + 1
    del after["log_heads"], before["log_heads"]
    assert (after, place.public()) == (before, public)
    assert "this was a trial" in said
    assert "2 × decision:made" in said
    assert not place.left_over()


def test_after_a_declared_restore_the_service_goes_on_in_a_new_epoch(place: Installation, made: Path) -> None:
    old, held = place.sealed(DECISIONS), Manifest.read(made).shards[DECISIONS]
    restored(place, made)

    assert "kept" in place.decided() and not {"sealed", "unsealed"} & place.decided()
    place.decide("afterwards")
    assert place.seal().state == OK
    assert log.verify(place.engine).problems == []
    assert place.sealed(DECISIONS) == old
    assert place.sealed(f"{DECISIONS}/2").size == place.sizes()[f"{DECISIONS}/2"] == 10
    assert place.sizes()[DECISIONS] == held["size"]
    assert place.sizes()[f"{ACCESS}/2"] == 2
    assert place.seal().state == OK


def test_the_new_epoch_says_what_ended_why_and_who_says_so(place: Installation, made: Path) -> None:
    old = place.sealed(DECISIONS)
    restored(place, made)

    entry = first_entry(place, f"{DECISIONS}/2")
    back = Manifest.read(made).shards[DECISIONS]
    assert (entry["type"], entry["seq"], entry["old_origin"]) == ("epoch:started", "0", old.origin)
    assert (entry["restored_root"], entry["proven"]) == (back["root"], True)
    row = entry["row"]
    assert (row["old_shard"], row["number"], row["restored_size"]) == (DECISIONS, 2, back["size"])
    assert (row["checkpoint_size"], row["checkpoint_root"]) == (old.size, old.root.hex())
    assert (row["reason"], row["named_by"], row["confirmed_by"]) == (WHY[1], WHY[3], WHY[5])


def test_what_is_lost_is_listed_to_the_entry(place: Installation, made: Path) -> None:
    back = Manifest.read(made).shards[DECISIONS]["size"]
    with reading(place.engine) as session:
        query = "SELECT seq, entry FROM log_entries WHERE shard = :shard AND seq >= :back ORDER BY seq"
        gone = [
            (seq, json.loads(entry))
            for seq, entry in session.execute(text(query), {"shard": DECISIONS, "back": back})
        ]
    signed = place.sealed(DECISIONS).size

    said = restored(place, made).splitlines()

    for seq, entry in gone:
        line = f"  {DECISIONS} {seq}: {entry['t']} {entry['type']} case {entry['case']}"
        assert line + ("" if seq < signed else " (never signed)") in said
    assert len(gone) == 16
    assert "  2 × decision:made" in said


def test_nobody_is_signed_in_and_nothing_is_half_typed_afterwards(place: Installation, made: Path) -> None:
    with writing(place.engine) as session:
        session.add(WebSession(token_hash="x", content={}, created_at=now(), last_seen_at=now()))
        session.commit()

    restored(place, made)

    assert [rows(place.engine)[table] for table in ("web_sessions", "drafts", "sign_in_attempts")] == [
        0,
        0,
        0,
    ]


def test_without_a_database_a_backup_becomes_it(place: Installation, made: Path) -> None:
    place.lose_database()

    said = restored(place, made)

    assert "never signed" not in said
    assert "kept" in place.decided()
    place.decide("afterwards")
    assert place.seal().state == OK
    assert log.verify(place.engine).problems == []


def test_restoring_once_more_takes_back_the_first_restore_too(place: Installation, made: Path) -> None:
    restored(place, made)
    place.decide("between")
    assert place.seal().state == OK
    first, second = place.sealed(DECISIONS), place.sealed(f"{DECISIONS}/2")

    restored(place, made)

    assert place.seal().state == OK
    assert log.verify(place.engine).problems == []
    assert (place.sealed(DECISIONS), place.sealed(f"{DECISIONS}/2")) == (first, second)
    ends = [first_entry(place, f"{DECISIONS}/3", seq)["row"] for seq in (0, 1)]
    assert [(end["old_shard"], end["restored_size"]) for end in ends] == [
        (f"{DECISIONS}/2", 0), (DECISIONS, Manifest.read(made).shards[DECISIONS]["size"]),
    ]  # fmt: skip
    place.decide("afterwards")
    assert place.seal().state == OK


def test_a_later_backup_is_restored_into_the_next_epoch(place: Installation, made: Path) -> None:
    restored(place, made)
    place.decide("second epoch")
    place.seal()
    later = place.backup()
    place.decide("lost again")
    place.seal()

    said = restored(place, later)

    assert "second epoch" in place.decided()
    assert "1 × decision:made" in said  # what the first restore lost is not told again
    assert place.seal().state == OK
    assert place.sizes()[f"{DECISIONS}/3"] == 1
    assert log.verify(place.engine).problems == []


def test_what_the_signer_signed_and_could_not_let_out_counts(place: Installation, made: Path) -> None:
    checkpoint = place.settings.seals / DECISIONS / "checkpoint"
    before = checkpoint.read_bytes()
    place.seal()
    signed = place.sizes()[DECISIONS]
    checkpoint.write_bytes(before)  # killed between its memory and the checkpoint

    restored(place, made)

    assert first_entry(place, f"{DECISIONS}/2")["row"]["checkpoint_size"] == signed
    assert place.seal().state == OK
