"""The practice room and the quiz as pages: judge, see, decide, be told; and nobody else ever sees it."""

import ast
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.database import writing
from service.workflow import governance, practice_room
from service.workflow.competence import quiz
from service.workflow.practice_room import exercises
from tests.answered import an_answered_case
from tests.cast import NOW, Cast, passes_quiz, unit_named
from tests.house.test_routes import path_of, rules
from tests.parts.tree import ROOT, files_in
from tests.parts.web import Visitor
from tests.rows import rows

Visit = Callable[[str], Visitor]
AREA, MARK = "genoptraening", "data-own-practice"
ALL = exercises.of_area(AREA)
FIRST = ALL[0]
HOME = f"/oevelsesrum/{FIRST.code}"
RIGHT = {f"svar_{each.code}": each.right for each in quiz.declared().questions}


def test_nothing_is_shown_before_her_own_judgement_and_nothing_told_before_her_decision(visit: Visit) -> None:
    alma = visit("alma")
    page = alma.get(HOME).text
    assert "lignende sager</h2>" not in page and FIRST.told not in page and " checked" not in page

    assert alma.post(f"{HOME}/vurdering", {"choice": "avanceret"}).status_code == 303
    page = alma.get(HOME).text
    assert "20 lignende sager</h2>" in page and FIRST.told not in page and " checked" not in page

    assert alma.post(f"{HOME}/beslutning", {"choice": "avanceret"}).status_code == 303
    page = alma.get(HOME).text
    assert FIRST.told in page and "Der var lagt noget forkert ind" in page and FIRST.find in page


def test_what_is_missing_or_out_of_order_is_said_and_nothing_is_kept(engine: Engine, visit: Visit) -> None:
    alma = visit("alma")
    alma.get(HOME)
    before = rows(engine)
    assert alma.post(f"{HOME}/beslutning", {"choice": "basal"}).status_code == 409
    answer = alma.post(f"{HOME}/vurdering", {})
    assert (answer.status_code, "Vælg et af svarene." in answer.text) == (422, True)
    assert alma.post("/oevelsesrum/findes-ikke/vurdering", {"choice": "basal"}).status_code == 404
    assert rows(engine) == before


@pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.code)
def test_every_exercise_can_be_gone_through_and_begun_again(
    exercise: exercises.Exercise, visit: Visit
) -> None:
    alma, home = visit("alma"), f"/oevelsesrum/{exercise.code}"
    alma.get(home)
    alma.post(f"{home}/vurdering", {"choice": "retur"})
    alma.post(f"{home}/beslutning", {"choice": exercise.carried[0]})
    page = alma.get(home).text
    told = "Der var lagt noget forkert ind" if exercise.planted else "Der var ikke lagt noget forkert ind"
    assert f">{told}</h2>" in page and "ændret" in page
    assert alma.post(f"{home}/forfra").status_code == 303
    assert exercise.told not in alma.get(home).text


@pytest.fixture
def hers(engine: Engine, cast: Cast) -> None:
    """Alma has gone through everything."""
    for exercise in ALL:
        with writing(engine) as session:
            practice_room.judge(session, AREA, exercise.code, "retur", now=NOW, by=cast.alma)
        with writing(engine) as session:
            practice_room.decide(session, AREA, exercise.code, "retur", now=NOW, by=cast.alma)


@pytest.mark.requirement("F-22", "SK-09")
@pytest.mark.parametrize("name", ["tove", "dan", "dorte", "ada"])
def test_no_leader_auditor_or_administrator_has_it(name: str, visit: Visit, cast: Cast, hers: None) -> None:
    person = visit(name)
    for more in ("", f"/{FIRST.code}", f"?person={cast.alma.person_id}", f"/{cast.alma.person_id}", ".csv"):
        answer = person.get(f"/oevelsesrum{more}")
        assert answer.status_code in (403, 404), more
        assert MARK not in answer.text
    assert "/oevelsesrum" not in person.get("/enhed").text


