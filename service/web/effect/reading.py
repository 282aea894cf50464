"""What a page of quarters begins with: who reads what, and the entry that says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, request
from sqlmodel import Session

from models import areas
from models.declaration import Area
from service import log
from service.database import writing
from service.errors import NotFound
from service.log import Event
from service.web.current import now, runtime
from service.web.guard import current_actor
from service.workflow.effect.quarters import Quarters, quarters_to_read
from service.workflow.statistics import queries
from service.workflow.statistics.periods import Period

AREA = "genoptraening"
QUARTER = "periode"


@dataclass(frozen=True)
class Scope:
    """Whose cases are read: the units with their names, and which quarters there are."""

    area: Area
    whose: str
    units: tuple[str, ...]
    names: Mapping[str, str]
    quarters: Quarters


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    value: str
    label: str
    chosen: bool


def scope_of(session: Session) -> Scope:
    """What whoever is signed in may read: a lead her own unit, whoever audits all of them."""
    actor, area = current_actor(), areas.get(AREA)
    units = queries.units_seen_by(session, actor)
    return Scope(
        area=area,
        whose=actor.unit_name if len(units) == 1 else actor.municipality_name,
        units=units,
        names=queries.names_of(session, units),
        quarters=quarters_to_read(session, units, actor.municipality_id, area, now()),
    )


def refuse_other_questions(*known: str) -> None:
    """A question for anything else than the page is divided by, a person too, is refused."""
    if set(request.args) - set(known):
        raise NotFound("Tallene kan ikke deles op på den måde.")


def quarter_asked(offered: Sequence[Period], usual: Period | None, name: str = QUARTER) -> Period | None:
    """The quarter in the address, else the usual one; one that is not offered is not found."""
    code = request.args.get(name, "")
    if not code:
        return usual
    for each in offered:
        if each.code == code:
            return each
    raise NotFound("Den periode findes ikke i tallene.")


def options_of(offered: Sequence[Period], chosen: Period | None) -> tuple[Option, ...]:
    """The quarters to choose among."""
    return tuple(Option(each.code, each.label, each == chosen) for each in offered)


def record(event: Event, what: str, period: Period | None, sha256: str | None = None) -> None:
    """Write to the access log who read which numbers; if it cannot be written, nothing is shown."""
    with writing(runtime().engine) as session:
        log.append(
            session, event, at=now(), by=current_actor(), what=what, sha256=sha256,
            period=period.code if period else None,
        )  # fmt: skip
        session.commit()


def csv_answer(content: bytes, name: str) -> Response:
    """A table to keep."""
    return Response(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
