"""A case on its way: what must come before what, and that a refused step writes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, func, select

from service.database import reading, writing
from service.errors import AlreadyDecided, AssessmentMissing, Conflict, Forbidden, NotFound, Refused
from service.tables import METADATA
from service.tables.decision import Decision
from service.tables.suggestion import Suggestion
from service.workflow import caseload, consultation, decision, intake, receipt, suggestion
from service.workflow.case_file import CaseState, open_file
from tests.builders import READ, a_case, a_fact, a_judgement, a_referral, an_admission
from tests.cast import NOW, PEPPER, TODAY, Cast
from tests.payloads import PAYLOAD
from tests.shelves import DamagedShelf, FixedShelf, WrongSumShelf

SAID = {"reason_code": "funktion_nu", "key": "decision-1", "now": NOW}


def render(payload: Any, mode: str) -> str:
    """A fragment that is easy to recognise."""
    return f"<p>{mode}: {payload['similar']['sentence']}</p>"


def answered(engine: Engine, judged: Any, by: Any, shelf: FixedShelf | None = None) -> Suggestion:
    """The service's answer to a judgement."""
    return suggestion.answer(
        engine, judged.id, shelf=shelf or FixedShelf(), render=render, template_version="t/1", now=NOW, by=by
    )


def rows(engine: Engine) -> dict[str, int]:
    """How many rows each table holds."""
    with reading(engine) as session:
        counted = {
            table: session.exec(select(func.count()).select_from(table)) for table in METADATA.sorted_tables
        }
        return {table.name: found.one() for table, found in counted.items()}


def in_session(engine: Engine, step: Callable[[Session], Any]) -> Any:
    """One step in a writing session of its own."""
    with writing(engine) as session:
        return step(session)


def refuses(engine: Engine, error: type[Exception], step: Callable[[Session], Any]) -> None:
    """The step is refused, and nothing is written."""
    before = rows(engine)
    with pytest.raises(error):
        in_session(engine, step)
    assert rows(engine) == before


def state(engine: Engine, case_id: str) -> CaseState:
    with reading(engine) as session:
        return open_file(session, case_id).state


@pytest.fixture
def admitted(engine: Engine, cast: Cast) -> Engine:
    """A database with the cast and a model in use."""
    an_admission(engine, cast.dan)
    return engine


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


@pytest.mark.parametrize("name", ["tove", "dan", "dorte", "ada"])
def test_only_a_caseworker_judges(engine: Engine, cast: Cast, name: str) -> None:
    case = a_case(engine)
    before = rows(engine)
    with pytest.raises(Forbidden):
        a_judgement(engine, case, cast.people[name])
    assert rows(engine) == before


@pytest.mark.requirement("F-17")
def test_nothing_is_decided_before_a_judgement(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    refuses(
        admitted,
        AssessmentMissing,
        lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID),
    )


def test_there_is_no_answer_without_a_judgement(admitted: Engine, cast: Cast) -> None:
    case, shelf = a_case(admitted), FixedShelf()
    with pytest.raises(AssessmentMissing):
        suggestion.answer(
            admitted, case.id, shelf=shelf, render=render, template_version="t/1", now=NOW, by=cast.alma
        )
    with reading(admitted) as session, pytest.raises(AssessmentMissing):
        suggestion.of_case(session, case.id)
    assert shelf.asked == 0


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


def test_a_double_click_is_one_judgement_and_one_decision(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    first, second = (a_judgement(admitted, case, cast.alma) for _ in range(2))
    assert first.id == second.id
    answered(admitted, first, cast.alma)
    decide = lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID)  # noqa: E731
    made = in_session(admitted, decide)
    before = rows(admitted)
    assert in_session(admitted, decide).id == made.id
    assert rows(admitted) == before


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


def test_the_answer_is_computed_once_and_kept(admitted: Engine, cast: Cast) -> None:
    judged, shelf = a_judgement(admitted, a_case(admitted), cast.alma), FixedShelf()
    first, second = answered(admitted, judged, cast.alma, shelf), answered(admitted, judged, cast.alma, shelf)
    assert (first.id, shelf.asked) == (second.id, 1)
    with reading(admitted) as session:
        shown = suggestion.as_shown(session, first)
    assert shown.fragment == "<p>overblik: " + PAYLOAD["similar"]["sentence"] + "</p>"
    assert first.reference_level == "avanceret"


