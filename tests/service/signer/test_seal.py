"""A round: what has grown is sealed, what has not is left alone, and what is sealed is whole."""

import json
import os
import shutil
import stat
import time

import pytest
from sqlalchemy import Engine

from service.log import merkle
from service.log.tiles import tiles_of
from service.signer.report import OK, read_status, write_status
from service.signer.state import read_state
from tests.service.signer.bench import ACCESS, DECISIONS, Bench, fill, settings_of


def test_an_empty_log_is_sealed_by_nothing(bench: Bench) -> None:
    assert bench.seal().state == OK
    assert [name for name in bench.public() if name != "vkeys.txt"] == []


@pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 600])
def test_a_shard_is_sealed_whole(bench: Bench, count: int) -> None:
    fill(bench.engine, DECISIONS, count)

    status = bench.seal()

    assert (status.state, status.shards[DECISIONS]["size"]) == (OK, count)
    bench.require_whole(DECISIONS, count)
    assert {tile.path for tile in tiles_of(count)} == {
        name.removeprefix(f"{DECISIONS}/")
        for name in bench.public()
        if "/tile/" in name and "entries" not in name
    }


def test_both_logs_grow_by_turns_and_stay_consistent(bench: Bench) -> None:
    held = []
    for step in (1, 3, 250, 2, 256, 1, 700):
        fill(bench.engine, DECISIONS, step)
        fill(bench.engine, ACCESS, step // 2)
        assert bench.seal().state == OK
        held.append(bench.checkpoint(DECISIONS))
    bench.require_whole(DECISIONS, 1213)
    bench.require_whole(ACCESS, 605)
    tree = bench.tree(DECISIONS)
    for old in held:
        assert old is not None
        proof = tree.consistency_proof(old.size)
        assert merkle.verify_consistency(old.size, tree.size, proof, old.root, tree.root())


def test_a_round_without_news_changes_no_file(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    public, private = bench.public(), bench.private()

    assert bench.seal().state == OK
    assert (bench.public(), bench.private()) == (public, private)


def test_old_entries_are_not_read_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bench.engine, DECISIONS, 2000)
    bench.seal()
    fill(bench.engine, DECISIONS, 10)
    hashed: list[bytes] = []
    real = merkle.leaf_hash
    monkeypatch.setattr("service.signer.ledger.leaf_hash", lambda entry: hashed.append(entry) or real(entry))

    bench.seal()

    first = min(json.loads(entry)["seq"] for entry in hashed)
    assert first == "1792"  # where the last sealed tile begins


def test_partial_tiles_go_when_the_tile_is_full(bench: Bench) -> None:
    for _ in range(3):
        fill(bench.engine, DECISIONS, 100)
        bench.seal()

    partial = [name for name in bench.public() if ".p/" in name]
    assert sorted(partial) == [
        f"{DECISIONS}/tile/0/001.p/44", f"{DECISIONS}/tile/1/000.p/1", f"{DECISIONS}/tile/entries/001.p/44",
    ]  # fmt: skip


def test_the_last_checkpoint_of_a_danish_day_is_kept(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 1)
    bench.seal()
    fill(bench.engine, DECISIONS, 1)
    bench.seal()
    folder = bench.settings.seals / DECISIONS

    assert [path.name for path in (folder / "history").iterdir()] == ["2026-06-30"]
    assert (folder / "history" / "2026-06-30").read_bytes() == (folder / "checkpoint").read_bytes()


def test_the_report_survives_its_file(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5)
    status = bench.seal()
    write_status(bench.settings.seals, status)

    assert read_status(bench.settings.seals) == status


def test_what_is_public_can_be_read_and_what_is_private_cannot(bench: Bench) -> None:
    before = os.umask(0o077)
    try:
        fill(bench.engine, DECISIONS, 5)
        write_status(bench.settings.seals, bench.seal())
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in bench.settings.seals.rglob("*")}

    assert {mode for path, mode in modes.items() if path.is_file()} == {0o644}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o755}
    assert stat.S_IMODE(bench.settings.signer.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in bench.settings.signer.iterdir()} == {0o600}


@pytest.mark.parametrize("lost", ["tile/0/001.p/44", "tile/0/000", "tile/1/000.p/1", "tile/entries/001.p/44"])
def test_tiles_that_were_lost_are_made_again(bench: Bench, lost: str) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    before = bench.public()
    if lost == "tile/0/000":  # not at the edge: everything is made again when the edge is missing too
        (bench.settings.seals / DECISIONS / "tile/0/001.p/44").unlink()
    (bench.settings.seals / DECISIONS / lost).unlink()

    assert bench.seal().state == OK
    assert bench.public() == before


def test_a_damaged_tile_is_made_again_and_growth_goes_on(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    (bench.settings.seals / DECISIONS / "tile/0/001.p/44").write_bytes(bytes(44 * 32))
    fill(bench.engine, DECISIONS, 20)

    assert bench.seal().state == OK
    bench.require_whole(DECISIONS, 320)


def test_a_public_folder_that_was_lost_comes_back_as_it_was(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    before = bench.public()
    shutil.rmtree(bench.settings.seals)

    assert bench.seal().state == OK
    assert {name: data for name, data in before.items() if "history" not in name} == bench.public()


def test_a_memory_that_was_lost_is_taken_from_what_was_published(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    (bench.settings.signer / "state.json").unlink()
    fill(bench.engine, DECISIONS, 1)

    assert bench.seal().state == OK
    bench.require_whole(DECISIONS, 301)
    state = read_state(bench.settings.signer)
    assert state is not None and state.shards[DECISIONS].size == 301


def test_an_older_memory_is_brought_up_to_what_was_published(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 100)
    bench.seal()
    old = (bench.settings.signer / "state.json").read_bytes()
    fill(bench.engine, DECISIONS, 200)
    bench.seal()
    (bench.settings.signer / "state.json").write_bytes(old)

    assert bench.seal().state == OK
    bench.require_whole(DECISIONS, 300)


def test_ten_thousand_entries_are_sealed_in_seconds(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 10_000)

    begun = time.monotonic()
    assert bench.seal().state == OK
    took = time.monotonic() - begun

    assert took < 10
    bench.require_whole(DECISIONS, 10_000)


@pytest.mark.postgres
def test_a_postgresql_log_is_sealed_the_same(postgres_engine: Engine, tmp_path) -> None:  # type: ignore[no-untyped-def]
    bench = Bench(postgres_engine, settings_of(postgres_engine, tmp_path))
    fill(bench.engine, DECISIONS, 300)
    assert bench.seal().state == OK
    fill(bench.engine, DECISIONS, 300)
    assert bench.seal().state == OK
    bench.require_whole(DECISIONS, 600)
