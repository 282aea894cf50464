"""Shards that ended: a restore that is declared, one that is not, and a shard that was retired."""

import shutil

import pytest

from service.signer.report import OK
from tests.service.signer.bench import ACCESS, DECISIONS, Bench, fill, refused, roll_back, tampered

NEXT = f"{DECISIONS}/2"


def test_a_new_epoch_that_nobody_declared_is_refused(sealed: Bench) -> None:
    fill(sealed.engine, NEXT, 3)

    public = sealed.public()
    status = sealed.seal()

    assert set(status.codes) == {"epoch_undeclared"}
    assert sealed.public() == public


def declare(bench: Bench, old_shard: str = DECISIONS, **otherwise: object) -> None:
    """What a restore writes: the new shard and, as its first entry, the declaration."""
    old = bench.checkpoint(old_shard)
    assert old is not None
    values = {
        "old": old_shard, "shard": NEXT, "size": old.size, "root": old.root.hex(), "restored": 200, "seq": 0,
        **otherwise,
    }  # fmt: skip
    fill(bench.engine, str(values["shard"]), int(str(values.pop("entries", 2))))
    tampered(
        bench.engine,
        "INSERT INTO epochs (id, at, shard, log_seq, old_shard, number, checkpoint_size, checkpoint_root,"
        " restored_size, reason, named_by, confirmed_by, operator)"
        " VALUES (:old, '2026-06-30', :shard, :seq, :old, 2, :size, :root, :restored, 'r', 'a', 'b', 'c')",
        **values,
    )


def test_a_declared_restore_goes_on_in_its_new_epoch_and_the_old_one_is_never_signed_again(
    bench: Bench,
) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    old = bench.checkpoint(DECISIONS)
    roll_back(bench.engine, DECISIONS, 200)
    declare(bench)

    assert bench.seal().state == OK
    bench.require_whole(NEXT, 2)
    assert bench.checkpoint(DECISIONS) == old


@pytest.mark.parametrize(
    ("otherwise", "code"),
    [
        ({"size": 200, "root": "00" * 32}, "epoch_otherwise"),
        ({"size": None, "root": None}, "epoch_otherwise"),
        ({"restored": 199}, "old_epoch_grew"),
        ({"seq": 1}, "epoch_undeclared"),
        ({"shard": f"{ACCESS}/2"}, "epoch_undeclared"),
        ({"shard": DECISIONS, "entries": 0}, "epoch_undeclared"),
    ],
    ids=["another checkpoint", "no checkpoint", "another size", "not first", "another log", "itself"],
)
def test_a_restore_that_is_declared_otherwise_is_refused(
    bench: Bench, otherwise: dict[str, object], code: str
) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    roll_back(bench.engine, DECISIONS, 200)
    declare(bench, **otherwise)

    public = bench.public()
    assert code in bench.seal().codes
    assert bench.public() == public


def test_a_restore_that_takes_back_an_earlier_one_ends_both_shards(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    roll_back(bench.engine, DECISIONS, 200)
    declare(bench)
    assert bench.seal().state == OK
    tampered(bench.engine, "DELETE FROM epochs")  # the older backup knows of no restore
    roll_back(bench.engine, NEXT, 0)
    roll_back(bench.engine, DECISIONS, 100)
    third = f"{DECISIONS}/3"
    declare(bench, NEXT, shard=third, restored=0)
    declare(bench, shard=third, restored=100, seq=1, entries=0)

    assert bench.seal().state == OK
    bench.require_whole(third, 2)
    roll_back(bench.engine, DECISIONS, 99)
    refused(bench, "old_epoch_grew")


def test_an_old_epoch_that_grows_is_refused(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    roll_back(bench.engine, DECISIONS, 200)
    declare(bench)
    bench.seal()
    fill(bench.engine, DECISIONS, 1)

    refused(bench, "old_epoch_grew")


def retire(bench: Bench, size: int, root: bytes) -> None:
    """What a retirement leaves: its row, and a shard without what its entries said."""
    tampered(
        bench.engine,
        "INSERT INTO retirements (id, at, shard, log_seq, retired_shard, size, root, checkpoint,"
        " reason, operator) VALUES ('r', '2026-06-30 08:00:00', 'x', 0, :shard, :size, :root, '', 'r', 'o')",
        "DELETE FROM log_entries WHERE shard = :shard",
        shard=ACCESS, size=size, root=root.hex(),
    )  # fmt: skip
    shutil.rmtree(bench.settings.seals / ACCESS / "tile" / "entries")


def test_a_retired_shard_is_left_alone(bench: Bench) -> None:
    for shard in (DECISIONS, ACCESS):
        fill(bench.engine, shard, 300)
    bench.seal()
    last = bench.checkpoint(ACCESS)
    assert last is not None
    retire(bench, last.size, last.root)
    fill(bench.engine, DECISIONS, 1)

    assert bench.seal().state == OK
    bench.require_whole(DECISIONS, 301)
    assert bench.checkpoint(ACCESS) == last
    assert not (bench.settings.seals / ACCESS / "tile" / "entries").exists()


def test_a_shard_that_was_retired_as_another_is_refused(bench: Bench) -> None:
    fill(bench.engine, ACCESS, 300)
    bench.seal()
    retire(bench, 300, bytes(32))

    refused(bench, "retired_otherwise")
