"""A plan becomes a case, once; its facts are read in versions; an impossible plan leaves nothing behind."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from service.database import reading
from service.errors import Forbidden, NotFound, Refused
from service.workflow import intake
from service.workflow.case_file import open_file
from tests.builders import READ, a_case, a_fact, a_referral
from tests.cast import NOW, PEPPER, TODAY, Cast
from tests.refusals import in_session, refuses
from tests.rows import rows

SAID = {"reason_code": "funktion_nu", "key": "decision-1", "now": NOW}


def test_a_plan_becomes_a_case_once(engine: Engine, cast: Cast) -> None:
    first = a_case(engine)
    before = rows(engine)
    assert a_case(engine).id == first.id
    assert rows(engine) == before


def test_a_changed_plan_adds_a_version_of_the_facts(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    changed = {**a_referral().facts, "restriktion": a_fact("delvis")}
    a_case(engine, facts=changed)
    with reading(engine) as session:
        file = open_file(session, case.id)
    assert (file.facts_version.version, file.facts["restriktion"].value) == (2, "delvis")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"municipality_code": "0123"}, "municipality"),
        ({"unit_name": "Ingen enhed"}, "unit"),
        ({"received_on": TODAY + timedelta(days=2)}, "received_on"),
        ({"contact_to": TODAY - timedelta(days=60)}, "contact.to"),
    ],
)
def test_an_impossible_plan_is_refused(
    engine: Engine, cast: Cast, changes: dict[str, Any], field: str
) -> None:
    before = rows(engine)
    with pytest.raises(Refused) as refused:
        a_case(engine, **changes)
    assert refused.value.field == field
    assert rows(engine) == before


def test_the_clock_runs_from_the_later_start_when_the_plan_names_one(engine: Engine, cast: Cast) -> None:
    plain = a_case(engine)
    later = a_case(engine, request_id="request-2", start_after=plain.discharged_on + timedelta(days=20))
    assert plain.due_on == plain.discharged_on + timedelta(days=7)
    assert later.due_on == plain.discharged_on + timedelta(days=27)


def test_another_municipality_does_not_know_the_case(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    refuses(engine, NotFound, lambda s: intake.take(s, case.id, now=NOW, by=cast.carla))


def test_what_is_read_is_stored_with_its_source(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    in_session(engine, lambda s: intake.record_reading(s, case.id, READ, now=NOW, by=cast.alma))
    with reading(engine) as session:
        facts = open_file(session, case.id).facts
    assert facts["funk_mobilitet"].source.label == "læst i planens tekst"
    assert (facts["antal_livsomraader"].value, facts["funktionstab"].value) == (4, "2")


def test_a_referral_by_hand_needs_a_caseworker(engine: Engine, cast: Cast) -> None:
    by_hand = replace(a_referral(), origin="by_hand")
    refuses(
        engine, Forbidden, lambda s: intake.open_by_hand(s, by_hand, pepper=PEPPER, now=NOW, by=cast.tove)
    )
    assert in_session(
        engine, lambda s: intake.open_by_hand(s, by_hand, pepper=PEPPER, now=NOW, by=cast.alma)
    ).received_by
