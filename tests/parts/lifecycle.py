"""Casework in any order: decide, correct, erase, restore, retire; and what must hold after every step.

Time passes, the signer makes rounds, and an auditor keeps every checkpoint she ever saw.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import select

from service import log
from service.backup.make import back_up_database
from service.backup.restore import restore as restored
from service.database import reading, upgrade, writing
from service.errors import PartUnreadable
from service.keys import read_keys
from service.log import Event, merkle
from service.log.checkpoint import Checkpoint
from service.log.epochs import Declaration
from service.log.tiles import TileTree
from service.log.vault import vault_of
from service.signer.loop import Signer
from service.signer.report import OK
from service.tables.intake import Case
from service.workflow import decision, erasure, retention
from service.workflow.case_file import is_erased
from service.workflow.citizens import known_ids
from service.workflow.retention.schedule import RULES, Schedule
from tests.parts.citizens import STEP, decide, early, receive, report
from tests.parts.town import ORDER, Town
from tests.parts.vaults import copy_database, sealed_engine
from tests.rows import rows

SHORTEST = Schedule("short", "Dina Due, DPO", {line: rule.least for line, rule in RULES.items()}, "0" * 64)
CHOICES = ("basal", "avanceret")
MEMORY = Path("/dev/shm")  # the disk is not what is tried here


@dataclass
class Person:
    """One citizen as she should be: her open and her decided case numbers, and her id while it is known."""

    citizen_id: str
    open: list[int] = field(default_factory=list)
    decided: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Backup:
    """A backup, and who was there when it was made."""

    folder: Path
    people: dict[int, Person]


@cache
def template() -> Path:
    """A database with the cast, made once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="skoen-lifecycle-"))
    engine = sealed_engine(f"sqlite:///{folder / 'skoen.db'}")
    upgrade(engine)
    engine.dispose()
    return folder / "skoen.db"


