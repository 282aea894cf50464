"""What the lot does to the answer: drawn after the judgement, logged before anything, never changed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from service import log
from service.database import reading, writing
from service.log import Event
from service.tables.log import LogEntry
from service.tables.suggestion import Suggestion
from service.tables.trial import TrialAllocation
from service.workflow import suggestion, trial
from service.workflow.letter.ground import variant_of
from service.workflow.trial.draw import arm_for, lot_of
from tests.answered import a_decision, answer, into_shadow
from tests.builders import a_case, a_judgement
from tests.cast import NOW, Cast
from tests.payloads import a_payload
from tests.shelves import FixedShelf
from tests.trials import NAME, a_case_with_arm, a_trial, judged_again

CANARY = "kanariefugl"


def allocations(engine: Engine) -> list[TrialAllocation]:
    with reading(engine) as session:
        return list(session.exec(select(TrialAllocation)))


def types(engine: Engine) -> list[str]:
    with reading(engine) as session:
        entries = session.exec(select(LogEntry).where(LogEntry.shard == "decisions/2026")).all()
    return [json.loads(each.entry)["type"] for each in sorted(entries, key=lambda each: each.seq)]


@pytest.fixture
def running(admitted: Engine, cast: Cast) -> Any:
    """The trial that runs in Træning Nord."""
    return a_trial(admitted, cast)


@pytest.mark.requirement("D-48")
def test_a_case_of_the_control_arm_is_shown_nothing_and_its_ghost_is_sealed(
    admitted: Engine, cast: Cast, running: Any
) -> None:
    payload = a_payload(headline=CANARY)
    shelf = FixedShelf(payload)
    _, row = a_case_with_arm(admitted, running, "control", cast.alma, shelf=shelf)

    assert shelf.asked == 1
    assert (row.outcome, row.reason, row.arm) == ("withheld", "control_arm", "control")
    assert (row.reference_level, row.model_level) == (None, None)
    assert variant_of(row, "no_reference") == "control_arm"
    with reading(admitted) as session:
        shown = suggestion.as_shown(session, row)
        kept = log.open_part(session, session.get_one(Suggestion, row.id))
        told = "".join(each.entry for each in session.exec(select(LogEntry)))
    assert (shown.payload, shown.fragment) == (None, None)
    assert (kept["payload"]["headline"], kept["fragment"]) == (CANARY, None)
    assert CANARY not in told
    assert '"arm"' not in told


def test_a_case_of_the_evidence_arm_is_shown_what_it_would_have_been_shown(
    admitted: Engine, cast: Cast, running: Any
) -> None:
    _, row = a_case_with_arm(admitted, running, "evidence", cast.alma)
    assert (row.outcome, row.reason, row.arm) == ("shown", None, "evidence")
    assert row.reference_level == "avanceret"


def test_the_lot_is_in_the_log_before_anything_is_shown_or_computed(
    admitted: Engine, cast: Cast, running: Any
) -> None:
    a_case_with_arm(admitted, running, "evidence", cast.alma)
    assert types(admitted)[-3:] == ["assessment:recorded", "trial:allocated", "suggestion:shown"]


def test_without_a_lot_in_the_log_nothing_is_computed(admitted: Engine, cast: Cast, running: Any) -> None:
    own = a_judgement(admitted, a_case(admitted), cast.alma)
    with admitted.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    shelf = FixedShelf()
    with pytest.raises(IntegrityError, match="disk full"):
        answer(admitted, own.id, cast.alma, shelf)
    assert (shelf.asked, allocations(admitted)) == (0, [])


@pytest.mark.parametrize("arm", ["evidence", "control"])
def test_a_case_keeps_its_arm_when_it_is_judged_again_also_after_the_trial(
    arm: str, admitted: Engine, cast: Cast, running: Any
) -> None:
    _, first = a_case_with_arm(admitted, running, arm, cast.alma)
    with writing(admitted) as session:
        trial.stop(session, NAME, reason="Pilotåret er slut.", now=NOW, by=cast.dagny)
    second = answer(admitted, judged_again(admitted, first, cast.alma).id, cast.alma)

    assert (second.arm, second.outcome) == (arm, first.outcome)
    assert [each.arm for each in allocations(admitted)] == [arm]


@pytest.mark.parametrize("arm", ["evidence", "control"])
def test_whoever_wants_to_see_nothing_leaves_the_arm_and_is_counted_in_it(
    arm: str, admitted: Engine, cast: Cast, running: Any
) -> None:
    _, row = a_case_with_arm(admitted, running, arm, cast.alma, wants_evidence=False)
    assert (row.reason, row.arm, row.payload_hash) == ("declined", arm, None)
    assert variant_of(row, "no_reference") == "not_shown"  # the letter tells what was the reason here


def test_cases_outside_the_trial_are_answered_as_ever(admitted: Engine, cast: Cast) -> None:
    """Another unit, before the first day, a fact for which no lots are drawn, and answered before."""
    before = a_case(admitted, request_id="before")
    row = answer(admitted, a_judgement(admitted, before, cast.alma, key="before").id, cast.alma)
    a_trial(admitted, cast, exempt=("hjemmepleje=nej",))
    answers = [answer(admitted, judged_again(admitted, row, cast.alma).id, cast.alma)]
    elsewhere = a_case(admitted, request_id="syd", unit_name=cast.freja.unit_name)
    answers.append(answer(admitted, a_judgement(admitted, elsewhere, cast.freja, key="syd").id, cast.freja))
    exempt = a_case(admitted, request_id="exempt")
    answers.append(answer(admitted, a_judgement(admitted, exempt, cast.alma, key="exempt").id, cast.alma))

    assert [(each.outcome, each.arm) for each in answers] == [("shown", "evidence")] * 3
    assert allocations(admitted) == []


def test_before_its_first_day_and_where_nothing_is_shown_nobody_is_drawn(
    admitted: Engine, cast: Cast
) -> None:
    a_trial(admitted, cast, starts_on=NOW.date() + timedelta(days=1))
    early = a_case(admitted, request_id="early")
    assert answer(admitted, a_judgement(admitted, early, cast.alma, key="e").id, cast.alma).outcome == "shown"
    with writing(admitted) as session:
        trial.stop(session, NAME, reason="Et andet forsøg.", now=NOW, by=cast.dan)
    a_trial(admitted, cast, name="nr-2", units=(cast.freja.unit_id,))
    into_shadow(admitted, cast)
    shadowed = a_case(admitted, request_id="shadow", unit_name=cast.freja.unit_name)
    row = answer(admitted, a_judgement(admitted, shadowed, cast.freja, key="s").id, cast.freja)
    assert (row.reason, allocations(admitted)) == ("shadow", [])


def test_what_is_decided_in_the_control_arm_is_decided_as_ever(
    admitted: Engine, cast: Cast, running: Any
) -> None:
    case, _ = a_case_with_arm(admitted, running, "control", cast.alma)
    decided = a_decision(admitted, case, cast.alma)
    assert (decided.choice, decided.agreement) == ("avanceret", "no_reference")


def test_an_arm_that_the_lot_did_not_give_is_found_when_it_is_drawn_again(
    admitted: Engine, cast: Cast, running: Any
) -> None:
    case = a_case(admitted)
    with writing(admitted) as session:
        arm = arm_for(lot_of(session, running.id, case.id), running.share, [])
        other = "control" if arm == "evidence" else "evidence"
        row = TrialAllocation(
            at=NOW, trial_id=running.id, case_id=case.id, unit_id=case.unit_id, number=1, arm=other
        )
        log.append(session, Event.TRIAL_ALLOCATED, at=NOW, by=cast.alma, row=row, citizen_id=case.citizen_id)
        session.commit()
        assert trial.misdrawn(session, running) == 1