@pytest.mark.requirement("F-22", "D-39")
@pytest.mark.parametrize("name", ["bent", "tove", "dorte", "ada"])
def test_no_other_page_or_answer_holds_it(
    name: str, app: Flask, visit: Visit, cast: Cast, hers: None
) -> None:
    person, case_id = visit(name), an_answered_case(cast.engine, cast).id
    for rule in rules(app):
        if "GET" not in (rule.methods or ()):
            continue
        for asked in ("", f"?person={cast.alma.person_id}"):
            answer = person.get(path_of(rule, case_id) + asked)
            assert "Gennemført</span>" not in answer.text, rule.rule
            assert not any(each.told in answer.text for each in ALL), rule.rule


def test_a_colleague_who_asks_for_hers_is_shown_her_own(visit: Visit, cast: Cast, hers: None) -> None:
    bent = visit("bent")
    for asked in (f"person={cast.alma.person_id}", "bruger=alma", "by=alma"):
        page = bent.get(f"/oevelsesrum?{asked}").text
        assert page.count("Ikke begyndt") == len(ALL) and "Slet mine øvelser" not in page
    bent.post("/oevelsesrum/slet", {})
    assert rows(cast.engine)["practice_rounds"] == len(ALL)


@pytest.mark.requirement("F-22")
def test_only_its_own_page_reads_the_rounds() -> None:
    """So that no statistics, command, export or API can come to show them."""
    using = {
        file.as_posix()
        for file in files_in("service")
        for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
        if (isinstance(node, ast.ImportFrom | ast.Import) and "practice_room" in ast.unparse(node))
        or (isinstance(node, ast.Name) and node.id == "PracticeRound")
    }

    assert {each for each in using if "practice_room" not in each} == set()


@pytest.mark.requirement("F-22")
def test_she_can_delete_everything(engine: Engine, visit: Visit, hers: None) -> None:
    alma = visit("alma")
    assert "6 af 6" in alma.get("/oevelsesrum").text
    assert alma.post("/oevelsesrum/slet", {}).status_code == 303
    assert "Ikke begyndt" in alma.get("/oevelsesrum").text
    assert rows(engine)["practice_rounds"] == 0


def test_a_missed_question_is_explained_and_nothing_is_kept(engine: Engine, visit: Visit) -> None:
    alma = visit("alma")
    alma.get("/proeve")
    before = rows(engine)
    answer = alma.post("/proeve", {**RIGHT, "svar_flertal": "a"})

    assert answer.status_code == 422
    assert quiz.declared().questions[0].because in answer.text
    assert alma.post("/proeve", {}).status_code == 422
    assert rows(engine) == before


def test_the_quiz_is_passed_at_the_second_go(engine: Engine, visit: Visit) -> None:
    alma = visit("alma")
    alma.get("/proeve")
    alma.post("/proeve", {**RIGHT, "svar_flertal": "a"})

    assert alma.post("/proeve", RIGHT).status_code == 303
    assert "Du har bestået prøven om grundlagets grænser." in alma.get("/proeve").text
    assert rows(engine)["quiz_passes"] == 1


@pytest.mark.requirement("F-22", "D-61")
def test_the_case_says_calmly_why_there_is_no_headline(engine: Engine, visit: Visit, cast: Cast) -> None:
    usual = visit("alma").get(f"/sag/{an_answered_case(engine, cast).id}/grundlag").text
    with writing(engine) as session:
        unit = unit_named(session, "Træning Nord").id
        governance.set_mode(session, unit, "forslag", now=NOW, by=cast.tove)
    case = an_answered_case(engine, cast, number=2)
    without = visit("alma").get(f"/sag/{case.id}/grundlag").text
    passes_quiz(engine, cast.alma)
    after = visit("alma").get(f"/sag/{case.id}/grundlag").text

    assert "data-quiz" not in usual and "peger mod" not in without
    assert '<a href="/proeve">' in without[without.index("data-quiz") :]
    assert "data-quiz" not in after
