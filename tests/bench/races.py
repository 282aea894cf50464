"""Several writers on one database, each transaction one decision: with the log, and the same rows without it.

`logged` is what the service does: the decision's row, its part sealed under the citizen's key, its entry and
the head, through `log.append`. `bare` writes the same four rows as they came out of that, on the same engine
in the same kind of transaction: nothing is read, computed, sealed or proved. Their ratio is what that costs.
"""

import os
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlmodel import Session

from service import log
from service.database import reading, upgrade, writing
from service.identity import Actor
from service.log import Event
from service.log.append import ENTRIES, HEADS
from service.tables.assessment import Assessment
from service.tables.base import new_id, table_of
from service.tables.decision import Decision
from service.tables.intake import PersonalPart
from service.tables.suggestion import Suggestion
from tests.cast import gather
from tests.parts.forks import fresh_processes
from tests.parts.steps import CITIZEN, LATER, a_case, facts_of, put
from tests.parts.vaults import sealed_engine
from tests.soak.installation import let_go
from tests.soak.postgres import fresh_database, postgres

DECISIONS, PARTS = table_of(Decision), table_of(PersonalPart)
Turn = Callable[[], None]
PATIENCE = 600.0


@dataclass(frozen=True)
class Desk:
    """Where one writer sits: who she is, her case, and the suggestion that her decisions answer."""

    by: Actor
    case_id: str
    suggestion_id: str


@dataclass(frozen=True)
class Race:
    """What came of a race: transactions a second, and how long each of them took, in seconds, in order."""

    per_second: float
    waits: tuple[float, ...]

    @property
    def p99(self) -> float:
        """Seconds that all but one in a hundred took at most."""
        return quantiles(self.waits, n=100)[-1] if len(self.waits) > 1 else self.waits[0]


def furnish(url: str, writers: int) -> list[Desk]:
    """Make the tables, and a judged and answered case for each writer."""
    engine = sealed_engine(url)
    upgrade(engine)
    alma = gather(engine).alma
    with writing(engine) as session:
        desks = [_desk(session, alma, number) for number in range(1, writers + 1)]
        session.commit()
    let_go(engine)
    return desks


def _desk(session: Session, by: Actor, number: int) -> Desk:
    case = a_case(by, serial=number)
    put(session, Event.CASE_RECEIVED, case, name="Ane Ærø", plan="Kan gå 20 meter.")
    facts = facts_of(case)
    put(session, Event.FACTS_RECORDED, facts, facts="svær")
    judged = Assessment(
        at=LATER, case_id=case.id, facts_id=facts.id, person_id=by.person_id, unit_id=by.unit_id,
        choice="basal", confidence="sikker", wants_evidence=True, evidence_seen_before=False, opened_at=LATER,
        idempotency_key=new_id(),
    )  # fmt: skip
    put(session, Event.ASSESSMENT_RECORDED, judged, by)
    shown = Suggestion(
        at=LATER, case_id=case.id, assessment_id=judged.id, outcome="shown", mode="overblik", arm="evidence",
        phase="oevelse", reference_level="avanceret", template_version="1", payload_hash="0" * 64,
    )  # fmt: skip
    put(session, Event.SUGGESTION_SHOWN, shown, by, payload="13 af 20")
    return Desk(by, case.id, shown.id)


def logged(engine: Engine, desk: Desk, turns: int) -> Iterator[Turn]:
    """Decisions through the log, each correcting the one before."""
    replaces: list[str | None] = [None]

    def turn() -> None:
        with writing(engine) as session:
            row = _decision(desk, replaces[0])
            log.append(
                session, Event.DECISION_MADE, at=LATER, by=desk.by, row=row, citizen_id=CITIZEN,
                case_id=desk.case_id, personal={"text": "Borgeren vil helst hjemme."}, outcome=row.agreement,
                change=row.change, reason_code=row.reason_code, suggestion=desk.suggestion_id,
                replaces=row.replaces,
            )  # fmt: skip
            session.commit()
            replaces[0] = row.id

    return (turn for _ in range(turns))


def bare(engine: Engine, desk: Desk, turns: int) -> Iterator[Turn]:
    """The rows of a decision that went through the log, written again and again under other names."""
    next(logged(engine, desk, 1))()
    with reading(engine) as session:
        rows = _rows_of(session, desk)
    shard, before = f"bare/{desk.case_id}", str(rows["decision"]["id"])
    prepared = []
    for seq in range(turns):
        place, part_id, row_id = {"shard": shard, "seq": seq}, new_id(), new_id()
        prepared.append((
            {**rows["part"], "id": part_id},
            {**rows["entry"], **place},
            {**rows["head"], "shard": shard, "size": seq + 1},
            {**rows["decision"], "id": row_id, "part_id": part_id, "shard": shard, "log_seq": seq,
             "idempotency_key": new_id(), "replaces": before},
        ))  # fmt: skip
        before = row_id
    return (_bare_turn(engine, *four) for four in prepared)


