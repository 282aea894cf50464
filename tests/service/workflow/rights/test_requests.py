"""A right as a case of its own: what is refused, its clock, its steps, and what the log and the seal keep."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from service import log
from service.database import reading, writing
from service.errors import Conflict, NotFound, Refused, SkoenError
from service.tables.intake import Case, PersonalPart
from service.tables.log import LogEntry
from service.tables.rights import CHANNELS, RightRequest, RightStep
from service.workflow import in_force, rights
from service.workflow.case_file import open_file
from service.workflow.rights.kinds import KINDS, due_on, extended_to, grounds_for
from service.workflow.rights.standing import of_case, open_requests
from tests.builders import a_case
from tests.cast import NOW, TODAY, Cast
from tests.refusals import refuses
from tests.rights import WORDS, a_request, a_withdrawal, an_answer, said_of

Step = Callable[[Session], Any]
CHOICES = [code for code, kind in KINDS.items() if kind.is_choice]
CLAIMS = [code for code, kind in KINDS.items() if not kind.is_choice]


@pytest.fixture
def case(engine: Engine, cast: Cast) -> Case:
    """Agnes' case, in the inbox."""
    return a_case(engine)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("kind", {"kind": "glemsel"}),
        ("channel", {"channel": "fax"}),
        ("channel", {"channel": "own"}),
        ("speaker", {"speaker": "naboen"}),
        ("on_behalf", {"speaker": "representative"}),
        ("received_on", {"received_on": TODAY + timedelta(days=1)}),
        ("received_on", {"received_on": TODAY - timedelta(days=370)}),
        ("words", {"words": "x" * 4001}),
        ("words", {"kind": "rectification", "words": " "}),
    ],
    ids=lambda said: str(said)[:40],
)
def test_what_is_missing_or_impossible_is_refused_and_nothing_is_written(
    engine: Engine, cast: Cast, case: Case, field: str, said: dict[str, Any]
) -> None:
    refuses(
        engine,
        Refused,
        lambda session: rights.ask(session, case.id, by=cast.alma, **{**said_of("objection"), **said}),
    )
    with pytest.raises(Refused) as refused:
        a_request(engine, case, cast.alma, **{"kind": "objection", **said})
    assert refused.value.field == field


def test_a_fact_that_nobody_stated_cannot_be_wrong_and_nothing_is_written(
    engine: Engine, cast: Cast, case: Case
) -> None:
    said = said_of("rectification", fact="funk_mobilitet")
    refuses(engine, Refused, lambda session: rights.ask(session, case.id, by=cast.alma, **said))


@pytest.mark.parametrize("name", ["freja", "carla", "tove", "dorte", "dan", "ada"])
def test_nobody_but_the_unit_registers_or_answers(engine: Engine, cast: Cast, case: Case, name: str) -> None:
    asked = a_request(engine, case, cast.alma, "objection")
    other, answered = cast.people[name], {"words": "Nej.", "ground": None, "now": NOW}
    steps: list[Step] = [
        lambda session: rights.ask(session, case.id, by=other, **said_of("access")),
        lambda session: rights.answer(session, asked.id, outcome="granted", by=other, **answered),
        lambda session: rights.extend(session, asked.id, words="x", now=NOW, by=other),
        lambda session: rights.withdraw(session, asked.id, now=NOW, by=other),
    ]
    for step in steps:
        refuses(engine, SkoenError, step)


@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [
        ("objection", {"outcome": "maaske"}, "outcome"),
        ("objection", {"outcome": "refused", "ground": None}, "ground"),
        ("objection", {"outcome": "refused", "ground": "no_condition"}, "ground"),
        ("objection", {"outcome": "granted", "words": " "}, "words"),
        *((kind, {"outcome": "refused", "ground": "excessive"}, "outcome") for kind in CHOICES),
        *((kind, {"outcome": "partly", "ground": "excessive"}, "outcome") for kind in CHOICES),
    ],
    ids=str,
)
def test_an_answer_needs_its_ground_and_words_and_no_choice_can_be_refused(
    engine: Engine, cast: Cast, case: Case, kind: str, said: dict[str, Any], field: str
) -> None:
    asked = a_request(engine, case, cast.alma, kind)
    whole = {"words": "Nej.", "ground": None, "now": NOW, "by": cast.alma, **said}
    refuses(engine, Refused, lambda session: rights.answer(session, asked.id, **whole))
    with reading(engine) as session, pytest.raises(Refused) as refused:
        rights.answer(session, asked.id, **whole)
    assert refused.value.field == field


