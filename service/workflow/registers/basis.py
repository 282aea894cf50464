"""The legal basis of a phase: an entry that names law, scope, dates, approver and document, and runs out."""

import re
from datetime import date

from sqlmodel import Session, select

from service.errors import Refused
from service.tables.governance import RegisterEntry

CONSENT = re.compile(
    r"samtykke|consent|(?:artikel|art\.?)?\s*6\s*,?\s*\(?\s*(?:stk\.?)?\s*1\s*\)?\s*,?\s*(?:litra\s+a\b|\(\s*a\s*\))",
    re.IGNORECASE,
)
"""Consent by its name, and by its place in the General Data Protection Regulation."""


def refuse_consent(law: str, *, field: str) -> None:
    """Raise Refused when a legal basis is consent: a citizen cannot freely refuse the one who decides."""
    if CONSENT.search(law):
        raise Refused(
            "Samtykke kan ikke være retsgrundlag. Henvis til den lov, der giver adgang.", field=field
        )


def bases_of(session: Session, municipality_id: str, phase: str) -> list[RegisterEntry]:
    """The newest version of each legal basis that is written for a phase."""
    rows = session.exec(
        select(RegisterEntry)
        .where(RegisterEntry.municipality_id == municipality_id, RegisterEntry.kind == "approval")
        .where(RegisterEntry.subject == f"fase:{phase}")
        .order_by(RegisterEntry.at, RegisterEntry.log_seq)  # type: ignore[arg-type]
    ).all()
    replaced = {row.replaces for row in rows}
    return [row for row in rows if row.id not in replaced]


def in_force(bases: list[RegisterEntry], on: date) -> RegisterEntry | None:
    """The basis that holds on a day, the one written last; None when none does."""
    day = on.isoformat()
    holding = [row for row in bases if row.content["dato"] <= day <= row.content["udloeber"]]
    return holding[-1] if holding else None


def has_run_out(session: Session, municipality_id: str, phase: str, on: date) -> bool:
    """Whether a legal basis is written for the phase and none of them holds on the day."""
    bases = bases_of(session, municipality_id, phase)
    return bool(bases) and in_force(bases, on) is None