class Lifecycle(RuleBasedStateMachine):
    """An installation and what should be true of it. `tally` counts what was tried in this process."""

    tally: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        home = MEMORY if MEMORY.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="skoen-", dir=home))
        (self.folder / "casework").mkdir()
        file = self.folder / "casework" / "skoen.db"
        copy_database(template(), file)
        self.town = Town(sealed_engine(f"sqlite:///{file}"), self.folder / "town")
        self.now, self.number = early(2026), 0
        self.people: dict[int, Person] = {}
        self.gone: set[str] = set()
        self.held: list[Checkpoint] = []
        self.backups: list[Backup] = []
        self.made: dict[int, str] = {}

    @initialize()
    def begins(self) -> None:
        """Some casework, and the first checkpoint: before it a restore has nothing to be held against."""
        self.decide([0, 1], ends=True)
        self.looks(2)
        self.seals()

    @rule(days=st.sampled_from([1, 20, 100, 400, 1000, 2000]))
    def time_passes(self, days: int) -> None:
        """Up to some years."""
        self.now += timedelta(days=days, minutes=11)

    @rule(times=st.integers(1, 5))
    def looks(self, times: int) -> None:
        """Somebody opens pages."""
        for _ in range(times):
            self.now += timedelta(minutes=1)
            with writing(self.town.engine) as session:
                log.append(session, Event.SIGNED_IN, at=self.now, by=self.town.alma)
                session.commit()

    @rule(people=st.lists(st.integers(0, 4), min_size=1, max_size=3), ends=st.booleans())
    def decide(self, people: list[int], ends: bool) -> None:
        """Plans arrive for some, new or known, and are decided at once or wait."""
        for person in people:
            self.arrive(person)
            if ends:
                self.finish(person)

    def arrive(self, person: int) -> None:
        """One plan for somebody."""
        self.number += 1
        self.now += timedelta(hours=1)
        case = receive(self.town.engine, self.number, person=person, now=self.now)
        assert case.citizen_id not in self.gone
        known = self.people.setdefault(person, Person(case.citizen_id))
        assert known.citizen_id == case.citizen_id
        self.made[self.number] = case.id
        known.open.append(self.number)

    @precondition(lambda self: any(each.open for each in self.people.values()))
    @rule(data=st.data())
    def decide_later(self, data: st.DataObject) -> None:
        """A case that waited is decided."""
        self.finish(data.draw(st.sampled_from(sorted(p for p, each in self.people.items() if each.open))))

    @precondition(lambda self: any(each.decided for each in self.people.values()))
    @rule(data=st.data(), choice=st.sampled_from(CHOICES))
    def correct(self, data: st.DataObject, choice: str) -> None:
        """A decision is replaced by another."""
        person = data.draw(st.sampled_from(sorted(p for p, each in self.people.items() if each.decided)))
        number = data.draw(st.sampled_from(self.people[person].decided))
        self.now += timedelta(hours=1)
        with reading(self.town.engine) as session:
            before = decision.open_file(session, self.made[number]).decision
        assert before is not None
        with writing(self.town.engine) as session:
            decision.decide(
                session, self.made[number], choice=choice, reason_code="funktion_nu", replaces=before.id,
                key=f"ret-{self.number}-{self.now.timestamp()}", now=self.now, by=self.town.alma,
            )  # fmt: skip

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def a_report_comes(self, data: st.DataObject) -> None:
        """A delivery report about a case of somebody's."""
        person = data.draw(st.sampled_from(sorted(self.people)))
        self.number += 1
        self.now += timedelta(hours=1)
        report(self.town.engine, self.number, person=person, now=self.now)

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        """Somebody is erased, open cases and all."""
        person = data.draw(st.sampled_from(sorted(self.people)))
        self.now += timedelta(hours=1)
        found = self.people.pop(person)
        done = erasure.erase(
            self.town.engine, self.town.ledger, [found.citizen_id], ORDER, now=self.now, even_open=True
        )
        assert (done.keys, done.not_swept) == (1, "")
        self.gone.add(found.citizen_id)

    @rule(days=st.sampled_from([0, 300, 2500]), sealed=st.sampled_from([True, True, False]))
    def retire(self, days: int, sealed: bool) -> None:
        """Some time on, whatever is over by the shortest schedule goes: citizens, and shards of both logs.

        What is not sealed stays, and is retired by a later run.
        """
        if sealed:
            self.seals()
        self.now += timedelta(days=days, hours=1)
        self.looks(1)
        self.arrive(4)  # shards that are still added to are never retired
        retention.run(
            self.town.engine, self.town.settings, SHORTEST, now=self.now, as_of=self.now.date(),
            operator="uid:0", clock_is_right=True,
        )  # fmt: skip
        with reading(self.town.engine) as session:
            known = known_ids(session)
        for person, each in sorted(self.people.items()):
            if each.citizen_id not in known:
                assert not each.open, "a case that waits keeps a citizen"
                self.gone.add(each.citizen_id)
                del self.people[person]

    @rule()
    def seals(self) -> None:
        """The signer makes a round; the auditor keeps what it signed."""
        signer = Signer(self.town.settings, lambda: self.now)
        status = signer.round()
        signer.engine.dispose()
        assert status.state == OK, status.why
        for shard, sealed in status.shards.items():
            origin = f"{self.town.settings.origin}/{shard}"
            self.held.append(Checkpoint(origin, sealed["size"], bytes.fromhex(sealed["root"])))
        self.held = list(dict.fromkeys(self.held))

    @precondition(lambda self: self.people and len(self.backups) < 4)
    @rule()
    def backs_up(self) -> None:
        """A backup of the casework; the keys are not in it."""
        self.now += timedelta(hours=1)
        settings = self.town.settings
        folder = back_up_database(
            self.town.engine, self.folder / "backups", origin=settings.origin,
            pepper=read_keys(settings).pepper, now=self.now,
        )  # fmt: skip
        self.backups.append(Backup(folder, deepcopy(self.people)))

    @precondition(lambda self: self.backups)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        """An older backup becomes the casework again: whoever was erased since stays so."""
        backup = data.draw(st.sampled_from(self.backups[::-1]))
        self.now += timedelta(hours=1)
        declaration = Declaration("En disk gik i stykker.", "Ada Friis", "Tove Dam", operator="uid:0")
        restored(
            self.town.settings, backup.folder, declaration, now=self.now, live=self.town.engine,
            record=lambda session: None, tell=lambda found: None,
        )  # fmt: skip
        self.town.engine.dispose()
        back = deepcopy(backup.people)
        self.people = {n: each for n, each in back.items() if each.citizen_id not in self.gone}

    def finish(self, person: int) -> None:
        """The oldest open case of somebody is decided and planned."""
        number = self.people[person].open.pop(0)
        self.now += timedelta(hours=1)
        with reading(self.town.engine) as session:
            case = session.get_one(Case, self.made[number])
        decide(self.town.engine, case, number, self.town.alma, now=self.now)
        self.now += 3 * STEP
        self.people[person].decided.append(number)

    @invariant()
    def the_log_verifies(self) -> None:
        """Every row has its entry and every entry its row, and the roots are right."""
        assert log.verify(self.town.engine).problems == []

    @invariant()
    def who_is_erased_is_gone(self) -> None:
        """No key, no row that points at her, nothing to be opened; and whoever is not stays readable."""
        with reading(self.town.engine) as session:
            left = known_ids(session) | set(vault_of(self.town.engine).keystore.ids())
            assert not left & self.gone
            for case in session.exec(select(Case)):
                assert _opens(lambda case=case: log.open_part(session, case)) == (not is_erased(case))
            cases = {case.id for case in session.exec(select(Case)) if not is_erased(case)}
        expected = {self.made[n] for each in self.people.values() for n in (*each.open, *each.decided)}
        assert cases == expected
        assert erasure.unfinished(self.town.engine, self.town.ledger) == 0

    @invariant()
    def what_the_auditor_holds_stays_true(self) -> None:
        """Every checkpoint ever signed is the beginning of the newest one of its shard."""
        seals, origin = self.town.settings.seals, self.town.settings.origin
        for held in self.held:
            shard = held.origin.removeprefix(f"{origin}/")
            newest, _ = self.town.sealed(shard)
            assert newest.size >= held.size
            if not held.size:
                continue
            tree = TileTree(newest.size, lambda path, shard=shard: (seals / shard / path).read_bytes())
            proof = tree.consistency_proof(held.size)
            assert merkle.verify_consistency(held.size, newest.size, proof, held.root, newest.root)

    def teardown(self) -> None:
        """Count what was tried, and leave nothing."""
        counted = rows(self.town.engine)
        kinds = ("cases", "erasures", "retirements", "epochs")
        self.tally.update({"runs": 1, "checkpoints held": len(self.held), **{k: counted[k] for k in kinds}})
        self.town.close()
        shutil.rmtree(self.folder)


def _opens(read: Callable[[], object]) -> bool:
    try:
        read()
    except PartUnreadable:
        return False
    return True
