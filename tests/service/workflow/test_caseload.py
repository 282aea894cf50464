"""Whose turn it is: the inbox, a case that waits for an answer, and a colleague's advice."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from service.database import reading
from service.errors import Conflict, NotFound, Refused
from service.workflow import caseload, decision, intake
from service.workflow.assessment import consultation
from service.workflow.case_file import CaseState
from tests.answered import answer
from tests.builders import a_case, a_judgement
from tests.cast import NOW, TODAY, Cast
from tests.refusals import in_session, refuses, state

SAID = {"reason_code": "funktion_nu", "key": "decision-1", "now": NOW}


@pytest.mark.parametrize("choice", ["retur", "kan_ikke_afgoeres"])
def test_a_case_sent_back_waits_visibly_and_returns_when_answered(
    admitted: Engine, cast: Cast, choice: str
) -> None:
    case = a_case(admitted)
    answer(admitted, a_judgement(admitted, case, cast.alma, choice=choice).id, cast.alma)
    in_session(admitted, lambda s: decision.decide(s, case.id, choice=choice, by=cast.alma, **SAID))
    assert state(admitted, case.id) is CaseState.RETURNED
    with reading(admitted) as session:
        waiting = caseload.inbox(session, cast.alma, whose="team", search=None, today=TODAY)
    assert [row.state for row in waiting] == [CaseState.RETURNED]
    in_session(
        admitted,
        lambda s: intake.answer_return(
            s, case.id, {"funk_foer": "delvis"}, note="Ringet", now=NOW, by=cast.alma
        ),
    )
    assert state(admitted, case.id) is CaseState.ANSWERED
    again = a_judgement(admitted, case, cast.alma, key="again", read_version=3)
    answer(admitted, again.id, cast.alma)
    key = {**SAID, "key": "decision-2"}
    in_session(admitted, lambda s: decision.decide(s, case.id, choice="avanceret", by=cast.alma, **key))
    assert state(admitted, case.id) is CaseState.DECIDED


def test_an_updated_plan_answers_a_case_that_was_sent_back(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    answer(admitted, a_judgement(admitted, case, cast.alma, choice="retur").id, cast.alma)
    in_session(admitted, lambda s: decision.decide(s, case.id, choice="retur", by=cast.alma, **SAID))
    a_case(admitted, sections={"funktion_foer": "Gik uden hjælpemidler."})
    assert state(admitted, case.id) is CaseState.ANSWERED


def test_the_inbox_is_sorted_by_deadline_only(engine: Engine, cast: Cast) -> None:
    late = a_case(engine, request_id="late", start_after=TODAY + timedelta(days=10))
    soon = a_case(engine, request_id="soon")
    a_case(engine, request_id="elsewhere", unit_name="Træning Syd")
    with reading(engine) as session:
        listed = caseload.inbox(session, cast.alma, whose="mine", search=None, today=TODAY)
        found = caseload.inbox(session, cast.alma, whose="mine", search=str(late.serial), today=TODAY)
    assert [row.case_id for row in listed] == [soon.id, late.id]
    assert [row.case_id for row in found] == [late.id]
    assert listed[0].referred_for == "Hoftenær fraktur"


def test_advice_is_asked_for_and_given_by_a_colleague(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    asked = in_session(engine, lambda s: consultation.ask(s, case.id, text="Se her", now=NOW, by=cast.alma))
    answer = lambda s, by, text="Ja": consultation.answer(s, asked.id, text=text, now=NOW, by=by)  # noqa: E731
    refuses(engine, Refused, lambda s: answer(s, cast.alma))
    refuses(engine, Refused, lambda s: answer(s, cast.bent, " "))
    refuses(engine, NotFound, lambda s: answer(s, cast.carla))
    in_session(engine, lambda s: intake.take(s, case.id, now=NOW, by=cast.alma))
    with reading(engine) as session:
        listed = caseload.inbox(session, cast.bent, whose="mine", search=None, today=TODAY)
        assert [(row.case_id, row.waits_for_advice) for row in listed] == [(case.id, True)]
        assert caseload.next_case(session, cast.bent, TODAY) is None, "it is still Alma's"
    in_session(engine, lambda s: answer(s, cast.bent))
    with reading(engine) as session:
        assert caseload.inbox(session, cast.bent, whose="mine", search=None, today=TODAY) == []
    refuses(engine, Conflict, lambda s: answer(s, cast.bent))
