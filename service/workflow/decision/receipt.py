"""The receipt of a decision: what was decided, what most similar cases show, and its place in the log."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.declaration import label_in
from service import log
from service.clock import local
from service.errors import NotFound
from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.tables.log import LogEntry
from service.tables.organisation import Person
from service.workflow.case_file import WAITING_CHOICES, CaseFile, open_file
from service.workflow.decision.choice_words import choice_label
from service.workflow.decision.partly import partly_sentence

PRESENT_STANDS = {
    "agreement": "på linje med flest lignende sager",
    "override": "anderledes end flest lignende sager",
}


@dataclass(frozen=True)
class Receipt:
    """What the caseworker takes with her: a sentence, her entry's number and hash, a text for the record.

    `partly` says how decision and plan stand to most similar cases, where some is like them and some not.
    """

    serial: int
    at: datetime
    sentence: str
    partly: str
    waits: bool
    shard: str
    seq: int
    leaf_hash: str
    entry: bytes
    journal_text: str


def receipt_of(session: Session, case_id: str) -> Receipt:
    """The receipt of the newest decision of a case; NotFound when it has none."""
    file = open_file(session, case_id)
    if file.decision is None:
        raise NotFound()
    entry = session.get_one(LogEntry, (file.decision.shard, file.decision.log_seq))
    return Receipt(
        serial=file.case.serial,
        at=file.decision.at,
        sentence=sentence_of(session, file, file.decision),
        partly=_partly(session, file, file.decision),
        waits=file.decision.choice in WAITING_CHOICES,
        shard=entry.shard,
        seq=entry.seq,
        leaf_hash=entry.leaf_hash.hex(),
        entry=entry.entry.encode(),
        journal_text=journal_text(session, file, file.decision),
    )


def sentence_of(session: Session, file: CaseFile, decision: Decision) -> str:
    """Her decision beside the reference, in one line; nothing is covert."""
    decided = f"Din beslutning: {_chosen(file, decision)}"
    shown = file.suggestion
    if shown is None or shown.outcome == "withheld":
        return f"Der blev ikke vist grundlag. {decided}."
    similar = log.open_part(session, shown)["payload"]["similar"]
    if shown.reference_level is None:
        return f"Lignende sager fordeler sig uden et flertal. {decided}."
    most = next(entry for entry in similar["spread"] if entry["level"] == shown.reference_level)
    reference = f"{most['label'].lower()} ({most['count']} af {similar['count']})"
    stands = PRESENT_STANDS.get(decision.agreement)
    return f"Flest lignende sager: {reference}. {decided}{', ' + stands if stands else ''}."


def _partly(session: Session, file: CaseFile, decision: Decision) -> str:
    shown, planning = file.suggestion, file.planning
    if shown is None or shown.outcome == "withheld" or planning is None:
        return ""
    return partly_sentence(log.open_part(session, shown)["payload"], decision, planning)


def journal_text(session: Session, file: CaseFile, decision: Decision) -> str:
    """A plain text for the care record: judgement, what was shown, decision, weight and reasons."""
    assessment = file.assessment
    lines = [
        f"Visitation: {file.area.label}, sag {file.case.serial}",
        f"Retsgrundlag: {file.area.legal_basis}",
        *([_judgement_line(file, assessment)] if assessment else []),
        _shown_line(file),
        f"Beslutning {_moment(decision.at)}: {_chosen(file, decision)}.",
        f"Lagt mest vægt på: {_reasons(file, decision)}.",
    ]  # fmt: skip
    said = log.open_part(session, decision)
    if said.get("text"):
        lines.append(f"Begrundelse: {said['text']}")
    if said.get("citizens_view"):
        lines.append(f"Borgeren selv: {said['citizens_view']}")
    if said.get("signed"):
        who = session.get_one(Person, decision.person_id).display_name
        lines.append(f"Underskrevet af {who}: {said['signed']}")
    if file.planning is not None:
        lines.append(_plan_line(file))
    # The record lies outside our reach: whoever rewrote the entry before it was sealed would be told by this.
    leaf_hash = session.get_one(LogEntry, (decision.shard, decision.log_seq)).leaf_hash.hex()
    lines.append(f"Logført som {decision.shard} nr. {decision.log_seq}, fingeraftryk {leaf_hash}.")
    return "\n".join(lines) + "\n"


def _chosen(file: CaseFile, made: Assessment | Decision) -> str:
    """A choice in words, lower-cased to stand inside a sentence."""
    return choice_label(file.area, file.case.plan_type, made.choice, made.at).lower()


def _judgement_line(file: CaseFile, assessment: Assessment) -> str:
    is_shown = file.suggestion is not None and file.suggestion.outcome == "shown"
    before = " før grundlaget blev vist" if is_shown else ""
    seen = " efter nye oplysninger" if assessment.evidence_seen_before else before
    return f"Egen vurdering {_moment(assessment.at)}{seen}: {_chosen(file, assessment)}."


def _shown_line(file: CaseFile) -> str:
    shown = file.suggestion
    if shown is None or shown.outcome == "withheld":
        return "Grundlag: ikke vist."
    return f"Grundlag: vist {_moment(shown.at)}, model {shown.model_version}."


def _reasons(file: CaseFile, decision: Decision) -> str:
    codes = [code for code in (decision.reason_code, decision.second_reason_code) if code]
    return " og ".join(label_in(file.area.reasons, code).lower() for code in codes)


def _plan_line(file: CaseFile) -> str:
    planning, area = file.planning, file.area
    if planning is None:
        return ""
    forms = ", ".join(label_in(area.forms, form).lower() for form in planning.forms)
    first = (
        f"første aftale {planning.first_date:%d.%m.%Y}"
        if planning.first_date
        else "første aftale endnu ikke sat"
    )
    team, place = label_in(area.teams, planning.team).lower(), label_in(area.places, planning.place).lower()
    return f"Planlagt: {forms}; team {team}; {place}; {first}."


def _moment(at: datetime) -> str:
    return f"{local(at):%d.%m.%Y kl. %H.%M}"
