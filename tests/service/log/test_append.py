"""An entry and its row are written together or not at all, and nothing personal stands in the entry."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service import log
from service.database import reading, writing
from service.errors import LogUnavailable, PartUnreadable, Refused
from service.log import Event, merkle
from service.log.append import ENTRIES, HEADS
from service.log.parts import opened
from service.log.tiles import LONGEST_ENTRY
from service.tables.base import CaseStep, table_of
from service.tables.governance import Stop
from service.tables.intake import Case, CaseTaking, PersonalPart
from tests.cast import Cast
from tests.parts.steps import CITIZEN, LATER, SHARD, a_case, one_of_everything, put
from tests.parts.vaults import sealed_engine

CPR = "010170" + "1234"  # put together here, so that no such number stands in the tree


def entries(session: Session) -> list[dict[str, str]]:
    return [json.loads(entry) for entry in session.connection().execute(select(ENTRIES.c.entry)).scalars()]


def how_many(engine: Engine) -> tuple[int, ...]:
    tables = (ENTRIES, table_of(PersonalPart), table_of(Case))
    with reading(engine) as session:
        return tuple(
            session.connection().execute(select(func.count()).select_from(t)).scalar_one() for t in tables
        )


def test_an_entry_says_who_did_what_when_and_nothing_about_the_citizen(any_engine: Engine) -> None:
    cast, rows = one_of_everything(any_engine)

    with reading(any_engine) as session:
        (entry,) = [each for each in entries(session) if each["type"] == "decision:made"]
        whole = "\n".join(map(json.dumps, entries(session)))

    assert entry == {
        "v": 1,
        "log": SHARD,
        "seq": entry["seq"],
        "id": rows["decision"].id,
        "t": "2026-06-30T09:00:00.000000Z",
        "type": "decision:made",
        "law": "sul_140",
        "actor": cast.alma.person_id,
        "unit": cast.alma.unit_id,
        "role": "visitator",
        "case": rows["received"].id,
        "step": "decision",
        "commit": entry["commit"],
    }
    assert int(entry["seq"]) == rows["decision"].log_seq
    for personal in ("Ane", "20 meter", "svær", "hjemme", "13 af 20", "basal", CITIZEN):
        assert personal not in whole


def test_the_receipt_is_the_place_and_the_leaf_hash(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        receipt = put(session, Event.CASE_RECEIVED, a_case(cast.alma))
        session.commit()

    with reading(engine) as session:
        found = session.connection().execute(select(ENTRIES).where(ENTRIES.c.seq == receipt.seq)).one()
    assert receipt.shard == found.shard == SHARD
    assert receipt.leaf_hash == found.leaf_hash.hex() == merkle.leaf_hash(found.entry.encode()).hex()


def test_the_personal_part_can_be_opened_again(any_engine: Engine) -> None:
    _, rows = one_of_everything(any_engine)

    with reading(any_engine) as session:
        case = session.get_one(Case, rows["received"].id)
        assert log.open_part(session, case) == {"name": "Ane Ærø", "plan": "Kan gå 20 meter."}


def test_every_part_has_a_salt_and_a_nonce_of_its_own(engine: Engine) -> None:
    _, rows = one_of_everything(engine)

    with reading(engine) as session:
        steps = [session.get_one(type(row), row.id) for row in rows.values() if isinstance(row, CaseStep)]
        salts = [opened(session, step)[0] for step in steps]
        nonces = {session.get_one(PersonalPart, step.part_id).nonce for step in steps}
    assert len(set(salts)) == len(nonces) == len(salts) > 5
    assert {len(salt) for salt in salts} == {32}
    assert {len(nonce) for nonce in nonces} == {12}


@pytest.mark.parametrize(
    "damage",
    [
        "scheme = 'sealed/9'",
        "content = x'ff'",
        "nonce = zeroblob(12)",
        "citizen_id = 'another'",
    ],
)
def test_a_part_that_cannot_be_read_is_said_to_be_so(engine: Engine, damage: str) -> None:
    _, rows = one_of_everything(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER personal_parts_append_only_update"))
        connection.execute(text(f"UPDATE personal_parts SET {damage}"))

    with reading(engine) as session, pytest.raises(PartUnreadable):
        log.open_part(session, session.get_one(Case, rows["received"].id))


def test_time_never_runs_backwards_within_a_shard(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        for hours in (2, 1):
            log.append(session, Event.SIGNED_IN, at=LATER + timedelta(hours=hours), by=cast.alma)
        session.commit()

    with reading(engine) as session:
        first, second = [e["t"] for e in entries(session) if e["type"] == Event.SIGNED_IN]
    assert first == second


def test_a_head_follows_its_entries(engine: Engine) -> None:
    one_of_everything(engine)

    with reading(engine) as session:
        hashes = select(ENTRIES.c.leaf_hash).where(ENTRIES.c.shard == SHARD).order_by(ENTRIES.c.seq)
        leaves = list(session.connection().execute(hashes).scalars())
        head = session.connection().execute(select(HEADS).where(HEADS.c.shard == SHARD)).one()
    assert head.size == len(leaves)
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier = merkle.append(size, frontier, leaf)
    assert head.frontier == b"".join(frontier)


def test_nothing_is_there_before_the_commit(engine: Engine, cast: Cast) -> None:
    before = how_many(engine)

    with writing(engine) as session:
        put(session, Event.CASE_RECEIVED, a_case(cast.alma))

    assert how_many(engine) == before


def test_a_row_of_another_step_is_refused(engine: Engine, cast: Cast) -> None:
    before = how_many(engine)

    for event in (Event.DECISION_MADE, Event.SIGNED_IN):
        with writing(engine) as session:
            with pytest.raises(ValueError, match="not of cases"):
                put(session, event, a_case(cast.alma))
            session.commit()
    with writing(engine) as session, pytest.raises(ValueError, match="not of None"):
        log.append(session, Event.DECISION_MADE, at=LATER, by=None)

    assert how_many(engine) == before


@pytest.mark.parametrize(
    "public",
    [
        {"outcome": "Fri tekst om nogen"},
        {"seq": "1"},
        {"count": 3},
        {"outcome": "x" * 161},
        {"purpose": "Klage fra"},
    ],
    ids=["text", "ours", "number", "long", "purpose"],
)
def test_an_open_field_holds_codes_only(engine: Engine, cast: Cast, public: dict[str, str]) -> None:
    before = how_many(engine)

    with writing(engine) as session:
        with pytest.raises(ValueError, match="in an entry"):
            log.append(session, Event.SEARCHED, at=LATER, by=cast.alma, **public)  # type: ignore[arg-type]
        session.commit()

    assert how_many(engine) == before


def test_a_cpr_number_reaches_no_entry(engine: Engine, cast: Cast) -> None:
    before = how_many(engine)
    note = Stop(
        at=LATER, unit_id=cast.tove.unit_id, stopped=True, reason=f"Se {CPR}", pressed_by=cast.tove.person_id
    )

    with writing(engine) as session, pytest.raises(Refused):
        log.append(session, Event.SEARCHED, at=LATER, by=cast.alma, criterion=CPR)
    with writing(engine) as session, pytest.raises(Refused):
        put(session, Event.STOP_PRESSED, note, cast.tove)

    assert how_many(engine) == before


def test_an_entry_that_no_checkpoint_could_cover_is_refused(engine: Engine, cast: Cast) -> None:
    """Written, it would keep everything after it from being sealed."""
    before = how_many(engine)
    row = Stop(
        at=LATER, unit_id=cast.tove.unit_id, stopped=True, reason="x" * LONGEST_ENTRY,
        pressed_by=cast.tove.person_id,
    )  # fmt: skip
    with writing(engine) as session, pytest.raises(Refused):
        put(session, Event.STOP_PRESSED, row, cast.tove)

    assert how_many(engine) == before


def test_a_citizens_page_is_not_opened_without_a_purpose(engine: Engine, cast: Cast) -> None:
    before = how_many(engine)

    with writing(engine) as session, pytest.raises(ValueError, match="purpose"):
        log.append(session, Event.CASE_OPENED, at=LATER, by=cast.alma, case_id="x")

    assert how_many(engine) == before


def test_a_step_needs_its_citizen_its_instant_and_its_own_names(engine: Engine, cast: Cast) -> None:
    taken = CaseTaking(at=LATER, case_id="x", person_id=cast.alma.person_id)
    before = how_many(engine)

    with writing(engine) as session, pytest.raises(ValueError, match="citizen"):
        log.append(session, Event.CASE_TAKEN, at=LATER, by=None, row=taken)
    with writing(engine) as session, pytest.raises(ValueError, match="another instant"):
        log.append(session, Event.CASE_TAKEN, at=LATER + timedelta(1), by=None, row=taken, citizen_id="x")
    for name in ("row", "citizen"):
        with writing(engine) as session, pytest.raises(ValueError, match="log itself"):
            log.append(
                session, Event.CASE_TAKEN, at=LATER, by=None, row=taken, citizen_id="x", personal={name: "y"}
            )

    assert how_many(engine) == before


def test_a_refused_row_takes_its_entry_with_it(any_engine: Engine) -> None:
    cast, _ = one_of_everything(any_engine)
    before = how_many(any_engine)

    with writing(any_engine) as session:
        with pytest.raises(IntegrityError):
            put(session, Event.CASE_RECEIVED, a_case(cast.alma, serial=1))
        session.commit()

    assert how_many(any_engine) == before
    assert log.verify(any_engine).ok


def test_a_log_that_cannot_be_written_is_unavailable_and_nothing_is_saved(engine: Engine, cast: Cast) -> None:
    before = how_many(engine)
    with engine.begin() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    with writing(engine) as session:
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LogUnavailable) as refusal:
            for serial in range(100):
                put(session, Event.CASE_RECEIVED, a_case(cast.alma, serial), plan="x" * 4000)
        session.commit()

    assert refusal.value.status == 503
    assert how_many(engine) == before


def test_a_database_that_is_gone_is_unavailable(postgres_engine: Engine) -> None:
    other = sealed_engine(postgres_engine.url.render_as_string(hide_password=False))
    with pytest.raises(LogUnavailable), writing(postgres_engine) as session:
        pid = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with other.connect().execution_options(skoen_reading=True) as connection:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
        log.append(session, Event.SIGNED_IN, at=LATER, by=None)
    other.dispose()

    assert how_many(postgres_engine) == (0, 0, 0)


def test_a_read_only_disk_is_unavailable(engine: Engine, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copyfile(tmp_path / "skoen.db", copy)
    locked = sealed_engine(f"sqlite:///file:{copy}?mode=ro&uri=true")

    with pytest.raises(LogUnavailable), writing(locked) as session:
        log.append(session, Event.SIGNED_IN, at=LATER, by=None)
    locked.dispose()
