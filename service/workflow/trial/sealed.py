"""What was sealed: the level that held in each drawn case, and what the evidence said or would have said.

This is the only place that reads a ghost suggestion, and it refuses until the trial is unsealed.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlmodel import Session, col, select

from service import log
from service.errors import Conflict, PartUnreadable
from service.tables.intake import Case
from service.tables.suggestion import Suggestion
from service.workflow.delivery.courses import courses_of, level_after, level_changed
from service.workflow.effect.followed import CONTROL, Followed
from service.workflow.trial.looking import WEEKS
from service.workflow.trial.standing import Standing, State

AT_A_TIME = 400


class Sealed(Conflict):
    """The trial is not unsealed."""

    sentence = "Forsøget er forseglet, til det er slut og en anden end den, der startede det, har åbnet det."


@dataclass(frozen=True)
class Beside:
    """What a case is measured by: the level that held, and what the evidence alone pointed to."""

    held: str
    evidence: str


def beside(session: Session, found: Standing, cases: Sequence[Followed]) -> Mapping[str, Beside]:
    """By case, of those drawn whose six weeks are over and of which both are known. Raises Sealed."""
    if found.state is not State.UNSEALED:
        raise Sealed
    settled = [case for case in cases if case.right_first_time(WEEKS) is not None]
    held = dict(_held(session, found, settled))
    shown = {case.row.case_id: case.row.reference for case in settled if case.row.reference}
    ghosts = _ghosts(session, [case.row.case_id for case in settled if case.arm == CONTROL])
    evidence = {**shown, **ghosts}
    return {case_id: Beside(held[case_id], evidence[case_id]) for case_id in held if case_id in evidence}


def _held(session: Session, found: Standing, cases: Sequence[Followed]) -> Iterator[tuple[str, str]]:
    """The level after six weeks. Where a new plan came in place of another level, it is not known."""
    moved = [each.row.case_id for each in cases if not each.right_first_time(WEEKS)]
    requests = dict(_requests(session, moved))
    courses = courses_of(session, requests.values(), municipality_id=found.trial.municipality_id)
    for case in cases:
        case_id = case.row.case_id
        if case.right_first_time(WEEKS):
            yield case_id, case.row.choice
            continue
        course = courses.get(requests.get(case_id, ""))
        level = level_after(course) if course is not None and level_changed(course) else None
        if level is not None:
            yield case_id, level


def _ghosts(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """What most similar cases got where nobody saw it; a calculation that abstained pointed to nothing."""
    found = {}
    for some in _some(ids):
        rows = select(Suggestion).where(col(Suggestion.case_id).in_(some), Suggestion.reason == "control_arm")
        for row in session.exec(rows.order_by(col(Suggestion.shard), col(Suggestion.log_seq))):
            with suppress(PartUnreadable):
                similar = log.open_part(session, row)["payload"][
                    "similar"
                ]  # None where it would have abstained
                if similar is not None and similar["reference_level"] is not None:
                    found[row.case_id] = similar["reference_level"]
    return found


def _requests(session: Session, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    for some in _some(ids):
        yield from session.exec(select(Case.id, Case.request_id).where(col(Case.id).in_(some)))


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_A_TIME):
        yield ids[start : start + AT_A_TIME]
