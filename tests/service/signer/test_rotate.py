"""A new key: named in the log, vouched for by the old one, and never a way around a log in doubt."""

import pytest

from service.errors import UnsafeStart
from service.log.checkpoint import open_checkpoint
from service.log.notes import NoteNotSigned
from service.signer.key import KEY, NEXT, own_vkeys, published_vkeys, read_key
from service.signer.ledger import signers_engine
from service.signer.report import OK
from service.signer.rotate import NotSealed, replace_lost, rotate
from tests.cast import NOW
from tests.service.signer.bench import DECISIONS, Bench, entries_of, fill, roll_back


def announce(bench: Bench, text: str) -> None:
    fill(bench.engine, DECISIONS, 1, word=text)


def rotated(bench: Bench, lost: bool = False) -> str:
    change = replace_lost if lost else rotate
    key = change(bench.settings, signers_engine(bench.settings), lambda text: announce(bench, text), NOW)
    return key.vkey


def test_the_old_key_seals_the_entry_that_names_the_new_one(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5)
    bench.seal()
    old = published_vkeys(bench.settings)

    new = rotated(bench)

    note = (bench.settings.seals / DECISIONS / "checkpoint").read_bytes()
    assert open_checkpoint(note, old).size == 6
    assert new in entries_of(bench.engine, DECISIONS)[5]
    assert [key.vkey for key in published_vkeys(bench.settings)] == [old[0].vkey, new]


def test_the_new_key_goes_on(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5)
    bench.seal()
    old = published_vkeys(bench.settings)
    rotated(bench)
    fill(bench.engine, DECISIONS, 1)

    assert bench.seal().state == OK
    bench.require_whole(DECISIONS, 7)
    with pytest.raises(NoteNotSigned):
        open_checkpoint((bench.settings.seals / DECISIONS / "checkpoint").read_bytes(), old)
    assert sorted(path.name for path in bench.settings.signer.iterdir()) == [
        "key", "lock", "state.json", "vkeys.txt",
    ]  # fmt: skip


def test_a_log_in_doubt_gets_no_new_key(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5)
    bench.seal()
    roll_back(bench.engine, DECISIONS, 4)
    before = bench.private(), bench.public(), entries_of(bench.engine, DECISIONS)

    with pytest.raises(NotSealed, match="5 are sealed"):
        rotated(bench)
    assert (bench.private(), bench.public(), entries_of(bench.engine, DECISIONS)) == before


def test_a_change_that_was_broken_off_is_taken_up_with_the_same_key(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5)
    bench.seal()
    key = (bench.settings.signer / KEY).read_bytes()

    def broken(text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(bench.settings, signers_engine(bench.settings), broken, NOW)
    assert (bench.settings.signer / KEY).read_bytes() == key
    assert bench.seal().state == OK
    prepared = (bench.settings.signer / NEXT).read_bytes()

    rotated(bench)
    assert (bench.settings.signer / KEY).read_bytes() == prepared


def test_a_lost_key_is_replaced_only_on_demand_and_what_it_signed_stays_believed(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5)
    bench.seal()
    old = published_vkeys(bench.settings)
    with pytest.raises(UnsafeStart, match="is there"):
        rotated(bench, lost=True)
    for path in bench.settings.signer.iterdir():
        path.unlink()
    with pytest.raises(UnsafeStart, match="--lost"):
        bench.seal()

    rotated(bench, lost=True)

    bench.require_whole(DECISIONS, 6)
    assert own_vkeys(bench.settings)[0] == old[0]
    assert len(published_vkeys(bench.settings)) == 2
    assert read_key(bench.settings.signer / KEY)
