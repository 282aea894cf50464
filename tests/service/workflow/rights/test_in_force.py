"""A right takes effect everywhere at once, and taken back it lets go again: evidence, neighbours, export."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from models.decided_case import DecidedCase
from models.left_out import LeftOut
from service import log
from service.database import reading, writing
from service.tables.intake import Case
from service.tables.rights import KINDS
from service.tables.suggestion import Suggestion
from service.workflow import assessment, export, in_force, intake, rights, suggestion
from service.workflow.case_file import open_file
from service.workflow.in_force import KEEPS_FROM_LEARNING, KEEPS_FROM_OTHERS, STOPS_EVIDENCE
from tests.answered import an_answered_case, answer
from tests.builders import READ, a_case, a_judgement, a_referral, an_admission
from tests.cast import NOW, Cast
from tests.payloads import PAYLOAD
from tests.quarter import decide_case
from tests.rights import a_request, a_withdrawal, an_answer
from tests.shelves import FixedShelf

OTHER_CITIZEN = "6302479996"
NUMBERS = count()


def stopped(engine: Engine, case: Case) -> str | None:
    """The right for which nothing may be shown in a case now."""
    with reading(engine) as session:
        return open_file(session, case.id).stopped_by_right


def kept(engine: Engine) -> frozenset[str]:
    """The keys that nobody may be shown."""
    with reading(engine) as session:
        return in_force.kept_from_others(session)


def key_of(engine: Engine, request_id: str, code: str = "0999") -> str:
    """The key of a request."""
    with reading(engine) as session:
        return in_force.reference_key(session, code, request_id)


def exported(engine: Engine) -> tuple[list[DecidedCase], dict[str, set[str]], LeftOut]:
    """What is exported, what is refused by right, and what the file says of it."""
    refused: dict[str, set[str]] = {}

    def note(request: str, right: str) -> None:
        refused.setdefault(right, set()).add(request)

    with reading(engine) as session:
        found = list(export.decisions(engine, refused=note))
        return found, refused, export.left_out_of(session, refused)


@pytest.mark.requirement("F-04", "D-27")
@pytest.mark.parametrize("kind", KINDS)
def test_what_each_right_keeps_the_system_from(engine: Engine, cast: Cast, kind: str) -> None:
    an_admission(engine, cast.dan)
    decided = decide_case(engine, cast.alma, 1)
    own = key_of(engine, "request-1")
    asked = a_request(engine, decided, cast.alma, kind)

    assert stopped(engine, decided) == (kind if kind in STOPS_EVIDENCE else None)
    assert kept(engine) == ({own} if kind in KEEPS_FROM_OTHERS else frozenset())
    found, refused, told = exported(engine)
    assert len(found) == (0 if kind in KEEPS_FROM_LEARNING else 1)
    assert refused == ({kind: {"0999:request-1"}} if kind in KEEPS_FROM_LEARNING else {})
    assert bool(told) == (kind in KEEPS_FROM_LEARNING)

    a_withdrawal(engine, asked, cast.alma)
    assert (stopped(engine, decided), kept(engine), len(exported(engine)[0])) == (None, frozenset(), 1)


def test_a_refused_claim_lets_go_and_a_granted_one_holds(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    asked = a_request(engine, case, cast.alma, "objection")
    an_answer(engine, asked, cast.alma, "refused")
    assert stopped(engine, case) is None

    granted = a_request(engine, case, cast.alma, "restriction")
    an_answer(engine, granted, cast.alma, "granted")
    assert stopped(engine, case) == "restriction"
    with writing(engine) as session:
        rights.lift(session, granted.id, words="Du fik brev.", now=NOW + timedelta(days=5), by=cast.alma)
    assert stopped(engine, case) is None


def test_the_strongest_right_is_the_reason(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    for kind in reversed(STOPS_EVIDENCE):
        a_request(engine, case, cast.alma, kind)
        assert stopped(engine, case) == kind


def test_it_is_about_her_case_and_nobody_elses(engine: Engine, cast: Cast) -> None:
    hers = a_case(engine)
    citizen = a_referral().citizen
    others = a_case(
        engine, request_id="request-2", citizen=type(citizen)(OTHER_CITIZEN, "Ole Prøve", "Vej 2", "")
    )
    later = a_case(engine, request_id="request-3")
    a_request(engine, hers, cast.alma, "objection")

    assert (stopped(engine, hers), stopped(engine, others)) == ("objection", None)
    assert kept(engine) == {key_of(engine, "request-1"), key_of(engine, "request-3")}
    assert later.citizen_id == hers.citizen_id


@pytest.mark.parametrize("kind", STOPS_EVIDENCE)
def test_a_judgement_is_answered_with_the_reason_and_nothing_is_computed(
    engine: Engine, cast: Cast, kind: str
) -> None:
    an_admission(engine, cast.dan)
    case, shelf = a_case(engine), FixedShelf()
    a_request(engine, case, cast.alma, kind)
    shown = answer(engine, a_judgement(engine, case, cast.alma).id, cast.alma, shelf)

    assert (shown.outcome, shown.reason, shown.payload_hash, shelf.asked) == ("withheld", kind, None, 0)
    with reading(engine) as session:
        assert log.open_part(session, shown) == {"payload": None, "fragment": None}


class AskedMeanwhile(FixedShelf):
    """A shelf in front of which a citizen uses a right, just while the answer is computed."""

    def suggest(self, values: Any, *, own_level: str | None, **about: Any) -> Any:
        """The usual answer; the excluded keys are noted, and the first time somebody asks for a right."""
        self.excluded = about["wanted"].excluded_keys
        if self.asked == 0:
            self.meanwhile()
        return super().suggest(values, own_level=own_level)


@pytest.mark.parametrize("kind", STOPS_EVIDENCE)
def test_a_right_used_while_the_answer_is_computed_still_stops_it(
    engine: Engine, cast: Cast, kind: str
) -> None:
    an_admission(engine, cast.dan)
    case, shelf = a_case(engine), AskedMeanwhile()
    shelf.meanwhile = lambda: a_request(engine, case, cast.alma, kind)  # type: ignore[attr-defined]
    shown = answer(engine, a_judgement(engine, case, cast.alma).id, cast.alma, shelf)

    assert (shown.outcome, shown.reason) == ("withheld", kind)


def test_a_no_to_be_shown_while_an_answer_is_computed_is_in_it(engine: Engine, cast: Cast) -> None:
    an_admission(engine, cast.dan)
    case, shelf = a_case(engine), AskedMeanwhile()
    shelf.meanwhile = lambda: a_request(engine, case, cast.alma, "similar_cases")  # type: ignore[attr-defined]
    shown = answer(engine, a_judgement(engine, case, cast.alma).id, cast.alma, shelf)

    assert shown.outcome == "shown"
    assert (shelf.asked, shelf.excluded) == (2, {key_of(engine, "request-1")})


def test_what_was_shown_before_is_not_shown_again_while_the_right_stands(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    asked = a_request(engine, case, cast.alma, "without_system")
    assert held_back(engine, case) == "without_system"
    a_withdrawal(engine, asked, cast.alma)
    assert held_back(engine, case) is None


def test_a_basis_that_shows_a_case_whose_citizen_says_no_is_taken_away_at_once(
    engine: Engine, cast: Cast
) -> None:
    other = a_case(engine, request_id="request-9")
    cases = [dict(each) for each in PAYLOAD["similar"]["cases"]]
    cases[4]["key"] = key_of(engine, "request-9")
    said = {**PAYLOAD, "similar": {**PAYLOAD["similar"], "cases": cases}}
    case = an_answered_case(engine, cast, shelf=FixedShelf(said))
    assert held_back(engine, case) is None

    asked = a_request(engine, other, cast.alma, "similar_cases")
    assert held_back(engine, case) == "similar_withdrawn"
    a_withdrawal(engine, asked, cast.alma)
    assert held_back(engine, case) is None


def held_back(engine: Engine, case: Case) -> str | None:
    """Why the answer to a case may not be shown now."""
    with reading(engine) as session:
        file = open_file(session, case.id)
        assert file.suggestion is not None
        return suggestion.held_back_now(session, file, file.suggestion)


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from(KINDS)),
        st.tuples(st.just("withdraw"), st.sampled_from(KINDS)),
        st.tuples(st.just("refuse"), st.just("objection")),
        st.tuples(st.just("judge"), st.just("")),
    ),
    min_size=3,
    max_size=8,
)


@settings(
    max_examples=8, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(acts=ACTS)
def test_evidence_never_appears_while_a_right_is_in_force(
    admitted: Engine, cast: Cast, acts: list[tuple[str, str]]
) -> None:
    """Whatever is asked, taken back and judged, and in whatever order."""
    number = next(NUMBERS)
    case = a_case(admitted, request_id=f"any-{number}")
    standing: dict[str, Any] = {}
    for turn, (act, kind) in enumerate(acts):
        if act == "ask" and kind not in standing:
            words = f"{number} {turn}"
            standing[kind] = a_request(admitted, case, cast.alma, kind, words=words)
        elif act == "withdraw" and kind in standing:
            a_withdrawal(admitted, standing.pop(kind), cast.alma)
        elif act == "refuse" and kind in standing:
            an_answer(admitted, standing.pop(kind), cast.alma, "refused")
        elif act == "judge":
            shown = judged_anew(admitted, cast, case, f"{number}-{turn}")
            assert (shown.outcome == "withheld") == any(each in standing for each in STOPS_EVIDENCE)
        why = next((each for each in STOPS_EVIDENCE if each in standing), None)
        assert stopped(admitted, case) == why
        with reading(admitted) as session:
            file = open_file(session, case.id)
            if file.suggestion is not None and why is not None:
                assert suggestion.held_back_now(session, file, file.suggestion) == why


def judged_anew(engine: Engine, cast: Cast, case: Case, key: str) -> Suggestion:
    """A judgement on the newest facts, after some that changed, and its answer."""
    with reading(engine) as session:
        file = open_file(session, case.id)
    if file.assessment is None:
        return answer(engine, a_judgement(engine, case, cast.alma, key=key).id, cast.alma)
    with writing(engine) as session:
        facts = intake.record_reading(session, case.id, READ, now=NOW, by=cast.alma)
        facts = facts or file.facts_version
        judged = assessment.record(
            session, case.id, facts_id=facts.id, choice="basal", confidence="sikker", wants_evidence=True,
            opened_at=NOW, key=key, now=NOW, by=cast.alma, replaces=file.assessment.id,
        )  # fmt: skip
    return answer(engine, judged.id, cast.alma)
