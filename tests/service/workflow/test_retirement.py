"""A shard is retired when its time is over and all of it is sealed; the log still verifies, as before."""

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from service import log
from service.database import reading, writing
from service.errors import SkoenError
from service.log import Event, merkle
from service.log.checkpoint import open_checkpoint
from service.log.sealed import published_keys
from service.log.tiles import TileTree, tiles_of
from service.tables.oversight import Retirement
from service.workflow.retention import retirement
from service.workflow.retention.retirement import RetirementRefused
from service.workflow.retention.schedule import Schedule, ScheduleRefused, read_schedule
from tests.parts.citizens import early, receive
from tests.parts.town import LATER, Town
from tests.rows import rows

ACCESS, DECISIONS = "access/2016Q1", "decisions/2016"
APPROVED = Schedule(
    "plan-2026", "Dina Due, DPO", {**read_schedule(None).periods, "decisions": 10, "citizens": 5}, "0" * 64
)
IN_2027 = date(2027, 1, 1)


def retire(town: Town, shard: str, **changes: Any) -> Retirement:
    said = {
        "reason": "Fristen er udløbet.", "schedule": APPROVED, "operator": "uid:0", "now": LATER,
        "as_of": IN_2027, **changes,
    }  # fmt: skip
    return retirement.retire(town.engine, town.settings, shard, **said)


def entries_of(town: Town, shard: str) -> list[tuple[int, str]]:
    with reading(town.engine) as session:
        query = text("SELECT seq, entry FROM log_entries WHERE shard = :shard ORDER BY seq")
        return [(seq, entry) for seq, entry in session.execute(query, {"shard": shard})]


def refuses(
    town: Town, why: str, shard: str, refusal: type[SkoenError] = RetirementRefused, **changes: Any
) -> None:
    """Refused for a reason, and neither database nor seals have changed."""
    files = {file: file.read_bytes() for file in town.settings.seals.rglob("*") if file.is_file()}
    before, entries = rows(town.engine), entries_of(town, shard)

    with pytest.raises(refusal, match=why):
        retire(town, shard, **changes)

    assert (rows(town.engine), entries_of(town, shard)) == (before, entries)
    assert {file: file.read_bytes() for file in town.settings.seals.rglob("*") if file.is_file()} == files


@pytest.fixture
def old(town: Town) -> Town:
    """A town with casework and look-ups ten years back, and all of it sealed."""
    return ten_years_on(town)


def ten_years_on(town: Town) -> Town:
    town.looked(2016)
    town.looked(2026)
    town.plant(1, early(2016))
    town.seal()
    return town


def test_what_is_not_in_order_is_refused(old: Town) -> None:
    refuses(old, "There is no shard", "access/1999Q1")
    refuses(old, "reason is needed", ACCESS, reason=" ")
    refuses(old, "reason is needed", ACCESS, reason="Om 710247-9995.")
    refuses(old, "approved by nobody", ACCESS, ScheduleRefused, schedule=read_schedule(None))
    refuses(old, "is still added to", "access/2026Q1", as_of=date(2050, 1, 1))
    refuses(old, "is still added to", "decisions/2026", as_of=date(2050, 1, 1))
    refuses(old, "is kept until 2021-04-01 by the schedule plan-2026", ACCESS, as_of=date(2021, 3, 31))
    refuses(old, "is kept until 2027-01-01", DECISIONS, as_of=date(2026, 12, 31))
    refuses(old, "holds steps of 2 cases or reports that are not erased", DECISIONS)


def test_a_shard_of_this_very_quarter_is_open_also_when_a_later_one_has_begun(old: Town) -> None:
    refuses(old, "is still added to", ACCESS, now=early(2016))


def test_what_is_not_sealed_to_its_end_is_refused(old: Town) -> None:
    old.looked(2015)
    refuses(old, "was never sealed", "access/2015Q1")
    old.looked(2016, times=1)
    refuses(old, "has 5 entries, and 3 are sealed", ACCESS)  # and one about the clock, which went back


def test_a_checkpoint_of_another_log_or_another_key_is_refused(old: Town) -> None:
    seals = old.settings.seals
    own = (seals / ACCESS / "checkpoint").read_bytes()
    (seals / ACCESS / "checkpoint").write_bytes((seals / "access/2026Q1" / "checkpoint").read_bytes())
    refuses(old, "is not one of ours", ACCESS)
    (seals / ACCESS / "checkpoint").write_bytes(own)
    (seals / "vkeys.txt").write_text("")
    refuses(old, "is not one of ours", ACCESS)


def test_a_log_that_does_not_verify_is_refused(old: Town) -> None:
    with old.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER decisions_append_only_update")

    refuses(old, "The log has 1 problems, the first: decisions", ACCESS)


def test_a_shard_is_retired_once(old: Town) -> None:
    retire(old, ACCESS)

    refuses(old, "is retired already", ACCESS)


