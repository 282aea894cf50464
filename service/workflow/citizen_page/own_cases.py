"""The cases of a citizen whom the municipality's own login has named."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from service.identity import find_citizen
from service.tables.intake import Case
from service.tables.organisation import Municipality, Unit
from service.workflow.case_file import CaseState, state_of


@dataclass(frozen=True)
class OwnCase:
    """One case, as much as the door shows of it: who has it, and by when a start must be offered."""

    case_id: str
    place: str
    received_on: date
    due_on: date
    state: CaseState


def own_cases(session: Session, cpr: str, pepper: bytes) -> tuple[OwnCase, ...]:
    """Every case of the citizen behind a parsed CPR number, in any municipality here, the newest first."""
    found = []
    for municipality in session.exec(select(Municipality).order_by(col(Municipality.name))):
        citizen_id = find_citizen(session, municipality.id, cpr, pepper)
        if citizen_id:
            cases = session.exec(select(Case).where(Case.citizen_id == citizen_id)).all()
            found += [_told(session, case, municipality) for case in cases]
    return tuple(sorted(found, key=lambda case: case.received_on, reverse=True))


def _told(session: Session, case: Case, municipality: Municipality) -> OwnCase:
    unit = session.get_one(Unit, case.unit_id)
    place = f"{municipality.name}, {unit.name}"
    return OwnCase(case.id, place, case.received_on, case.due_on, state_of(session, case.id))
