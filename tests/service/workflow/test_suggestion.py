"""What is answered to a judgement: once, kept as it was shown, or withheld with its reason."""

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from service.database import reading
from service.errors import AssessmentMissing, Conflict
from service.workflow import decision, intake, suggestion
from service.workflow.case_file import CaseState, open_file
from tests.answered import answer
from tests.builders import a_case, a_judgement
from tests.cast import NOW, Cast
from tests.payloads import PAYLOAD
from tests.refusals import in_session, refuses, state
from tests.shelves import DamagedShelf, FixedShelf, StumblingShelf, WrongSumShelf

SAID = {"reason_code": "funktion_nu", "key": "decision-1", "now": NOW}


def test_there_is_no_answer_without_a_judgement(admitted: Engine, cast: Cast) -> None:
    case, shelf = a_case(admitted), FixedShelf()
    with pytest.raises(AssessmentMissing):
        answer(admitted, case.id, cast.alma, shelf)
    with reading(admitted) as session, pytest.raises(AssessmentMissing):
        suggestion.of_case(session, case.id)
    assert shelf.asked == 0


def test_the_answer_is_computed_once_and_kept(admitted: Engine, cast: Cast) -> None:
    judged, shelf = a_judgement(admitted, a_case(admitted), cast.alma), FixedShelf()
    first, second = (
        answer(admitted, judged.id, cast.alma, shelf),
        answer(admitted, judged.id, cast.alma, shelf),
    )
    assert (first.id, shelf.asked) == (second.id, 1)
    with reading(admitted) as session:
        shown = suggestion.as_shown(session, first)
    assert shown.fragment is not None
    assert PAYLOAD["similar"]["sentence"] in shown.fragment
    assert first.reference_level == "avanceret"


@pytest.mark.requirement("SK-16")
@pytest.mark.parametrize(
    ("shelf", "reason"),
    [
        (DamagedShelf(), "model_damaged"),
        (WrongSumShelf(), "additivity_failed"),
        *((StumblingShelf(error=each), "model_damaged") for each in (IndexError, ValueError, OSError)),
    ],
)
def test_a_fault_in_the_model_shows_nothing_and_stops_nothing(
    admitted: Engine, cast: Cast, shelf: FixedShelf, reason: str
) -> None:
    case = a_case(admitted)
    shown = answer(admitted, a_judgement(admitted, case, cast.alma).id, cast.alma, shelf)
    assert (shown.outcome, shown.reason, shown.reference_level) == ("withheld", reason, None)
    made = in_session(admitted, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
    assert made.agreement == "no_reference"


def test_what_a_model_stumbles_over_stands_in_the_servers_log(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    with capture_logs() as lines:
        answer(
            admitted, a_judgement(admitted, case, cast.alma).id, cast.alma, StumblingShelf(error=IndexError)
        )

    said = [line for line in lines if line["event"] == "suggestion:model_failed"]
    assert [(line["case_id"], line["exc_info"]) for line in said] == [(case.id, True)]


def test_an_abstention_keeps_its_reasons_and_no_reference(admitted: Engine, cast: Cast) -> None:
    shelf = FixedShelf({**PAYLOAD, "abstained": ["too_few_similar"]})
    shown = answer(admitted, a_judgement(admitted, a_case(admitted), cast.alma).id, cast.alma, shelf)
    assert (shown.reason, shown.reference_level) == ("abstained", None)


def test_whoever_wants_no_evidence_gets_none_and_no_model_is_asked(admitted: Engine, cast: Cast) -> None:
    shelf = FixedShelf()
    judged = a_judgement(admitted, a_case(admitted), cast.alma, wants_evidence=False)
    assert answer(admitted, judged.id, cast.alma, shelf).reason == "declined"
    assert shelf.asked == 0


def test_without_a_model_the_answer_says_so(engine: Engine, cast: Cast) -> None:
    judged = a_judgement(engine, a_case(engine), cast.alma)
    assert answer(engine, judged.id, cast.alma).reason == "no_model"


def test_a_plan_without_a_choice_of_level_asks_no_model(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted, plan_type="rehabilitering")
    shelf = FixedShelf()
    judged = a_judgement(admitted, case, cast.alma, choice="rehabilitering")
    assert answer(admitted, judged.id, cast.alma, shelf).reason == "not_a_level_case"
    assert shelf.asked == 0


def test_a_fact_marked_wrong_withdraws_the_evidence_until_she_looks_again(
    admitted: Engine, cast: Cast
) -> None:
    case = a_case(admitted)
    answer(admitted, a_judgement(admitted, case, cast.alma).id, cast.alma)
    in_session(
        admitted,
        lambda s: intake.mark_wrong(s, case.id, "restriktion", note="Ikke rigtigt", now=NOW, by=cast.alma),
    )
    refuses(admitted, Conflict, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
    again = a_judgement(admitted, case, cast.alma, key="again", read_version=3)
    assert again.evidence_seen_before
    answer(admitted, again.id, cast.alma)
    in_session(admitted, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
    assert state(admitted, case.id) is CaseState.DECIDED


def test_putting_the_right_fact_in_does_not_bring_withdrawn_evidence_back(
    admitted: Engine, cast: Cast
) -> None:
    """What was shown was computed from the wrong fact, whatever has been added since."""
    case = a_case(admitted)
    answer(admitted, a_judgement(admitted, case, cast.alma).id, cast.alma)
    in_session(
        admitted,
        lambda s: intake.mark_wrong(s, case.id, "restriktion", note="", now=NOW, by=cast.alma),
    )
    in_session(
        admitted,
        lambda s: intake.record_reading(s, case.id, {"restriktion": "delvis"}, now=NOW, by=cast.alma),
    )
    with reading(admitted) as session:
        assert open_file(session, case.id).evidence_withdrawn
    refuses(admitted, Conflict, lambda s: decision.decide(s, case.id, choice="basal", by=cast.alma, **SAID))
