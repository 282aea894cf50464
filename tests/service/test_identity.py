"""Who somebody is: the unit and role on a day, and the citizen behind a number."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session

from service import log
from service.database import reading, writing
from service.errors import NoMembership
from service.identity import actor_of, actors_of, citizen_id_for, find_citizen, lookup_of
from service.log import Event
from service.tables.intake import IdentityMap
from service.tables.organisation import Membership, MembershipEnd
from tests.cast import LONG_AGO, NOW, PEPPER, TODAY, Cast, unit_named

CPR = "7102779995"


def join(session: Session, person_id: str, unit: str, role: str, first: date) -> Membership:
    """A membership in a unit of the cast."""
    row = Membership(
        at=NOW, person_id=person_id, unit_id=unit_named(session, unit).id, role=role, valid_from=first
    )
    log.append(session, Event.MEMBERSHIP_STARTED, at=NOW, by=None, row=row)
    return row


def end(session: Session, membership_id: str, last: date) -> None:
    """Its end after a day."""
    row = MembershipEnd(at=NOW, membership_id=membership_id, valid_to=last)
    log.append(session, Event.MEMBERSHIP_ENDED, at=NOW, by=None, row=row)


def test_nobody_acts_before_her_membership_begins(engine: Engine, cast: Cast) -> None:
    with reading(engine) as session:
        with pytest.raises(NoMembership):
            actor_of(session, cast.alma.person_id, LONG_AGO.date() - timedelta(1))
        with pytest.raises(NoMembership):
            actor_of(session, "nobody", TODAY)
        assert actor_of(session, cast.alma.person_id, LONG_AGO.date()) == cast.alma


def test_a_membership_counts_through_its_last_day(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        (membership_id,) = session.connection().execute(
            select(Membership.id).where(Membership.person_id == cast.alma.person_id)  # type: ignore[call-overload]
        ).one()  # fmt: skip
        end(session, membership_id, TODAY)
        session.commit()

    with reading(engine) as session:
        assert actor_of(session, cast.alma.person_id, TODAY).unit_name == "Træning Nord"
        with pytest.raises(NoMembership):
            actor_of(session, cast.alma.person_id, TODAY + timedelta(1))


def test_somebody_with_two_units_acts_in_the_first_by_name_unless_she_chooses(
    engine: Engine, cast: Cast
) -> None:
    with writing(engine) as session:
        join(session, cast.freja.person_id, "Træning Nord", "teamleder", TODAY)
        session.commit()

    with reading(engine) as session:
        first = actor_of(session, cast.freja.person_id, TODAY)
        chosen = actor_of(session, cast.freja.person_id, TODAY, cast.freja.unit_id)
        assert (first.unit_name, first.role) == ("Træning Nord", "teamleder")
        assert chosen == cast.freja
        assert actors_of(session, cast.freja.person_id, TODAY) == [first, chosen]
        with pytest.raises(NoMembership):
            actor_of(session, cast.freja.person_id, TODAY, cast.carla.unit_id)


def test_a_citizen_keeps_her_id_and_is_another_in_another_municipality(engine: Engine, cast: Cast) -> None:
    here, there = cast.alma.municipality_id, cast.carla.municipality_id
    with writing(engine) as session:
        first = citizen_id_for(session, here, CPR, PEPPER)
        assert citizen_id_for(session, here, CPR, PEPPER) == first
        assert citizen_id_for(session, there, CPR, PEPPER) != first
        session.commit()

    with reading(engine) as session:
        assert find_citizen(session, here, CPR, PEPPER) == first
        assert find_citizen(session, here, "7202779995", PEPPER) is None
        assert find_citizen(session, here, CPR, b"another pepper") is None


def test_the_number_itself_is_stored_nowhere(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        citizen_id_for(session, cast.alma.municipality_id, CPR, PEPPER)
        session.commit()

    with reading(engine) as session:
        (row,) = session.connection().execute(select(IdentityMap)).all()  # type: ignore[call-overload]
    assert CPR not in str(row)
    assert row.lookup == lookup_of(cast.alma.municipality_id, CPR, PEPPER)
    assert len(row.lookup) == 64
    assert engine.url.database is not None
    with open(engine.url.database, "rb") as file:  # noqa: PTH123
        assert CPR.encode() not in file.read()
