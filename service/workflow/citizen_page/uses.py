"""Every context in which what is held about a citizen was used, in words, in the order of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service import log
from service.clock import local_date
from service.tables.assessment import Assessment, Consultation
from service.tables.citizen import Letter
from service.tables.decision import Decision, Planning
from service.tables.intake import FactsVersion
from service.tables.suggestion import Suggestion
from service.workflow.case_file import WAITING_CHOICES, CaseFile, all_of
from service.workflow.citizen_page import reports
from service.workflow.citizen_page.contexts import extracts_with
from service.workflow.decision.choice_words import choice_label
from service.workflow.letter.course import COMPUTED, CONTROL_ARM, NOT_SHOWN, TELLS_ITSELF

Moment = tuple[datetime, str]
WAITING = {
    "retur": "Planen blev sendt tilbage til hospitalet. Der manglede noget.",
    "kan_ikke_afgoeres": "Sagsbehandleren manglede noget for at kunne beslutte.",
}
TAKEN_OUT = (
    "Vi lavede et udtræk af sager, som systemet kan lære af. Din sag kan være med i det."
    " Dit navn og dit CPR-nummer er ikke med."
)


@dataclass(frozen=True)
class Use:
    """What was done with her facts on a day."""

    day: date
    text: str


def uses_of(session: Session, file: CaseFile) -> tuple[Use, ...]:
    """Everything her facts were used for."""
    moments = [
        (file.case.at, "Planen fra hospitalet kom, og vi lavede din sag."),
        *_versions(session, file),
        *_steps(session, file),
        *_reports(session, file),
        *_exports(session, file),
    ]
    return tuple(Use(local_date(at), text) for at, text in sorted(moments, key=lambda moment: moment[0]))


def _versions(session: Session, file: CaseFile) -> Iterator[Moment]:
    said = {
        "reading": "En sagsbehandler læste planen og skrev ned, hvad der stod.",
        "answer": "Der kom svar på noget, vi manglede.",
        "updated_plan": "Der kom en ny udgave af planen.",
        "fetched": "Vi spurgte hjemmeplejen om noget, vi manglede. Du havde sagt ja til det.",
    }
    for version in all_of(session, FactsVersion, file.case.id):
        if version.occasion in said:
            yield version.at, said[version.occasion]


def _steps(session: Session, file: CaseFile) -> Iterator[Moment]:
    case_id = file.case.id
    for judged in all_of(session, Assessment, case_id):
        yield judged.at, "En sagsbehandler skrev sin egen vurdering ned."
    for shown in all_of(session, Suggestion, case_id):
        yield shown.at, _shown(session, file, shown)
    for asked in all_of(session, Consultation, case_id):
        yield asked.at, "En kollega blev spurgt til råds."
    for decided in all_of(session, Decision, case_id):
        yield decided.at, _decided(file, decided)
    for planned in all_of(session, Planning, case_id):
        yield planned.at, "Vi aftalte, hvor og hvornår du skal træne."
    for letter in all_of(session, Letter, case_id):
        yield letter.at, "Vi skrev et brev til dig om det."


def _shown(session: Session, file: CaseFile, row: Suggestion) -> str:
    """What came of looking for similar cases. Counts are told once there is a decision, never before."""
    if row.reason == "control_arm":
        return CONTROL_ARM
    if row.outcome == "withheld":
        said = NOT_SHOWN[row.reason or ""]
        return f"{said} {COMPUTED}" if row.payload_hash and row.reason not in TELLS_ITSELF else said
    told = "Systemet fandt sager, der ligner din. Sagsbehandleren så dem."
    return told if file.decision is None else f"{told} {_counts(session, file, row)}".strip()


def _counts(session: Session, file: CaseFile, row: Suggestion) -> str:
    similar = log.open_part(session, row)["payload"]["similar"]
    found = [entry for entry in similar["spread"] if entry["count"]]
    total, offers = sum(entry["count"] for entry in found), file.area.citizen_words.offers
    if similar["reference_reason"] == "too_few":
        return "Der var kun få."
    return " ".join(
        f"I {each['count']} af {total} fik borgeren {offers.get(each['level'], each['level'])}."
        for each in sorted(found, key=lambda each: -each["count"])
    )


def _decided(file: CaseFile, row: Decision) -> str:
    if row.choice in WAITING_CHOICES:
        return WAITING[row.choice]
    label = choice_label(file.area, file.case.plan_type, row.choice, row.at)
    offer = file.area.citizen_words.offers.get(row.choice, label.lower())
    return f"En sagsbehandler tog sin beslutning. Du får {offer}."


def _reports(session: Session, file: CaseFile) -> Iterator[Moment]:
    labels = {question.name: question.label for question in file.area.questions}
    for said in reports.all_reports(session, file.case):
        yield said.row.at, f"Vi fik at vide, at »{labels[said.question]}« er forkert."
    for answer in reports.answers(session, file.case):
        name = labels[answer.question]
        if answer.row.outcome == reports.CORRECTED:
            yield answer.row.at, f"Vi så på »{name}« og rettede det."
        else:
            yield answer.row.at, f"Vi så på »{name}«. Det bliver stående, og grunden er: »{answer.note}«"


def _exports(session: Session, file: CaseFile) -> Iterator[Moment]:
    for at in extracts_with(session, file):
        yield at, TAKEN_OUT
