"""The contexts that a citizen's facts stand in, counted from the log and from the versions in question.

Nothing is stored for it. Which versions hold a case of hers is asked of the artifacts by a key that only
the service can compute; which extracts did follows from what was decided, and said no to, on the day.
No other citizen, no employee and no case is named.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.artifact import ArtifactRefused
from models.audit import AuditRefused
from service.log import Event
from service.tables.decision import Decision
from service.tables.intake import Case, PersonalPart
from service.tables.log import LogEntry, LogHead
from service.tables.organisation import Municipality, Unit
from service.tables.rights import RightRequest, RightStep
from service.workflow import showings
from service.workflow.case_file import WAITING_CHOICES, CaseFile, all_of
from service.workflow.in_force import ENDING, KEEPS_FROM_LEARNING
from service.workflow.model_in_use import admission
from service.workflow.model_in_use.holding import built_on
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.statistics.kept_out import kept_out

FIGURES = ("page", "statistics", "effect", "deadlines", "followup")
"""What the entries of pages and tables that count decided cases are called."""
YEARLY = "report.yearly"
ALL = "all"
FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Contexts:
    """How often her facts stand in each context.

    `steps` are those of her own case, `versions` the model versions that a case of hers lies in (None where
    nobody asked the shelf), `tested` how many of them are tried for bias, `extracts` the files for training
    that this case is in, `shown` the answers in which a case of hers was shown to others, `figures` how many
    times numbers or a yearly report were made since it was decided, in which it may be counted.
    """

    steps: int
    versions: tuple[str, ...] | None
    tested: int
    extracts: int
    shown: int
    figures: int


def contexts_of(session: Session, file: CaseFile, shelf: ModelShelf | None) -> Contexts:
    """Every context, with its count."""
    citizen_id = file.case.citizen_id
    versions = None if shelf is None else built_on(session, shelf, citizen_id)
    return Contexts(
        steps=_steps(session, file.case),
        versions=versions,
        tested=0 if shelf is None else _tested(session, shelf, file.case.area, versions or ()),
        extracts=len(extracts_with(session, file)),
        shown=showings.times_shown(session, citizen_id),
        figures=_figures(session, file),
    )


def extracts_with(session: Session, file: CaseFile) -> tuple[datetime, ...]:
    """When files for training were made that this case is in.

    An export takes every decided case but those of citizens who have said no; so it is known who was in it
    although the log names nobody.
    """
    code = session.get_one(Municipality, file.case.municipality_id).code
    entries = _entries(session, Event.EXPORTED, '"what":"decisions"')
    made = [datetime.fromisoformat(each["t"]) for each in entries if each["municipality"] in (ALL, code)]
    said_no = _said_no(session, file.case.citizen_id) if made else ()
    decisions = all_of(session, Decision, file.case.id)
    return tuple(
        at
        for at in made
        if _was_decided(decisions, at) and not any(since <= at < until for since, until in said_no)
    )


def _steps(session: Session, case: Case) -> int:
    """Every step of a case has exactly one personal part, and one entry in the log."""
    parts = select(func.count()).select_from(PersonalPart).where(col(PersonalPart.subject_id) == case.id)
    return int(session.exec(parts).one())


def _tested(session: Session, shelf: ModelShelf, area: str, versions: tuple[str, ...]) -> int:
    hashes = {row.version: row.manifest_hash for row in admission.history(session, area)}
    return sum(_is_tested(shelf, version, hashes.get(version, "")) for version in versions)


def _is_tested(shelf: ModelShelf, version: str, manifest_hash: str) -> bool:
    try:
        shelf.audit(version, manifest_hash)
    except (AuditRefused, ArtifactRefused):
        return False
    return True


def _figures(session: Session, file: CaseFile) -> int:
    """A team lead's numbers hold the cases of her unit, everybody else's those of the municipality."""
    decisions = all_of(session, Decision, file.case.id)
    since = _decided_since(decisions)
    if since is None or kept_out(session, [(file.case, decisions[-1].at)]):
        return 0
    units = select(Unit.id).where(Unit.municipality_id == file.case.municipality_id)
    of_municipality = set(session.exec(units))
    read = (*_entries(session, Event.STATISTICS_READ), *_entries(session, Event.EXPORTED))
    counted = [
        each
        for each in read
        if each.get("what") in FIGURES
        and each.get("unit") in ({file.case.unit_id} if each.get("role") == "teamleder" else of_municipality)
    ]
    yearly = _entries(session, Event.COMMAND_RUN, f'"command":"{YEARLY}"')
    return sum(datetime.fromisoformat(each["t"]) >= since for each in (*counted, *yearly))


def _entries(session: Session, event: Event, holding: str = "") -> Iterator[dict[str, str]]:
    """What the access log says of an event, oldest first; a retired entry says nothing any more."""
    shards = session.exec(select(LogHead.shard).where(col(LogHead.shard).startswith("access/"))).all()
    query = select(LogEntry.entry).where(col(LogEntry.shard).in_(shards), LogEntry.event == event)
    of_interest = query.where(col(LogEntry.entry).contains(holding), LogEntry.entry != "")
    for text in session.exec(of_interest.order_by(LogEntry.shard, col(LogEntry.seq))):
        yield json.loads(text)


def _was_decided(decisions: Sequence[Decision], at: datetime) -> bool:
    newest = next((row for row in reversed(decisions) if row.at <= at), None)
    return newest is not None and newest.choice not in WAITING_CHOICES


def _decided_since(decisions: Sequence[Decision]) -> datetime | None:
    return min((row.at for row in decisions if row.choice not in WAITING_CHOICES), default=None)


def _said_no(session: Session, citizen_id: str) -> tuple[tuple[datetime, datetime], ...]:
    """From when until when a right kept the citizen's cases from being learned from."""
    asked = (
        select(RightRequest)
        .join(Case, col(Case.id) == RightRequest.case_id)
        .where(Case.citizen_id == citizen_id, col(RightRequest.kind).in_(KEEPS_FROM_LEARNING))
    )
    found = []
    for row in session.exec(asked).all():
        ends = select(func.min(RightStep.at)).where(
            RightStep.request_id == row.id, col(RightStep.kind).in_(ENDING)
        )
        found.append((row.at, session.exec(ends).one() or FOREVER))
    return tuple(found)
