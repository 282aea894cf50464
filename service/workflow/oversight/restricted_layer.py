"""The layer of the access log that names who looked at a case: asked for by one, opened by another.

Two people of two roles, the data protection officer and the security side, and each half is a row in the log
of decisions. It is open for a day, for both of them, and every time somebody reads it is an entry too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from service import log, policy
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.identity import Actor
from service.limits import in_force
from service.log import Event
from service.policy import Action
from service.tables.intake import Case
from service.tables.restricted import LAYER_PURPOSES, LayerOpening
from service.workflow.oversight.looks import Looks, looks_at

ASKED_FOR = timedelta(days=7)
"""A question that nobody has answered by then is over."""


@dataclass(frozen=True)
class Request:
    """A question for the names of one case and, when somebody has opened them, the other half."""

    asked: LayerOpening
    opened: LayerOpening | None
    serial: int

    def is_waiting(self, now: datetime) -> bool:
        """Whether it can still be opened."""
        return self.opened is None and now - self.asked.at <= ASKED_FOR

    def is_open(self, now: datetime) -> bool:
        """Whether the names can be read at an instant."""
        return self.opened is not None and self.opened.open_until is not None and now < self.opened.open_until


def ask(session: Session, case_id: str, purpose: str, *, now: datetime, by: Actor) -> LayerOpening:
    """Ask for the names of who looked at a case, and commit.

    Raises NotFound for a case elsewhere, Refused for a purpose that is not on the list, and Conflict when the
    same person asks again while the first question is waiting or answered.
    """
    policy.authorize(by, Action.SEE_PROTECTION)
    _case_here(session, case_id, by)
    if purpose not in LAYER_PURPOSES:
        raise Refused("Vælg et formål på listen.", field="purpose")
    for request in requests(session, by.municipality_id):
        mine = request.asked.case_id == case_id and request.asked.named == by.person_id
        if mine and (request.is_waiting(now) or request.is_open(now)):
            raise Conflict("Du har allerede bedt om navnene i den sag.")
    row = LayerOpening(
        at=now, case_id=case_id, kind="asked", purpose=purpose, named=by.person_id, role=by.role
    )
    log.append(session, Event.LAYER_ASKED, at=now, by=by, row=row, purpose=purpose)
    session.commit()
    return row


def open_names(session: Session, asked_id: str, *, now: datetime, by: Actor) -> LayerOpening:
    """Open what somebody of the other role has asked for, and commit.

    Raises NotFound elsewhere, Forbidden for whoever asked or has the same role, Conflict when it is too late
    or opened already.
    """
    policy.authorize(by, Action.SEE_PROTECTION)
    request = find(session, asked_id, by)
    asked = request.asked
    if asked.named == by.person_id or asked.role == by.role:
        raise Forbidden("Navnene skal åbnes af en anden med en anden rolle end den, der bad om dem.")
    if not request.is_waiting(now):
        raise Conflict("Anmodningen er besvaret, eller den er for gammel.")
    row = LayerOpening(
        at=now, case_id=asked.case_id, kind="opened", purpose=asked.purpose, named=by.person_id, role=by.role,
        opens=asked.id, open_until=now + timedelta(hours=in_force().strictest("names_hours")),
    )  # fmt: skip
    log.append(session, Event.LAYER_OPENED, at=now, by=by, row=row, purpose=asked.purpose)
    session.commit()
    return row


def read_names(session: Session, asked_id: str, *, now: datetime, by: Actor) -> tuple[Request, Looks]:
    """Who looked at the case, with their ids. That they were read is written first.

    Only the two who opened it may read it; raises Forbidden for others, and when it is closed.
    """
    policy.authorize(by, Action.SEE_PROTECTION)
    request = find(session, asked_id, by)
    if not request.is_open(now) or by.person_id not in _the_two(request):
        raise Forbidden("Navnene er ikke åbnet for dig.")
    asked = request.asked
    log.append(
        session, Event.ACCESS_READ, at=now, by=by, case_id=asked.case_id, purpose=asked.purpose, what="names",
        opening=asked.id,
    )  # fmt: skip
    session.commit()
    return request, looks_at(session, asked.case_id)


def requests(session: Session, municipality_id: str) -> Sequence[Request]:
    """Every question in a municipality, the newest first."""
    query = (
        select(LayerOpening, Case.serial)
        .join(Case, col(Case.id) == col(LayerOpening.case_id))
        .where(Case.municipality_id == municipality_id)
        .order_by(col(LayerOpening.at).desc(), col(LayerOpening.log_seq).desc())
    )
    found = list(session.exec(query))
    answers = {row.opens: row for row, _ in found if row.kind == "opened"}
    return [Request(row, answers.get(row.id), serial) for row, serial in found if row.kind == "asked"]


def find(session: Session, asked_id: str, by: Actor) -> Request:
    """A question in one's own municipality; any other is not found."""
    for request in requests(session, by.municipality_id):
        if request.asked.id == asked_id:
            return request
    raise NotFound


def _the_two(request: Request) -> set[str]:
    return {request.asked.named} | ({request.opened.named} if request.opened else set())


def _case_here(session: Session, case_id: str, by: Actor) -> None:
    case = session.get(Case, case_id)
    if case is None or case.municipality_id != by.municipality_id:
        raise NotFound
