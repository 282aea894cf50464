"""Erase citizens, look for every trace of them on the disk, restore older backups, and look again.

Looked for: CPR with and without hyphen, name, address, phone, words of the plan and of free text, the ids of
citizen, request, report and contact, the look-up of the CPR, the key, and the key as it was wrapped. In the
database's files and journal, the keystore, the seals, everything below var, and exports and backups made
afterwards. On PostgreSQL the whole data folder; its write-ahead log is told apart.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from service import log
from service.database import upgrade
from service.log import offline
from service.log.keystore import Keystore
from service.log.sealed import published_keys
from service.log.vault import Vault, attach
from tests.parts.citizens import Planted
from tests.parts.postgres import PostgresServer
from tests.parts.searching import Search
from tests.parts.town import Town
from tests.parts.vaults import KEK, sealed_engine
from tests.soak.figures import Figure, share_of
from tests.soak.postgres import postgres

WHY = ("--reason", "En disk gik i stykker.", "--name", "Ada Friis", "--name", "Tove Dam")
VERIFIER = Path(offline.__file__).with_name("skoen_verify.py")
SKOEN = Path(sys.executable).with_name("skoen")
CITIZENS = 100
WAL = "pg_wal"


@dataclass
class Result:
    """What was found where: `before` is the control, that looking finds anything at all."""

    citizens: int
    seconds: float = 0.0
    before: int = 0
    after: dict[str, set[bytes]] = field(default_factory=dict)
    restored: dict[str, set[bytes]] = field(default_factory=dict)
    in_wal: int = 0
    words_in_wal: int = 0
    problems: list[str] = field(default_factory=list)
    verdict: str = ""

    @property
    def ok(self) -> bool:
        """Nothing left, everything verified, and the search itself works."""
        clean = not (self.after or self.restored or self.words_in_wal or self.problems)
        return clean and self.before > 0 and self.verdict.startswith("0 ")

    def line(self) -> str:
        """The figures."""
        after, restored = (sum(map(len, found.values())) for found in (self.after, self.restored))
        return (
            f"{self.citizens} citizens erased in {self.seconds:.1f} s; traces found: before {self.before},"
            f" after {after}, after older backups were restored {restored}; in the write-ahead log"
            f" {self.words_in_wal} words, {self.in_wal} ids and wrapped keys; {len(self.problems)} problems;"
            f" offline verdict {self.verdict}"
        )


@dataclass(frozen=True)
class Place:
    """A town, a folder of its own, and what the database's own files are; `settle` lets them be written."""

    town: Town
    folder: Path
    files: tuple[Path, ...]
    settle: Callable[[], None]


