"""In operation every citizen can be told whom to turn to, or nothing is saved."""

from sqlmodel import select

from service.clock import local_date
from service.database import reading
from service.selftest.findings import Finding, Installation, fault, in_order
from service.tables.organisation import Municipality
from service.workflow import governance
from service.workflow.letter.contacts import ContactsMissing, read_contacts

OPERATION = "drift"


def contacts(place: Installation) -> Finding:
    """Every municipality in operation has said whom its citizens can turn to, line by line."""
    with reading(place.engine) as session:
        day = local_date(place.now)
        codes = [
            each.code
            for each in session.exec(select(Municipality))
            if governance.phase_of(session, each.id, day) == OPERATION
        ]
    for code in sorted(codes):
        try:
            read_contacts(place.settings.contacts, code)
        except ContactsMissing:
            return fault(
                f"Municipality {code} is in operation and has not said whom citizens can turn to."
                " Fill in its table and point SKOEN_CONTACTS at the file.",
                "Kommunen har ikke oplyst, hvem borgerne kan kontakte.",
                where=code,
            )
    return in_order(
        "Whoever is in operation has said whom citizens can turn to.",
        "Borgerne kan få oplyst, hvem de kan kontakte.",
    )
