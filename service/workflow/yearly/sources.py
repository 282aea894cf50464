"""Everything a yearly report is made from, read in one go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models import areas
from models.artifact import ArtifactRefused
from models.audit import AuditRefused
from models.declaration import Area
from models.promotion import Verdict
from service.clock import local_date
from service.tables.governance import Admission, Phase, RegisterEntry
from service.tables.organisation import Municipality, Unit
from service.workflow import governance, log_control
from service.workflow.log_control.overview import Tally
from service.workflow.model_in_use import admission
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers import book
from service.workflow.statistics import periods, queries
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import Practice, practice

AREA = "genoptraening"
DATED_BY = {
    "dilemma": "dato", "balance": "dato", "involvement": "dato", "approval": "dato", "competence": "dato",
    "incident": "opdaget", "complaint": "modtaget", "fairness": "dato",
    "monitoring": "dato",
}  # fmt: skip


@dataclass(frozen=True)
class Sources:
    """A year of one municipality.

    `through` is the last day whose decisions are counted, None when none is; `audit` is the record of the
    test for bias of the model in use and `verdict` what follows from it, None when there is none.
    """

    year: int
    municipality: Municipality
    now: datetime
    area: Area
    entries: tuple[RegisterEntry, ...]
    practice: Practice | None
    through: date | None
    models: tuple[Admission, ...]
    phases: tuple[Phase, ...]
    audit: Mapping[str, Any] | None
    verdict: Verdict | None
    units: tuple[str, ...]
    control: Tally
    controlled_on: date | None

    def of(self, kind: str) -> tuple[RegisterEntry, ...]:
        """The entries of a register that belong to the year, oldest first."""
        return tuple(e for e in self.entries if e.kind == kind and _belongs(e, self.year))


def gather(
    session: Session, shelf: ModelShelf, municipality: Municipality, year: int, now: datetime
) -> Sources:
    """What the log, the registers and the model in use know about a year."""
    area = areas.get(AREA)
    control = log_control.overview(session, municipality.id, year)
    counted, through = _counted(session, municipality.id, area, year, now)
    return Sources(
        year=year,
        municipality=municipality,
        now=now,
        area=area,
        entries=tuple(book.standing(session, municipality.id)),
        practice=counted,
        through=through,
        models=tuple(r for r in admission.history(session, AREA) if local_date(r.at).year == year),
        phases=_phases(session, municipality.id, year),
        **_tested(session, shelf),
        units=_units(session, municipality.id),
        control=control.total,
        controlled_on=local_date(control.samples[0][0].at) if control.samples else None,
    )


def _units(session: Session, municipality_id: str) -> tuple[str, ...]:
    """The names of the municipality's units, sorted."""
    named = select(Unit.name).where(Unit.municipality_id == municipality_id).order_by(col(Unit.name))
    return tuple(session.exec(named))


def _counted(
    session: Session, municipality_id: str, area: Area, year: int, now: datetime
) -> tuple[Practice | None, date | None]:
    """The same numbers under the same suppression as an auditor reads on the page of statistics."""
    units = tuple(session.exec(select(Unit.id).where(Unit.municipality_id == municipality_id)))
    phase = governance.phase_of(session, municipality_id, local_date(now))
    period = Period(year)
    until = min(periods.counted_until(now, practising=phase == governance.PRACTICE), period.end)
    if until <= period.start:
        return None, None
    rows = queries.decided_rows(session, units, area, period.start, until)
    return practice(rows, period), date.fromordinal(until.toordinal() - 1)


def _phases(session: Session, municipality_id: str, year: int) -> tuple[Phase, ...]:
    """Every phase that was entered in the year or before, and held in it, oldest first."""
    rows = session.exec(
        select(Phase)
        .where(Phase.municipality_id == municipality_id, Phase.valid_from < date(year + 1, 1, 1))
        .order_by(col(Phase.valid_from), col(Phase.log_seq))
    ).all()
    started = [row for row in rows if row.valid_from.year == year]
    before = [row for row in rows if row.valid_from.year < year]
    return (*before[-1:], *started)


def _tested(session: Session, shelf: ModelShelf) -> dict[str, Any]:
    active, nothing = admission.active_model(session, AREA), {"audit": None, "verdict": None}
    if active is None:
        return nothing
    try:
        found = shelf.audit(active.version, active.manifest_hash)
        return {"audit": found.content, "verdict": shelf.verdict(active.version, active.manifest_hash)}
    except (AuditRefused, ArtifactRefused):
        return nothing


def _belongs(entry: RegisterEntry, year: int) -> bool:
    content = entry.content
    if entry.kind == "project":
        return content["begyndt"] <= f"{year}-12-31" and content.get("sluttet", "9999") >= f"{year}-01-01"
    return str(content[DATED_BY[entry.kind]]).startswith(f"{year}-")
