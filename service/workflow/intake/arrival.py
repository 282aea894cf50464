"""What is checked and looked up when a plan arrives: its place, its dates, and whether it was here before."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlmodel import Session, select

from models import facts as case_facts
from service.digest import digest
from service.errors import Refused
from service.tables.organisation import Municipality, Unit
from service.workflow.intake.referral import Referral


def content_digest(referral: Referral) -> str:
    """SHA-256 of all that a referral says, by which a repeated one is recognised."""
    said = {
        "citizen": asdict(referral.citizen),
        "facts": case_facts.to_json(referral.facts),
        "plan_type": referral.plan_type,
        "dates": [str(value) for value in asdict(referral.arrival).values()],
        **plan_text(referral),
    }
    return digest(said)


def plan_text(referral: Referral) -> dict[str, Any]:
    """The plan's own words, and the requests it says it replaces: shown, never learned."""
    said: dict[str, Any] = {"sections": dict(referral.sections), "operational": dict(referral.operational)}
    return {**said, "replaces": list(referral.replaces)} if referral.replaces else said


def municipality_of(session: Session, code: str) -> Municipality:
    """The municipality of a code; one that is not set up here is refused."""
    found = session.exec(select(Municipality).where(Municipality.code == code)).first()
    if found is None:
        raise Refused(f"Kommunen med kode {code} findes ikke her.", field="municipality")
    return found


def unit_of(session: Session, municipality: Municipality, name: str | None) -> Unit:
    """The named unit; without a name the municipality's first by name."""
    statement = select(Unit).where(Unit.municipality_id == municipality.id).order_by(Unit.name)
    units = list(session.exec(statement).all())
    found = units[:1] if name is None else [unit for unit in units if unit.name == name]
    if not found:
        raise Refused(f"Enheden {name!r} findes ikke i {municipality.name}.", field="unit")
    return found[0]


def refuse_impossible_dates(referral: Referral, today: date) -> None:
    """Refuse a plan from the future and a hospital contact that ends before it begins."""
    if referral.received_on > today:
        raise Refused("Planen kan ikke være modtaget i fremtiden.", field="received_on")
    if (referral.discharged_on - referral.received_on).days > 60:
        raise Refused("Udskrivningen ligger mere end 60 dage efter modtagelsen.", field="discharged_on")
    contact_from, contact_to = referral.contact_from, referral.contact_to
    if contact_from and contact_to and contact_to < contact_from:
        raise Refused("Hospitalskontakten slutter, før den begynder.", field="contact.to")
