"""What somebody has typed and not yet saved: kept as she types, gone when it is saved."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from service import log, policy
from service.errors import Refused
from service.identity import Actor
from service.policy import Action
from service.tables.intake import Draft
from service.workflow.case_file import find_case

STEPS = ("assessment", "decision", "planning")
MOST_CHARACTERS = 20_000


def save(
    session: Session, case_id: str, step: str, content: Mapping[str, Any], *, now: datetime, by: Actor
) -> None:
    """Keep a draft of one step, in place of the one before."""
    case = find_case(session, case_id)
    policy.authorize(by, Action.RECORD_FACTS, case)
    if step not in STEPS:
        raise Refused(f"Der er ingen kladde til trinnet {step!r}.")
    if sum(len(str(value)) for value in content.values()) > MOST_CHARACTERS:
        raise Refused("Kladden er for lang til at blive gemt.")
    draft = _find(session, case_id, by.person_id, step)
    if draft is None:
        draft = Draft(
            case_id=case_id, person_id=by.person_id, step=step, nonce=b"", content=b"", updated_at=now
        )
    typed = json.dumps(dict(content)).encode()
    draft.nonce, draft.content = log.seal(session, case.citizen_id, _place(draft), typed)
    draft.updated_at = now
    session.add(draft)
    session.commit()


def load(session: Session, case_id: str, step: str, *, by: Actor) -> dict[str, Any]:
    """Her own draft of one step, empty when there is none; nobody else's."""
    draft = _find(session, case_id, by.person_id, step)
    if draft is None:
        return {}
    citizen_id = find_case(session, case_id).citizen_id
    typed = json.loads(log.unseal(session, citizen_id, _place(draft), draft.nonce, draft.content))
    return dict(typed)


def clear_row(session: Session, case_id: str, person_id: str, step: str) -> None:
    """Drop a draft as part of the step that saves it; does not commit."""
    draft = _find(session, case_id, person_id, step)
    if draft is not None:
        session.delete(draft)


def _place(draft: Draft) -> str:
    return f"draft:{draft.id}"


def _find(session: Session, case_id: str, person_id: str, step: str) -> Draft | None:
    statement = select(Draft).where(
        Draft.case_id == case_id, Draft.person_id == person_id, Draft.step == step
    )
    return session.exec(statement).first()
