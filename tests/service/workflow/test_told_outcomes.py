"""What is reported about a municipality's courses is told some at a time."""

import json

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from models.record import Outcome
from service.database import writing
from service.fhir.bundles import open_bundle
from service.fhir.delivery import read_report
from service.workflow import delivery
from service.workflow.delivery import told_outcomes
from service.workflow.delivery.courses import outcome_of
from tests.bundles import REQUEST, Json, assessed, received
from tests.cast import NOW, PEPPER, Cast


def take(engine: Engine, bundle: Json) -> None:
    report = read_report(open_bundle(bundle, now=NOW))
    with writing(engine) as session:
        delivery.take_over(session, report, "0999", pepper=PEPPER, now=NOW, by=None)


def of_another(number: int) -> Json:
    """A course that has begun, about another request of the same citizen."""
    report = assessed()
    text = json.dumps(report)
    whose = [each["resource"] for each in report["entry"]]
    told = [each["id"] for each in whose if each["resourceType"] not in ("Patient", "Organization")]
    for identity in (report["id"], *told):
        text = text.replace(identity, f"{number}-{identity[2:]}")
    found: Json = json.loads(text)
    return found


def test_the_outcomes_of_a_municipality_come_some_at_a_time_each_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = range(1, 6)
    for bundle in (*map(of_another, numbers), received()):
        take(cast.engine, bundle)
    asked: list[int] = []

    def counted(session: Session, ids: list[str], **words: str) -> dict[str, Outcome]:
        asked.append(len(ids))
        return outcome_of(session, ids, **words)

    monkeypatch.setattr(told_outcomes, "AT_A_TIME", 2)
    monkeypatch.setattr(told_outcomes, "outcome_of", counted)

    found = list(delivery.outcomes(cast.engine, cast.alma.municipality_id))

    assert [request_id for request_id, _ in found] == [f"{number}-{REQUEST[2:]}" for number in numbers]
    assert {each.started for _, each in found} == {True}
    assert asked == [2, 2, 2, 0]
    assert list(delivery.outcomes(cast.engine, cast.carla.municipality_id)) == []
