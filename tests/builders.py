"""Builders with valid defaults: `a_referral(request_id="r-2")` differs from the usual one in one thing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from models.declaration import Source
from models.facts import Fact
from service import log
from service.database import writing
from service.identity import Actor
from service.log import Event
from service.tables.assessment import Assessment
from service.tables.governance import Admission
from service.tables.intake import Case
from service.workflow import assessment, intake
from service.workflow.intake.referral import Citizen, Referral
from tests.cast import LONG_AGO, NOW, PEPPER

SENT = datetime(2026, 6, 28, 9, 0, tzinfo=UTC)

READ = {
    "kompl_flag": "nej",
    "funk_mobilitet": "3",
    "funk_egenomsorg": "2",
    "funk_praktisk": "3",
    "funk_mental": "1",
    "funk_krop": "2",
    "funk_foer": "selvhjulpen",
    "kognition_paavirket": "nej",
}
"""What a caseworker reads from the usual plan."""


def a_fact(value: Any, source: Source = Source.PLAN_CODED, known_at: datetime = SENT) -> Fact:
    """A fact that stood in the plan."""
    return Fact(value, source, known_at)


def a_referral(**changes: Any) -> Referral:
    """A plan after a hip fracture, received the day before NOW."""
    referral = Referral(
        request_id="request-1",
        municipality_code="0999",
        unit_name="Træning Nord",
        area="genoptraening",
        received_on=date(2026, 6, 29),
        discharged_on=date(2026, 6, 28),
        start_after=None,
        contact_from=date(2026, 6, 18),
        contact_to=date(2026, 6, 28),
        plan_type="almen",
        citizen=Citizen("7102479995", "Agnes Prøve", "Prøvevej 1, 9999 Fjordby", "00 00 00 00"),
        facts={
            "aktionsdiagnose_sks": a_fact("DS721"),
            "bidiagnoser_antal": a_fact(2),
            "komorbiditet_flag": a_fact(frozenset({"hjerte"})),
            "afsender_speciale": a_fact("ortopaedkirurgi"),
            "behandlingstype": a_fact("kirurgisk"),
            "restriktion": a_fact("ingen"),
            "smerte_beskrevet": a_fact("moderate"),
            "ganghjaelpemiddel": a_fact("rollator"),
            "faldrisiko": a_fact("ja"),
            "hjemmepleje": a_fact("nej", Source.MUNICIPALITY),
            "boligform": a_fact("eget_hjem", Source.MUNICIPALITY),
            "tidl_gop_12m": a_fact(0, Source.MUNICIPALITY),
        },
        sections={"helbred": "Faldet hjemme og opereret for hoftebrud.", "funktion_nu": "Går med rollator."},
        operational={"transport": "nej", "tolk": "nej", "maal": "Selv hente posten.", "samtykke": "ja"},
        origin="referral",
    )
    return replace(referral, **changes)


def a_case(engine: Engine, now: datetime = NOW, **changes: Any) -> Case:
    """A case in the inbox."""
    with writing(engine) as session:
        return intake.receive(session, a_referral(**changes), pepper=PEPPER, now=now, by=None)


def a_judgement(
    engine: Engine, case: Case, by: Actor, *, now: datetime = NOW, key: str = "judgement-1", **changes: Any
) -> Assessment:
    """Alma's (or another's) own judgement, with the usual reading."""
    said = {
        "choice": "avanceret",
        "confidence": "sikker",
        "wants_evidence": True,
        "read_version": 1,
        **changes,
    }
    with writing(engine) as session:
        return assessment.judge(session, case.id, READ, opened_at=now, key=key, now=now, by=by, **said)


def an_admission(
    engine: Engine, by: Actor, version: str = "2026-01-01", manifest_hash: str = "ab" * 32,
    at: datetime = LONG_AGO,
) -> Admission:  # fmt: skip
    """A model version in use, without an artifact behind it: for shelves whose answer is known."""
    row = Admission(
        at=at, area="genoptraening", version=version, manifest_hash=manifest_hash, kind="promotion",
        approver="Dan Vang", note="Til prøver.",
    )  # fmt: skip
    with writing(engine) as session:
        log.append(session, Event.MODEL_PROMOTED, at=at, by=by, row=row)
        session.commit()
    return row
