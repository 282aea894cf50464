"""What exists about one case: the newest row of every step, and the state that follows from them.

State is derived from which rows exist; nothing here is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlmodel import Session, select

from models import areas
from models import facts as case_facts
from models.declaration import Area, Arrival
from models.facts import Fact
from service import log
from service.errors import CaseErased, NotFound
from service.tables.assessment import Assessment, Consultation, ConsultationAnswer
from service.tables.base import CaseStep
from service.tables.citizen import FactReport
from service.tables.decision import Decision, Planning
from service.tables.intake import Case, CaseClosure, CaseTaking, FactsVersion, ReturnAnswer
from service.tables.suggestion import Suggestion
from service.workflow import case_rows, in_force

WAITING_CHOICES = ("retur", "kan_ikke_afgoeres")
"""Decisions that are no end: the case waits for an answer or for more facts."""

Step = TypeVar("Step", bound=CaseStep)


class CaseState(StrEnum):
    """Where a case stands; the words people read are in `label`."""

    NEW = "new"
    BEING_READ = "being_read"
    JUDGED = "judged"
    DECIDED = "decided"
    PLANNED = "planned"
    RETURNED = "returned"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The state in Danish."""
        return {
            "new": "Ny",
            "being_read": "Læses",
            "judged": "Vurderet",
            "decided": "Besluttet",
            "planned": "Planlagt",
            "returned": "Venter på svar",
            "answered": "Svar modtaget",
            "closed": "Lukket",
        }[self.value]


@dataclass(frozen=True)
class CaseFile:
    """One case with the newest row of every step (None where there is none) and its facts as they stand.

    `stopped_by_right` is the right of the citizen for which no evidence may be shown now, or None.
    """

    case: Case
    area: Area
    identity: Mapping[str, str]
    sections: Mapping[str, str]
    operational: Mapping[str, str]
    facts_versions: tuple[FactsVersion, ...]
    facts: Mapping[str, Fact]
    judged_facts: FactsVersion | None
    assessment: Assessment | None
    suggestion: Suggestion | None
    decision: Decision | None
    planning: Planning | None
    answer: ReturnAnswer | None
    closure: CaseClosure | None
    taking: CaseTaking | None
    consultations: tuple[Consultation, ...]
    consultation_answers: tuple[ConsultationAnswer, ...]
    open_reports: tuple[FactReport, ...] = ()
    stopped_by_right: str | None = None

    @property
    def facts_version(self) -> FactsVersion:
        """The version of the facts that counts."""
        return self.facts_versions[-1]

    @property
    def arrival(self) -> Arrival:
        """The dates of the plan's arrival."""
        return arrival_of(self.case)

    @property
    def state(self) -> CaseState:
        """Where the case stands."""
        return state_from(
            self.closure,
            self.assessment,
            self.decision,
            self.planning,
            self.answer,
            self.taking,
            self.facts_version,
        )

    @property
    def needs_judgement(self) -> bool:
        """Whether the next step is her own judgement."""
        return self.state in (CaseState.NEW, CaseState.BEING_READ, CaseState.ANSWERED)

    @property
    def facts_are_newer(self) -> bool:
        """Whether facts have been added since the judgement."""
        return self.judged_facts is not None and self.facts_version.version > self.judged_facts.version

    @property
    def evidence_withdrawn(self) -> bool:
        """Whether a fact was marked wrong after the judgement, so that what was shown no longer stands."""
        judged = self.judged_facts
        return judged is not None and any(
            version.occasion == "marked_wrong" and version.version > judged.version
            for version in self.facts_versions
        )

    @property
    def waits_for_a_look(self) -> bool:
        """Whether the citizen says that a fact is wrong, and nobody has looked at it yet."""
        return bool(self.open_reports)

    @property
    def waits_for_advice(self) -> bool:
        """Whether a colleague has been asked and has not answered."""
        answered = {answer.consultation_id for answer in self.consultation_answers}
        return any(asked.id not in answered for asked in self.consultations)


def state_from(
    closure: CaseClosure | None,
    assessment: Assessment | None,
    decision: Decision | None,
    planning: Planning | None,
    answer: ReturnAnswer | None,
    taking: CaseTaking | None,
    facts: FactsVersion,
) -> CaseState:
    """The state that follows from which rows exist; `answer` and `planning` are those of `decision`."""
    if closure is not None:
        return CaseState.CLOSED
    if decision is None:
        if assessment is not None:
            return CaseState.JUDGED
        return CaseState.BEING_READ if facts.occasion == "reading" or taking is not None else CaseState.NEW
    if answer is not None:
        return CaseState.JUDGED if _after(assessment, answer) else CaseState.ANSWERED
    if decision.choice in WAITING_CHOICES:
        return CaseState.RETURNED
    if _after(assessment, decision):
        return CaseState.JUDGED
    return CaseState.PLANNED if planning is not None else CaseState.DECIDED


