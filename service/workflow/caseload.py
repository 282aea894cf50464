"""Whose turn it is: the open cases of a unit, by legal deadline and by nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlmodel import Session, and_, col, or_, select

from models import areas
from service import log, policy
from service.cpr import age_on
from service.errors import PartUnreadable
from service.identity import Actor
from service.policy import Action
from service.tables.assessment import Assessment, Consultation, ConsultationAnswer
from service.tables.base import CaseStep
from service.tables.citizen import FactReport, FactReportAnswer
from service.tables.decision import Decision, Planning
from service.tables.intake import Case, CaseClosure, CaseTaking, FactsVersion, ReturnAnswer
from service.tables.organisation import Person
from service.workflow import deadline_reminder
from service.workflow.case_file import WAITING_CHOICES, CaseState, facts_of, state_from

MINE, TEAM = "mine", "team"
OPEN_STATES = (
    CaseState.NEW,
    CaseState.BEING_READ,
    CaseState.JUDGED,
    CaseState.DECIDED,
    CaseState.RETURNED,
    CaseState.ANSWERED,
)

UNREADABLE = "Oplysningerne kan ikke læses"
UNKNOWN_TYPE = "Ikke oplyst"

Step = TypeVar("Step", bound=CaseStep)


@dataclass(frozen=True)
class InboxRow:
    """One case as the inbox shows it. `taken_by` is the display name of whoever has it, or None.

    `wants_reminding` is whether the citizen has no appointment and is at day 5 of her seven, or later.
    A case whose key is lost or whose part is damaged still stands there: somebody is waiting for it.
    """

    case_id: str
    serial: int
    due_on: date
    start_after: date | None
    citizen: str
    age: int | None
    referred_for: str
    state: CaseState
    waits_for_advice: bool
    has_new_facts: bool
    waits_for_a_look: bool
    wants_reminding: bool
    taken_by: str | None
    is_mine: bool

    @property
    def is_hers_to_take_up(self) -> bool:
        """Whether it is hers, or nobody's."""
        return self.is_mine or self.taken_by is None


@dataclass(frozen=True)
class _Steps:
    """The newest rows of many cases, each by case id (or by the row they belong to)."""

    facts: dict[str, FactsVersion]
    assessments: dict[str, Assessment]
    decisions: dict[str, Decision]
    plannings: dict[str, Planning]
    answers: dict[str, ReturnAnswer]
    takings: dict[str, CaseTaking]
    waiting_for_advice: set[str]
    waiting_for_a_look: set[str]


def inbox(session: Session, actor: Actor, *, whose: str, search: str | None, today: date) -> list[InboxRow]:
    """The unit's open cases, earliest deadline first, then by number; `whose` is "mine" or "team".

    Mine are those she has taken, those that nobody has, and those a colleague asks for advice on.
    `search` finds a number, a name or a case type.
    """
    policy.authorize(actor, Action.SEE_INBOX)
    cases = _candidates(session, actor.unit_id)
    steps = _steps_of(session, [case.id for case in cases])
    names = _display_names(session, {taking.person_id for taking in steps.takings.values()})
    rows = [_row(session, case, steps, names, actor, today) for case in cases]
    wanted = [row for row in rows if row.state in OPEN_STATES or row.waits_for_a_look]
    if search:
        wanted = [row for row in wanted if _matches(row, search)]
    elif whose == MINE:
        wanted = [row for row in wanted if row.is_hers_to_take_up or row.waits_for_advice]
    return sorted(wanted, key=lambda row: (row.due_on, row.serial))


def next_case(session: Session, actor: Actor, today: date) -> InboxRow | None:
    """The first case of her inbox that waits for a judgement, or None."""
    waiting = (CaseState.NEW, CaseState.BEING_READ, CaseState.ANSWERED)
    return next(
        (
            row
            for row in inbox(session, actor, whose=MINE, search=None, today=today)
            if row.state in waiting and row.is_hers_to_take_up
        ),
        None,
    )


def _candidates(session: Session, unit_id: str) -> list[Case]:
    """Cases of a unit that may be open: not erased or closed, and without a planned decision that stands.

    Also those, whatever their state, in which the citizen says that a fact is wrong.
    """
    closed = select(CaseClosure.case_id).where(CaseClosure.case_id == Case.id).exists()
    planned = select(Planning.case_id).where(Planning.case_id == Case.id).exists()
    waiting = (
        select(Decision.case_id)
        .where(Decision.case_id == Case.id, col(Decision.choice).in_(WAITING_CHOICES))
        .exists()
    )
    corrected = (
        select(Assessment.case_id)
        .where(Assessment.case_id == Case.id, col(Assessment.replaces).is_not(None))
        .exists()
    )
    going_on = and_(~closed, or_(~planned, waiting, corrected))
    reported = select(FactReport.case_id).where(FactReport.case_id == Case.id, _NOT_LOOKED_AT).exists()
    statement = select(Case).where(Case.unit_id == unit_id, Case.citizen_id != "", or_(going_on, reported))
    return list(session.exec(statement).all())


