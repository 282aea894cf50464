"""Where a request stands: it follows from the steps there are, and is stored nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from service.tables.intake import Case
from service.tables.rights import RightRequest, RightStep
from service.workflow.in_force import (
    AT_A_TIME,
    ENDING,
    KEEPS_FROM_LEARNING,
    KEEPS_FROM_OTHERS,
    OTHER_SOURCES,
    STOPS_EVIDENCE,
)
from service.workflow.rights.kinds import KINDS, Kind

WITH_EFFECT = frozenset((*STOPS_EVIDENCE, *KEEPS_FROM_OTHERS, *KEEPS_FROM_LEARNING, OTHER_SOURCES))
ANSWERS = ("granted", "partly", "refused")


@dataclass(frozen=True)
class Standing:
    """A request with its steps, in their order."""

    request: RightRequest
    steps: tuple[RightStep, ...]

    @property
    def answer(self) -> RightStep | None:
        """The answer, when there is one."""
        return next((step for step in self.steps if step.kind in ANSWERS), None)

    @property
    def has_ended(self) -> bool:
        """Whether it was refused, taken back or lifted."""
        return any(step.kind in ENDING for step in self.steps)

    @property
    def is_extended(self) -> bool:
        """Whether the answer was put off."""
        return any(step.kind == "extended" for step in self.steps)

    @property
    def is_open(self) -> bool:
        """Whether the citizen waits for an answer."""
        return self.answer is None and not self.has_ended

    @property
    def is_in_force(self) -> bool:
        """Whether it keeps the system from something now, or (her yes to other sources) lets it."""
        return self.request.kind in WITH_EFFECT and not self.has_ended

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether there is anything left to take back."""
        return self.is_open or self.is_in_force

    @property
    def due_on(self) -> date:
        """The day by which it must be answered."""
        return next((step.due_on for step in self.steps if step.due_on), self.request.due_on)


def standing_of(session: Session, request: RightRequest) -> Standing:
    """A request with its steps."""
    return _standings(session, [request])[0]


def of_case(session: Session, case_id: str) -> tuple[Standing, ...]:
    """Every request of a case, the oldest first."""
    query = (
        select(RightRequest)
        .where(RightRequest.case_id == case_id)
        .order_by(col(RightRequest.shard), col(RightRequest.log_seq))
    )
    return tuple(_standings(session, session.exec(query).all()))


def kinds_in_force(session: Session, case_id: str) -> tuple[Kind, ...]:
    """The rights in force in a case, each once, in the order in which people choose from them."""
    found = {standing.request.kind for standing in of_case(session, case_id) if standing.is_in_force}
    return tuple(kind for code, kind in KINDS.items() if code in found)


def open_requests(
    session: Session, *, unit_id: str | None = None, municipality_id: str | None = None
) -> list[tuple[Standing, Case]]:
    """The requests that wait for an answer with their cases, by deadline and by nothing else.

    Those of an erased case wait for nobody.
    """
    answered = select(RightStep.id).where(
        RightStep.request_id == RightRequest.id, col(RightStep.kind).in_((*ANSWERS, *ENDING))
    )
    query = (
        select(RightRequest, Case)
        .join(Case, col(Case.id) == col(RightRequest.case_id))
        .where(Case.citizen_id != "", ~answered.exists())
    )
    if unit_id is not None:
        query = query.where(Case.unit_id == unit_id)
    if municipality_id is not None:
        query = query.where(Case.municipality_id == municipality_id)
    found = session.exec(query).all()
    standings = _standings(session, [request for request, _ in found])
    both = zip(standings, (case for _, case in found), strict=True)
    return sorted(both, key=lambda each: (each[0].due_on, each[1].serial, each[0].request.log_seq))


def _standings(session: Session, requests: Iterable[RightRequest]) -> list[Standing]:
    listed = list(requests)
    steps: dict[str, list[RightStep]] = {row.id: [] for row in listed}
    ids = list(steps)
    for start in range(0, len(ids), AT_A_TIME):
        query = (
            select(RightStep)
            .where(col(RightStep.request_id).in_(ids[start : start + AT_A_TIME]))
            .order_by(col(RightStep.number))
        )
        for step in session.exec(query):
            steps[step.request_id].append(step)
    return [Standing(row, tuple(steps[row.id])) for row in listed]
