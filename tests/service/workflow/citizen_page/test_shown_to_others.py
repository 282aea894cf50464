"""How often a citizen's cases were shown as similar ones: as often as what was shown says."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service import log
from service.database import reading
from service.tables.intake import Case
from service.tables.showing import SimilarShowing
from service.tables.suggestion import Suggestion
from service.workflow import showings
from service.workflow.citizen_page.page import page_of
from service.workflow.in_force import reference_key
from service.workflow.intake.referral import Citizen
from tests.answered import answer
from tests.builders import a_case, a_judgement
from tests.cast import TODAY, Cast
from tests.payloads import a_payload
from tests.shelves import FixedShelf
from tests.trials import a_case_with_arm, a_trial

OTHER = Citizen("6101609996", "Bodil Prøve", "Prøvevej 2, 9999 Fjordby", "")


@pytest.fixture
def hers(admitted: Engine) -> Case:
    """A case of the citizen's, one that an artifact may hold."""
    return a_case(admitted, request_id="hers", citizen=OTHER)


def evidence_with(engine: Engine, case: Case) -> FixedShelf:
    """Evidence in which a case stands twice: among the similar cases and as the counter-example."""
    with reading(engine) as session:
        key = reference_key(session, "0999", case.request_id)
    payload: dict[str, Any] = a_payload()
    payload["similar"]["cases"][0]["key"] = payload["similar"]["counter_example"]["key"] = key
    return FixedShelf(payload)


def shown(engine: Engine, cast: Cast, number: int, shelf: FixedShelf, **judged: Any) -> Suggestion:
    """Another citizen's case with its answer."""
    case = a_case(engine, request_id=f"another-{number}")
    return answer(
        engine, a_judgement(engine, case, cast.alma, key=f"{number}", **judged).id, cast.alma, shelf
    )


def told(engine: Engine, case: Case) -> str:
    """What her page says of it."""
    with reading(engine) as session:
        return dict(page_of(session, case.id, None, TODAY).contexts)["Lignende sager for andre"]


def test_it_is_counted_once_an_answer_and_only_where_it_was_shown(
    admitted: Engine, cast: Cast, hers: Case
) -> None:
    shelf = evidence_with(admitted, hers)
    assert told(admitted, hers) == "Dine sager er ikke vist som lignende sager."
    shown(admitted, cast, 1, shelf)
    assert told(admitted, hers) == "En af dine sager er vist som en lignende sag i 1 anden sag."
    shown(admitted, cast, 2, shelf)
    shown(admitted, cast, 3, FixedShelf())
    shown(admitted, cast, 4, shelf, wants_evidence=False)
    a_case_with_arm(admitted, a_trial(admitted, cast), "control", cast.alma, shelf=shelf, number=5)
    assert told(admitted, hers) == "Dine sager er vist som lignende sager 2 gange."


def test_the_counts_are_those_of_what_was_shown(admitted: Engine, cast: Cast, hers: Case) -> None:
    for number, shelf in enumerate((evidence_with(admitted, hers), FixedShelf(), FixedShelf())):
        shown(admitted, cast, number, shelf)
    with reading(admitted) as session:
        counted: Counter[str] = Counter()
        for row in session.exec(select(Suggestion).where(Suggestion.outcome == "shown")):
            similar = log.open_part(session, row)["payload"]["similar"]
            counted.update({each["key"] for each in (*similar["cases"], similar["counter_example"])})
        tallies = {row.key: row.times for row in session.exec(select(SimilarShowing))}
        assert tallies == counted
        assert showings.times_shown(session, hers.citizen_id) == 1