def test_what_is_answered_or_taken_back_is_not_answered_again(engine: Engine, cast: Cast, case: Case) -> None:
    answered, taken = (a_request(engine, case, cast.alma, kind) for kind in ("objection", "restriction"))
    an_answer(engine, answered, cast.alma, "granted")
    a_withdrawal(engine, taken, cast.alma)
    late = {"words": "Nej.", "ground": None, "now": NOW, "by": cast.alma}
    for asked in (answered, taken):
        refuses(
            engine,
            Conflict,
            lambda session, asked=asked: rights.answer(session, asked.id, outcome="granted", **late),
        )
        refuses(
            engine,
            Conflict,
            lambda session, asked=asked: rights.extend(session, asked.id, words="x", now=NOW, by=cast.alma),
        )
    told = a_request(engine, case, cast.alma, "access")
    an_answer(engine, told, cast.alma, "granted")
    for asked in (taken, told):
        refuses(
            engine,
            Conflict,
            lambda session, asked=asked: rights.withdraw(session, asked.id, now=NOW, by=cast.alma),
        )
    refuses(
        engine, Conflict, lambda session: rights.lift(session, answered.id, words="x", now=NOW, by=cast.alma)
    )
    refuses(engine, NotFound, lambda session: rights.find(session, "0" * 32, cast.alma))


def test_the_clock_is_put_off_once_in_time_and_with_reasons(engine: Engine, cast: Cast, case: Case) -> None:
    asked = a_request(engine, case, cast.alma, "access")
    choice = a_request(engine, case, cast.alma, "training")
    late = NOW + timedelta(days=40)

    def extended(request: RightRequest, **said: Any) -> Step:
        whole = {"words": "Vi venter på journalen.", "now": NOW, "by": cast.alma, **said}
        return lambda session: rights.extend(session, request.id, **whole)

    refuses(engine, Refused, extended(asked, words=" "))
    refuses(engine, Conflict, extended(asked, now=late))
    refuses(engine, Refused, extended(choice))
    with writing(engine) as session:
        step = extended(asked)(session)
    assert (step.due_on, step.number) == (date(2026, 9, 30), 1)
    refuses(engine, Conflict, extended(asked))
    with reading(engine) as session:
        assert rights.find(session, asked.id, cast.alma).due_on == date(2026, 9, 30)


@given(st.dates(date(2020, 1, 1), date(2099, 12, 31)))
def test_an_answer_is_due_a_month_after_receipt_and_never_later_than_three(day: date) -> None:
    assert 28 <= (due_on(day) - day).days <= 31
    assert 89 <= (extended_to(day) - day).days <= 92
    assert due_on(day).day in (day.day, 28, 29, 30)


@pytest.mark.requirement("K-07", "F-10")
@pytest.mark.parametrize("kind", KINDS)
def test_each_right_is_a_request_of_its_own_with_its_deadline_and_its_entry(
    engine: Engine, cast: Cast, case: Case, kind: str
) -> None:
    asked = a_request(engine, case, cast.alma, kind)

    due = date(2026, 7, 7) if kind == "human_contact" else date(2026, 7, 30)
    assert (asked.received_on, asked.due_on) == (TODAY, due)
    with reading(engine) as session:
        assert [each.request.id for each, _ in open_requests(session)] == [asked.id]
        said = log.open_part(session, asked)
        place = (asked.shard, asked.log_seq)
        entry = session.get_one(LogEntry, place)
    assert (said["words"], said["fact"]) == (WORDS, None)
    told = json.loads(entry.entry)
    assert (told["type"], told["kind"], told["actor"]) == ("right:asked", kind, cast.alma.person_id)
    assert WORDS not in entry.entry


