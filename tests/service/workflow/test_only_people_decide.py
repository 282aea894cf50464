"""A decision is a person's: the database asks for one, and no program is let in as anybody."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from service.database import reading
from service.tables.decision import Decision
from service.workflow import decision
from tests.answered import a_decision, an_answered_case, rows
from tests.cast import NOW, Cast
from tests.payloads import LABELS, PAYLOAD
from tests.refusals import in_session, refuses
from tests.shelves import DamagedShelf, FixedShelf


@pytest.mark.requirement("K-12", "F-20")
@pytest.mark.parametrize("person", [None, "model-v1", ""])
def test_the_database_refuses_a_decision_by_nobody_or_by_a_model(
    engine: Engine, cast: Cast, person: str | None
) -> None:
    case = an_answered_case(engine, cast)
    said = {"choice": "basal", "reason_code": "funktion_nu", "key": "k-1", "now": NOW}
    nobody = replace(cast.alma, person_id=person)  # type: ignore[arg-type]

    refuses(engine, IntegrityError, lambda s: decision.decide(s, case.id, by=nobody, **said))
    in_session(engine, lambda s: decision.decide(s, case.id, by=cast.alma, **said))
    assert rows(engine, Decision) == 1


@pytest.mark.requirement("F-20")
@pytest.mark.parametrize("header", ["Bearer svc-1", "Basic c2tvZW46c2tvZW4=", "ApiKey model"])
def test_a_program_with_a_token_decides_nothing(app: Flask, engine: Engine, cast: Cast, header: str) -> None:
    case = an_answered_case(engine, cast)
    body = {"choice": "basal", "reason_code": "funktion_nu", "key": "decision-1"}
    answer = app.test_client().post(
        f"/api/v1/sager/{case.id}/beslutning", json=body, headers={"Authorization": header}
    )

    assert answer.status_code in (401, 403)
    assert rows(engine, Decision) == 0


OTHERWISE = {**PAYLOAD, "model_level": "basal"}


@pytest.mark.requirement("G-24", "D-58")
@pytest.mark.parametrize("shelf", [FixedShelf(), FixedShelf(OTHERWISE), DamagedShelf()])
def test_every_lawful_choice_is_taken_whatever_the_evidence_says_and_without_any(
    engine: Engine, cast: Cast, shelf: FixedShelf
) -> None:
    lawful = (*LABELS, "kan_ikke_afgoeres", "retur")
    for number, choice in enumerate(lawful, start=1):
        case = an_answered_case(engine, cast, shelf=shelf, number=number)
        a_decision(engine, case, cast.alma, choice=choice)

    with reading(engine) as session:
        assert tuple(session.exec(select(Decision.choice).order_by(Decision.log_seq))) == lawful  # type: ignore[arg-type]
