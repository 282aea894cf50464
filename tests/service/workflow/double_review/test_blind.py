"""The second judgement is blind, made once, by a colleague who has not seen the case."""

from dataclasses import fields, replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Engine

from models import areas
from service import log
from service.database import reading, writing
from service.errors import CaseErased, Conflict, Forbidden, NotFound, Refused
from service.log import Event
from service.tables.erasable import blank
from service.tables.intake import Case
from service.tables.oversight import Erasure
from service.workflow import intake
from service.workflow.double_review import (
    SeenBefore,
    agreement,
    draw,
    judge,
    open_blind,
    pairs,
    progress,
    queue,
)
from service.workflow.double_review.results import Pair
from service.workflow.statistics.periods import Period
from tests.answered import a_decision, an_answered_case
from tests.cast import NOW, Cast
from tests.parts.steps import put
from tests.refusals import refuses

AFTER = NOW + timedelta(days=8)


@pytest.fixture
def draw_id(engine: Engine, cast: Cast) -> str:
    """The one case of the quarter, judged and decided by Alma, and drawn."""
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma, choice="basal")
    draw(engine, "2026-K2", now=AFTER, by=cast.tove)
    with reading(engine) as session:
        return queue(session, cast.bent)[0].id


def opened(engine: Engine, draw_id: str, cast: Cast, purpose: str) -> None:
    """Bent opens the case for some purpose."""
    with writing(engine) as session:
        case_id = open_blind(session, draw_id, cast.bent).case_id
        log.append(session, Event.CASE_OPENED, at=AFTER, by=cast.bent, case_id=case_id, purpose=purpose)
        session.commit()


def test_nobody_judges_her_own_case_again(draw_id: str, engine: Engine, cast: Cast) -> None:
    refuses(engine, SeenBefore, lambda session: judge(session, draw_id, "basal", now=AFTER, by=cast.alma))
    refuses(engine, SeenBefore, lambda session: open_blind(session, draw_id, cast.alma))
    with reading(engine) as session:
        assert queue(session, cast.alma) == []


@pytest.mark.parametrize(("name", "error"), [("freja", NotFound), ("tove", Forbidden), ("dorte", Forbidden)])
def test_only_a_caseworker_of_the_unit_judges(
    name: str, error: type[Exception], draw_id: str, engine: Engine, cast: Cast
) -> None:
    by = cast.people[name]
    refuses(engine, error, lambda session: judge(session, draw_id, "basal", now=AFTER, by=by))
    refuses(engine, error, lambda session: open_blind(session, draw_id, by))


@pytest.mark.parametrize("choice", ["", "retur", "hurtigst"])
def test_what_is_no_answer_is_refused(choice: str, draw_id: str, engine: Engine, cast: Cast) -> None:
    refuses(engine, Refused, lambda session: judge(session, draw_id, choice, now=AFTER, by=cast.bent))


def test_whoever_has_looked_into_the_case_is_not_blind(draw_id: str, engine: Engine, cast: Cast) -> None:
    opened(engine, draw_id, cast, "skoensproeve")
    with reading(engine) as session:
        assert len(queue(session, cast.bent)) == 1
    opened(engine, draw_id, cast, "sagsbehandling")
    refuses(engine, SeenBefore, lambda session: judge(session, draw_id, "basal", now=AFTER, by=cast.bent))


@pytest.mark.requirement("SK-18")
def test_before_she_has_judged_she_sees_facts_and_nothing_else(
    draw_id: str, engine: Engine, cast: Cast
) -> None:
    with reading(engine) as session:
        before = open_blind(session, draw_id, cast.bent)
    assert (before.judged, before.first, before.decided) == (None, None, None)
    assert {each.name for each in fields(before)} == {
        "draw_id", "case_id", "serial", "area", "facts", "sections", "judged", "first", "decided",
    }  # fmt: skip
    with writing(engine) as session:
        judge(session, draw_id, "avanceret", now=AFTER, by=cast.bent)
    with reading(engine) as session:
        after = open_blind(session, draw_id, cast.bent)
    assert (after.judged, after.decided) == ("avanceret", "basal")
    assert after.first is not None


