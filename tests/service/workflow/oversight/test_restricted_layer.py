"""The names in the access log: asked for by one, opened by one of another role, each step logged."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from service.database import reading
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.identity import Actor
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.tables.restricted import LayerOpening
from service.workflow.oversight import restricted_layer
from service.workflow.oversight.citizen_layer import citizen_layer
from service.workflow.oversight.looks import Looks
from tests.cast import NOW, Cast
from tests.look_ups import at, cases, look
from tests.refusals import in_session, refuses

A_DAY = timedelta(days=1)


@pytest.fixture
def case(engine: Engine, cast: Cast) -> Case:
    """A case that Alma and Bent have opened."""
    (found,) = cases(engine, 1)
    look(engine, cast.alma, found, at(4))
    look(engine, cast.bent, found, at(5))
    return found


def ask(engine: Engine, case: Case, by: Actor) -> LayerOpening:
    """A question for the names."""
    row: LayerOpening = in_session(
        engine, lambda session: restricted_layer.ask(session, case.id, "mistanke", now=NOW, by=by)
    )
    return row


def opens(asked_id: str, by: Actor, after: timedelta = timedelta()) -> Callable[[Session], object]:
    """Somebody opens the names."""
    return lambda session: restricted_layer.open_names(session, asked_id, now=NOW + after, by=by)


def reads(asked_id: str, by: Actor, after: timedelta = timedelta()) -> Callable[[Session], object]:
    """Somebody reads the names."""
    return lambda session: restricted_layer.read_names(session, asked_id, now=NOW + after, by=by)


@pytest.mark.requirement("R-21")
def test_two_of_two_roles_open_the_names_and_every_step_is_in_the_log(
    engine: Engine, cast: Cast, case: Case
) -> None:
    asked = ask(engine, case, cast.vera)
    in_session(engine, opens(asked.id, cast.dorte))
    _, found = in_session(engine, reads(asked.id, cast.vera))

    assert isinstance(found, Looks)
    assert [one.person_id for one in found.looks] == [cast.alma.person_id, cast.bent.person_id]
    with reading(engine) as session:
        events = session.exec(select(LogEntry.event).where(LogEntry.event.startswith("access:")))  # type: ignore[attr-defined]
        assert sorted(events) == ["access:layer_asked", "access:layer_opened", "access:read"]


@pytest.mark.requirement("R-21")
def test_what_the_citizen_is_told_and_what_the_two_read_are_linked_by_the_entry(
    engine: Engine, cast: Cast, case: Case
) -> None:
    with reading(engine) as session:
        told = citizen_layer(session, case.citizen_id)
        ids = {one for line in told.looks for one in line.processing_ids}
        entries = list(session.exec(select(LogEntry.entry).where(LogEntry.event == "case:opened")))

    assert len(ids) == 2
    assert all(any(f'"id":"{one}"' in entry for entry in entries) for one in ids)


@pytest.mark.requirement("R-21")
@pytest.mark.parametrize("name", ["alma", "tove", "dan", "ada", "dagny", "poul"])
def test_nobody_else_asks_opens_or_reads(name: str, engine: Engine, cast: Cast, case: Case) -> None:
    asked, other = ask(engine, case, cast.vera), cast.people[name]

    refuses(engine, Forbidden, lambda s: restricted_layer.ask(s, case.id, "klage", now=NOW, by=other))
    refuses(engine, Forbidden, opens(asked.id, other))
    in_session(engine, opens(asked.id, cast.dorte))
    refuses(engine, Forbidden, reads(asked.id, other))


@pytest.mark.requirement("R-21")
def test_who_asked_does_not_open_and_nothing_is_read_before(engine: Engine, cast: Cast, case: Case) -> None:
    asked = ask(engine, case, cast.vera)

    refuses(engine, Forbidden, opens(asked.id, cast.vera))
    refuses(engine, Forbidden, reads(asked.id, cast.vera))


def test_what_was_asked_is_opened_once_within_a_week_and_read_within_a_day(
    engine: Engine, cast: Cast, case: Case
) -> None:
    asked = ask(engine, case, cast.dorte)
    refuses(engine, Conflict, opens(asked.id, cast.vera, after=8 * A_DAY))
    in_session(engine, opens(asked.id, cast.vera, after=7 * A_DAY))
    refuses(engine, Conflict, opens(asked.id, cast.vera, after=7 * A_DAY))
    in_session(engine, reads(asked.id, cast.dorte, after=8 * A_DAY - timedelta(seconds=1)))
    refuses(engine, Forbidden, reads(asked.id, cast.dorte, after=8 * A_DAY))


def test_a_case_elsewhere_a_purpose_of_ones_own_and_a_second_question_are_refused(
    engine: Engine, cast: Cast, case: Case
) -> None:
    ask_for = restricted_layer.ask
    refuses(engine, NotFound, lambda s: ask_for(s, "0" * 32, "klage", now=NOW, by=cast.vera))
    refuses(engine, Refused, lambda s: ask_for(s, case.id, "nysgerrig", now=NOW, by=cast.vera))
    refuses(engine, NotFound, opens("0" * 32, cast.vera))
    ask(engine, case, cast.vera)
    refuses(engine, Conflict, lambda s: ask_for(s, case.id, "klage", now=NOW, by=cast.vera))
