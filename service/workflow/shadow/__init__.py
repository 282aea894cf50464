"""The seal of shadow results: two people break it, and the first of them has said why on an earlier day.

Until then nobody reads what was computed in the phases `udvikling` and `skygge`, in whatever role. What can
be read afterwards is one count over the period, and never a case or a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from service import log, policy
from service.clock import local_date
from service.errors import Conflict, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.shadow import Unsealing
from service.workflow.shadow.results import Counted, counted

ASKED, OPENED = "asked", "opened"
WHAT = "shadow_results"
"""What the access log calls it; nothing of what was seen stands there."""


class Sealed(Conflict):
    """The results of the period are sealed."""

    sentence = (
        "Resultaterne er forseglet. To navngivne personer skal åbne dem, og den første skal sige hvorfor."
    )


@dataclass(frozen=True)
class Seal:
    """What was asked for, and what broke the seal, if anything did."""

    asked: Unsealing
    opened: Unsealing | None


def ask(
    session: Session, starts_on: date, ends_on: date, *, reason: str, now: datetime, by: Actor
) -> Unsealing:
    """Say why the results of a period (both days included) should be opened, and commit.

    Raises Refused without a reason, or for a period that is not over. Nothing is opened by this.
    """
    policy.authorize(by, Action.UNSEAL_SHADOW)
    if not reason.strip():
        raise Refused("Skriv, hvad I vil finde ud af, før I åbner.", field="reason")
    if ends_on < starts_on:
        raise Refused("Perioden skal begynde, før den slutter.", field="ends_on")
    if ends_on >= local_date(now):
        raise Refused(
            "Perioden skal være slut. Ellers kan resultaterne påvirke sagerne i den.", field="ends_on"
        )
    row = Unsealing(
        at=now, municipality_id=by.municipality_id, kind=ASKED, starts_on=starts_on, ends_on=ends_on,
        reason=reason.strip(), named=by.person_id,
    )  # fmt: skip
    log.append(session, Event.UNSEAL_ASKED, at=now, by=by, row=row)
    session.commit()
    return row


def break_seal(session: Session, asked_id: str, *, now: datetime, by: Actor) -> Unsealing:
    """Open what somebody else asked for on an earlier day, and commit.

    Raises NotFound for another municipality's, Refused for one's own or one of today, Conflict when it is
    open already.
    """
    policy.authorize(by, Action.UNSEAL_SHADOW)
    seal = _seal(session, asked_id, by)
    if seal.opened is not None:
        raise Conflict("Resultaterne er åbnet allerede.")
    if seal.asked.named == by.person_id:
        raise Refused("En anden end den, der bad om det, skal åbne.")
    if local_date(now) <= local_date(seal.asked.at):
        raise Refused("Det kan først åbnes dagen efter, at nogen har sagt hvorfor.")
    row = Unsealing(
        at=now, municipality_id=by.municipality_id, kind=OPENED, starts_on=seal.asked.starts_on,
        ends_on=seal.asked.ends_on, reason=seal.asked.reason, named=by.person_id, opens=seal.asked.id,
    )  # fmt: skip
    log.append(session, Event.UNSEALED, at=now, by=by, row=row)
    session.commit()
    return row


def read(session: Session, asked_id: str, *, now: datetime, by: Actor) -> Counted:
    """What an opened period says, written down first that somebody reads it. Raises Sealed until then."""
    policy.authorize(by, Action.UNSEAL_SHADOW)
    seal = _seal(session, asked_id, by)
    if seal.opened is None:
        raise Sealed
    log.append(session, Event.STATISTICS_READ, at=now, by=by, what=WHAT, unsealing=seal.opened.id)
    session.commit()
    return counted(session, by.municipality_id, seal.asked.starts_on, seal.asked.ends_on)


def opened_for(session: Session, municipality_id: str, starts_on: date, ends_on: date) -> Unsealing:
    """What broke the seal of all the days of a period (both included); raises Sealed when nothing did."""
    for seal in seals(session, municipality_id):
        if seal.opened and seal.opened.starts_on <= starts_on and ends_on <= seal.opened.ends_on:
            return seal.opened
    raise Sealed


def seals(session: Session, municipality_id: str) -> Sequence[Seal]:
    """Everything that was asked for in a municipality, oldest first."""
    rows = session.exec(
        select(Unsealing)
        .where(Unsealing.municipality_id == municipality_id)
        .order_by(col(Unsealing.at), col(Unsealing.log_seq))
    ).all()
    opened = {row.opens: row for row in rows if row.kind == OPENED}
    return [Seal(row, opened.get(row.id)) for row in rows if row.kind == ASKED]


def _seal(session: Session, asked_id: str, by: Actor) -> Seal:
    for seal in seals(session, by.municipality_id):
        if seal.asked.id == asked_id:
            return seal
    raise NotFound("Der er ikke bedt om at åbne det.")