def _after(step: CaseStep | None, other: CaseStep) -> bool:
    return step is not None and (step.shard, step.log_seq) > (other.shard, other.log_seq)


def newest(session: Session, table: type[Step], case_id: str) -> Step | None:
    """The row of a step that was logged last for a case, or None."""
    statement = (
        select(table)
        .where(table.case_id == case_id)  # type: ignore[attr-defined]
        .order_by(table.shard.desc(), table.log_seq.desc())  # type: ignore[attr-defined]
        .limit(1)
    )
    return session.exec(statement).first()


def all_of(session: Session, table: type[Step], case_id: str) -> tuple[Step, ...]:
    """All rows of a step of a case, in the order in which they were logged."""
    statement = (
        select(table)
        .where(table.case_id == case_id)  # type: ignore[attr-defined]
        .order_by(table.shard, table.log_seq)  # type: ignore[arg-type]
    )
    return tuple(session.exec(statement).all())


def find_row(session: Session, case_id: str) -> Case:
    """The row of a case, also of one that is erased; NotFound when there is none."""
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound()
    return case


def find_case(session: Session, case_id: str) -> Case:
    """The case of that id; NotFound when there is none, CaseErased when nothing of it is left to work on."""
    return refuse_erased(find_row(session, case_id))


def refuse_erased(case: Case) -> Case:
    """The case itself; raises CaseErased."""
    if is_erased(case):
        raise CaseErased
    return case


def is_erased(case: Case) -> bool:
    """Whether the citizen's data are gone from the case; its dates then mean nothing."""
    return not case.citizen_id


def state_of(session: Session, case_id: str) -> CaseState:
    """Where a case stands, by its rows alone: nothing personal is opened."""
    decision, facts = newest(session, Decision, case_id), newest(session, FactsVersion, case_id)
    if facts is None:
        raise LookupError(f"case {case_id} has no facts")
    return state_from(
        newest(session, CaseClosure, case_id),
        newest(session, Assessment, case_id),
        decision,
        _of(session, Planning, Planning.decision_id, decision),
        _of(session, ReturnAnswer, ReturnAnswer.decision_id, decision),
        newest(session, CaseTaking, case_id),
        facts,
    )


def arrival_of(case: Case) -> Arrival:
    """The dates of a case's arrival."""
    return Arrival(case.received_on, case.discharged_on, case.start_after, case.contact_from, case.contact_to)


def facts_of(session: Session, area: Area, version: FactsVersion) -> dict[str, Fact]:
    """The facts of one version, read back through the declaration."""
    return case_facts.from_json(area, log.open_part(session, version)["facts"])


def open_file(session: Session, case_id: str) -> CaseFile:
    """Everything that exists about a case; NotFound when there is no such case."""
    case = find_case(session, case_id)
    area = areas.get(case.area)
    arrived = log.open_part(session, case)
    versions = all_of(session, FactsVersion, case_id)
    texts = plan_texts(session, arrived, versions)
    assessment = newest(session, Assessment, case_id)
    decision = newest(session, Decision, case_id)
    return CaseFile(
        case=case,
        area=area,
        identity=arrived["identity"],
        sections=texts["sections"],
        operational=texts["operational"],
        facts_versions=versions,
        facts=facts_of(session, area, versions[-1]),
        judged_facts=_by_id(versions, assessment.facts_id) if assessment else None,
        assessment=assessment,
        suggestion=_of(session, Suggestion, Suggestion.assessment_id, assessment),
        decision=decision,
        planning=_of(session, Planning, Planning.decision_id, decision),
        answer=_of(session, ReturnAnswer, ReturnAnswer.decision_id, decision),
        closure=newest(session, CaseClosure, case_id),
        taking=newest(session, CaseTaking, case_id),
        consultations=all_of(session, Consultation, case_id),
        consultation_answers=case_rows.advice(session, case_id),
        open_reports=case_rows.open_reports(session, case_id),
        stopped_by_right=in_force.stops_evidence(session, case_id),
    )


def _by_id(versions: tuple[FactsVersion, ...], facts_id: str) -> FactsVersion:
    return next(version for version in versions if version.id == facts_id)


def _of(session: Session, table: type[Step], key: Any, step: CaseStep | None) -> Step | None:
    """The newest row of a table that belongs to a given step, or None."""
    if step is None:
        return None
    order = (table.shard.desc(), table.log_seq.desc())  # type: ignore[attr-defined]
    return session.exec(select(table).where(key == step.id).order_by(*order).limit(1)).first()


def plan_texts(
    session: Session, arrived: Mapping[str, Any], versions: tuple[FactsVersion, ...]
) -> Mapping[str, Any]:
    """The plan's text as it last arrived: an updated plan brings its own."""
    for version in reversed(versions):
        if version.occasion in ("updated_plan", "answer"):
            part = log.open_part(session, version)
            if part.get("sections"):
                return part
    return arrived
