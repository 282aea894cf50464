"""Single bits turned in the raw SQLite file: every harmful one is found by the verifier, and nothing else is.

Harmful is what changes or hides anything that an entry, a head, a part or a proved row says: read from the
table itself, or through one of its indexes. That is settled by reading the raw file with plain SQL, with no
help from the program. Bits in free space, or in tables that the log does not prove, change nothing of it.
"""

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from service import log
from service.database import make_engine, upgrade, writing
from service.log import Event
from service.log.vault import Vault, attach, vault_of
from service.log.verify import PROVED
from tests.parts.steps import a_case, facts_of, one_of_everything, put
from tests.parts.vaults import remember_statements, sealed_engine
from tests.soak.figures import Figure, share_of

FLIPS = 12_000
CASES = 100
FAST = "/dev/shm"
"""A disk in memory, where there is one: each bit has a file of its own."""
COLUMNS = "SELECT name FROM pragma_index_info(?) ORDER BY seqno"
INDEXES = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?"
HARMFUL = ("content", "index")
"""What must be found: a table that says something else, or an index that says it or leads elsewhere.

Besides these, a damaged "schema" proves nothing otherwise, and a damaged "structure" is read as before until
the page is written the next time: saying so is no false alarm, and saying nothing misses nothing.
"""
SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema"


@dataclass
class Flipped:
    """What came of the flips. `missed` and `false_alarms` name the bits, counted from the file's first."""

    flips: int
    damage: Counter[str] = field(default_factory=Counter)
    missed: dict[int, str] = field(default_factory=dict)
    false_alarms: dict[int, str] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether everything harmful was found, and nothing else."""
        harmful = sum(self.damage[kind] for kind in HARMFUL)
        return not self.missed and not self.false_alarms and harmful > self.flips // 10


class Reader:
    """Reads everything proved out of a raw file, by table and through every index, in plain SQL."""

    def __init__(self, pristine: Path) -> None:
        with closing(sqlite3.connect(pristine)) as raw:
            indexes = {
                name: query
                for table in PROVED
                for index, sql in raw.execute(INDEXES, (table,)).fetchall()
                for name, query in _through(raw, table, index, sql or "")
            }
        self.queries = {
            "content": {table: f'SELECT * FROM "{table}" NOT INDEXED' for table in PROVED},
            "index": indexes,
            "schema": {"schema": SCHEMA},
            "structure": {f"{table} structure": f'PRAGMA integrity_check("{table}")' for table in PROVED},
        }
        self.before = {
            name: found
            for queries in self.queries.values()
            for name, found in self._read(pristine, queries).items()
        }

    def harm_in(self, file: Path) -> str:
        """What a file says otherwise than before; see KINDS. "" when nothing does."""
        for kind, queries in self.queries.items():
            if any(found != self.before[name] for name, found in self._read(file, queries).items()):
                return kind
        return ""

    def _read(self, file: Path, queries: Mapping[str, str]) -> dict[str, list[str]]:
        found = {}
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as raw:
            raw.text_factory = _text
            for name, query in queries.items():
                try:
                    found[name] = sorted(map(repr, raw.execute(query)))
                except (sqlite3.Error, ValueError, OverflowError) as unreadable:
                    found[name] = [f"unreadable: {unreadable}"]
        return found


def _text(content: bytes) -> tuple[str, bytes]:
    """Text apart from bytes: a bit in front of a value can turn one into the other."""
    return "text", content


def _through(raw: sqlite3.Connection, table: str, index: str, sql: str) -> Iterator[tuple[str, str]]:
    """Two queries through one index: what the index itself says, and the rows that it leads to."""
    columns = ", ".join(f'"{name}"' for (name,) in raw.execute(COLUMNS, (index,)))
    where = sql.partition(" WHERE ")[2]
    source = f'FROM "{table}" INDEXED BY "{index}"' + (f" WHERE {where}" if where else "")
    yield f"{index} itself", f"SELECT rowid, {columns} {source} ORDER BY {columns}"
    yield f"{index} onward", f"SELECT * {source} ORDER BY {columns}"


def flip(folder: Path, flips: int, seed: int = 1) -> Flipped:
    """Turn so many random bits, each in a fresh copy of one database."""
    pristine, vault = _make(folder)
    reader, came, copy = Reader(pristine), Flipped(flips), folder / "copy.db"
    for bit in Random(seed).sample(range(pristine.stat().st_size * 8), flips):
        _turn(pristine, copy, bit)
        harm = reader.harm_in(copy)
        alarm = _alarm(copy, vault)
        if harm:
            came.damage[harm] += 1
        if harm in HARMFUL and not alarm:
            came.missed[bit] = harm
        if not harm and alarm:
            came.false_alarms[bit] = alarm
    vault.keystore.engine.dispose()
    return came


def _make(folder: Path) -> tuple[Path, Vault]:
    """A database with a row of every step and some cases more; its keys lie in a file that is left alone."""
    file = folder / "pristine.db"
    engine = sealed_engine(f"sqlite:///{file}")
    upgrade(engine)
    cast, _ = one_of_everything(engine)
    with writing(engine) as session:
        for serial in range(2, 2 + CASES):
            case = a_case(cast.alma, serial)
            put(session, Event.CASE_RECEIVED, case, name="Ane Ærø", plan="Kan gå 20 meter.")
            put(session, Event.FACTS_RECORDED, facts_of(case), facts="svær")
        session.commit()
    engine.dispose()
    return file, vault_of(engine)


def _turn(pristine: Path, copy: Path, bit: int) -> None:
    content = bytearray(pristine.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    copy.write_bytes(content)


def _alarm(file: Path, vault: Vault) -> str:
    """What the verifier says first, or how it failed; nothing when it is content."""
    engine = remember_statements(attach(make_engine(f"sqlite:///{file}"), vault))
    try:
        return next(iter(log.verify(engine).problems), "")
    except Exception as failure:  # whatever it is, the command that verifies ends with it, and not with "ok"
        return f"{type(failure).__name__}: {failure}"
    finally:
        engine.dispose()


def measure(share: float) -> list[Figure]:
    """The figure; each bit has a file of its own, in memory where that is possible."""
    with tempfile.TemporaryDirectory(dir=FAST if Path(FAST).is_dir() else None) as folder:
        came = flip(Path(folder), share_of(FLIPS, share, 200))
    damage = ", ".join(f"{count} {kind}" for kind, count in came.damage.most_common())
    return [
        Figure(
            "single bits turned in the raw database file",
            "SQLite",
            f"{came.flips} flips: {damage}",
            f"{len(came.missed)} missed {_some(came.missed)}, {len(came.false_alarms)} false alarms"
            f" {_some(came.false_alarms)}",
            "0 missed, 0 false alarms",
            came.met,
        )
    ]


def _some(bits: Mapping[int, str]) -> str:
    return "; ".join(f"bit {bit}: {what}" for bit, what in list(bits.items())[:3])
