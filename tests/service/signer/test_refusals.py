"""What the signer refuses in the database: nothing is signed, nothing written, and it says why, twice."""

import shutil

import pytest

from service.log import merkle
from service.signer.report import OK
from service.signer.state import read_state
from tests.service.signer.bench import ACCESS, DECISIONS, Bench, fill, put_head, refused, roll_back, tampered


def change(bench: Bench, statement: str, **values: object) -> None:
    """One statement behind the log's back, on the shard of decisions."""
    tampered(bench.engine, statement, shard=DECISIONS, **values)


def test_a_database_that_was_rolled_back_is_refused(sealed: Bench) -> None:
    roll_back(sealed.engine, DECISIONS, 299)

    status = refused(sealed, "shorter")

    assert status.why[0][0].startswith(
        "decisions/2026 har 299 poster, men 300 er forseglet. Databasen er rullet"
    )
    assert status.why[0][1].startswith(
        "decisions/2026 has 299 entries, and 300 are sealed. The database was rolled"
    )


@pytest.mark.parametrize("size", [0, 1, 100, 255, 256, 299])
def test_a_rollback_that_grew_past_the_seal_again_is_refused(sealed: Bench, size: int) -> None:
    roll_back(sealed.engine, DECISIONS, size)
    fill(sealed.engine, DECISIONS, 400, word="another history")

    refused(sealed, "sealed_changed")


def test_a_rollback_after_tiles_were_lost_is_refused(sealed: Bench) -> None:
    roll_back(sealed.engine, DECISIONS, 10)
    fill(sealed.engine, DECISIONS, 400, word="another history")
    shutil.rmtree(sealed.settings.seals / DECISIONS / "tile")

    refused(sealed, "sealed_changed")


def test_a_shard_that_vanished_is_refused(sealed: Bench) -> None:
    roll_back(sealed.engine, ACCESS, 0)

    refused(sealed, "vanished")


def test_a_new_entry_that_does_not_fit_its_leaf_hash_is_refused(sealed: Bench) -> None:
    change(sealed, "UPDATE log_entries SET entry = entry || ' ' WHERE shard = :shard AND seq = 320")

    assert "nr. 320" in refused(sealed, "entry_changed").why[0][0]


def test_a_sealed_entry_at_the_edge_that_does_not_fit_is_refused(sealed: Bench) -> None:
    change(sealed, "UPDATE log_entries SET entry = entry || ' ' WHERE shard = :shard AND seq = 299")

    refused(sealed, "entry_changed")


def test_a_sealed_entry_that_was_replaced_with_its_hash_is_refused(sealed: Bench) -> None:
    text = f'{{"log":"{DECISIONS}","seq":"299","word":"y"}}'
    change(
        sealed, "UPDATE log_entries SET entry = :entry, leaf_hash = :leaf WHERE shard = :shard AND seq = 299",
        entry=text, leaf=merkle.leaf_hash(text.encode()),
    )  # fmt: skip

    refused(sealed, "sealed_changed")


def test_a_new_entry_that_was_replaced_with_its_hash_is_refused(sealed: Bench) -> None:
    text = f'{{"log":"{DECISIONS}","seq":"320","word":"y"}}'
    change(
        sealed, "UPDATE log_entries SET entry = :entry, leaf_hash = :leaf WHERE shard = :shard AND seq = 320",
        entry=text, leaf=merkle.leaf_hash(text.encode()),
    )  # fmt: skip

    refused(sealed, "head_differs")


def test_an_entry_that_says_it_stands_elsewhere_is_refused(sealed: Bench) -> None:
    text = f'{{"log":"{DECISIONS}","seq":"321"}}'
    change(
        sealed, "UPDATE log_entries SET entry = :entry, leaf_hash = :leaf WHERE shard = :shard AND seq = 320",
        entry=text, leaf=merkle.leaf_hash(text.encode()),
    )  # fmt: skip

    refused(sealed, "entry_elsewhere")


@pytest.mark.parametrize("seq", [280, 320])
def test_an_entry_that_is_missing_is_refused(sealed: Bench, seq: int) -> None:
    change(sealed, "DELETE FROM log_entries WHERE shard = :shard AND seq = :seq", seq=seq)

    refused(sealed, "entry_missing")


def test_entries_beyond_the_head_are_refused(sealed: Bench) -> None:
    with sealed.engine.begin() as connection:
        frontier: list[bytes] = []
        put_head(connection, DECISIONS, 340, frontier)

    refused(sealed, "beyond_head")


def test_a_head_that_says_otherwise_is_refused(sealed: Bench) -> None:
    change(sealed, "UPDATE log_heads SET frontier = zeroblob(length(frontier)) WHERE shard = :shard")

    refused(sealed, "head_differs")


def test_a_name_that_leads_out_of_the_folder_is_refused(sealed: Bench) -> None:
    with sealed.engine.begin() as connection:
        put_head(connection, "../../outside", 1, [bytes(32)])

    refused(sealed, "shard_unknown")
    assert not (sealed.settings.seals.parent.parent / "outside").exists()


def test_an_entry_that_no_bundle_can_hold_is_refused(sealed: Bench) -> None:
    fill(sealed.engine, DECISIONS, 1, word="x" * 70_000)

    refused(sealed, "entry_too_long")


def test_the_round_after_a_refusal_goes_on_where_the_last_good_one_was(sealed: Bench) -> None:
    before = read_state(sealed.settings.signer)
    change(sealed, "UPDATE log_entries SET entry = entry || ' ' WHERE shard = :shard AND seq = 320")
    refused(sealed, "entry_changed")
    assert read_state(sealed.settings.signer) == before
    change(sealed, "UPDATE log_entries SET entry = rtrim(entry) WHERE shard = :shard AND seq = 320")

    assert sealed.seal().state == OK
    sealed.require_whole(DECISIONS, 350)
