"""A fact is said to be wrong: it stops counting at once, and a human looks before evidence comes back."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import areas
from models import facts as case_facts
from models.declaration import Source
from models.facts import Fact, FactsRefused, FactValue
from service import log, policy
from service.clock import local_date
from service.errors import Conflict, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.citizen import FactReport, FactReportAnswer
from service.tables.intake import Case, FactsVersion
from service.workflow.case_file import all_of, arrival_of, facts_of, find_case
from service.workflow.case_rows import open_reports
from service.workflow.citizen_page import representation
from service.workflow.citizen_page.speaker import PHONE, Speaker
from service.workflow.intake import mark_wrong_row
from service.workflow.intake.facts_version import add_version, newest_version

CORRECTED, KEPT = "corrected", "kept"
MOST_SIGNS = 1000


@dataclass(frozen=True)
class Report:
    """What the citizen says: about which fact, what it was then, and her own words."""

    row: FactReport
    question: str
    fact: Fact
    note: str


@dataclass(frozen=True)
class Answer:
    """What came of a report, with the caseworker's words."""

    row: FactReportAnswer
    question: str
    note: str


def report_wrong(
    session: Session, case_id: str, question: str, *, note: str, speaker: Speaker, now: datetime,
    by: Actor | None, read_back: bool = False,
) -> FactReport:  # fmt: skip
    """Take what the citizen says and commit: the fact is marked wrong, evidence is withdrawn.

    By phone a caseworker (`by`) enters it, and has read it back. Raises Refused, naming the field.
    """
    case = find_case(session, case_id)
    if by is not None:
        policy.authorize(by, Action.ASSIST_CITIZEN, case)
    if (speaker.channel == PHONE) != (by is not None):
        raise ValueError("somebody listens on the phone, and nobody else does")
    if speaker.representation_id is not None:
        representation.require(session, case_id, speaker.representation_id, local_date(now))
    if by is not None and not read_back:
        raise Refused("Læs det op, og spørg, om det er rigtigt forstået.", field="oplaest")
    note = _plain(note)
    if any(said.question == question for said in standing(session, case)):
        raise Refused("Det har vi allerede fået at vide. Vi ser på det.", field="oplysning")
    version = mark_wrong_row(
        session, case, question, note=note, now=now, by=by, channel=speaker.channel, speaker=speaker.kind
    )
    row = FactReport(
        at=now, case_id=case_id, facts_id=version.id, channel=speaker.channel, speaker=speaker.kind,
        representation_id=speaker.representation_id, recorded_by=by.person_id if by else None,
    )  # fmt: skip
    log.append(
        session, Event.FACT_REPORTED, at=now, by=by, row=row, citizen_id=case.citizen_id,
        channel=row.channel, speaker=row.speaker, read_back=read_back or None,
    )  # fmt: skip
    session.commit()
    return row


def answer_report(
    session: Session, case_id: str, report_id: str, *, outcome: str, value: FactValue | None = None,
    note: str, now: datetime, by: Actor,
) -> FactReportAnswer:  # fmt: skip
    """Note that a human has looked, with a new version of the facts, and commit.

    `corrected` puts in what the citizen said (`value`; None for what nobody knows), `kept` lets the fact
    stand again and needs a reason. Raises Refused, and Conflict when somebody else has looked already.
    """
    case = find_case(session, case_id)
    policy.authorize(by, Action.RECORD_FACTS, case)
    report = find(session, case, report_id)
    note = _plain(note)
    if outcome not in (CORRECTED, KEPT):
        raise Refused("Vælg, hvad du er kommet frem til.", field="resultat")
    if outcome == KEPT and not note:
        raise Refused("Skriv, hvorfor oplysningen skal blive stående. Borgeren kan læse det.", field="note")
    was = report.fact
    fact = Fact(was.value, was.source, was.known_at) if outcome == KEPT else Fact(value, Source.CITIZEN, now)
    version = _with_fact(session, case, report.question, fact, note, now, by)
    row = FactReportAnswer(
        at=now, case_id=case_id, report_id=report_id, facts_id=version.id, answered_by=by.person_id,
        outcome=outcome,
    )  # fmt: skip
    log.append(
        session, Event.FACT_REPORT_ANSWERED, at=now, by=by, row=row, citizen_id=case.citizen_id,
        personal={"text": note, "question": report.question}, outcome=outcome,
    )  # fmt: skip
    session.commit()
    return row


def find(session: Session, case: Case, report_id: str) -> Report:
    """A report that nobody has looked at yet; raises NotFound, or Conflict when somebody has."""
    found = session.get(FactReport, report_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    if all(row.id != report_id for row in open_reports(session, case.id)):
        raise Conflict("En anden har set på det i mellemtiden. Se sagen igen.")
    return _report(session, case, found)


def standing(session: Session, case: Case) -> tuple[Report, ...]:
    """What nobody has looked at yet, in the order of the log."""
    return tuple(_report(session, case, row) for row in open_reports(session, case.id))


def all_reports(session: Session, case: Case) -> tuple[Report, ...]:
    """Everything the citizen ever said was wrong, looked at or not."""
    return tuple(_report(session, case, row) for row in all_of(session, FactReport, case.id))


def answers(session: Session, case: Case) -> tuple[Answer, ...]:
    """What came of the reports that somebody has looked at."""
    found = []
    for row in all_of(session, FactReportAnswer, case.id):
        part = log.open_part(session, row)
        found.append(Answer(row, part["question"], part["text"]))
    return tuple(found)


def _report(session: Session, case: Case, row: FactReport) -> Report:
    version = session.get_one(FactsVersion, row.facts_id)
    part = log.open_part(session, version)
    fact = facts_of(session, areas.get(case.area), version)[part["question"]]
    return Report(row, part["question"], fact, part.get("note", ""))


def _with_fact(
    session: Session, case: Case, question: str, fact: Fact, note: str, now: datetime, by: Actor
) -> FactsVersion:
    area = areas.get(case.area)
    facts = facts_of(session, area, newest_version(session, case))
    given = {name: known for name, known in facts.items() if not area.by_name[name].computed}
    given[question] = fact
    try:
        completed = case_facts.complete(area, given, arrival_of(case), now)
    except FactsRefused:
        raise Refused("Svaret passer ikke til oplysningen.", field="vaerdi") from None
    return add_version(
        session, case, area, completed, "report_answered", now, by, note=note, question=question
    )


def _plain(note: str) -> str:
    note = note.strip()
    if len(note) > MOST_SIGNS:
        raise Refused(f"Skriv højst {MOST_SIGNS} tegn.", field="note")
    return note
