"""The seal of shadow results: two people, one of them a day earlier with a reason, and then one count."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.tables.log import LogEntry
from service.tables.shadow import Unsealing
from service.tables.suggestion import Suggestion
from service.workflow import export, shadow
from service.workflow.shadow import Sealed
from service.workflow.shadow.results import Counted
from tests.answered import a_decision, answer, into_shadow
from tests.builders import a_case, a_judgement
from tests.cast import NOW, TODAY, Cast
from tests.refusals import in_session, refuses
from tests.rows import rows

TOMORROW = NOW + timedelta(days=1)
DAY = timedelta(days=1)
REASON = "Vi vil se, om beregningen rammer ved siden af for nogen."


def asked(engine: Engine, cast: Cast, ends_on: date = TODAY, who: str = "dorte") -> Unsealing:
    """Somebody has said why, on the day after the period."""
    by, at = cast.people[who], TOMORROW
    row: Unsealing = in_session(engine, lambda s: shadow.ask(s, TODAY, ends_on, reason=REASON, now=at, by=by))
    return row


@pytest.fixture
def shadowed(admitted: Engine, cast: Cast) -> Engine:
    """Six judgements in the phase `skygge`, by three people; three of them are like most similar cases."""
    into_shadow(admitted, cast)
    for number, (who, choice) in enumerate(
        [("alma", "basal"), ("alma", "avanceret"), ("bent", "avanceret"), ("bent", "basal"),
         ("freja", "avanceret"), ("freja", "basal")]
    ):  # fmt: skip
        by = cast.people[who]
        case = a_case(admitted, request_id=f"request-{number}", unit_name=by.unit_name)
        judged = a_judgement(admitted, case, by, key=f"key-{number}", choice=choice)
        answer(admitted, judged.id, by)
    return admitted


@pytest.mark.parametrize("name", ["alma", "tove", "dan"])
def test_other_roles_neither_ask_nor_open_nor_read(name: str, shadowed: Engine, cast: Cast) -> None:
    by, question = cast.people[name], asked(shadowed, cast)
    later = TOMORROW + DAY
    refuses(shadowed, Forbidden, lambda s: shadow.ask(s, TODAY, TODAY, reason=REASON, now=later, by=by))
    refuses(shadowed, Forbidden, lambda s: shadow.break_seal(s, question.id, now=later, by=by))
    refuses(shadowed, Forbidden, lambda s: shadow.read(s, question.id, now=later, by=by))


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "reason"),
    [(TODAY, TODAY, "  "), (TODAY, TODAY - DAY, REASON), (TODAY, TODAY + DAY, REASON)],
)
def test_asking_takes_a_reason_and_a_period_that_is_over(
    starts_on: date, ends_on: date, reason: str, engine: Engine, cast: Cast
) -> None:
    refuses(
        engine,
        Refused,
        lambda s: shadow.ask(s, starts_on, ends_on, reason=reason, now=TOMORROW, by=cast.dorte),
    )


def test_one_person_alone_or_on_one_day_opens_nothing(shadowed: Engine, cast: Cast) -> None:
    question, later = asked(shadowed, cast), TOMORROW + DAY
    refuses(shadowed, Refused, lambda s: shadow.break_seal(s, question.id, now=later, by=cast.dorte))
    refuses(shadowed, Refused, lambda s: shadow.break_seal(s, question.id, now=TOMORROW, by=cast.ada))
    refuses(shadowed, NotFound, lambda s: shadow.break_seal(s, "0" * 32, now=later, by=cast.ada))
    refuses(shadowed, Sealed, lambda s: shadow.read(s, question.id, now=later, by=cast.dorte))


@pytest.mark.requirement("K-18")
def test_two_people_open_one_count_and_that_they_read_it_is_written(shadowed: Engine, cast: Cast) -> None:
    question, later = asked(shadowed, cast), TOMORROW + DAY
    opened = in_session(shadowed, lambda s: shadow.break_seal(s, question.id, now=later, by=cast.ada))
    refuses(shadowed, Conflict, lambda s: shadow.break_seal(s, question.id, now=later, by=cast.ada))
    found = in_session(shadowed, lambda s: shadow.read(s, question.id, now=later, by=cast.dorte))

    assert found == Counted(6, 3)
    assert (opened.named, question.named) == (cast.ada.person_id, cast.dorte.person_id)
    with reading(shadowed) as session:
        told = [json.loads(each.entry) for each in session.exec(select(LogEntry))]
    assert [each["type"] for each in told if each["type"].startswith("shadow:")] == [
        "shadow:unseal_asked", "shadow:unsealed",
    ]  # fmt: skip
    [read] = [each for each in told if each.get("what") == shadow.WHAT]
    assert (read["actor"], read["unsealing"]) == (cast.dorte.person_id, opened.id)


def test_a_count_of_few_people_is_not_told(admitted: Engine, cast: Cast) -> None:
    into_shadow(admitted, cast)
    for number in range(6):
        case = a_case(admitted, request_id=f"request-{number}")
        answer(admitted, a_judgement(admitted, case, cast.alma, key=f"key-{number}").id, cast.alma)
    question, later = asked(admitted, cast), TOMORROW + DAY
    in_session(admitted, lambda s: shadow.break_seal(s, question.id, now=later, by=cast.ada))

    found = in_session(admitted, lambda s: shadow.read(s, question.id, now=later, by=cast.ada))
    assert found == Counted(None, None)


def test_a_seal_holds_for_its_own_period_and_municipality(shadowed: Engine, cast: Cast) -> None:
    row = in_session(
        shadowed,
        lambda s: shadow.ask(s, TODAY - 9 * DAY, TODAY - DAY, reason=REASON, now=TOMORROW, by=cast.dorte),
    )
    later = TOMORROW + DAY
    in_session(shadowed, lambda s: shadow.break_seal(s, row.id, now=later, by=cast.ada))

    assert in_session(shadowed, lambda s: shadow.read(s, row.id, now=later, by=cast.ada)) == Counted(
        None, None
    )
    with reading(shadowed) as session:
        assert shadow.seals(session, cast.carla.municipality_id) == []


def test_the_row_says_nothing_of_what_was_computed(shadowed: Engine, cast: Cast) -> None:
    with reading(shadowed) as session:
        stored = session.exec(select(Suggestion)).all()

    assert {(row.outcome, row.reason, row.reference_level, row.model_level) for row in stored} == {
        ("withheld", "shadow", None, None)
    }
    assert all(row.payload_hash for row in stored)


def test_the_export_to_the_workshop_tells_nothing_either(admitted: Engine, cast: Cast) -> None:
    into_shadow(admitted, cast)
    case = a_case(admitted)
    answer(admitted, a_judgement(admitted, case, cast.alma).id, cast.alma)
    a_decision(admitted, case, cast.alma)
    before = rows(admitted)
    [told] = export.decisions(admitted)

    assert (told.model_level, told.reference_level, told.shown) == (None, None, False)
    assert rows(admitted) == before