@pytest.mark.parametrize(
    ("shelf", "reason"), [(DamagedShelf(), "model_damaged"), (WrongSumShelf(), "additivity_failed")]
)
def test_a_fault_in_the_model_shows_nothing_and_stops_nothing(
    admitted: Engine, cast: Cast, shelf: FixedShelf, reason: str
) -> None:
    case = a_case(admitted)
    shown = answered(admitted, a_judgement(admitted, case, cast.alma), cast.alma, shelf)
    assert (shown.outcome, shown.reason, shown.reference_level) == ("withheld", reason, None)
    made = in_session(admitted, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
    assert made.agreement == "no_reference"


def test_an_abstention_keeps_its_reasons_and_no_reference(admitted: Engine, cast: Cast) -> None:
    shelf = FixedShelf({**PAYLOAD, "abstained": ["too_few_similar"]})
    shown = answered(admitted, a_judgement(admitted, a_case(admitted), cast.alma), cast.alma, shelf)
    assert (shown.reason, shown.reference_level) == ("abstained", None)


def test_whoever_wants_no_evidence_gets_none_and_no_model_is_asked(admitted: Engine, cast: Cast) -> None:
    shelf = FixedShelf()
    judged = a_judgement(admitted, a_case(admitted), cast.alma, wants_evidence=False)
    assert answered(admitted, judged, cast.alma, shelf).reason == "declined"
    assert shelf.asked == 0


def test_without_a_model_the_answer_says_so(engine: Engine, cast: Cast) -> None:
    judged = a_judgement(engine, a_case(engine), cast.alma)
    assert answered(engine, judged, cast.alma).reason == "no_model"


def test_a_plan_without_a_choice_of_level_asks_no_model(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted, plan_type="rehabilitering")
    shelf = FixedShelf()
    judged = a_judgement(admitted, case, cast.alma, choice="rehabilitering")
    assert answered(admitted, judged, cast.alma, shelf).reason == "not_a_level_case"
    assert shelf.asked == 0


@pytest.mark.requirement("F-24")
@pytest.mark.parametrize(
    ("own", "decided", "agreement", "change"),
    [
        ("avanceret", "avanceret", "agreement", "kept"),
        ("basal", "avanceret", "agreement", "changed"),
        ("basal", "basal", "override", "kept"),
        ("avanceret", "basal", "override", "changed"),
        ("avanceret", "retur", "outside", "outside"),
        ("kan_ikke_afgoeres", "basal", "override", "changed"),
    ],
)
def test_agreement_and_change_are_derived(
    admitted: Engine, cast: Cast, own: str, decided: str, agreement: str, change: str
) -> None:
    case = a_case(admitted)
    answered(admitted, a_judgement(admitted, case, cast.alma, choice=own), cast.alma)
    made = in_session(admitted, lambda s: decision.decide(s, case.id, choice=decided, by=cast.alma, **SAID))
    assert (made.agreement, made.change) == (agreement, change)


@pytest.mark.parametrize(
    "change",
    [
        {"choice": "rehabilitering"},
        {"choice": ""},
        {"reason_code": "fordi"},
        {"reason_code": "andet"},
        {"second_reason_code": "funktion_nu"},
        {"text": "x" * 5000},
    ],
)
def test_an_unlawful_decision_is_refused(admitted: Engine, cast: Cast, change: dict[str, Any]) -> None:
    case = a_case(admitted)
    answered(admitted, a_judgement(admitted, case, cast.alma), cast.alma)
    said = {**SAID, "choice": "basal", **change}
    refuses(admitted, Refused, lambda s: decision.decide(s, case.id, by=cast.alma, **said))


def test_a_correction_is_a_new_row_that_names_the_old(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    answered(admitted, a_judgement(admitted, case, cast.alma), cast.alma)
    first = in_session(admitted, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
    again = {**SAID, "key": "decision-2", "choice": "avanceret"}
    refuses(admitted, AlreadyDecided, lambda s: decision.decide(s, case.id, by=cast.alma, **again))
    second = in_session(
        admitted, lambda s: decision.decide(s, case.id, by=cast.alma, replaces=first.id, **again)
    )
    assert second.replaces == first.id
    with reading(admitted) as session:
        assert session.exec(select(func.count()).select_from(Decision)).one() == 2
        assert open_file(session, case.id).decision == second


def test_a_fact_marked_wrong_withdraws_the_evidence_until_she_looks_again(
    admitted: Engine, cast: Cast
) -> None:
    case = a_case(admitted)
    answered(admitted, a_judgement(admitted, case, cast.alma), cast.alma)
    in_session(
        admitted,
        lambda s: intake.mark_wrong(s, case.id, "restriktion", note="Ikke rigtigt", now=NOW, by=cast.alma),
    )
    refuses(admitted, Conflict, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
    again = a_judgement(admitted, case, cast.alma, key="again", read_version=3)
    assert again.evidence_seen_before
    answered(admitted, again, cast.alma)
    in_session(admitted, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
    assert state(admitted, case.id) is CaseState.DECIDED


@pytest.mark.parametrize("choice", ["retur", "kan_ikke_afgoeres"])
def test_a_case_sent_back_waits_visibly_and_returns_when_answered(
    admitted: Engine, cast: Cast, choice: str
) -> None:
    case = a_case(admitted)
    answered(admitted, a_judgement(admitted, case, cast.alma, choice=choice), cast.alma)
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
    answered(admitted, again, cast.alma)
    key = {**SAID, "key": "decision-2"}
    in_session(admitted, lambda s: decision.decide(s, case.id, choice="avanceret", by=cast.alma, **key))
    assert state(admitted, case.id) is CaseState.DECIDED


def test_an_updated_plan_answers_a_case_that_was_sent_back(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    answered(admitted, a_judgement(admitted, case, cast.alma, choice="retur"), cast.alma)
    in_session(admitted, lambda s: decision.decide(s, case.id, choice="retur", by=cast.alma, **SAID))
    a_case(admitted, sections={"funktion_foer": "Gik uden hjælpemidler."})
    assert state(admitted, case.id) is CaseState.ANSWERED


def test_a_decision_is_planned_and_planned_again(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    planned = {
        "forms": ("gruppe",), "team": "ortopaedisk", "place": "center", "start_status": "inden_frist",
        "first_date": case.due_on, "now": NOW, "by": cast.alma,
    }  # fmt: skip
    refuses(admitted, Conflict, lambda s: decision.plan(s, case.id, **planned))
    answered(admitted, a_judgement(admitted, case, cast.alma), cast.alma)
    in_session(admitted, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
    for wrong in (
        {"forms": ()}, {"forms": ("alene",)}, {"team": "x"}, {"first_date": None},
        {"first_date": case.due_on + timedelta(days=1)}, {"first_date": case.discharged_on - timedelta(days=1)},
    ):  # fmt: skip
        refuses(admitted, Refused, lambda s, wrong=wrong: decision.plan(s, case.id, **{**planned, **wrong}))
    first = in_session(admitted, lambda s: decision.plan(s, case.id, **planned))
    second = in_session(admitted, lambda s: decision.plan(s, case.id, **{**planned, "place": "hjemme"}))
    assert (first.replaces, second.replaces) == (None, first.id)
    assert state(admitted, case.id) is CaseState.PLANNED


def test_the_receipt_says_how_the_decision_stands_and_where_it_is_logged(
    admitted: Engine, cast: Cast
) -> None:
    case = a_case(admitted)
    answered(admitted, a_judgement(admitted, case, cast.alma, choice="basal"), cast.alma)
    made = in_session(admitted, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
    with reading(admitted) as session:
        given = receipt.receipt_of(session, case.id)
    assert given.sentence == (
        "Flest lignende sager: avanceret niveau (13 af 20). "
        "Din beslutning: basalt niveau, anderledes end flest lignende sager."
    )
    assert (given.shard, given.seq) == (made.shard, made.log_seq)
    assert len(given.leaf_hash) == 64
    assert "Lagt mest vægt på: funktionsevne nu." in given.journal_text


def test_advice_is_asked_for_and_given_by_a_colleague(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    asked = in_session(engine, lambda s: consultation.ask(s, case.id, text="Se her", now=NOW, by=cast.alma))
    answer = lambda s, by, text="Ja": consultation.answer(s, asked.id, text=text, now=NOW, by=by)  # noqa: E731
    refuses(engine, Refused, lambda s: answer(s, cast.alma))
    refuses(engine, Refused, lambda s: answer(s, cast.bent, " "))
    refuses(engine, NotFound, lambda s: answer(s, cast.carla))
    in_session(engine, lambda s: answer(s, cast.bent))
    refuses(engine, Conflict, lambda s: answer(s, cast.bent))


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
