"""The rules of access: read and answered once a year, else nothing about a citizen opens.

Whoever has no time to read them, because a citizen waits, says why and has access until the day is over.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from service import log
from service.clock import local_date
from service.errors import Conflict, Forbidden, Refused
from service.identity import Actor
from service.limits import in_force
from service.log import Event
from service.tables.acknowledgement import Acknowledgement
from service.tables.organisation import Membership, Unit
from service.workflow.access_rules.rules import Question, declared

SHORTEST_REASON = 10
"""Characters of a reason for opening access without having read the rules."""
NOTICE = timedelta(days=14)
"""So long before the last day people are told that it comes."""


class Suspended(Forbidden):
    """The rules of access were never acknowledged, or too long ago."""

    sentence = (
        "Din adgang er lukket, til du har læst reglerne for adgang og svaret på tre spørgsmål."
        " Det tager et par minutter og gælder et år."
    )


class NotRead(Refused):
    """Not every question was answered rightly; nothing is written. `missed` are the questions to look at."""

    sentence = "Nogle af svarene skal du se på igen. Intet er gemt, og du kan prøve igen med det samme."

    def __init__(self, missed: tuple[Question, ...]) -> None:
        super().__init__(self.sentence)
        self.missed = missed


def open_until(session: Session, person_id: str) -> date | None:
    """The last day of a person's access; None when she has never had any."""
    rows = session.exec(select(Acknowledgement).where(Acknowledgement.person_id == person_id))
    last_days = [min(row.valid_to, local_date(row.at + _valid())) for row in rows]
    return max(last_days, default=None)


def refuse_suspended(session: Session, person_id: str, on: date) -> None:
    """Raise Suspended unless the person's access is open on a day."""
    until = open_until(session, person_id)
    if until is None or until < on:
        raise Suspended


def acknowledge(
    session: Session, answers: Mapping[str, str], *, confirmed: bool, now: datetime, by: Actor
) -> Acknowledgement:
    """Say that one has read the rules, and commit; `answers` are option codes by question.

    Raises NotRead unless every answer is right, and Refused unless it is confirmed.
    """
    missed = declared().missed(answers)
    if missed:
        raise NotRead(missed)
    if not confirmed:
        raise Refused("Sæt kryds ved, at du har læst reglerne.", field="confirmed")
    return _write(session, Event.RULES_ACKNOWLEDGED, "acknowledged", "", local_date(now + _valid()), now, by)


def open_in_emergency(session: Session, reason: str, *, now: datetime, by: Actor) -> Acknowledgement:
    """Open one's access until midnight without having read the rules, say why, and commit.

    Raises Refused without a reason and for one that holds a CPR number, Conflict when access is open.
    """
    until = open_until(session, by.person_id)
    if until is not None and until >= local_date(now):
        raise Conflict("Din adgang er åben i forvejen.")
    said = " ".join(reason.split())
    if len(said) < SHORTEST_REASON:
        raise Refused("Skriv, hvorfor det ikke kan vente.", field="reason")
    return _write(session, Event.EMERGENCY_OPENED, "emergency", said, local_date(now), now, by)


def emergencies(session: Session, municipality_id: str, since: datetime) -> list[Acknowledgement]:
    """Every time access was opened in an emergency in a municipality, newest first."""
    here = select(Membership.person_id).join(Unit).where(Unit.municipality_id == municipality_id)
    query = (
        select(Acknowledgement)
        .where(Acknowledgement.kind == "emergency", Acknowledgement.at >= since)
        .where(col(Acknowledgement.person_id).in_(here))
        .order_by(col(Acknowledgement.at).desc())
    )
    return list(session.exec(query))


def _valid() -> timedelta:
    """How long what is acknowledged counts; a limit that is tightened counts for everybody at once."""
    return timedelta(days=in_force().strictest("rules_days"))


def _write(
    session: Session, event: Event, kind: str, reason: str, valid_to: date, now: datetime, by: Actor
) -> Acknowledgement:
    row = Acknowledgement(
        at=now, person_id=by.person_id, kind=kind, rules=declared().fingerprint, reason=reason,
        valid_to=valid_to,
    )  # fmt: skip
    log.append(session, event, at=now, by=by, row=row)
    session.commit()
    return row