def test_she_sees_the_facts_as_they_were_when_the_first_judged(
    draw_id: str, engine: Engine, cast: Cast
) -> None:
    with reading(engine) as session:
        before = open_blind(session, draw_id, cast.bent)
    name = next(name for name, fact in before.facts.items() if fact.value is not None)
    with writing(engine) as session:
        intake.mark_wrong(session, before.case_id, name, note="Forkert.", now=AFTER, by=cast.alma)
    with reading(engine) as session:
        assert open_blind(session, draw_id, cast.bent).facts == before.facts


def test_the_same_judgement_twice_is_one_and_another_is_refused(
    draw_id: str, engine: Engine, cast: Cast
) -> None:
    with writing(engine) as session:
        first = judge(session, draw_id, "basal", now=AFTER, by=cast.bent).id
    with writing(engine) as session:
        assert judge(session, draw_id, "basal", now=AFTER, by=cast.bent).id == first
    refuses(engine, Conflict, lambda session: judge(session, draw_id, "avanceret", now=AFTER, by=cast.bent))
    with reading(engine) as session:
        assert queue(session, cast.bent) == []
        assert [(each.drawn, each.judged) for each in progress(session, [cast.bent.unit_id])] == [(1, 1)]
        (pair,) = pairs(session, [cast.bent.unit_id], Period(2026, 3))
    assert (pair.second, pair.judges) == ("basal", (cast.alma.person_id, cast.bent.person_id))


LEVELS = areas.get("genoptraening")
JUDGES = ("alma", "bent", "ebbe")


def some_pairs(count: int, same: float, seed: int = 1) -> list[Pair]:
    """So many pairs of which a share is alike, the judges taking turns."""
    chance, found = Random(seed), []
    for number in range(count):
        first, other = chance.sample(LEVELS.level_codes, 2)
        second = first if chance.random() < same else other
        judges = (JUDGES[number % 3], JUDGES[(number + 1) % 3])
        found.append(Pair(first, second, first, judges))
    return found


@pytest.mark.requirement("SK-09")
def test_with_few_cases_or_few_people_no_agreement_is_told() -> None:
    assert agreement(some_pairs(19, 1), LEVELS).levels is None
    of_two = [replace(pair, judges=("alma", "bent")) for pair in some_pairs(40, 0.8)]
    assert agreement(of_two, LEVELS).same is None
    mostly_hers = [replace(pair, judges=(pair.judges[0], "bent")) for pair in some_pairs(40, 0.8)]
    assert agreement(mostly_hers, LEVELS) == agreement([], LEVELS).__class__(40)


def test_agreement_is_told_with_interval_and_beside_most_similar_cases() -> None:
    found = agreement(some_pairs(60, 0.9), LEVELS)
    assert found.levels is not None and found.levels.low is not None and found.levels.high is not None
    assert found.levels.low < found.levels.value < found.levels.high
    assert found.same is not None and found.same.of == 60
    assert found.as_most == found.same
    unanswered = [replace(pair, second="kan_ikke_afgoeres") for pair in some_pairs(5, 1)]
    both = agreement([*some_pairs(60, 0.9), *unanswered], LEVELS)
    assert both.levels is not None and both.levels.n == 60
    assert both.answers is not None and both.answers.n == 65


def test_an_erased_case_is_gone_and_cannot_be_judged(draw_id: str, engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        case_id = open_blind(session, draw_id, cast.bent).case_id
        put(session, Event.KEY_SHREDDED, Erasure(
            at=AFTER, subject_id=case_id, subject_kind="case", occasion="request", ground="no_longer_needed",
            reason="Fristen er udløbet.", operator="uid:0",
        ))  # fmt: skip
        for name, value in blank("cases", case_id).items():
            setattr(session.get_one(Case, case_id), name, value)
        session.commit()
    refuses(engine, CaseErased, lambda session: judge(session, draw_id, "basal", now=AFTER, by=cast.bent))
    with reading(engine) as session:
        assert queue(session, cast.bent) == []
        assert [(each.gone, each.waiting) for each in progress(session, [cast.bent.unit_id])] == [(1, 0)]
