"""What is decided and planned: derived, corrected by new rows, refused without a trace."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select

from service.database import reading
from service.errors import AlreadyDecided, AssessmentMissing, Conflict, Refused
from service.tables.decision import Decision
from service.workflow import decision
from service.workflow.case_file import CaseState, open_file
from service.workflow.decision import receipt
from tests.answered import answer
from tests.builders import a_case, a_judgement
from tests.cast import NOW, Cast
from tests.refusals import in_session, refuses, state
from tests.rows import rows

SAID = {"reason_code": "funktion_nu", "key": "decision-1", "now": NOW}


@pytest.mark.requirement("F-17")
def test_nothing_is_decided_before_a_judgement(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    refuses(
        admitted,
        AssessmentMissing,
        lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID),
    )


def test_a_double_click_is_one_judgement_and_one_decision(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    first, second = (a_judgement(admitted, case, cast.alma) for _ in range(2))
    assert first.id == second.id
    answer(admitted, first.id, cast.alma)
    decide = lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID)  # noqa: E731
    made = in_session(admitted, decide)
    before = rows(admitted)
    assert in_session(admitted, decide).id == made.id
    assert rows(admitted) == before


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
    answer(admitted, a_judgement(admitted, case, cast.alma, choice=own).id, cast.alma)
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
    answer(admitted, a_judgement(admitted, case, cast.alma).id, cast.alma)
    said = {**SAID, "choice": "basal", **change}
    refuses(admitted, Refused, lambda s: decision.decide(s, case.id, by=cast.alma, **said))


def test_a_correction_is_a_new_row_that_names_the_old(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    answer(admitted, a_judgement(admitted, case, cast.alma).id, cast.alma)
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


def test_a_decision_is_planned_and_planned_again(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    planned = {
        "forms": ("gruppe",), "team": "ortopaedisk", "place": "center", "start_status": "inden_frist",
        "first_date": case.due_on, "now": NOW, "by": cast.alma,
    }  # fmt: skip
    refuses(admitted, Conflict, lambda s: decision.plan(s, case.id, **planned))
    answer(admitted, a_judgement(admitted, case, cast.alma).id, cast.alma)
    in_session(admitted, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
    too_late, too_early = case.due_on + timedelta(days=1), case.discharged_on - timedelta(days=1)
    for wrong in (
        {"forms": ()}, {"forms": ("alene",)}, {"team": "x"}, {"first_date": None}, {"first_date": too_late},
        {"first_date": too_early},
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
    answer(admitted, a_judgement(admitted, case, cast.alma, choice="basal").id, cast.alma)
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
    assert "kl. 10.00 før grundlaget blev vist: basalt niveau." in given.journal_text


def test_the_journal_speaks_of_no_basis_when_none_was_shown(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    answer(admitted, a_judgement(admitted, case, cast.alma, wants_evidence=False).id, cast.alma)
    in_session(admitted, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
    with reading(admitted) as session:
        text = receipt.receipt_of(session, case.id).journal_text

    assert "Grundlag: ikke vist." in text
    assert "før grundlaget blev vist" not in text
