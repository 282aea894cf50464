"""Who works where: municipality, unit, person, dated membership with a role."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.tables.base import Instant, Logged, new_id, one_of, tied_to_log

ROLES = (
    "visitator", "teamleder", "direktoer", "dpo", "politiker", "datamedarbejder", "tilsyn", "administrator",
    "leverandoer", "forsker",
)  # fmt: skip
"""Caseworker, team lead, director, data protection officer, politician, data steward, auditor, administrator,
and two from outside: supplier and researcher."""
EXTERNAL = ("leverandoer", "forsker")
"""Roles that nobody has without written terms and a last day."""


class Municipality(SQLModel, table=True):
    """A municipality; `code` is its four-digit municipality code, `cvr` its eight-digit company number."""

    __tablename__ = "municipalities"

    id: str = Field(default_factory=new_id, primary_key=True)
    code: str = Field(unique=True)
    name: str
    cvr: str | None = None


class Unit(SQLModel, table=True):
    """A unit of a municipality in which cases are handled; `sor` is its id in the SOR register."""

    __tablename__ = "units"
    __table_args__ = (UniqueConstraint("municipality_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    municipality_id: str = Field(foreign_key="municipalities.id")
    name: str
    sor: str | None = None


class Person(SQLModel, table=True):
    """A member of staff. There are no service accounts: only a person can judge or decide."""

    __tablename__ = "people"

    id: str = Field(default_factory=new_id, primary_key=True)
    username: str = Field(unique=True)
    display_name: str
    created_at: datetime = Field(sa_type=Instant)


class Credential(SQLModel, table=True):
    """A password hash (argon2id); the newest row of a person counts."""

    __tablename__ = "credentials"

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="people.id", index=True)
    password_hash: str
    created_at: datetime = Field(sa_type=Instant)


class Membership(Logged, table=True):
    """A person's role in a unit from a day on.

    Whoever comes from outside has an `organisation` and `terms`: which data, what for, by which agreement.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        one_of("role", ROLES),
        CheckConstraint(
            "(role IN ('leverandoer', 'forsker')) = (coalesce(organisation, '') <> '')"
            " AND (role IN ('leverandoer', 'forsker')) = (coalesce(terms, '') <> '')",
            name="external_has_terms",
        ),
        *tied_to_log("membership"),
    )

    person_id: str = Field(foreign_key="people.id", index=True)
    unit_id: str = Field(foreign_key="units.id", index=True)
    role: str
    valid_from: date
    organisation: str | None = None
    terms: str | None = None


class MembershipEnd(Logged, table=True):
    """The last day of a membership."""

    __tablename__ = "membership_ends"
    __table_args__ = (*tied_to_log("membership_end"),)

    membership_id: str = Field(foreign_key="memberships.id", unique=True)
    valid_to: date
