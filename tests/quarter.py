"""A small quarter of casework, played through the real steps: enough for cells that may be shown."""

from datetime import UTC, date, datetime, timedelta
from itertools import cycle

from sqlalchemy import Engine
from sqlmodel import Session

from service.database import reading, writing
from service.identity import Actor, actor_of
from service.tables.intake import Case
from service.workflow import decision, staff, suggestion
from tests.builders import a_case, a_fact, a_judgement, a_referral, an_admission
from tests.cast import LONG_AGO, NOW, TODAY, Cast
from tests.shelves import FixedShelf

AFTER = datetime(2026, 7, 8, 8, 0, tzinfo=UTC)
"""When the quarter is over; the phase is practice, so a quarter under way could be counted too."""

STEP = timedelta(minutes=7)


def a_third_caseworker(engine: Engine, cast: Cast) -> Actor:
    """Ebbe, who judges cases in Træning Nord beside Alma and Bent."""
    with writing(engine) as session:
        ebbe = staff.add_person(session, "ebbe", "Ebbe Skov", now=LONG_AGO)
        staff.grant(
            session, ebbe.id, cast.alma.unit_id, "visitator", valid_from=LONG_AGO.date(), now=LONG_AGO,
            by=None,
        )  # fmt: skip
    with reading(engine) as session:
        return actor_of(session, ebbe.id, TODAY)


def decide_case(
    engine: Engine,
    by: Actor,
    number: int,
    *,
    own: str = "avanceret",
    choice: str = "avanceret",
    reason: str = "funktion_nu",
    wants_evidence: bool = True,
    sks: str = "DS721",
    first_date: date | None = date(2026, 7, 3),
    start_status: str = "inden_frist",
    unit: str = "Træning Nord",
) -> Case:
    """One case from plan to planning; R is avanceret where evidence is shown."""
    usual = a_referral()
    case = a_case(
        engine,
        request_id=f"request-{number}",
        facts={**usual.facts, "aktionsdiagnose_sks": a_fact(sks)},
        unit_name=unit,
    )
    judged = a_judgement(
        engine, case, by, key=f"judgement-{number}", choice=own, wants_evidence=wants_evidence
    )
    suggestion.answer(
        engine, judged.id, shelf=FixedShelf(), render=lambda payload, mode: "<p>grundlag</p>",
        template_version="t/1", now=NOW + STEP, by=by,
    )  # fmt: skip
    with writing(engine) as session:
        decision.decide(
            session, case.id, choice=choice, reason_code=reason, text="Efter samtale.",
            key=f"decision-{number}", now=NOW + STEP, by=by,
        )  # fmt: skip
    if choice in ("basal", "avanceret"):
        with writing(engine) as session:
            _plan(session, case, by, first_date, start_status)
    return case


def _plan(session: Session, case: Case, by: Actor, first_date: date | None, start_status: str) -> None:
    decision.plan(
        session, case.id, forms=("individuel",), team="ortopaedisk", place="center",
        start_status=start_status, first_date=first_date, now=NOW + STEP, by=by,
    )  # fmt: skip


def play(engine: Engine, cast: Cast) -> None:
    """21 hips (6 moved towards R, 1 away), 6 knees, 6 without evidence, one sent back, and one in Syd."""
    an_admission(engine, cast.dan)
    who = cycle([cast.alma, cast.bent, a_third_caseworker(engine, cast)])
    cases: list[dict[str, object]] = [
        *({} for _ in range(14)),
        *({"own": "basal", "reason": "praksis"} for _ in range(6)),
        {"choice": "basal", "reason": "kapacitet"},
        *({"sks": "DM171", "first_date": None, "start_status": "frit_valg"} for _ in range(6)),
        *({"wants_evidence": False} for _ in range(6)),
    ]
    for number, case in enumerate(cases):
        decide_case(engine, next(who), number, **case)  # type: ignore[arg-type]
    decide_case(engine, cast.alma, 100, choice="retur", reason="oplysning_mangler")
    decide_case(engine, cast.freja, 101, unit="Træning Syd")
