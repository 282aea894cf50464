"""`skoen users …`: people, their passwords, and what they may do where."""

import json
from datetime import datetime, timedelta

import click
from rich.console import Console
from rich.table import Table
from sqlmodel import Session, col, select

from service import sessions
from service.clock import local_date, utc_now
from service.commands.naming import A_DAY, of_municipality
from service.commands.opening import opened_for
from service.database import reading, writing
from service.errors import NotFound
from service.identity import actors_of
from service.passwords import refuse_length
from service.tables.organisation import ROLES, Membership, MembershipEnd, Municipality, Person, Unit
from service.workflow import staff
from service.workflow.staff import External

in_unit = click.option("--unit", required=True, help="The unit's name.")
with_role = click.option("--role", required=True, type=click.Choice(ROLES))
password_asked = click.password_option("--password", help="Asked for when it is not given.")


@click.group("users")
def users() -> None:
    """People, passwords and roles."""


@users.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The name colleagues see.")
@of_municipality
@in_unit
@with_role
@password_asked
def add(username: str, name: str, municipality: str, unit: str, role: str, password: str) -> None:
    """Set up a person with a password and a role from today on."""
    now = utc_now()
    refuse_length(password)
    with writing(opened_for("users.add", now=now)) as session:
        place = _unit(session, municipality, unit)
        person = staff.add_person(session, username.lower(), name, now=now)
        staff.set_password(session, person.id, password, now=now)
        staff.grant(session, person.id, place.id, role, valid_from=local_date(now), now=now, by=None)
    click.echo(f"{username.lower()} is {role} in {unit} from today.")


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
def list_(as_json: bool) -> None:
    """Everybody, and what they may do today."""
    now = utc_now()
    rows = []
    with reading(opened_for("users.list", now=now)) as session:
        for person in session.exec(select(Person).order_by(col(Person.username))):
            actors = actors_of(session, person.id, local_date(now))
            roles = [f"{a.role}, {a.unit_name} ({a.municipality_name})" for a in actors]
            rows.append({"username": person.username, "name": person.display_name, "roles": roles})
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("User name", "Name", "Roles today")
    for row in rows:
        table.add_row(str(row["username"]), str(row["name"]), "\n".join(row["roles"]) or "none")
    Console().print(table)


@users.command("set-password")
@click.argument("username")
@password_asked
def set_password(username: str, password: str) -> None:
    """Give a person a new password and end her sessions."""
    now = utc_now()
    with writing(opened_for("users.set-password", now=now)) as session:
        person = staff.find_person(session, username)
        sessions.revoke_all(session, person.id)
        staff.set_password(session, person.id, password, now=now)
    click.echo(f"{username} has a new password and must sign in again.")


@users.command("grant")
@click.argument("username")
@of_municipality
@in_unit
@with_role
@click.option("--from", "valid_from", type=A_DAY, help="The first day; today when left out.")
@click.option("--organisation", help="For a supplier or researcher: whom she comes from.")
@click.option("--terms", help="For a supplier or researcher: which data, what for, by which agreement.")
@click.option("--last-day", type=A_DAY, help="For a supplier or researcher: the last day, within a year.")
def grant(
    username: str, municipality: str, unit: str, role: str, valid_from: datetime | None,
    organisation: str | None, terms: str | None, last_day: datetime | None,
) -> None:  # fmt: skip
    """Give a person a role in a unit; somebody from outside only by terms and until a day."""
    now = utc_now()
    first = valid_from.date() if valid_from else local_date(now)
    with writing(opened_for("users.grant", now=now)) as session:
        place, person = _unit(session, municipality, unit), staff.find_person(session, username)
        external = External(organisation or "", terms or "", last_day.date()) if last_day else None
        staff.grant(session, person.id, place.id, role, valid_from=first, now=now, by=None, external=external)
    click.echo(f"{username} is {role} in {unit} from {first}.")


@users.command("revoke")
@click.argument("username")
@of_municipality
@in_unit
@with_role
@click.option("--last-day", type=A_DAY, help="The last day of the role; left out, it ends at once.")
def revoke(username: str, municipality: str, unit: str, role: str, last_day: datetime | None) -> None:
    """Take a role from a person and end her sessions."""
    now = utc_now()
    last = last_day.date() if last_day else local_date(now) - timedelta(days=1)
    with writing(opened_for("users.revoke", now=now)) as session:
        place, person = _unit(session, municipality, unit), staff.find_person(session, username)
        membership = _membership(session, person, place, role)
        sessions.revoke_all(session, person.id)
        staff.revoke(session, membership.id, valid_to=last, now=now, by=None)
    click.echo(f"{username} is no longer {role} in {unit} after {last}.")


def _unit(session: Session, code: str, name: str) -> Unit:
    query = select(Unit).join(Municipality).where(Municipality.code == code, Unit.name == name)
    found = session.exec(query).first()
    if found is None:
        raise NotFound(f"There is no unit {name} in municipality {code}.")
    return found


def _membership(session: Session, person: Person, unit: Unit, role: str) -> Membership:
    ended = select(MembershipEnd.id).where(MembershipEnd.membership_id == Membership.id).exists()
    query = select(Membership).where(
        Membership.person_id == person.id, Membership.unit_id == unit.id, Membership.role == role, ~ended
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound(f"{person.username} is not {role} in {unit.name}.")
    return found
