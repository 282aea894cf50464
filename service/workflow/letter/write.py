"""A letter is signed: its row, its words in the sealed part, its entry. A later one names the one before."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from service import log, policy
from service.clock import local_date
from service.errors import Conflict, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.citizen import Letter
from service.workflow.case_file import CaseFile, newest, open_file
from service.workflow.letter.checks import faults_of
from service.workflow.letter.compose import LetterText, compose
from service.workflow.letter.draft import Parts
from service.workflow.letter.ground import ground_of


@dataclass(frozen=True)
class Signed:
    """A letter as it was signed: its row, the parts as she wrote them, and all of its words."""

    row: Letter
    parts: Parts
    text: LetterText


def write_letter(
    session: Session, case_id: str, parts: Parts, *, confirmed: Collection[str], decision_id: str,
    replaces: str | None, contacts: Path | None, now: datetime, by: Actor,
) -> Letter:  # fmt: skip
    """Store a letter about the decision that its page showed, and commit.

    The same letter sent twice is one letter. Raises Refused with the first thing to mend, Conflict when the
    decision or the letter has been replaced since the page was opened, ContactsMissing, and whatever
    `ground_of` raises of a case that is not decided.
    """
    file = open_file(session, case_id)
    policy.authorize(by, Action.WRITE_LETTER, file.case)
    current = newest(session, Letter, case_id)
    if current is not None and _is_same(session, current, parts, decision_id, replaces, by):
        return current
    ground = ground_of(session, file, contacts, local_date(now))
    _refuse_outdated(file, decision_id, current, replaces)
    for name, fault in faults_of(ground, parts, confirmed).items():
        raise Refused(fault, field=name)
    row = Letter(
        at=now, case_id=case_id, decision_id=decision_id, written_by=by.person_id, variant=ground.variant,
        replaces=replaces,
    )  # fmt: skip
    log.append(
        session, Event.LETTER_WRITTEN, at=now, by=by, row=row, citizen_id=file.case.citizen_id,
        personal={
            "parts": asdict(parts), "confirmed": sorted(confirmed), "letter": compose(ground, parts).to_json()
        },
        decision=decision_id, variant=row.variant, replaces=replaces,
    )  # fmt: skip
    session.commit()
    return row


def signed_letter(session: Session, case_id: str) -> Signed | None:
    """The newest letter of a case, word for word as it was signed; None when there is none."""
    row = newest(session, Letter, case_id)
    if row is None:
        return None
    part = log.open_part(session, row)
    return Signed(row, Parts(**part["parts"]), LetterText.from_json(part["letter"]))


def _is_same(
    session: Session, current: Letter, parts: Parts, decision_id: str, replaces: str | None, by: Actor
) -> bool:
    said = (current.decision_id, current.replaces, current.written_by)
    if said != (decision_id, replaces, by.person_id):
        return False
    return bool(log.open_part(session, current)["parts"] == asdict(parts))


def _refuse_outdated(file: CaseFile, decision_id: str, current: Letter | None, replaces: str | None) -> None:
    if file.decision is None or file.decision.id != decision_id:
        raise Conflict("Beslutningen er rettet i mellemtiden. Åbn brevet igen.")
    if replaces != (current.id if current else None):
        raise Conflict("En anden har skrevet et brev i mellemtiden. Se det, før du gemmer.")
