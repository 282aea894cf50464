"""Practice on made-up cases: the order of the steps, whose they are, and that nothing of it goes anywhere."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from models import areas
from service.backup.make import LEFT_OUT
from service.database import reading
from service.errors import AssessmentMissing, Conflict, Forbidden, NotFound, Refused
from service.grants import CHANGES
from service.tables import MUTABLE
from service.workflow import export, practice_room
from service.workflow.practice_room import evidence, exercises
from service.workflow.practice_room.exercises import Exercise
from tests.cast import NOW, Cast
from tests.payloads import PAYLOAD
from tests.refusals import in_session, refuses
from tests.rows import rows

AREA = "genoptraening"
ALL = exercises.of_area(AREA)
FIRST = ALL[0]


def done(engine: Engine, cast: Cast, exercise: Exercise, own: str, choice: str, who: str = "alma") -> None:
    """Somebody goes through one exercise."""
    by = cast.people[who]
    in_session(engine, lambda s: practice_room.judge(s, AREA, exercise.code, own, now=NOW, by=by))
    in_session(engine, lambda s: practice_room.decide(s, AREA, exercise.code, choice, now=NOW, by=by))


@pytest.mark.parametrize("answer", ["", "specialiseret", "BASAL", "x" * 300])
def test_only_a_lawful_answer_is_taken(answer: str, engine: Engine, cast: Cast) -> None:
    refuses(
        engine, Refused, lambda s: practice_room.judge(s, AREA, FIRST.code, answer, now=NOW, by=cast.alma)
    )


def test_there_is_no_decision_and_no_evidence_before_ones_own_judgement(engine: Engine, cast: Cast) -> None:
    refuses(
        engine,
        AssessmentMissing,
        lambda s: practice_room.decide(s, AREA, FIRST.code, "basal", now=NOW, by=cast.alma),
    )
    with reading(engine) as session:
        found = practice_room.open_round(session, AREA, FIRST.code, by=cast.alma)
    with pytest.raises(AssessmentMissing):
        practice_room.evidence_of(AREA, found)


def test_neither_step_is_taken_twice(engine: Engine, cast: Cast) -> None:
    done(engine, cast, FIRST, "avanceret", "basal")
    for step in (practice_room.judge, practice_room.decide):
        refuses(
            engine, Conflict, lambda s, step=step: step(s, AREA, FIRST.code, "basal", now=NOW, by=cast.alma)
        )


@pytest.mark.parametrize("code", ["", "findes_ikke", "../genoptraening", "MOBILITET"])
def test_an_exercise_that_is_not_offered_is_not_found(code: str, engine: Engine, cast: Cast) -> None:
    refuses(engine, NotFound, lambda s: practice_room.judge(s, AREA, code, "basal", now=NOW, by=cast.alma))


@pytest.mark.parametrize("name", ["tove", "dan", "dorte", "ada"])
def test_who_judges_no_cases_has_no_practice_room(name: str, engine: Engine, cast: Cast) -> None:
    by = cast.people[name]
    refuses(engine, Forbidden, lambda s: practice_room.rounds(s, AREA, by=by))
    refuses(engine, Forbidden, lambda s: practice_room.forget(s, by=by))


def test_an_exercise_that_names_what_nobody_knows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = (exercises.HERE / f"{AREA}.toml").read_text("utf-8").replace("funk_mobilitet", "alder", 1)
    (tmp_path / f"{AREA}.toml").write_text(declared, "utf-8")
    monkeypatch.setattr(exercises, "HERE", tmp_path)
    with pytest.raises(ValueError, match=FIRST.code):
        exercises.of_area.__wrapped__(AREA)


@pytest.mark.requirement("F-22")
def test_some_evidence_is_planted_and_some_is_right_and_the_cases_can_carry_an_answer() -> None:
    lawful = {option.code for option in practice_room.options_on(AREA, NOW.date())}

    assert [each.planted for each in ALL].count(True) >= 3
    assert [each.planted for each in ALL].count(False) >= 2
    for each in ALL:
        reference = evidence.reference_level(areas.get(AREA), each)
        assert each.carried and set(each.carried) <= lawful
        assert each.planted == (reference not in each.carried), each.code


def shape(value: Any) -> Any:
    """The keys of a payload, however deep; of a list, those of its first."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


@pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.code)
@pytest.mark.parametrize("own", ["basal", "avanceret", "retur"])
def test_evidence_has_the_shape_of_real_evidence_and_does_not_tell(exercise: Exercise, own: str) -> None:
    payload = evidence.payload_of(AREA, exercise, own)
    real = shape(PAYLOAD)

    assert set(payload) == set(PAYLOAD)
    for part in ("facts", "contributions"):
        assert shape(payload[part]) == real[part]
    assert shape(payload["similar"]["cases"]) == real["similar"]["cases"]
    assert payload["similar"]["count"] == sum(exercise.spread.values()) == len(payload["similar"]["cases"])
    said = json.dumps(payload, ensure_ascii=False)
    assert exercise.told not in said and "planted" not in said


@pytest.mark.requirement("F-22")
def test_what_she_did_is_told_to_her_and_to_nobody_else(engine: Engine, cast: Cast) -> None:
    done(engine, cast, FIRST, "avanceret", "avanceret")
    done(engine, cast, ALL[1], "basal", "avanceret")
    with reading(engine) as session:
        hers = practice_room.rounds(session, AREA, by=cast.alma)
        others = [practice_room.rounds(session, AREA, by=cast.people[name]) for name in ("bent", "carla")]

    assert [(each.carried, each.changed) for each in hers[:2]] == [(True, False), (False, True)]
    assert all(not each.own and not each.decision for theirs in others for each in theirs)


@pytest.mark.requirement("F-22", "D-61")
def test_nothing_of_it_reaches_casework_the_log_an_export_or_a_backup(engine: Engine, cast: Cast) -> None:
    before = rows(engine)
    for exercise in ALL:
        done(engine, cast, exercise, "basal", "avanceret")

    assert rows(engine) == before | {"practice_rounds": before["practice_rounds"] + len(ALL)}
    assert "practice_rounds" in MUTABLE and "practice_rounds" in LEFT_OUT
    with reading(engine) as session:
        assert list(export.decisions(engine)) == []
        keys = session.connection().execute(text("SELECT sql FROM sqlite_master")).scalars()
        assert not any("REFERENCES practice_rounds" in (each or "") for each in keys)


def test_she_deletes_one_or_all_of_hers_and_nobody_elses(engine: Engine, cast: Cast) -> None:
    for who in ("alma", "bent"):
        for exercise in ALL[:2]:
            done(engine, cast, exercise, "basal", "basal", who)

    in_session(engine, lambda s: practice_room.forget(s, by=cast.alma, code=FIRST.code))
    assert rows(engine)["practice_rounds"] == 3
    in_session(engine, lambda s: practice_room.forget(s, by=cast.alma))
    assert rows(engine)["practice_rounds"] == 2
    assert CHANGES["practice_rounds"] == {"UPDATE", "DELETE"}
