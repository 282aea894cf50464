"""The team's practice: what was decided in a quarter or a year, by case type and never by person."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, render_template, request
from sqlmodel import Session

from models import areas
from models.declaration import Area
from service import log
from service.clock import local_date
from service.database import reading, writing
from service.errors import NotFound
from service.log import Event
from service.policy import Action
from service.web.current import now, runtime, today
from service.web.governance.fairness import Fairness, fairness_of
from service.web.guard import current_actor, guarded
from service.web.paper import drawn
from service.web.statistics.page import Reading, StatisticsPage, page_of
from service.web.statistics.spreadsheet import as_csv
from service.workflow import double_review, governance
from service.workflow.registers import book, fairness
from service.workflow.statistics import periods, queries
from service.workflow.statistics.alarms import alarms_of
from service.workflow.statistics.counted import Counted
from service.workflow.statistics.differences import differences_of
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import practice, practice_of
from service.workflow.statistics.repeated_words import repeated_words
from service.workflow.statistics.variation import by_month, by_unit, variation

blueprint = Blueprint("statistics", __name__)

AREA = "genoptraening"
PAPER_STYLE = "css/statistics_paper.css"


@blueprint.get("/statistik")
@guarded(Action.READ_STATISTICS)
def show() -> str:
    """The numbers of a period with charts and tables. That they were read is an entry in the log."""
    found = _read()
    _record(Event.STATISTICS_READ, found, what="page")
    return render_template("statistics/practice.html", page=found, groups=_groups())


@blueprint.get("/statistik.csv")
@guarded(Action.EXPORT_STATISTICS)
def download() -> Response:
    """The same numbers as a table for a spreadsheet, under the same suppression."""
    found = _read()
    if found.reading is None:
        raise NotFound("Der er ingen tal at hente endnu.")
    content = as_csv(found.reading, areas.get(AREA).lessons)
    digest = hashlib.sha256(content).hexdigest()
    _record(Event.EXPORTED, found, what="statistics", sha256=digest)
    name = f"teamets-praksis-{found.reading.now.period.code}.csv"
    return Response(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.get("/statistik.pdf")
@guarded(Action.EXPORT_STATISTICS)
def on_paper() -> Response:
    """The same page as a tagged PDF, unfolded."""
    found = _read()
    if found.reading is None:
        raise NotFound("Der er ingen tal at hente endnu.")
    content = drawn(
        render_template(
            "statistics/practice.html", page=found, groups=_groups(), layout="statistics/paper.html"
        ),
        PAPER_STYLE,
    )
    _record(Event.EXPORTED, found, what="statistics", sha256=hashlib.sha256(content).hexdigest())
    name = f"teamets-praksis-{found.reading.now.period.code}.pdf"
    return Response(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@dataclass(frozen=True)
class Groups:
    """What is known of differences between groups of citizens: of the model in use, and of decisions."""

    model: Fairness | None
    findings: tuple[tuple[str, tuple[str, ...]], ...]
    tried: str


def _groups() -> Groups:
    """The test of the model in use, and what the municipality's register says of decisions."""
    actor = current_actor()
    with reading(runtime().engine) as session:
        active = governance.active_model(session, AREA)
        entries = book.standing(session, actor.municipality_id, fairness.KIND)
        found = [
            (each.content["titel"], tuple(each.content["fund"])) for each in fairness.open_findings(entries)
        ]
    tried = max((each.content["maaned"] for each in entries), default="")
    return Groups(fairness_of(runtime().shelf, active), tuple(found), tried)


def _read() -> StatisticsPage:
    actor, area = current_actor(), areas.get(AREA)
    with reading(runtime().engine) as session:
        units = queries.units_seen_by(session, actor)
        whose = actor.unit_name if len(units) == 1 else actor.municipality_name
        found = _numbers(session, area, units)
        names = queries.names_of(session, units)
    return page_of(area, whose, found, names)


def _numbers(session: Session, area: Area, units: Sequence[str]) -> Reading | None:
    """The numbers asked for, or None while there is nothing to count."""
    _refuse_other_questions()
    practising = _practising(session)
    case_type, until = _asked_type(area), periods.counted_until(now(), practising=practising)
    first = queries.first_decided_at(session, units, area)
    offered = periods.offered(local_date(first), until, growing_years=practising) if first else ()
    period = _asked_period(offered, until)
    if period is None:
        return None
    start, end = period.before.start, min(period.end, until)
    rows = queries.decided_rows(session, units, area, start, end)
    cells = Counted(rows, period)
    told = [row for row in rows if period.includes(row.decided_at) and row.unit not in cells.left_out]
    return Reading(
        offered=offered,
        until=until,
        now=practice_of(cells, case_type),
        before=practice(rows, period.before, case_type),
        differing=differences_of(cells) if case_type is None else None,
        alarms=alarms_of(cells),
        between_units=variation(told, area.level_codes, by_unit) if len(units) > 1 else None,
        over_time=variation(told, area.level_codes, by_month),
        agreement=double_review.agreement(double_review.told_pairs(session, units, period), area),
        changes=queries.model_changes(session, area, start, end),
        repeated={} if case_type else repeated_words(session, units, area, period),
    )


def _practising(session: Session) -> bool:
    phase = governance.phase_of(session, current_actor().municipality_id, today())
    return phase == governance.PRACTICE


def _refuse_other_questions() -> None:
    """Numbers are told by period and case type; a question for anything else, a person too, is refused."""
    if set(request.args) - {"periode", "sagstype"}:
        raise NotFound("Statistikken kan kun deles op efter periode og sagstype.")


def _asked_type(area: Area) -> str | None:
    """The case type in the address, None for all together; one that does not exist is not found."""
    case_type = request.args.get("sagstype", "")
    if case_type and case_type not in area.by_name[area.case_type].code_values:
        raise NotFound("Den sagstype findes ikke i statistikken.")
    return case_type or None


def _asked_period(offered: tuple[Period, ...], until: date) -> Period | None:
    """The period in the address, else the newest quarter; None when there is nothing to count yet."""
    code = request.args.get("periode", "")
    if not code:
        return periods.first_to_show(offered, until)
    for period in offered:
        if period.code == code:
            return period
    raise NotFound("Den periode findes ikke i statistikken.")


def _record(event: Event, page: StatisticsPage, *, what: str, sha256: str | None = None) -> None:
    """Write to the access log who read which numbers; if it cannot be written, nothing is shown."""
    chosen = page.reading.now if page.reading else None
    with writing(runtime().engine) as session:
        log.append(
            session,
            event,
            at=now(),
            by=current_actor(),
            what=what,
            sha256=sha256,
            period=chosen.period.code if chosen else None,
            case_type=(chosen.case_type or "all") if chosen else None,
        )
        session.commit()
