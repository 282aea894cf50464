"""Her own judgement: lawful, on the facts she saw, once; a refusal leaves nothing behind."""

from typing import Any

import pytest
from sqlalchemy import Engine

from service.errors import Conflict, Forbidden, Refused
from service.workflow import intake
from tests.builders import a_case, a_judgement
from tests.cast import NOW, Cast
from tests.refusals import in_session
from tests.rows import rows

SAID = {"reason_code": "funktion_nu", "key": "decision-1", "now": NOW}


@pytest.mark.parametrize("name", ["tove", "dan", "dorte", "ada"])
def test_only_a_caseworker_judges(engine: Engine, cast: Cast, name: str) -> None:
    case = a_case(engine)
    before = rows(engine)
    with pytest.raises(Forbidden):
        a_judgement(engine, case, cast.people[name])
    assert rows(engine) == before


@pytest.mark.parametrize("change", [{"choice": "specialiseret"}, {"choice": ""}, {"confidence": "helt"}])
def test_an_unlawful_judgement_is_refused(engine: Engine, cast: Cast, change: dict[str, Any]) -> None:
    case = a_case(engine)
    before = rows(engine)
    with pytest.raises(Refused):
        a_judgement(engine, case, cast.alma, **change)
    assert rows(engine) == before


def test_a_judgement_on_facts_that_have_changed_is_refused(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    in_session(
        engine, lambda s: intake.record_reading(s, case.id, {"faldrisiko": "nej"}, now=NOW, by=cast.bent)
    )
    before = rows(engine)
    with pytest.raises(Conflict):
        a_judgement(engine, case, cast.alma)
    assert rows(engine) == before


def test_a_case_is_judged_once_unless_facts_come(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    first = a_judgement(admitted, case, cast.alma)
    before = rows(admitted)
    with pytest.raises(Conflict):
        a_judgement(admitted, case, cast.alma, key="another", read_version=2)
    assert rows(admitted) == before
    in_session(
        admitted, lambda s: intake.record_reading(s, case.id, {"faldrisiko": "nej"}, now=NOW, by=cast.alma)
    )
    again = a_judgement(admitted, case, cast.alma, key="third", read_version=3)
    assert (again.replaces, again.evidence_seen_before) == (first.id, False)