def drill(place: Place, citizens: int, first: int = 0) -> Result:
    """Plant, back up, seal, erase, export, look, restore what is older, and look again."""
    town, result = place.town, Result(citizens)
    people = [town.plant(first + number) for number in range(citizens)]
    others = [town.plant(first + citizens + number) for number in range(max(2, citizens // 10))]
    town.seal()
    older, older_keys = _back_up(place, "older")
    held = _held(place)
    result.before = len(_found(place, people, older, older_keys)[0])
    started = time.monotonic()
    half = len(people) // 2
    for person in people[:half]:
        town.erase(person.citizen_id)
    town.erase(*(person.citizen_id for person in people[half:]))
    result.seconds = time.monotonic() - started
    result.problems += _checked(place)
    town.seal()
    result.verdict = _offline_verdict(place, held)
    skoen(place, "decisions", "export", "--out", place.folder / "exports" / "decisions.jsonl")
    _back_up(place, "newer")
    result.after, result.in_wal, result.words_in_wal = _left(place, people, older, older_keys)
    result.problems += [f"{each.number} was not to be erased" for each in others if not town.left_of(each)]
    skoen(place, "keystore", "restore", "--from", older_keys)
    town.close()
    skoen(place, "restore", "--from", older, *WHY)
    result.problems += _checked(place)
    result.restored, *_ = _left(place, people, older, older_keys)
    result.problems += [f"{each.number} did not come back" for each in others if not town.left_of(each)]
    return result


def skoen(place: Place, *words: object) -> None:
    """One command of the program, as a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SKOEN_")}
    done = subprocess.run(
        [SKOEN, *map(str, words)], env={**kept, **place.town.environment}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _back_up(place: Place, name: str) -> tuple[Path, Path]:
    database, keys = place.folder / f"backups-{name}", place.folder / f"key-backups-{name}"
    skoen(place, "backup", "--out", database)
    skoen(place, "keystore", "backup", "--out", keys)
    return max(database.iterdir()), max(keys.iterdir())


def _held(place: Place) -> list[Path]:
    """Copies of every checkpoint, as an auditor has them from before."""
    copies, seals = place.folder / "held", place.town.settings.seals
    copies.mkdir()
    for number, file in enumerate(sorted(seals.rglob("checkpoint"))):
        (copies / str(number)).write_bytes(file.read_bytes())
    return sorted(copies.iterdir())


def _offline_verdict(place: Place, held: list[Path]) -> str:
    """What the stand-alone verifier says of an export, held against the checkpoints from before."""
    out = place.folder / "exports" / "log.zip"
    out.parent.mkdir()
    skoen(place, "log", "export", "--out", out)
    keys = [key.vkey for key in published_keys(place.town.settings.seals)]
    words = [str(out), "--held", *map(str, held), *(word for key in keys for word in ("--vkey", key))]
    done = subprocess.run(
        [sys.executable, "-P", VERIFIER, *words], capture_output=True, text=True, check=False, cwd="/"
    )
    return f"{done.returncode} ({(done.stdout or done.stderr).strip().splitlines()[-1]})"


def _checked(place: Place) -> list[str]:
    """What the log and the ledger say is not in order."""
    unfinished = place.town.unfinished()
    return [*log.verify(place.town.engine).problems, *([f"{unfinished} unfinished"] if unfinished else [])]


def _left(place: Place, people: Iterable[Planted], *spared: Path) -> tuple[dict[str, set[bytes]], int, int]:
    """Traces by file outside the write-ahead log; how many stand in that; how many of those are words."""
    _, found = _found(place, people, *spared)
    wal = {hit for file, hits in found.items() if WAL in Path(file).parts for hit in hits}
    words = {word.encode() for person in people for word in person.words()}
    outside = {file: hits for file, hits in found.items() if WAL not in Path(file).parts}
    return outside, len(wal), len(wal & words)


def _found(
    place: Place, people: Iterable[Planted], *spared: Path
) -> tuple[set[bytes], dict[str, set[bytes]]]:
    place.settle()
    place.town.close()
    search = Search(trace for person in people for trace in person.traces())
    found = search.in_files(place.folder, *place.files, without=spared)
    return {hit for hits in found.values() for hit in hits}, found


def furnished(engine: Engine, folder: Path, keystore_url: str) -> Town:
    """A town whose keystore lies apart, as a backup wants it."""
    keystore = Keystore(keystore_url)
    keystore.create()
    attach(engine, Vault(keystore, KEK))
    return Town(engine, folder / "town")


def on_sqlite(folder: Path) -> Place:
    """A town in a folder, with everything of it inside."""
    for name in ("casework", "keys"):
        (folder / name).mkdir(parents=True)
    engine = sealed_engine(f"sqlite:///{folder / 'casework' / 'skoen.db'}")
    upgrade(engine)
    town = furnished(engine, folder, f"sqlite:///{folder / 'keys' / 'keystore.db'}")
    return Place(town, folder, (), lambda: None)


def on_postgresql(server: PostgresServer, folder: Path, name: str) -> Place:
    """A town on a server, its keystore in a database of its own there."""
    for database in (name, f"{name}_keys"):
        server.execute(f"CREATE DATABASE {database}")
    engine = sealed_engine(server.url(name))
    upgrade(engine)
    town = furnished(engine, folder, server.url(f"{name}_keys"))

    def settle() -> None:
        server.execute("CHECKPOINT")

    return Place(town, folder, (server.home / "run" / "data",), settle)


def measure(share: float) -> list[Figure]:
    """The figure on both engines."""
    citizens = share_of(CITIZENS, share, 10)
    with tempfile.TemporaryDirectory() as folder:
        figures = [_figure("SQLite", drill(on_sqlite(Path(folder)), citizens))]
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        figures.append(_figure("PostgreSQL", drill(on_postgresql(server, Path(folder), "drill"), citizens)))
    return figures


def _figure(engine: str, came: Result) -> Figure:
    left = {**came.after, **came.restored}
    return Figure(
        "citizens erased, every trace looked for, older backups restored",
        engine,
        f"{came.citizens} citizens, {came.before} traces before",
        f"{came.line()} {[*left.items(), *came.problems][:3] or ''}",
        "0 traces, still erased after a restore, verifies offline",
        came.ok,
    )
