"""The survey: one answer each, and nothing in the database by which to tell whose."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from service.backup.make import LEFT_OUT
from service.database import reading, writing
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.identity import Actor, actor_of
from service.tables.log import LogEntry
from service.tables.survey import SurveyRound, SurveyTally, SurveyTurnout
from service.workflow import staff
from service.workflow.effect import survey
from service.workflow.effect.questions import ANSWERS, QUESTIONS
from service.workflow.statistics.shares import HIDDEN, Share
from tests.cast import LONG_AGO, NOW, TODAY, Cast, gather
from tests.refusals import in_session, refuses
from tests.rows import rows

WEEK = timedelta(weeks=1)
FIRST, SECOND = QUESTIONS[0].code, QUESTIONS[1].code


def a_round(engine: Engine, cast: Cast, opens: date = TODAY) -> SurveyRound:
    found: SurveyRound = in_session(
        engine,
        lambda session: survey.open_round(
            session, opens_on=opens, closes_on=opens + WEEK, now=NOW, by=cast.tove
        ),
    )
    return found


def say(engine: Engine, found: SurveyRound, by: Actor, answers: Mapping[str, str]) -> None:
    in_session(engine, lambda session: survey.answer(session, found.id, answers, now=NOW, by=by))


def caseworkers(engine: Engine, cast: Cast, count: int) -> list[Actor]:
    """So many more caseworkers in Træning Nord."""
    made = []
    for number in range(count):
        with writing(engine) as session:
            person = staff.add_person(session, f"nr{number}", f"Nr. {number}", now=LONG_AGO)
            staff.grant(
                session, person.id, cast.alma.unit_id, "visitator", valid_from=LONG_AGO.date(), now=LONG_AGO,
                by=None,
            )  # fmt: skip
        with reading(engine) as session:
            made.append(actor_of(session, person.id, TODAY))
    return made


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(TODAY - timedelta(days=1), TODAY), (TODAY, TODAY - timedelta(days=1)), (TODAY, TODAY + 9 * WEEK)],
    ids=["begun already", "backwards", "too long"],
)
def test_a_round_of_impossible_days_is_not_opened(
    engine: Engine, cast: Cast, opens: date, closes: date
) -> None:
    refuses(
        engine, Refused,
        lambda session: survey.open_round(session, opens_on=opens, closes_on=closes, now=NOW, by=cast.tove),
    )  # fmt: skip


def test_two_rounds_do_not_overlap(engine: Engine, cast: Cast) -> None:
    a_round(engine, cast)
    refuses(
        engine, Conflict,
        lambda session: survey.open_round(
            session, opens_on=TODAY + WEEK, closes_on=TODAY + 2 * WEEK, now=NOW, by=cast.tove
        ),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["alma", "dan", "dorte", "ada"])
def test_only_whoever_leads_opens_a_round(engine: Engine, cast: Cast, name: str) -> None:
    by = cast.people[name]
    refuses(
        engine, Forbidden,
        lambda session: survey.open_round(session, opens_on=TODAY, closes_on=TODAY, now=NOW, by=by),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "answers", "error"),
    [
        ("tove", {FIRST: "enig"}, Forbidden),
        ("carla", {FIRST: "enig"}, NotFound),
        ("alma", {}, Refused),
        ("alma", {"loen": "enig"}, Refused),
        ("alma", {FIRST: "måske"}, Refused),
    ],
    ids=["a leader", "another municipality", "nothing", "another question", "another answer"],
)
def test_what_cannot_be_answered_is_not_counted(
    engine: Engine, cast: Cast, name: str, answers: dict[str, str], error: type[Exception]
) -> None:
    found, by = a_round(engine, cast), cast.people[name]
    refuses(engine, error, lambda session: survey.answer(session, found.id, answers, now=NOW, by=by))
    assert tallies(engine) == {}


def test_a_round_that_is_over_is_not_answered(engine: Engine, cast: Cast) -> None:
    found = a_round(engine, cast)
    later = NOW + 2 * WEEK
    refuses(
        engine, NotFound,
        lambda session: survey.answer(session, found.id, {FIRST: "enig"}, now=later, by=cast.alma),
    )  # fmt: skip


@pytest.mark.requirement("D-42")
def test_each_answers_once_and_a_second_answer_changes_nothing(engine: Engine, cast: Cast) -> None:
    found = a_round(engine, cast)
    say(engine, found, cast.alma, {FIRST: "enig"})
    before = tallies(engine)
    refuses(
        engine, Conflict,
        lambda session: survey.answer(session, found.id, {FIRST: "uenig"}, now=NOW, by=cast.alma),
    )  # fmt: skip
    assert tallies(engine) == before == {(FIRST, "enig"): 1}


@pytest.mark.requirement("D-42")
def test_two_people_who_swap_their_answers_leave_the_same_database(engine: Engine, cast: Cast) -> None:
    """Whoever holds the whole database cannot tell who said what: swapped answers leave nothing different.

    Two rounds, the same people in the same order, one with the answers swapped.
    """
    answers = ({FIRST: "helt_enig", SECOND: "uenig"}, {FIRST: "helt_uenig"})
    left = []
    for number, said in enumerate([answers, answers[::-1]]):
        found = a_round(engine, cast, TODAY + 2 * number * WEEK)
        before = rows(engine)
        with reading(engine) as session:
            log_before = [entry.entry for entry in session.exec(select(LogEntry))]
        for by, each in zip((cast.alma, cast.bent), said, strict=True):
            now = NOW + 2 * number * WEEK
            in_session(engine, lambda s, each=each, by=by, now=now, id_=found.id: survey.answer(
                s, id_, each, now=now, by=by
            ))  # fmt: skip
        with reading(engine) as session:
            assert [entry.entry for entry in session.exec(select(LogEntry))] == log_before
            left.append(contents(session, found.id))
        after = rows(engine)
        assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
            "survey_turnouts": 2
        }
    assert left[0] == left[1]


def contents(session: Session, round_id: str) -> tuple[object, ...]:
    """All that the tables hold about a round, in the order in which it lies there, but for random ids."""
    turnouts = session.exec(select(SurveyTurnout).where(SurveyTurnout.round_id == round_id)).all()
    found = session.exec(select(SurveyTally).where(SurveyTally.round_id == round_id)).all()
    return (
        sorted(each.person_id for each in turnouts),
        sorted((each.question, each.choice, each.chosen) for each in found),
        sorted({name for table in (SurveyTurnout, SurveyTally) for name in table.model_fields}),
    )


def tallies(engine: Engine) -> dict[tuple[str, str], int]:
    with reading(engine) as session:
        found = session.exec(select(SurveyTally).where(SurveyTally.chosen > 0))
        return {(each.question, each.choice): each.chosen for each in found}


def test_no_table_of_the_survey_ties_a_person_or_a_time_to_an_answer() -> None:
    assert set(SurveyTally.model_fields) == {"id", "round_id", "question", "choice", "chosen"}
    assert set(SurveyTurnout.model_fields) == {"id", "round_id", "person_id"}


@pytest.mark.requirement("D-42", "D-05")
def test_a_round_is_told_when_it_is_over_and_enough_have_answered(engine: Engine, cast: Cast) -> None:
    found = a_round(engine, cast)
    people = [cast.alma, cast.bent, *caseworkers(engine, cast, 4)]
    for number, by in enumerate(people):
        first = "enig" if number < 4 else "uenig"
        say(engine, found, by, {FIRST: first, SECOND: "enig"} if number < 4 else {FIRST: first})
    with reading(engine) as session:
        assert survey.results(session, cast.tove.municipality_id, TODAY + WEEK) == ()
        (result,) = survey.results(session, cast.tove.municipality_id, TODAY + WEEK + timedelta(days=1))
        assert survey.results(session, cast.carla.municipality_id, TODAY + 2 * WEEK) == ()
    assert result.answered == 6
    assert result.agreed[FIRST] == Share(4, 6)
    assert result.agreed[SECOND] == HIDDEN  # four answers


@pytest.mark.requirement("D-05")
@pytest.mark.parametrize(
    ("hits", "of", "answered", "shown"),
    [(2, 4, 4, False), (2, 5, 5, True), (5, 5, 5, False), (4, 5, 5, False), (1, 6, 6, False),
     (0, 9, 9, False), (3, 6, 5, False), (18, 20, 20, True)],
    ids=str,
)  # fmt: skip
def test_small_rounds_and_answers_nearly_all_alike_are_hidden(
    hits: int, of: int, answered: int, shown: bool
) -> None:
    assert survey.told(hits, of, answered) == (Share(hits, of) if shown else HIDDEN)


def test_the_questions_are_few_and_about_work_and_judgement() -> None:
    assert len(QUESTIONS) == len({each.code for each in QUESTIONS}) == 6
    assert len(ANSWERS) == 5
    assert all(each.text.endswith(".") for each in QUESTIONS)


def test_an_answer_is_counted_on_both_databases(any_engine: Engine) -> None:
    cast = gather(any_engine)
    found = a_round(any_engine, cast)
    for by, choice in ((cast.alma, "enig"), (cast.bent, "enig"), (cast.freja, "uenig")):
        say(any_engine, found, by, {FIRST: choice})
    refuses(
        any_engine, Conflict,
        lambda session: survey.answer(session, found.id, {FIRST: "uenig"}, now=NOW, by=cast.bent),
    )  # fmt: skip
    assert tallies(any_engine) == {(FIRST, "enig"): 2, (FIRST, "uenig"): 1}


@pytest.mark.requirement("D-42")
def test_no_backup_holds_the_tallies_for_two_of_them_could_be_subtracted() -> None:
    assert SurveyTally.__tablename__ in LEFT_OUT


def test_after_a_restore_a_round_says_that_it_cannot_be_counted(engine: Engine, cast: Cast) -> None:
    found = a_round(engine, cast)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM survey_tallies")
    refuses(
        engine, Conflict,
        lambda session: survey.answer(session, found.id, {FIRST: "enig"}, now=NOW, by=cast.alma),
    )  # fmt: skip
