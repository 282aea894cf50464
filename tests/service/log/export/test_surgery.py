"""The database under the knife before the export, fifty times each: refused, or found by the outsider.

Once by somebody who has the database alone, once by somebody who has the signing key as well.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, text

from service.log import merkle
from service.log.canonical import canonical
from service.log.export import ExportRefused
from service.tables.log import STEPS
from tests.parts.size import sized
from tests.parts.vaults import copy_database
from tests.service.log.export.conftest import Archive
from tests.service.signer.bench import ACCESS, DECISIONS, entries_of, put_head, tampered

TIMES = sized(3, 50)
STRIDE = sized(2, 1)
"""Of the tables every so-manieth is cut in a way; each by half of the ways in the short form."""
Entries = list[str]
Knife = Callable[[Entries, Random], None]


def delete(entries: Entries, chance: Random) -> None:
    del entries[chance.randrange(len(entries))]


def insert(entries: Entries, chance: Random) -> None:
    entries.insert(chance.randrange(len(entries)), changed(entries[0], actor="mallory"))


def swap(entries: Entries, chance: Random) -> None:
    one, other = chance.sample(range(len(entries)), 2)
    entries[one], entries[other] = entries[other], entries[one]


def duplicate(entries: Entries, chance: Random) -> None:
    at = chance.randrange(len(entries) - 1)
    entries.insert(at, entries[at])


def truncate(entries: Entries, chance: Random) -> None:
    del entries[chance.randrange(1, len(entries)) :]


def replace(entries: Entries, chance: Random) -> None:
    at = chance.randrange(len(entries))
    entries[at] = changed(entries[at], actor="mallory")


PUT = "INSERT INTO log_entries (shard, seq, event, entry, leaf_hash) VALUES (:s, :q, :e, :t, :l)"
KNIVES: list[Knife] = [delete, insert, swap, duplicate, truncate, replace]


def changed(entry: str, **fields: str) -> str:
    return canonical({**json.loads(entry), **fields}).decode()


def rewrite(engine: Engine, entries: Entries) -> None:
    """Put these look-ups in place of those there are, each made to fit its new place."""
    times = sorted(json.loads(entry)["t"] for entry in entries)
    tampered(engine, "DELETE FROM log_entries WHERE shard = :shard", shard=ACCESS)
    frontier: list[bytes] = []
    with engine.begin() as connection:
        for seq, entry in enumerate(entries):
            made = changed(entry, seq=str(seq), t=times[seq])
            leaf = merkle.leaf_hash(made.encode())
            frontier = merkle.append(seq, frontier, leaf)
            values = {"s": ACCESS, "q": seq, "e": "case:opened", "t": made, "l": leaf}
            connection.execute(text(PUT), values)
        put_head(connection, ACCESS, len(entries), frontier)


class Operated:
    """An archive that can be put back as it was."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.saved = archive, archive.folder.parent / "saved"
        self.entries = entries_of(archive.engine, ACCESS)
        self.held = archive.held(ACCESS)
        archive.engine.dispose()
        copy_database(self.database, self.saved.with_suffix(".db"))
        for folder in ("seals", "signer"):
            shutil.copytree(getattr(archive.bench.settings, folder), self.saved / folder)

    @property
    def database(self) -> Path:
        return Path(str(self.archive.engine.url.database))

    def restore(self) -> None:
        self.archive.engine.dispose()
        shutil.copyfile(self.saved.with_suffix(".db"), self.database)
        for folder in ("seals", "signer"):
            there: Path = getattr(self.archive.bench.settings, folder)
            shutil.rmtree(there)
            shutil.copytree(self.saved / folder, there)

    def cut(self, knife: Knife, time: int) -> None:
        """One try on a database as it was."""
        self.restore()
        entries = list(self.entries)
        knife(entries, Random(time))
        rewrite(self.archive.engine, entries)

    def forget(self) -> None:
        """Whoever has the signer's machine lets it forget what it signed, and sign anew."""
        settings = self.archive.bench.settings
        (settings.signer / "state.json").unlink()
        shutil.rmtree(settings.seals / ACCESS)
        self.archive.bench.seen.clear()
        self.archive.bench.seal()


@pytest.fixture
def operated(archive: Archive) -> Operated:
    return Operated(archive)


@pytest.mark.slow
@pytest.mark.parametrize("knife", KNIVES, ids=lambda knife: knife.__name__)
def test_who_has_the_database_alone_gets_no_export(operated: Operated, knife: Knife) -> None:
    archive, refusals = operated.archive, 0
    for time in range(TIMES):
        operated.cut(knife, time)
        try:
            archive.export(f"{time}.zip")
        except ExportRefused:
            refusals += 1
        assert not (archive.folder / f"{time}.zip").exists()

    assert refusals == TIMES


@pytest.mark.slow
@pytest.mark.parametrize("knife", KNIVES, ids=lambda knife: knife.__name__)
def test_who_has_the_key_too_is_found_by_a_checkpoint_kept_outside(operated: Operated, knife: Knife) -> None:
    archive, codes = operated.archive, []
    for time in range(TIMES):
        operated.cut(knife, time)
        operated.forget()
        file = archive.export(f"{time}.zip")
        assert archive.verdict(file).code == 0, "a perfect forgery, by itself"
        codes.append(archive.verdict(file, operated.held).code)

    assert codes == [30] * TIMES


ROWS: dict[str, tuple[str, ...]] = {
    "deleted": ("DELETE FROM {table} WHERE log_seq = :seq AND shard = :shard",),
    "another id": ("UPDATE {table} SET id = 'x' WHERE log_seq = :seq AND shard = :shard",),
    "moved": ("UPDATE {table} SET shard = 'decisions/2025' WHERE log_seq = :seq AND shard = :shard",),
    "of another entry": ("UPDATE {table} SET log_seq = :other WHERE log_seq = :seq AND shard = :shard",),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_row_taken_or_put_in_another_place_is_found_by_the_outsider(operated: Operated, what: str) -> None:
    archive, codes = operated.archive, []
    tables = [(STEPS[step], row.log_seq) for step, row in archive.rows.items() if row.shard == DECISIONS]
    for time, (table, seq) in enumerate(tables[list(ROWS).index(what) % STRIDE :: STRIDE]):
        operated.restore()
        other = next(each for _, each in tables if each != seq)
        for statement in ROWS[what]:
            tampered(archive.engine, statement.format(table=table), seq=seq, other=other, shard=DECISIONS)
        codes.append(archive.verdict(archive.export(f"{time}.zip")).code)

    assert codes == [50] * len(codes)
    assert len(codes) >= len(tables) // STRIDE