_NOT_LOOKED_AT = col(FactReport.id).not_in(select(FactReportAnswer.report_id))


def _steps_of(session: Session, ids: list[str]) -> _Steps:
    consultations = _rows(session, Consultation, Consultation.case_id, ids)
    answered = {
        answer.consultation_id
        for answer in _rows(
            session,
            ConsultationAnswer,
            ConsultationAnswer.consultation_id,
            [asked.id for asked in consultations],
        )
    }
    return _Steps(
        facts={row.case_id: row for row in _rows(session, FactsVersion, FactsVersion.case_id, ids)},
        assessments={row.case_id: row for row in _rows(session, Assessment, Assessment.case_id, ids)},
        decisions={row.case_id: row for row in _rows(session, Decision, Decision.case_id, ids)},
        plannings={row.decision_id: row for row in _rows(session, Planning, Planning.case_id, ids)},
        answers={row.decision_id: row for row in _rows(session, ReturnAnswer, ReturnAnswer.case_id, ids)},
        takings={row.case_id: row for row in _rows(session, CaseTaking, CaseTaking.case_id, ids)},
        waiting_for_a_look=set(_reported(session, ids)),
        waiting_for_advice={asked.case_id for asked in consultations if asked.id not in answered},
    )


def _reported(session: Session, ids: list[str]) -> Iterable[str]:
    return session.exec(select(FactReport.case_id).where(col(FactReport.case_id).in_(ids), _NOT_LOOKED_AT))


def _rows(session: Session, table: type[Step], key: object, ids: Iterable[str]) -> list[Step]:
    """The rows whose key is among the ids, in the order of the log: in a mapping the newest wins."""
    order = (table.shard, table.log_seq)
    return list(session.exec(select(table).where(col(key).in_(list(ids))).order_by(*order)).all())  # type: ignore[arg-type]


def _row(
    session: Session, case: Case, steps: _Steps, names: dict[str, str], actor: Actor, today: date
) -> InboxRow:
    assessment, decision = steps.assessments.get(case.id), steps.decisions.get(case.id)
    taking, facts = steps.takings.get(case.id), steps.facts[case.id]
    decision_id = decision.id if decision else ""
    planning = steps.plannings.get(decision_id)
    name, age = _who(session, case, today)
    return InboxRow(
        case_id=case.id,
        serial=case.serial,
        due_on=case.due_on,
        start_after=case.start_after,
        citizen=name,
        age=age,
        referred_for=_referred_for(session, case, facts),
        state=state_from(
            None,
            assessment,
            decision,
            planning,
            steps.answers.get(decision_id),
            taking,
            facts,
        ),
        waits_for_advice=case.id in steps.waiting_for_advice,
        has_new_facts=assessment is not None and facts.id != assessment.facts_id,
        waits_for_a_look=case.id in steps.waiting_for_a_look,
        wants_reminding=planning is None and deadline_reminder.is_near(case.due_on, today),
        taken_by=names[taking.person_id] if taking else None,
        is_mine=taking is not None and taking.person_id == actor.person_id,
    )


def _who(session: Session, case: Case, today: date) -> tuple[str, int | None]:
    """Name and age of the citizen."""
    try:
        identity = log.open_part(session, case)["identity"]
    except PartUnreadable:
        return UNREADABLE, None
    return identity["name"], age_on(identity["cpr"], today)


def _referred_for(session: Session, case: Case, version: FactsVersion) -> str:
    """The case type in words, as the area declares it."""
    area = areas.get(case.area)
    try:
        fact = facts_of(session, area, version).get(area.case_type)
    except PartUnreadable:
        return UNKNOWN_TYPE
    value = fact.value if fact else None
    return area.by_name[area.case_type].code_label(value) if isinstance(value, str) else UNKNOWN_TYPE


def _display_names(session: Session, ids: set[str]) -> dict[str, str]:
    people = session.exec(select(Person).where(col(Person.id).in_(ids))).all()
    return {person.id: person.display_name for person in people}


def _matches(row: InboxRow, search: str) -> bool:
    wanted = search.strip().casefold()
    return (
        wanted == str(row.serial) or wanted in row.citizen.casefold() or wanted in row.referred_for.casefold()
    )
