"""What the pages about rights show: the worklist, the rights of one case, and one request with its steps."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlmodel import Session

from service import log
from service.identity import Actor
from service.tables.organisation import Person
from service.tables.rights import RightRequest
from service.web.rights.form import channel_words, speaker_words, step_words
from service.workflow.rights.kinds import GROUNDS, KINDS, Kind
from service.workflow.rights.standing import Standing, of_case, open_requests


@dataclass(frozen=True)
class Line:
    """One request in a list. `due` is empty when nobody waits for an answer."""

    path: str
    serial: int
    kind: Kind
    received_on: date
    due_on: date | None
    is_late: bool
    channel: str
    state: str


@dataclass(frozen=True)
class StepLine:
    """One step of a request in words."""

    title: str
    at: datetime
    by: str
    ground: str
    words: str
    due_on: date | None


@dataclass(frozen=True)
class RequestPage:
    """One request: what was said, by whom, and what came of it."""

    id: str
    case_id: str
    kind: Kind
    words: str
    on_behalf: str
    fact: str
    channel: str
    speaker: str
    received_on: date
    recorded_by: str
    due_on: date
    is_late: bool
    is_open: bool
    is_in_force: bool
    has_ended: bool
    may_be_withdrawn: bool
    may_be_extended: bool
    may_be_lifted: bool
    steps: tuple[StepLine, ...]
    models: tuple[str, ...] = ()


def worklist(session: Session, actor: Actor, today: date) -> tuple[Line, ...]:
    """The unit's requests that wait for an answer, by deadline."""
    return tuple(
        _line(standing, case.serial, today)
        for standing, case in open_requests(session, unit_id=actor.unit_id)
    )


def lines_of(session: Session, case_id: str, serial: int, today: date) -> tuple[Line, ...]:
    """Every request of a case, the newest first."""
    return tuple(_line(standing, serial, today) for standing in reversed(of_case(session, case_id)))


def request_page(session: Session, standing: Standing, today: date, label_of: dict[str, str]) -> RequestPage:
    """One request; `label_of` names the facts."""
    request, kind = standing.request, KINDS[standing.request.kind]
    said = log.open_part(session, request)
    return RequestPage(
        id=request.id,
        case_id=request.case_id,
        kind=kind,
        words=said["words"],
        on_behalf=said["on_behalf"],
        fact=label_of.get(said["fact"] or "", ""),
        channel=channel_words()[request.channel],
        speaker=speaker_words()[request.speaker],
        received_on=request.received_on,
        recorded_by=_name(session, request.recorded_by),
        due_on=standing.due_on,
        is_late=standing.is_open and standing.due_on < today,
        is_open=standing.is_open,
        is_in_force=standing.is_in_force,
        has_ended=standing.has_ended,
        may_be_withdrawn=standing.may_be_withdrawn,
        may_be_extended=_may_be_extended(standing, kind, today),
        may_be_lifted=request.kind == "restriction"
        and standing.answer is not None
        and not standing.has_ended,
        steps=tuple(_steps(session, standing)),
    )


def _may_be_extended(standing: Standing, kind: Kind, today: date) -> bool:
    in_time = today <= standing.request.due_on
    return standing.is_open and not kind.is_choice and not standing.is_extended and in_time


def _may_be_lifted(standing: Standing) -> bool:
    is_answered = standing.answer is not None and not standing.has_ended
    return is_answered and standing.request.kind == "restriction"


def _line(standing: Standing, serial: int, today: date) -> Line:
    request: RightRequest = standing.request
    return Line(
        path=f"/sag/{request.case_id}/rettigheder/{request.id}",
        serial=serial,
        kind=KINDS[request.kind],
        received_on=request.received_on,
        due_on=standing.due_on if standing.is_open else None,
        is_late=standing.is_open and standing.due_on < today,
        channel=channel_words()[request.channel],
        state=_state(standing),
    )


def _state(standing: Standing) -> str:
    if standing.is_open:
        return gettext("Venter på svar")
    last = standing.steps[-1].kind
    return step_words()[last]


def _steps(session: Session, standing: Standing) -> list[StepLine]:
    return [
        StepLine(
            title=step_words()[step.kind],
            at=step.at,
            by=_name(session, step.taken_by),
            ground=GROUNDS[step.ground].provision if step.ground else "",
            words=log.open_part(session, step)["words"],
            due_on=step.due_on,
        )
        for step in standing.steps
    ]


def _name(session: Session, person_id: str | None) -> str:
    return session.get_one(Person, person_id).display_name if person_id else ""
