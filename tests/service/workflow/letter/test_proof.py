"""The order is proved or not said: each thing that may be wrong with the log silences the sentence."""

import pytest
from sqlalchemy import Engine

from service.database import reading, writing
from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.tables.intake import Case
from service.workflow import assessment
from service.workflow.case_file import newest
from service.workflow.letter.compose import compose
from service.workflow.letter.course import JUDGED_FIRST
from service.workflow.letter.proof import judged_first
from tests.answered import a_decision, an_answered_case, answer
from tests.cast import NOW, Cast
from tests.letters import parts_of, the_ground
from tests.parts.tampering import tamper

PLACE = "(shard, seq) = (SELECT shard, log_seq FROM {} WHERE case_id = :case)"
HARMS = {
    "a judgement changed in its row": "UPDATE assessments SET choice = 'basal' WHERE case_id = :case",
    "a time changed in its row": "UPDATE assessments SET at = '2020-01-01' WHERE case_id = :case",
    "evidence changed in its row": "UPDATE suggestions SET reference_level = 'basal' WHERE case_id = :case",
    "a judgement's part that cannot be opened": (
        "UPDATE personal_parts SET content = x'00' WHERE step = 'assessment' AND subject_id = :case"
    ),
    "an evidence's part that cannot be opened": (
        "UPDATE personal_parts SET nonce = x'00' WHERE step = 'suggestion' AND subject_id = :case"
    ),
    "an entry rewritten": "UPDATE log_entries SET entry = replace(entry, 'visitator', 'teamleder') WHERE "
    + PLACE.format("assessments"),
    "an entry that is no JSON": "UPDATE log_entries SET entry = '{' WHERE " + PLACE.format("suggestions"),
    "an entry that is gone": "DELETE FROM log_entries WHERE " + PLACE.format("assessments"),
    "a judgement of another person": (
        "UPDATE assessments SET person_id = (SELECT id FROM people WHERE username = 'bent')"
        " WHERE case_id = :case"
    ),
    "the two in the other order": "UPDATE assessments SET log_seq = log_seq + 1000 WHERE case_id = :case",
}


def proved(engine: Engine, case: Case) -> bool:
    with reading(engine) as session:
        decision = newest(session, Decision, case.id)
        assert decision is not None
        return judged_first(session, decision)


def said(engine: Engine, case: Case) -> bool:
    ground = the_ground(engine, case.id)
    return JUDGED_FIRST in "\n".join(compose(ground, parts_of(ground)).paragraphs())


@pytest.fixture
def decided(engine: Engine, cast: Cast) -> Case:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    return case


@pytest.mark.requirement("SK-17")
def test_judging_first_is_proved_and_said(engine: Engine, decided: Case) -> None:
    assert proved(engine, decided)
    assert said(engine, decided)


def test_a_colleague_who_decides_on_her_judgement_had_none_of_her_own(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.bent)

    assert not proved(engine, case)
    assert not said(engine, case)


def test_where_nothing_was_shown_there_is_nothing_to_come_before(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast, wants_evidence=False)
    a_decision(engine, case, cast.alma)

    assert not proved(engine, case)
    assert not said(engine, case)


def test_a_judgement_after_the_evidence_is_not_called_the_first(engine: Engine, cast: Cast) -> None:
    """She looked again, and was shown again: what she thought before anything was shown is another row."""
    case = an_answered_case(engine, cast)
    with writing(engine) as session:
        first = newest(session, Assessment, case.id)
        assert first is not None
        again = assessment.record(
            session, case.id, facts_id=first.facts_id, choice="basal", confidence="sikker",
            wants_evidence=True, opened_at=NOW, key="again", now=NOW, by=cast.alma, replaces=first.id,
        )  # fmt: skip
    answer(engine, again.id, cast.alma)
    a_decision(engine, case, cast.alma)

    assert not proved(engine, case)
    assert not said(engine, case)


@pytest.mark.parametrize("harm", HARMS)
def test_whatever_does_not_fit_silences_the_sentence(harm: str, engine: Engine, decided: Case) -> None:
    assert proved(engine, decided)
    tamper(engine, HARMS[harm], case=decided.id)

    assert not proved(engine, decided)
