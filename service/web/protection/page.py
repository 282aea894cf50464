"""What the pages of data protection show."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlmodel import Session, col, select

from service.clock import local_date
from service.identity import Actor
from service.tables.organisation import EXTERNAL, Membership, MembershipEnd, Person, Unit
from service.tables.restricted import LAYER_PURPOSES
from service.web.formatting import role_word
from service.web.oversight.page import LookLine, look_lines
from service.workflow import access_rules, log_control
from service.workflow.log_control.overview import Tally
from service.workflow.oversight import Looks, restricted_layer
from service.workflow.oversight.restricted_layer import Request


@dataclass(frozen=True)
class RequestLine:
    """A question for names. `state` is waiting, open or over; `may_open` and `may_read`: the reader may."""

    id: str
    serial: int
    at: datetime
    role: str
    purpose: str
    state: str
    open_until: datetime | None
    may_open: bool
    may_read: bool


@dataclass(frozen=True)
class EmergencyLine:
    """Access opened without having read the rules: when, in which unit, and why."""

    at: datetime
    units: str
    reason: str


@dataclass(frozen=True)
class ExternalLine:
    """Somebody from outside with a role: for whom, by which terms, from when to when."""

    role: str
    organisation: str
    terms: str
    since: date
    until: date | None


@dataclass(frozen=True)
class ProtectionPage:
    """Data protection in one municipality."""

    requests: tuple[RequestLine, ...]
    emergencies: tuple[EmergencyLine, ...]
    external: tuple[ExternalLine, ...]
    control: Tally
    year: int


@dataclass(frozen=True)
class NamesPage:
    """Who looked at one case."""

    serial: int
    purpose: str
    open_until: datetime | None
    looks: tuple[LookLine, ...]
    retired: tuple[str, ...]


def purposes() -> dict[str, str]:
    """What names may be opened for."""
    words = {
        "klage": gettext("Klage"),
        "indsigt": gettext("Borgeren beder om indsigt"),
        "mistanke": gettext("Mistanke om opslag uden grund"),
        "sikkerhed": gettext("Brud på sikkerheden"),
    }
    return {code: words[code] for code in LAYER_PURPOSES}


def protection_page(session: Session, actor: Actor, now: datetime, *, since: datetime) -> ProtectionPage:
    """Everything in the actor's municipality; emergencies since an instant."""
    found = restricted_layer.requests(session, actor.municipality_id)
    year = local_date(now).year
    return ProtectionPage(
        requests=tuple(_request(one, actor, now) for one in found),
        emergencies=tuple(
            EmergencyLine(row.at, _units_of(session, row.person_id), row.reason)
            for row in access_rules.emergencies(session, actor.municipality_id, since)
        ),
        external=tuple(_external(session, actor.municipality_id)),
        control=log_control.overview(session, actor.municipality_id, year).total,
        year=year,
    )


def names_page(session: Session, request: Request, looks: Looks) -> NamesPage:
    """Who looked, by name, role and unit."""
    return NamesPage(
        serial=request.serial,
        purpose=purposes()[request.asked.purpose],
        open_until=request.opened.open_until if request.opened else None,
        looks=look_lines(session, looks, named=True),
        retired=looks.retired,
    )


def _request(request: Request, actor: Actor, now: datetime) -> RequestLine:
    asked, opened = request.asked, request.opened
    state = "waiting" if request.is_waiting(now) else "open" if request.is_open(now) else "over"
    the_two = {asked.named, opened.named if opened else ""}
    return RequestLine(
        id=asked.id, serial=request.serial, at=asked.at, role=role_word(asked.role),
        purpose=purposes()[asked.purpose], state=state, open_until=opened.open_until if opened else None,
        may_open=state == "waiting" and asked.role != actor.role and asked.named != actor.person_id,
        may_read=state == "open" and actor.person_id in the_two,
    )  # fmt: skip


def _units_of(session: Session, person_id: str) -> str:
    query = select(Unit.name).join(Membership).where(Membership.person_id == person_id).distinct()
    return ", ".join(sorted(session.exec(query)))


def _external(session: Session, municipality_id: str) -> list[ExternalLine]:
    query = (
        select(Membership, MembershipEnd)
        .join(Unit, col(Unit.id) == col(Membership.unit_id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .join(MembershipEnd, col(MembershipEnd.membership_id) == col(Membership.id), isouter=True)
        .where(Unit.municipality_id == municipality_id, col(Membership.role).in_(EXTERNAL))
        .order_by(col(Membership.valid_from).desc())
    )
    return [
        ExternalLine(
            role_word(row.role),
            row.organisation or "",
            row.terms or "",
            row.valid_from,
            end.valid_to if end else None,
        )
        for row, end in session.exec(query)
    ]
