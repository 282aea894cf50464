"""The quiz on the limits of the evidence: what it takes, how long it counts, and what it opens."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.errors import Forbidden
from service.identity import Actor
from service.tables.log import LogEntry
from service.workflow import competence, governance
from service.workflow.competence import Held, NotPassed, quiz
from tests import register
from tests.answered import answer
from tests.builders import a_case, a_judgement, an_admission
from tests.cast import NOW, Cast, passes_quiz, unit_named
from tests.refusals import refuses
from tests.rows import rows

AREA = "genoptraening"
RIGHT = {question.code: question.right for question in quiz.declared().questions}
CODES = sorted({option.code for each in quiz.declared().questions for option in each.options})


def held(engine: Engine, by: Actor, at: datetime = NOW) -> Held:
    """How somebody stands."""
    with reading(engine) as session:
        return competence.standing_of(session, by.person_id, by.municipality_id, AREA, at).held


def entries(engine: Engine, event: str) -> list[dict[str, object]]:
    """The entries of an event, as they stand in the log."""
    with reading(engine) as session:
        found = session.exec(select(LogEntry).where(LogEntry.event == event)).all()
    return [json.loads(each.entry) for each in found]


@pytest.mark.parametrize("wrong", sorted(RIGHT))
def test_one_wrong_answer_is_not_enough_and_leaves_nothing(wrong: str, admitted: Engine, cast: Cast) -> None:
    other = next(code for code in CODES if code != RIGHT[wrong])
    for answers in ({**RIGHT, wrong: other}, {**RIGHT, wrong: ""}, RIGHT.keys() - {wrong}):
        given_ = answers if isinstance(answers, dict) else {code: RIGHT[code] for code in answers}
        refuses(admitted, NotPassed, lambda s, g=given_: competence.take(s, AREA, g, now=NOW, by=cast.alma))
    assert held(admitted, cast.alma) is Held.NEVER


@given(st.fixed_dictionaries({code: st.sampled_from(["", *CODES]) for code in RIGHT}))
def test_only_every_right_answer_passes(answers: dict[str, str]) -> None:
    missed = quiz.missed(quiz.declared(), answers)

    assert {each.code for each in missed} == {code for code in RIGHT if answers[code] != RIGHT[code]}
    assert (missed == ()) == (answers == RIGHT)


@pytest.mark.parametrize("name", ["tove", "dan", "dorte", "ada"])
def test_the_quiz_is_for_whoever_judges_cases(name: str, admitted: Engine, cast: Cast) -> None:
    by = cast.people[name]
    refuses(admitted, Forbidden, lambda s: competence.take(s, AREA, RIGHT, now=NOW, by=by))


def test_a_quiz_whose_answer_cannot_be_chosen_is_no_quiz(tmp_path: Path) -> None:
    broken = quiz.DECLARED.read_text("utf-8").replace('right = "b"', 'right = "x"', 1)
    (tmp_path / "q.toml").write_text(broken, "utf-8")

    with pytest.raises(ValueError, match="flertal"):
        quiz.read(tmp_path / "q.toml")


def test_it_may_be_taken_again_and_only_the_pass_is_written(admitted: Engine, cast: Cast) -> None:
    refuses(admitted, NotPassed, lambda s: competence.take(s, AREA, {}, now=NOW, by=cast.alma))
    passes_quiz(admitted, cast.alma)

    assert (held(admitted, cast.alma), held(admitted, cast.bent)) == (Held.PASSED, Held.NEVER)
    [entry] = entries(admitted, "quiz:passed")
    assert entry["actor"] == cast.alma.person_id
    assert rows(admitted)["quiz_passes"] == 1


@pytest.mark.requirement("D-61")
def test_it_counts_for_a_year_and_not_a_day_longer(admitted: Engine, cast: Cast) -> None:
    passes_quiz(admitted, cast.alma)

    assert held(admitted, cast.alma, NOW + timedelta(days=365)) is Held.PASSED
    assert held(admitted, cast.alma, NOW + timedelta(days=366)) is Held.TOO_OLD


def test_another_model_is_another_quiz_and_the_first_one_counts_again_with_it(
    admitted: Engine, cast: Cast
) -> None:
    passes_quiz(admitted, cast.alma)
    an_admission(admitted, cast.dan, version="2026-04-01", manifest_hash="cd" * 32)
    assert held(admitted, cast.alma) is Held.OTHER_MODEL

    passes_quiz(admitted, cast.alma)
    assert held(admitted, cast.alma) is Held.PASSED
    an_admission(admitted, cast.dan)
    assert held(admitted, cast.alma) is Held.PASSED


def test_a_step_of_approval_is_another_quiz_and_so_is_a_lift(engine: Engine, cast: Cast) -> None:
    an_admission(engine, cast.dan, version=register.VERSION)
    register.ready_for_shadow(engine, cast.ada)
    passes_quiz(engine, cast.alma)

    register.approve(engine, cast.ada, "skygge")
    assert held(engine, cast.alma) is Held.OTHER_MODEL
    passes_quiz(engine, cast.alma)
    register.approve(engine, cast.ada, "loeftet")
    assert held(engine, cast.alma) is Held.OTHER_MODEL
    register.approve(engine, cast.ada, "afklaret")
    assert held(engine, cast.alma) is Held.PASSED


def test_other_questions_are_another_quiz(
    admitted: Engine, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes_quiz(admitted, cast.alma)
    (tmp_path / "q.toml").write_text(quiz.DECLARED.read_text("utf-8") + "# anders\n", "utf-8")
    monkeypatch.setattr(quiz, "declared", lambda: quiz.read(tmp_path / "q.toml"))

    assert held(admitted, cast.alma) is Held.OTHER_QUESTIONS


def judged(engine: Engine, cast: Cast, number: int) -> tuple[str, str]:
    """A judgement of Alma's in a unit that has chosen a headline: the mode and the fragment."""
    case = a_case(engine, request_id=f"request-{number}")
    row = answer(engine, a_judgement(engine, case, cast.alma, key=f"key-{number}").id, cast.alma)
    return row.outcome, row.mode


@pytest.mark.requirement("F-22", "D-61")
def test_a_headline_opens_with_the_quiz_and_the_overview_needs_none(admitted: Engine, cast: Cast) -> None:
    with writing(admitted) as session:
        unit = unit_named(session, "Træning Nord").id
        governance.set_mode(session, unit, "forslag", now=NOW, by=cast.tove)

    assert judged(admitted, cast, 1) == ("shown", "overblik")
    passes_quiz(admitted, cast.alma)
    assert judged(admitted, cast, 2) == ("shown", "forslag")
    told = [entry.get("headline") for entry in entries(admitted, "suggestion:shown")]
    assert told == ["held_back", None]


def test_the_quiz_changes_nothing_where_no_headline_is_chosen(admitted: Engine, cast: Cast) -> None:
    passes_quiz(admitted, cast.alma)

    assert judged(admitted, cast, 1) == ("shown", "overblik")
    assert "headline" not in entries(admitted, "suggestion:shown")[0]
