"""The end of a log against its head and its seal: whatever is changed there is found, and nothing else is."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text

from service.database import reading, writing
from service.log import merkle
from service.log.append import ENTRIES, HEADS
from service.log.canonical import canonical
from service.selftest import Installation, State
from service.selftest.log import log
from service.selftest.log_tail import Misfit, RolledBack, examine, open_shards, sealed_state
from tests.cast import NOW
from tests.parts.fitness import behind, seal
from tests.parts.steps import RETIRED, SHARD, one_of_everything

LONG = "access/2026Q2"
FORGED = "UPDATE log_entries SET entry = :entry, leaf_hash = :leaf WHERE shard = :shard AND seq = :seq"


def a_log(engine: Engine, size: int, shard: str = LONG) -> None:
    """Entries of a shard with their head, written past everything for speed."""
    frontier: list[bytes] = []
    rows = []
    for seq in range(size):
        entry = canonical({"log": shard, "seq": str(seq), "t": f"2026-06-30T08:00:00.{seq:06}Z"})
        leaf = merkle.leaf_hash(entry)
        frontier = merkle.append(seq, frontier, leaf)
        rows.append(
            {"shard": shard, "seq": seq, "event": "case:opened", "entry": entry.decode(), "leaf_hash": leaf}
        )
    with writing(engine) as session:
        session.connection().execute(insert(ENTRIES), rows)
        last_at = json.loads(rows[-1]["entry"])["t"]  # type: ignore[arg-type]
        head = {"shard": shard, "size": size, "frontier": b"".join(frontier), "last_at": last_at}
        session.connection().execute(insert(HEADS).values(head))
        session.commit()


def examined(place: Installation, shard: str = LONG, tail: int = 10_000) -> int:
    """The size of a shard, when everything fits."""
    sealed = sealed_state(place.settings.seals, shard, place.settings.origin)
    return examine(place.engine, shard, sealed, place.settings.seals / shard, tail)


@pytest.mark.parametrize("size", [1, 2, 7, 8, 13, 33])
@pytest.mark.parametrize("tail", [1, 4, 100])
def test_a_log_that_is_as_it_was_written_fits_however_much_is_sealed(
    size: int, tail: int, place: Installation
) -> None:
    a_log(place.engine, size)

    assert examined(place, tail=tail) == size
    for sealed in range(size + 1):
        seal(place, LONG, sealed)
        assert examined(place, tail=tail) == size


@pytest.mark.parametrize("sealed", [255, 256, 257, 600, 799, 800])
def test_the_tree_before_the_tail_is_taken_from_the_tiles(sealed: int, place: Installation) -> None:
    a_log(place.engine, 800)
    seal(place, LONG, sealed)

    assert examined(place, tail=50) == 800


def test_a_signer_at_work_meanwhile_is_no_fault(place: Installation) -> None:
    """It drops the partial tile of the checkpoint that we have read, once the tile is full."""
    a_log(place.engine, 800)
    folder = seal(place, LONG, 300)
    read = sealed_state(place.settings.seals, LONG, place.settings.origin)
    seal(place, LONG, 700)
    shutil.rmtree(folder / "tile/0/001.p")

    assert examine(place.engine, LONG, read, folder, tail=50) == 800


def test_a_log_that_has_not_begun_fits(place: Installation) -> None:
    assert examined(place) == 0
    assert examined(place, "access/1999Q1") == 0


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE log_entries SET entry = replace(entry, '9', '8') WHERE seq = 39", "39: the entry does not"),
        ("UPDATE log_entries SET leaf_hash = zeroblob(32) WHERE seq = 20", "20: the entry does not fit"),
        ("DELETE FROM log_entries WHERE seq = 30", "30: the entry is missing"),
        ("DELETE FROM log_entries WHERE seq = 39", "says 40 entries, 39 are there"),
        ("UPDATE log_entries SET seq = 99 WHERE seq = 39", "says 40 entries, 100 are there"),
        ("UPDATE log_heads SET size = 41", "says 41 entries, 40 are there"),
        ("UPDATE log_heads SET size = 39", "says 39 entries, 40 are there"),
        ("UPDATE log_heads SET frontier = zeroblob(64)", "not the root of the head"),
        ("UPDATE log_heads SET last_at = '2026-06-30T09:00:00Z'", "not the t of the last entry"),
        ("DELETE FROM log_heads", "the head is missing"),
    ],
    ids=str,
)
@pytest.mark.parametrize("sealed", [0, 10, 40])
def test_a_change_in_the_tail_or_the_head_is_found(
    statement: str, says: str, sealed: int, place: Installation
) -> None:
    a_log(place.engine, 40)
    seal(place, LONG, sealed)
    behind(place.engine, f"{statement}{' AND' if 'WHERE' in statement else ' WHERE'} shard = '{LONG}'")

    with pytest.raises(Misfit) as misfit:
        examined(place, tail=25)

    assert says in str(misfit.value)
    assert misfit.value.where.startswith(LONG)


@pytest.mark.parametrize("seq", [15, 22, 39])
@pytest.mark.parametrize("sealed", [0, 10, 20, 40])
def test_an_entry_rewritten_with_its_leaf_is_found(seq: int, sealed: int, place: Installation) -> None:
    a_log(place.engine, 40)
    seal(place, LONG, sealed)
    entry = canonical({"log": LONG, "seq": str(seq), "t": "2026-06-30T08:00:00.000039Z", "forged": True})
    leaf = merkle.leaf_hash(entry)
    behind(place.engine, FORGED, entry=entry.decode(), leaf=leaf, shard=LONG, seq=seq)

    with pytest.raises(Misfit, match=r"root of the head|that were sealed"):
        examined(place, tail=25)


def test_a_whole_log_rewritten_with_its_head_is_found_by_what_was_sealed(place: Installation) -> None:
    a_log(place.engine, 40)
    seal(place, LONG, 30)
    behind(place.engine, f"DELETE FROM log_entries WHERE shard = '{LONG}'", "DELETE FROM log_heads")
    behind(place.engine, f"DELETE FROM log_heads WHERE shard = '{LONG}'")
    other = "access/2026Q1"
    a_log(place.engine, 40, other)
    behind(place.engine, f"UPDATE log_entries SET shard = '{LONG}' WHERE shard = '{other}'")
    behind(place.engine, f"UPDATE log_heads SET shard = '{LONG}' WHERE shard = '{other}'")

    with pytest.raises(Misfit, match="the first 30 entries are not those that were sealed"):
        examined(place)


@pytest.mark.parametrize("gone", range(10, 20))
def test_an_older_database_is_told_by_the_newer_seal(gone: int, place: Installation) -> None:
    a_log(place.engine, 20)
    seal(place, LONG, 20)
    behind(place.engine, f"DELETE FROM log_heads WHERE shard = '{LONG}'")
    behind(place.engine, f"DELETE FROM log_entries WHERE shard = '{LONG}'")
    a_log(place.engine, gone)

    with pytest.raises(RolledBack, match=f"20 entries are sealed, {gone} are there"):
        examined(place)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: (folder / "checkpoint").write_bytes(b"skoen"), "the checkpoint cannot be read"),
        (lambda folder: (folder / "tile/0/000").unlink(), "a tile among the seals cannot be read"),
        (lambda folder: (folder / "tile/0/000").write_bytes(b"x"), "a tile among the seals cannot be read"),
        (lambda folder: (folder / "tile/0/000").write_bytes(b"x" * 8192), "not those that were sealed"),
    ],
    ids=["checkpoint", "tile gone", "tile short", "tile other"],
)
def test_damaged_seals_are_not_taken_for_none(
    spoil: Callable[[Path], object], says: str, place: Installation
) -> None:
    a_log(place.engine, 400)
    folder = seal(place, LONG, 400)
    spoil(folder)

    with pytest.raises(Misfit, match=says):
        examined(place, tail=170)


def test_the_checkpoint_of_another_log_is_refused(place: Installation) -> None:
    a_log(place.engine, 5)
    other = seal(place, SHARD, 3) / "checkpoint"
    folder = place.settings.seals / LONG
    folder.mkdir(parents=True)
    (folder / "checkpoint").write_bytes(other.read_bytes())

    with pytest.raises(Misfit, match=r"the checkpoint is of skoen\.localhost/decisions/2026"):
        examined(place)


def test_the_open_shards_are_the_newest_of_each_log_and_those_of_this_instant(engine: Engine) -> None:
    names = ("decisions/2025", "decisions/2026", "decisions/2026/2", "decisions/2026/10", "access/2027Q1")
    with writing(engine) as session:
        for name in names:
            values = {"shard": name, "size": 0, "frontier": b"", "last_at": ""}
            session.connection().execute(insert(HEADS).values(values))
        session.commit()

    with reading(engine) as session:
        assert open_shards(session, NOW) == ["access/2026Q2", "access/2027Q1", "decisions/2026/10"]


def test_a_retired_shard_is_not_walked(engine: Engine) -> None:
    one_of_everything(engine)
    with writing(engine) as session:
        head = {"shard": RETIRED, "size": 3, "frontier": b"", "last_at": ""}
        session.connection().execute(insert(HEADS).values(head))
        session.commit()

    with reading(engine) as session:
        assert open_shards(session, NOW) == ["access/2026Q2", "decisions/2026"]


def test_the_check_names_the_place_and_says_in_danish_what_it_means(place: Installation) -> None:
    assert log(place).state is State.OK
    behind(place.engine, "UPDATE log_entries SET leaf_hash = zeroblob(32) WHERE seq = 3")

    found = log(place)

    assert (found.state, found.where) == (State.FAULT, f"{SHARD} 3")
    assert found.danish == "Hændelsesloggen passer ikke med sig selv. Noget er ændret eller beskadiget."


def test_an_older_database_is_told_apart_from_a_damaged_one(place: Installation) -> None:
    with reading(place.engine) as session:
        query = text("SELECT size FROM log_heads WHERE shard = :shard")
        size = session.connection().execute(query, {"shard": SHARD}).scalar_one()
    seal(place, SHARD, size)
    behind(place.engine, "DELETE FROM log_entries", "DELETE FROM log_heads")

    found = log(place)

    assert (found.state, found.where) == (State.FAULT, SHARD)
    assert "sat tilbage til et tidligere tidspunkt" in found.danish


def test_a_log_on_postgresql_is_walked_alike(postgres_place: Installation) -> None:
    a_log(postgres_place.engine, 40)
    seal(postgres_place, LONG, 30)
    assert examined(postgres_place, tail=25) == 40

    behind(postgres_place.engine, "UPDATE log_entries SET entry = replace(entry, '9', '8') WHERE seq = 39")

    with pytest.raises(Misfit, match="39: the entry does not fit"):
        examined(postgres_place, tail=25)
