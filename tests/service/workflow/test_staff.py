"""Who works where: each change is an entry, the same again is none, and a refusal leaves nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from service.database import reading, writing
from service.errors import Conflict, NotFound, Refused
from service.log import verify
from service.tables.log import LogEntry
from service.tables.organisation import Membership, Municipality
from service.workflow import staff
from tests.cast import NOW, TODAY, Cast
from tests.refusals import in_session, refuses
from tests.rows import rows

PASSWORD = "a long enough one"


def newest(engine: Engine) -> dict[str, Any]:
    """The entry written last in the log of decisions."""
    with reading(engine) as session:
        query = select(LogEntry.entry).where(LogEntry.shard == "decisions/2026")
        found: dict[str, Any] = json.loads(session.exec(query.order_by(LogEntry.seq.desc())).first() or "")  # type: ignore[attr-defined]
        return found


def membership_of(engine: Engine, person_id: str) -> str:
    """The id of somebody's only membership."""
    with reading(engine) as session:
        return session.exec(select(Membership.id).where(Membership.person_id == person_id)).one()


Step = Callable[[Session, Cast], Any]
REFUSED: dict[str, tuple[type[Exception], Step]] = {
    "a code too short": (Refused, lambda s, c: staff.add_municipality(s, "99", "X", now=NOW)),
    "a code in other digits": (Refused, lambda s, c: staff.add_municipality(s, "٠٩٩٩", "X", now=NOW)),
    "a user name in other letters": (Refused, lambda s, c: staff.add_person(s, "æbe", "Æbe Ø", now=NOW)),
    "a user name in capitals": (Refused, lambda s, c: staff.add_person(s, "ERNA", "Erna", now=NOW)),
    "a user name in use": (Conflict, lambda s, c: staff.add_person(s, "alma", "Alma Anden", now=NOW)),
    "a role nobody knows": (Refused, lambda s, c: grant(s, c, "chef")),
    "a membership that is not there": (
        NotFound, lambda s, c: staff.revoke(s, "0" * 32, valid_to=TODAY, now=NOW, by=None)
    ),
}  # fmt: skip
CHANGES: dict[str, tuple[str, Step]] = {
    "municipality:added": (
        "municipality", lambda s, c: staff.add_municipality(s, "0997", "Aaby", now=NOW, by=c.ada)
    ),
    "unit:added": (
        "unit_id", lambda s, c: staff.add_unit(s, c.alma.municipality_id, "Vest", now=NOW, by=c.ada)
    ),
    "person:added": ("person", lambda s, c: staff.add_person(s, "erna", "Erna Lyng", now=NOW, by=c.ada)),
    "password:set": (
        "person", lambda s, c: staff.set_password(s, c.alma.person_id, PASSWORD, now=NOW, by=c.ada)
    ),
}  # fmt: skip
"""By event, the field that names what was changed, and the change."""


def grant(session: Session, cast: Cast, role: str) -> Membership:
    """Ada gives Bent a role."""
    bent = cast.bent
    return staff.grant(session, bent.person_id, bent.unit_id, role, valid_from=TODAY, now=NOW, by=cast.ada)


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_leaves_nothing(what: str, engine: Engine, cast: Cast) -> None:
    error, step = REFUSED[what]

    refuses(engine, error, lambda session: step(session, cast))


@pytest.mark.parametrize("event", CHANGES)
def test_each_change_is_an_entry_without_a_name(event: str, engine: Engine, cast: Cast) -> None:
    names, step = CHANGES[event]
    before = rows(engine)
    made = in_session(engine, lambda session: step(session, cast))
    entry = newest(engine)

    assert (entry["type"], entry["actor"]) == (event, cast.ada.person_id)
    named = {"municipality": "0997"}.get(names, getattr(made, "id", cast.alma.person_id))
    assert entry[names] == named
    assert not [word for word in ("Aaby", "Vest", "Erna", "erna", PASSWORD) if word in json.dumps(entry)]
    assert rows(engine)["log_entries"] == before["log_entries"] + 1
    assert verify(engine).ok


def test_the_same_again_writes_nothing(engine: Engine, cast: Cast) -> None:
    with reading(engine) as session:
        place = session.get_one(Municipality, cast.alma.municipality_id)
    before = rows(engine)
    with writing(engine) as session:
        assert staff.add_municipality(session, place.code, "Et andet navn", now=NOW).id == place.id
        assert staff.add_unit(session, place.id, "Træning Nord", now=NOW).id == cast.alma.unit_id
    assert rows(engine) == before


def test_a_role_begins_and_ends_with_an_entry_each(engine: Engine, cast: Cast) -> None:
    membership_id = membership_of(engine, cast.bent.person_id)
    in_session(engine, lambda s: staff.revoke(s, membership_id, valid_to=TODAY, now=NOW, by=cast.ada))
    assert newest(engine)["type"] == "membership:ended"
    refuses(engine, Conflict, lambda s: staff.revoke(s, membership_id, valid_to=TODAY, now=NOW, by=cast.ada))
    in_session(engine, lambda s: grant(s, cast, "teamleder"))
    assert newest(engine)["row"]["role"] == "teamleder"


def test_a_person_whose_entry_cannot_be_written_is_not_there(engine: Engine, cast: Cast) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    refuses(engine, Exception, lambda session: staff.add_person(session, "erna", "Erna Lyng", now=NOW))
