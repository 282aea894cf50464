"""A breach of data protection: whom it concerns in a window of time, and a draft of the notification.

Without the name of an employee: names in the access log are opened by two. The command line can ask for one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlmodel import Session, select

from service import log
from service.clock import COPENHAGEN
from service.database import reading, writing
from service.errors import Refused
from service.log import Event
from service.log.canonical import instant
from service.policy import Action
from service.tables.organisation import Unit
from service.web.current import now, runtime
from service.web.decision.planning_form import first_of
from service.web.forms import Fault, FieldView, Typed, choice_field, faults_of, text_field, typed_in
from service.web.guard import current_actor, guarded
from service.workflow.breach import CATEGORIES, Affected, Window, affected
from service.workflow.breach.draft import draft_report

blueprint = Blueprint("breach", __name__)

FROM, TO, UNIT, FOUND = "fra", "til", "enhed", "opdaget"
EVERYBODY = "alle"
LOCAL = "datetime-local"


@dataclass(frozen=True)
class Line:
    """One citizen: the cases, how often they were looked at, between when, and what was shown."""

    cases: str
    looks: int
    first: datetime
    last: datetime
    shown: str


@dataclass(frozen=True)
class BreachPage:
    """The form, and the answer once something was asked."""

    fields: tuple[FieldView, ...]
    unit: FieldView
    found: Affected | None
    lines: tuple[Line, ...]
    draft: str

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend."""
        return faults_of((*self.fields, self.unit))


@blueprint.get("/databeskyttelse/brud")
@guarded(Action.SEE_PROTECTION)
def show() -> ResponseReturnValue:
    """The form."""
    return _page(None, {})


@blueprint.post("/databeskyttelse/brud")
@guarded(Action.SEE_PROTECTION)
def ask() -> ResponseReturnValue:
    """Whom it concerns. That somebody asked is an entry, written before anything is shown."""
    typed, errors = typed_in(request.form), dict[str, str]()
    since, until = (_instant(typed, name, errors) for name in (FROM, TO))
    discovered = _instant(typed, FOUND, errors) if first_of(typed, FOUND) else None
    unit_id = first_of(typed, UNIT)
    if unit_id != EVERYBODY and unit_id not in _units():
        errors[UNIT] = gettext("Vælg en enhed på listen.")
    if errors or since is None or until is None:
        return _page(typed, errors)
    window = Window(since, until, unit_id=None if unit_id == EVERYBODY else unit_id)
    try:
        with writing(runtime().engine) as session:
            found = _read(session, window)
    except Refused as refused:
        return _page(typed, {refused.field if refused.field in (FROM, TO) else FROM: refused.sentence})
    draft = draft_report(found, current_actor().municipality_name, discovered)
    return _page(typed, {}, found, draft)


def _read(session: Session, window: Window) -> Affected:
    actor = current_actor()
    found = affected(session, actor.municipality_id, window)
    log.append(
        session, Event.ACCESS_READ, at=now(), by=actor, what="breach", since=instant(window.since),
        until=instant(window.until), of_unit=window.unit_id,
    )  # fmt: skip
    session.commit()
    return found


def _units() -> dict[str, str]:
    query = select(Unit.id, Unit.name).where(Unit.municipality_id == current_actor().municipality_id)
    with reading(runtime().engine) as session:
        return dict(session.exec(query.order_by(Unit.name)).all())


def _instant(typed: Typed, field: str, errors: dict[str, str]) -> datetime | None:
    """A time by the Danish clock, as the field sends it."""
    try:
        said = datetime.fromisoformat(first_of(typed, field))
    except ValueError:
        errors[field] = gettext("Skriv dag og klokkeslæt.")
        return None
    return (said if said.tzinfo else said.replace(tzinfo=COPENHAGEN)).astimezone(UTC)


def _page(
    typed: Typed | None, errors: dict[str, str], found: Affected | None = None, draft: str = ""
) -> ResponseReturnValue:
    words = {
        FROM: gettext("Fra"), TO: gettext("Til"), FOUND: gettext("Opdaget (valgfrit, fristen regnes herfra)"),
    }  # fmt: skip
    units = [(EVERYBODY, gettext("Alle enheder")), *_units().items()]
    page = BreachPage(
        fields=tuple(
            text_field(name, label, typed, errors.get(name, ""), type_=LOCAL) for name, label in words.items()
        ),
        unit=choice_field(UNIT, gettext("Opslag fra"), units, typed, errors.get(UNIT, "")),
        found=found,
        lines=tuple(
            Line(
                ", ".join(map(str, one.cases)), one.looks, one.first, one.last,
                "; ".join(CATEGORIES[code] for code in one.categories),
            )
            for one in (found.citizens if found else ())
        ),
        draft=draft,
    )  # fmt: skip
    html = render_template("protection/breach.html", page=page)
    return make_response(html, 422 if errors else 200)
