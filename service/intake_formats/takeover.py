"""What was staged is taken over: plans and reports in short transactions, then the history files."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from service.database import writing
from service.errors import Refused, SkoenError
from service.files import room_in
from service.intake_formats.kept_history import keep_history
from service.intake_formats.problem import Problem, shown
from service.intake_formats.staging import Stage, StagedPlan, StagedReport
from service.tables.delivery import DeliveryReport, ReportedResource
from service.tables.intake import Case, CaseClosure, FactsVersion
from service.tables.organisation import Municipality
from service.workflow import delivery, intake
from service.workflow.intake.referral import Referral

NOTHING_TAKEN = "Nothing was taken over."
STAYS = "What came before it is taken over and stays; when there is room, run the same command again."
AT_A_TIME = 200
"""Plans and reports in one transaction: caseworkers wait for it, so it stays within a second or two."""

Item = StagedPlan | StagedReport
Record = Callable[..., None]
"""Called with the session and what was taken over: writes the run to the access log; no commit."""


@dataclass
class Taken:
    """What a run did. `counts` by word (plans_new, reports_unchanged, …); `history` holds new files."""

    counts: Counter[str] = field(default_factory=Counter)
    history: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was added."""
        return any(count for word, count in self.counts.items() if not word.endswith("unchanged"))


def take_over(
    stage: Stage,
    engine: Engine,
    *,
    pepper: bytes,
    record: Record,
    accept_rejects: bool = False,
    dry_run: bool = False,
    with_outcomes: bool = True,
) -> Taken:
    """Take over what was staged; with any problem nothing, unless rejects are accepted.

    One transaction where it is short enough. A longer run is rehearsed first, every part rolled back,
    so that a refusal late in the run is known before anything is written.
    """
    items = _in_order(stage)
    parts = [items[start : start + AT_A_TIME] for start in range(0, len(items), AT_A_TIME)]
    taken = Taken()
    refused = bool(stage.problems) and not accept_rejects
    if dry_run or refused or len(parts) > 1:
        for part in parts:
            _take_part(part, engine, taken, stage.now, pepper, record, commits=False, accept_rejects=True)
        if dry_run or refused or (taken.problems and not accept_rejects):
            return taken
        taken = Taken()
    for part in parts:
        _take_part(
            part, engine, taken, stage.now, pepper, record, commits=True, accept_rejects=accept_rejects
        )
    if taken.problems and not accept_rejects:
        return taken
    for history in stage.histories:
        with room_in(stage.folder, STAYS if taken.changed else NOTHING_TAKEN):
            kept = keep_history(
                history, stage.folder, engine, record=record, with_outcomes=with_outcomes, count=stage.count
            )
        taken.counts["histories_unchanged" if kept is None else "histories_new"] += 1
        if kept is not None:
            taken.counts["history_rows"] += history.rows
            taken.history.append(kept)
    return taken


def _in_order(stage: Stage) -> list[Item]:
    """Plans before reports, reports by their time: a report may close what a plan opens."""
    plans = sorted(stage.plans, key=lambda plan: (plan.referral.received_on, plan.referral.request_id))
    return [*plans, *sorted(stage.reports, key=lambda staged: staged.report.reported_at)]


def _take_part(
    part: Sequence[Item],
    engine: Engine,
    taken: Taken,
    now: datetime,
    pepper: bytes,
    record: Record,
    *,
    commits: bool,
    accept_rejects: bool,
) -> None:
    """One transaction. A refused item is rolled back by itself; its problem is noted in `taken`."""
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    with writing(engine) as session:
        before = _closures(session)
        whole = session.get_transaction()
        for item in part:
            try:
                with session.begin_nested():
                    counts[_take(session, item, pepper, now)] += 1
            except SkoenError as error:
                # The log rolls everything back when it cannot write; what came before is then gone as well.
                if session.get_transaction() is not whole:
                    raise
                problems.append(_problem_of(item, error))
        counts["cases_closed"] += _closures(session) - before
        if commits and (accept_rejects or not problems):
            changes = {word: str(count) for word, count in counts.items() if not word.endswith("unchanged")}
            if any(count != "0" for count in changes.values()):
                record(session, **changes)
            session.commit()
        else:
            session.rollback()
    taken.problems += problems
    if not commits or accept_rejects or not problems:
        taken.counts += counts


def _take(session: Session, item: Item, pepper: bytes, now: datetime) -> str:
    if isinstance(item, StagedPlan):
        return f"plans_{_receive(session, item.referral, pepper, now)}"
    if item.plan is not None and _still_arrives(session, item.plan):
        return f"plans_{_receive(session, item.plan, pepper, now)}"
    row = delivery.take_over_row(
        session, item.report, item.municipality_code, pepper=pepper, now=now, by=None
    )
    return "reports_unchanged" if row is None else "reports_new"


def _receive(session: Session, referral: Referral, pepper: bytes, now: datetime) -> str:
    """Receive a plan and say whether it was new, updated or unchanged."""
    known = _case_of(session, referral)
    versions = _versions(session, known)
    case = intake.receive_row(session, referral, pepper=pepper, now=now, by=None)
    if known is None:
        return "new"
    return "updated" if _versions(session, case) > versions else "unchanged"


def _still_arrives(session: Session, plan: Referral) -> bool:
    """A request is a plan that arrives unless it is known here, by another plan or a delivery report."""
    case = _case_of(session, plan)
    if case is not None:
        return case.origin == "service_request"
    reported = session.exec(
        select(ReportedResource.id)
        .join(DeliveryReport, col(DeliveryReport.id) == col(ReportedResource.report_id))
        .join(Municipality, col(Municipality.id) == col(DeliveryReport.municipality_id))
        .where(ReportedResource.request_id == plan.request_id, Municipality.code == plan.municipality_code)
    ).first()
    return reported is None


def _case_of(session: Session, referral: Referral) -> Case | None:
    return session.exec(
        select(Case)
        .join(Municipality, col(Municipality.id) == col(Case.municipality_id))
        .where(Municipality.code == referral.municipality_code, Case.request_id == referral.request_id)
    ).first()


def _versions(session: Session, case: Case | None) -> int:
    if case is None:
        return 0
    return session.exec(select(func.count()).where(FactsVersion.case_id == case.id)).one()


def _closures(session: Session) -> int:
    return session.exec(select(func.count()).select_from(CaseClosure)).one()


def _problem_of(item: Item, error: SkoenError) -> Problem:
    name = error.field if isinstance(error, Refused) and error.field else "request_id"
    if isinstance(item, StagedPlan):
        found = {"municipality": item.referral.municipality_code, "unit": item.referral.unit_name}
        return Problem(
            "henvisning", name, error.sentence, shown(found.get(name, item.referral.request_id)), item.file
        )
    return Problem("Bundle", "id", error.sentence, shown(item.report.bundle_id), item.file)