def _bare_turn(
    engine: Engine, part: Mapping[str, Any], entry: Mapping[str, Any], head: Mapping[str, Any],
    decision: Mapping[str, Any],
) -> Turn:  # fmt: skip
    grow = insert(HEADS) if head["size"] == 1 else update(HEADS).where(HEADS.c.shard == head["shard"])

    def turn() -> None:
        with engine.begin() as connection:
            connection.execute(insert(PARTS), part)
            connection.execute(insert(ENTRIES), entry)
            connection.execute(grow.values(**head))
            connection.execute(insert(DECISIONS), decision)

    return turn


def _decision(desk: Desk, replaces: str | None) -> Decision:
    return Decision(
        at=LATER, case_id=desk.case_id, suggestion_id=desk.suggestion_id, person_id=desk.by.person_id,
        unit_id=desk.by.unit_id, choice="basal", reason_code="funktion", agreement="override", change="kept",
        idempotency_key=new_id(), replaces=replaces,
    )  # fmt: skip


def _rows_of(session: Session, desk: Desk) -> dict[str, dict[str, Any]]:
    """The four rows of a desk's only decision, without what the database itself computes."""

    def one(table: Any, where: Any) -> dict[str, Any]:
        row = session.execute(select(table).where(where)).mappings().one()
        return {column.name: row[column.name] for column in table.columns if column.computed is None}

    decision = one(DECISIONS, DECISIONS.c.case_id == desk.case_id)
    place = (ENTRIES.c.shard == decision["shard"]) & (ENTRIES.c.seq == decision["log_seq"])
    return {
        "decision": decision,
        "part": one(PARTS, PARTS.c.id == decision["part_id"]),
        "entry": one(ENTRIES, place),
        "head": one(HEADS, HEADS.c.shard == decision["shard"]),
    }


LOOPS = {"logged": logged, "bare": bare}


@dataclass(frozen=True)
class Racers:
    """Processes that are there already, for one race after the other."""

    pool: Pool
    writers: int

    def race(self, loop: str, url: str, turns: int) -> Race:
        """Let each write so many transactions into a fresh database; any error of theirs is raised."""
        tasks = [(loop, url, desk, turns) for desk in furnish(url, self.writers)]
        ran = self.pool.starmap_async(_run, tasks, chunksize=1).get(PATIENCE)
        seconds = max(ended for _, ended, _ in ran) - min(began for began, _, _ in ran)
        waits = sorted(wait for _, _, waits in ran for wait in waits)
        return Race(self.writers * turns / seconds, tuple(waits))


@contextmanager
def racers(writers: int) -> Generator[Racers]:
    """So many processes until the end of the block. Each takes one desk: they begin only all together."""
    spawning = fresh_processes()
    with spawning.Pool(writers, _take_places, (spawning.Barrier(writers),)) as pool:
        yield Racers(pool, writers)


@contextmanager
def on_sqlite() -> Generator[Callable[[], str]]:
    """Gives addresses of database files, each fresh, that are gone at the end of the block."""
    with tempfile.TemporaryDirectory() as folder:
        yield lambda: f"sqlite:///{folder}/{new_id()}.db"


@contextmanager
def on_postgresql() -> Generator[Callable[[], str]]:
    """Gives fresh databases on a server of their own, which keeps what it commits."""
    with postgres(durable=True) as server:
        yield lambda: fresh_database(server)


ENGINES = {"SQLite": on_sqlite, "PostgreSQL": on_postgresql}


_START: list[Barrier] = []


def _take_places(start: Barrier) -> None:
    _START.append(start)


def _run(loop: str, url: str, desk: Desk, turns: int) -> tuple[float, float, list[float]]:
    """One process: when it began and ended, and how long each transaction took."""
    engine = sealed_engine(url)
    work = LOOPS[loop](engine, desk, turns)
    with reading(engine) as session:
        session.connection()
    _START[0].wait(PATIENCE)
    began, waits = time.time(), []
    for turn in work:
        since = time.perf_counter()
        turn()
        waits.append(time.perf_counter() - since)
    ended = time.time()
    let_go(engine)
    return began, ended, waits


def fsyncs_per_second(folder: Path, seconds: float = 1.0) -> float:
    """How often this disk makes 4 KB durable at the end of a file, one after the other."""
    count, until = 0, time.perf_counter() + seconds
    with tempfile.NamedTemporaryFile(dir=folder, buffering=0) as file:
        while time.perf_counter() < until:
            file.write(b"\0" * 4096)
            os.fsync(file.fileno())
            count += 1
    return count / seconds