def check_retired(town: Town, shard: str, with_step: bool) -> None:
    """Retire a shard and hold everything against what was known outside before."""
    before = entries_of(town, shard)
    checkpoint, note = town.sealed(shard)
    assert log.verify(town.engine).problems == []

    row = retire(town, shard)

    assert (row.size, row.root, row.checkpoint) == (checkpoint.size, checkpoint.root.hex(), note.decode())
    after = entries_of(town, shard)
    assert {entry for _, entry in after} == ({""} if with_step else set())
    assert {seq for seq, _ in after} <= {seq for seq, _ in before}
    found = log.verify(town.engine)
    assert (found.problems, found.roots[shard]) == ([], checkpoint.root.hex())
    folder = town.settings.seals / shard
    assert not (folder / "tile" / "entries").exists()
    assert all((folder / tile.path).exists() for tile in tiles_of(checkpoint.size))
    keys = published_keys(town.settings.seals)
    assert open_checkpoint((folder / "checkpoint").read_bytes(), keys) == checkpoint
    assert TileTree(checkpoint.size, lambda path: (folder / path).read_bytes()).root() == checkpoint.root
    town.seal()  # the signer has nothing against it
    assert town.sealed(shard) == (checkpoint, note)


def test_look_ups_go_altogether(any_town: Town) -> None:
    check_retired(ten_years_on(any_town), ACCESS, with_step=False)


def test_decisions_go_when_everybody_in_them_is_erased(any_town: Town) -> None:
    person = any_town.plant(1, early(2016))
    any_town.looked(2026)
    any_town.seal()
    any_town.erase(person.citizen_id)

    check_retired(any_town, DECISIONS, with_step=True)

    with reading(any_town.engine) as session:
        decided = session.execute(text("SELECT choice FROM decisions")).scalars().all()
    assert decided == ["avanceret"]


def test_an_old_proof_of_growth_holds_from_the_tiles(old: Town) -> None:
    held, _ = old.sealed(DECISIONS)
    old.plant(2, early(2016) + timedelta(days=9))
    old.seal()
    for number in (1, 2):
        old.erase(id_of(old, number))
    checkpoint, _ = old.sealed(DECISIONS)
    retire(old, DECISIONS)

    folder = old.settings.seals / DECISIONS
    proof = TileTree(checkpoint.size, lambda path: (folder / path).read_bytes()).consistency_proof(held.size)
    assert merkle.verify_consistency(held.size, checkpoint.size, proof, held.root, checkpoint.root)


def id_of(town: Town, number: int) -> str:
    with reading(town.engine) as session:
        query = text("SELECT citizen_id FROM cases WHERE request_id = :id")
        return str(session.execute(query, {"id": f"anmodning-{number:05}"}).scalar_one())


def test_the_log_says_what_was_retired_and_up_to_where(old: Town) -> None:
    row = retire(old, ACCESS)

    with reading(old.engine) as session:
        query = text("SELECT entry FROM log_entries WHERE event = 'shard:retired'")
        entry = session.execute(query).scalar_one()
    assert f'"retired_shard":"{ACCESS}"' in entry
    assert f'"root":"{row.root}"' in entry
    assert f'"size":{row.size}' in entry


def test_nothing_is_added_to_it_by_a_clock_that_is_years_behind(old: Town) -> None:
    retire(old, ACCESS)
    before = rows(old.engine)

    with pytest.raises(SkoenError), writing(old.engine) as session:
        log.append(session, Event.SIGNED_IN, at=early(2016) + timedelta(days=3), by=old.alma)
        session.commit()
    assert rows(old.engine) == before


def test_tiles_that_a_crash_left_are_removed_by_the_next_run(
    old: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retirement, "remove_entry_tiles", lambda *_: [])
    retire(old, ACCESS)
    monkeypatch.undo()
    folder = old.settings.seals / ACCESS / "tile" / "entries"
    assert folder.exists()

    assert retirement.remove_entry_tiles(old.engine, old.settings.seals) == [ACCESS]
    assert not folder.exists()
    assert retirement.remove_entry_tiles(old.engine, old.settings.seals) == []


def test_tiles_that_are_somebody_elses_are_told(old: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(retirement, "shutil", SimpleNamespace(rmtree=cannot))

    with pytest.raises(RetirementRefused, match=r"is retired, but .* cannot be removed"):
        retire(old, ACCESS)
    monkeypatch.undo()
    assert log.verify(old.engine).problems == []


def test_the_oldest_is_due_first(old: Town) -> None:
    old.looked(2014)
    receive(old.engine, 9)
    with reading(old.engine) as session:
        assert retirement.due(session, APPROVED, as_of=IN_2027) == ["access/2014Q1", ACCESS, DECISIONS]
        assert retirement.due(session, APPROVED, as_of=date(2019, 4, 1)) == ["access/2014Q1"]


@pytest.mark.postgres
def test_what_it_said_is_gone_on_the_other_database(postgres_engine: Engine, tmp_path: Path) -> None:
    town = ten_years_on(Town(postgres_engine, tmp_path))
    retire(town, ACCESS)

    assert entries_of(town, ACCESS) == []