def test_the_same_right_asked_for_twice_is_one_request(engine: Engine, cast: Cast, case: Case) -> None:
    first, again = (a_request(engine, case, cast.alma, "objection", words=word) for word in ("Nej.", "NEJ!"))
    access = [a_request(engine, case, cast.alma, "access", words=word) for word in ("Alt", "Alt", "Brevet")]

    assert first.id == again.id
    assert access[0].id == access[1].id != access[2].id


def test_the_citizen_asks_and_takes_back_on_her_own_page(engine: Engine, case: Case) -> None:
    asked = a_request(engine, case, None, "similar_cases", channel="own")
    taken = a_withdrawal(engine, asked, None)

    assert (asked.recorded_by, taken.taken_by) == (None, None)


@pytest.mark.requirement("R-25", "D-11", "D-18")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_right_is_the_same_on_paper_by_phone_and_in_person_as_on_her_page(
    engine: Engine, cast: Cast, case: Case, channel: str
) -> None:
    listener = None if channel == "own" else cast.alma
    asked = a_request(engine, case, listener, "objection", channel=channel)
    with reading(engine) as session:
        assert in_force.stops_evidence(session, case.id) == "objection"
        ((row, _),) = open_requests(session, unit_id=case.unit_id)
    assert (asked.channel, asked.due_on) == (channel, due_on(TODAY))
    assert asked.recorded_by == (listener.person_id if listener else None)
    assert row.request.id == asked.id


def test_a_refusal_says_why_and_how_to_complain_and_is_sealed(engine: Engine, cast: Cast, case: Case) -> None:
    asked = a_request(engine, case, cast.alma, "objection")
    step = an_answer(engine, asked, cast.alma, "refused", words="Vi har brug for dem.")

    assert step.ground == "compelling_grounds"
    with reading(engine) as session:
        words = log.open_part(session, step)["words"]
        sealed = [part.content for part in session.exec(select(PersonalPart))]
        entries = session.exec(select(LogEntry.entry)).all()
    assert words.startswith("Vi har brug for dem.")
    assert "GDPR artikel 21, stk. 1" in words
    assert "Datatilsynet" in words
    assert "domstolene" in words
    assert not any(b"brug for dem" in content for content in sealed)
    assert not any("brug for dem" in entry for entry in entries)


@pytest.mark.parametrize("kind", CLAIMS)
def test_every_claim_can_be_refused_and_a_choice_cannot(kind: str) -> None:
    assert grounds_for(kind)
    assert [grounds_for(choice) for choice in CHOICES] == [()] * len(CHOICES)


def test_a_rectification_marks_the_fact_and_keeps_the_old_version(
    engine: Engine, cast: Cast, case: Case
) -> None:
    asked = a_request(
        engine, case, cast.alma, "rectification", fact="ganghjaelpemiddel", words="Jeg går uden."
    )

    with reading(engine) as session:
        file = open_file(session, case.id)
        assert log.open_part(session, asked)["fact"] == "ganghjaelpemiddel"
    assert [version.occasion for version in file.facts_versions] == ["received", "marked_wrong"]
    assert file.facts["ganghjaelpemiddel"].marked_wrong
    assert file.facts["ganghjaelpemiddel"].value == "rollator"
    assert asked.at == file.facts_versions[-1].at


def test_steps_are_numbered_and_nothing_of_the_request_changes(
    engine: Engine, cast: Cast, case: Case
) -> None:
    asked = a_request(engine, case, cast.alma, "restriction")
    with writing(engine) as session:
        rights.extend(session, asked.id, words="Vi undersøger det.", now=NOW, by=cast.alma)
    an_answer(engine, asked, cast.alma, "granted")
    with writing(engine) as session:
        rights.lift(session, asked.id, words="Du fik brev den 3.", now=NOW + timedelta(days=9), by=cast.alma)

    with reading(engine) as session:
        (standing,) = of_case(session, case.id)
        steps: list[RightStep] = list(standing.steps)
    assert [(step.number, step.kind) for step in steps] == [(1, "extended"), (2, "granted"), (3, "lifted")]
    assert (standing.is_open, standing.is_in_force, standing.has_ended) == (False, False, True)
    assert standing.request.due_on == asked.due_on
