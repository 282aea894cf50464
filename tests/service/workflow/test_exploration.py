"""*Hvad nu hvis*: closed before the judgement and after the decision, stored sealed, no part of the case."""

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from sqlalchemy import Engine
from sqlmodel import select

from models.facts import FactsRefused
from service import log
from service.database import reading, writing
from service.errors import AssessmentMissing, Forbidden, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.tables.exploration import Exploration
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.workflow import governance, intake
from service.workflow.case_file import open_file
from service.workflow.suggestion import exploration
from service.workflow.suggestion.exploration import AlreadyOver, CannotExplore, NothingToExplore
from tests.answered import a_decision, an_answered_case, an_operation_without_basis
from tests.builders import a_case, a_judgement
from tests.cast import NOW, Cast
from tests.mine import a_report
from tests.payloads import a_payload
from tests.rights import a_request
from tests.rows import rows
from tests.shelves import DamagedShelf, FixedEvidence, FixedShelf, WrongSumShelf

CHANGED = {"smerte_beskrevet": "svaere"}


def told(payload: Any) -> str:
    """A fragment that holds all of it."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True)


def explore(
    engine: Engine,
    case: Case,
    by: Actor,
    changed: dict[str, Any] | None = None,
    shelf: Any = None,
    only_own: bool = False,
) -> Exploration:
    """Try other facts on a case."""
    return exploration.explore(
        engine, case.id, CHANGED if changed is None else changed, shelf=shelf or FixedShelf(), render=told,
        template_version="1", now=NOW, by=by, only_own=only_own,
    )  # fmt: skip


def refused(engine: Engine, error: type[Exception], *said: Any, **rest: Any) -> None:
    """It is refused, and no table has a row more or less."""
    before = rows(engine)
    with pytest.raises(error):
        explore(engine, *said, **rest)
    assert rows(engine) == before


@pytest.mark.requirement("F-01")
def test_before_the_judgement_nothing_can_be_tried(engine: Engine, cast: Cast) -> None:
    an_answered_case(engine, cast)
    fresh = a_case(engine, request_id="fresh")
    shelf = FixedShelf()

    refused(engine, AssessmentMissing, fresh, cast.alma, shelf=shelf)
    assert shelf.asked == 0


def test_after_the_decision_nothing_can_be_tried(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)

    refused(engine, AlreadyOver, case, cast.alma)


def _stopped(engine: Engine, cast: Cast, case: Case) -> None:
    with writing(engine) as session:
        governance.stop(session, cast.alma.unit_id, reason="Prøve", now=NOW, by=cast.tove)


def _objected(engine: Engine, cast: Cast, case: Case) -> None:
    a_request(engine, case, cast.alma, "objection")


def _marked(engine: Engine, cast: Cast, case: Case) -> None:
    with writing(engine) as session:
        intake.mark_wrong(session, case.id, "faldrisiko", note="", now=NOW, by=cast.alma)


def _reported(engine: Engine, cast: Cast, case: Case) -> None:
    a_report(engine, case, "faldrisiko")


def test_what_may_not_be_seen_now_may_not_be_tried_either(engine: Engine, cast: Cast) -> None:
    for number, happened in enumerate((_objected, _marked, _reported, _stopped), start=1):
        case = an_answered_case(engine, cast, number=number)
        happened(engine, cast, case)

        refused(engine, NothingToExplore, case, cast.alma)


def test_without_a_legal_basis_nothing_can_be_tried(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    an_operation_without_basis(engine, cast)

    refused(engine, NothingToExplore, case, cast.alma)


def test_where_nothing_was_shown_there_is_nothing_to_try(engine: Engine, cast: Cast) -> None:
    declined = an_answered_case(engine, cast, wants_evidence=False)
    silent = FixedShelf(a_payload(
        abstained=["too_few_similar"], abstained_sentences=["Få."], similar=None, contributions=None
    ))  # fmt: skip
    abstained = an_answered_case(engine, cast, number=2, shelf=silent)

    refused(engine, NothingToExplore, declined, cast.alma)
    refused(engine, NothingToExplore, abstained, cast.alma)


def test_others_may_not_try(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)

    refused(engine, NotFound, case, cast.carla)
    for other in (cast.dorte, cast.tove, cast.dan):
        refused(engine, Forbidden, case, other)


REFUSED: list[tuple[dict[str, Any], type[Exception]]] = [
    ({}, Refused),
    ({"smerte_beskrevet": "moderate"}, Refused),
    ({"aktionsdiagnose_sks": "DS722"}, Refused),
    ({"cpr": "1"}, Refused),
    ({"dage_siden_udskrivning": 3}, Refused),
    ({"smerte_beskrevet": "uudholdelige"}, FactsRefused),
    ({"bidiagnoser_antal": 10_000}, FactsRefused),
    ({"bidiagnoser_antal": float("inf")}, FactsRefused),
]


def test_what_the_model_does_not_ask_and_what_it_cannot_tell_is_refused(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)

    for changed, error in REFUSED:
        refused(engine, error, case, cast.alma, changed)
    for shelf in (DamagedShelf(), WrongSumShelf()):
        refused(engine, CannotExplore, case, cast.alma, shelf=shelf)


def test_what_was_tried_is_stored_with_its_entry_and_both_sides(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    row = explore(engine, case, cast.alma)
    with reading(engine) as session:
        again, fragment = exploration.as_stored(session, case.id, row.id)
        payload = log.open_part(session, again)["payload"]
        entry = session.exec(select(LogEntry).where(LogEntry.step == "exploration")).one()
        shown = open_file(session, case.id).suggestion

    assert log.verify(engine).ok
    assert entry.event == Event.SUGGESTION_EXPLORED
    assert "svær" not in entry.entry
    assert shown is not None
    assert again.suggestion_id == shown.id
    assert fragment == told(payload)
    assert again.payload_hash == hashlib.sha256(rfc8785.dumps(payload)).hexdigest()
    assert payload["sentences"] == ["Smerter: svære i stedet for moderate."]
    assert payload["before"]["spread"] == payload["after"]["spread"] == {"avanceret": 13, "basal": 7}
    assert not {"headline", "model_level", "reference_level", "key"} & set(_names(payload))


def _names(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [*node, *(name for each in node.values() for name in _names(each))]
    return [name for each in node for name in _names(each)] if isinstance(node, list) else []


def test_the_case_is_as_it_was_and_so_is_its_decision(engine: Engine, cast: Cast) -> None:
    case, twin = (an_answered_case(engine, cast, number=number) for number in (1, 2))
    with reading(engine) as session:
        before = open_file(session, case.id)
    counted = rows(engine)
    for changed in (CHANGED, {"faldrisiko": "nej"}):
        explore(engine, case, cast.alma, changed)
    with reading(engine) as session:
        after = open_file(session, case.id)
    grown = {name: count - counted[name] for name, count in rows(engine).items() if count != counted[name]}

    assert (after.facts, after.state) == (before.facts, before.state)
    assert after.suggestion == before.suggestion
    assert grown == {"explorations": 2, "log_entries": 2, "personal_parts": 2}
    made, usual = (a_decision(engine, each, cast.alma) for each in (case, twin))
    assert (made.agreement, made.change) == (usual.agreement, usual.change)


def test_a_judgement_made_again_closes_what_was_tried_on_the_first(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    explore(engine, case, cast.alma)
    with writing(engine) as session:
        intake.mark_wrong(session, case.id, "faldrisiko", note="", now=NOW, by=cast.alma)
    a_judgement(engine, case, cast.alma, key="again", read_version=3)

    refused(engine, NothingToExplore, case, cast.alma)


def test_an_exploration_of_another_case_is_not_found(engine: Engine, cast: Cast) -> None:
    case, other = (an_answered_case(engine, cast, number=number) for number in (1, 2))
    row = explore(engine, case, cast.alma)
    with reading(engine) as session, pytest.raises(NotFound):
        exploration.as_stored(session, other.id, row.id)


class AskedShelf(FixedShelf):
    """A shelf that remembers which cases were wanted."""

    def suggest(self, values: Any, *, own_level: str | None, **more: Any) -> FixedEvidence:
        """What is always said."""
        self.wanted = more["wanted"]
        return super().suggest(values, own_level=own_level)


def test_her_own_municipalitys_cases_can_be_looked_through_alone(engine: Engine, cast: Cast) -> None:
    """With the facts as they are; what was shown stays, and what is stored says whose cases these were."""
    case, shelf = an_answered_case(engine, cast), AskedShelf()
    row = explore(engine, case, cast.alma, {}, shelf, only_own=True)

    assert shelf.wanted.municipality == "0999"
    assert shelf.wanted.levels == {"basal", "avanceret"}, "what the law leaves open is searched, as always"
    with reading(engine) as session:
        payload = log.open_part(session, session.get_one(Exploration, row.id))["payload"]
        shown = open_file(session, case.id).suggestion
    assert payload["sentences"] == [
        "Lignende sager fra: kommunen selv i stedet for alle kommuner i beregningsmodellen."
    ]
    assert row.payload_hash == hashlib.sha256(rfc8785.dumps(payload)).hexdigest()
    assert shown is not None
    assert shown.id == row.suggestion_id
    assert '"key"' not in json.dumps(payload), "no case of hers can be told from it"

    explore(engine, case, cast.alma, shelf=shelf)
    assert shelf.wanted.municipality is None, "every municipality's, unless she chooses otherwise"


def test_where_all_cases_are_her_own_there_is_nothing_to_choose(engine: Engine, cast: Cast) -> None:
    said = a_payload()
    said["similar"]["searched"] = {"own": False, "municipalities": 1, "sentence": ""}
    case = an_answered_case(engine, cast, shelf=FixedShelf(said))

    refused(engine, Refused, case, cast.alma, {}, only_own=True)
