"""A caseworker's own pattern: what it counts, whose it is, and that it counts nothing twice."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.errors import Forbidden, NotFound
from service.identity import Actor
from service.tables.log import LogEntry
from service.workflow import assessment, decision
from service.workflow.case_file import WAITING_CHOICES, open_file
from service.workflow.statistics import mirror
from service.workflow.statistics.mirror import Count, Mirror, OwnCase, pattern_of
from service.workflow.statistics.periods import Period
from tests.answered import answer
from tests.builders import an_admission
from tests.cast import NOW, Cast
from tests.quarter import decide_case
from tests.rows import rows

AREA, LEVELS = "genoptraening", ("basal", "avanceret")
QUARTER = Period(2026, 2)


def seen(engine: Engine, by: Actor, code: str = "") -> Mirror:
    """What somebody sees of herself."""
    return mirror.look(engine, AREA, code, now=NOW, by=by)


@pytest.fixture
def five(engine: Engine, cast: Cast) -> None:
    """Alma decides five cases; most similar ones are avanceret. Kept, towards, away, unseen, sent back."""
    an_admission(engine, cast.dan)
    decide_case(engine, cast.alma, 1)
    decide_case(engine, cast.alma, 2, own="basal", reason="praksis")
    decide_case(engine, cast.alma, 3, choice="basal", reason="kapacitet")
    decide_case(engine, cast.alma, 4, own="basal", choice="basal", wants_evidence=False)
    decide_case(engine, cast.alma, 5, choice="retur", reason="oplysning_mangler")


@pytest.mark.parametrize("code", ["2026-K1", "2026-K3", "2026", "x", "2026-K5", "²"])
def test_a_quarter_that_is_not_hers_is_not_found_and_leaves_nothing(
    code: str, engine: Engine, cast: Cast, five: None
) -> None:
    before = rows(engine)
    with pytest.raises(NotFound):
        seen(engine, cast.alma, code)
    assert rows(engine) == before


@pytest.mark.parametrize("name", ["tove", "dan", "dorte", "ada"])
def test_who_has_no_cases_has_no_mirror(name: str, engine: Engine, cast: Cast) -> None:
    before = rows(engine)
    with pytest.raises(Forbidden):
        seen(engine, cast.people[name])
    assert rows(engine) == before


def test_what_she_judged_and_decided_is_counted_beside_most_similar_cases(
    engine: Engine, cast: Cast, five: None
) -> None:
    found = seen(engine, cast.alma).pattern

    assert (found.decided, found.waiting) == (4, 1)
    assert (found.own_met, found.decision_met) == (Count(2, 3), Count(2, 3))
    assert (found.kept, found.changed) == (Count(2, 4), Count(2, 4))
    assert (found.toward, found.away) == (Count(1, 2), Count(1, 2))
    assert found.reasons == (("funktion_nu", 2), ("kapacitet", 1), ("praksis", 1))


def test_a_colleagues_cases_are_not_hers(engine: Engine, cast: Cast, five: None) -> None:
    decide_case(engine, cast.bent, 6, choice="basal", reason="kapacitet")

    assert seen(engine, cast.alma).pattern.decided == 4
    assert seen(engine, cast.bent).pattern.decided == 1
    assert seen(engine, cast.freja).pattern == pattern_of((), LEVELS)


def test_a_colleagues_judgement_is_not_called_hers(engine: Engine, cast: Cast) -> None:
    an_admission(engine, cast.dan)
    case = decide_case(engine, cast.bent, 1)
    with writing(engine) as session:
        before = open_file(session, case.id).decision
        assert before is not None
        decision.decide(
            session, case.id, choice="basal", reason_code="kapacitet", key="hers", now=NOW, by=cast.alma,
            replaces=before.id,
        )  # fmt: skip
    found = seen(engine, cast.alma).pattern

    assert (found.decided, found.decision_met) == (1, Count(0, 1))
    assert (found.own_met, found.kept, found.changed) == (Count(0, 0),) * 3
    assert seen(engine, cast.bent).pattern.decided == 0  # his decision stands no longer


def test_the_judgement_is_the_one_before_the_evidence(engine: Engine, cast: Cast) -> None:
    """Whoever judges anew after she was shown something has not judged alone."""
    an_admission(engine, cast.dan)
    case = decide_case(engine, cast.alma, 1, own="basal", choice="basal")
    with writing(engine) as session:
        file = open_file(session, case.id)
        assert file.assessment is not None
        again = assessment.record(
            session, case.id, facts_id=file.facts_version.id, choice="avanceret", confidence="sikker",
            wants_evidence=True, opened_at=NOW, key="again", now=NOW, by=cast.alma,
            replaces=file.assessment.id,
        )  # fmt: skip
    answer(engine, again.id, cast.alma)
    with writing(engine) as session:
        made = open_file(session, case.id).decision
        assert made is not None
        decision.decide(
            session, case.id, choice="avanceret", reason_code="praksis", key="k2", now=NOW, by=cast.alma,
            replaces=made.id,
        )  # fmt: skip
    found = seen(engine, cast.alma).pattern

    assert (found.own_met, found.decision_met, found.changed) == (Count(0, 1), Count(1, 1), Count(1, 1))


def test_each_quarter_since_her_first_decision_is_offered(engine: Engine, cast: Cast, five: None) -> None:
    found = mirror.look(engine, AREA, "", now=NOW + timedelta(days=190), by=cast.alma)

    assert [each.code for each in found.quarters] == ["2027-K1", "2026-K4", "2026-K3", "2026-K2"]
    assert (found.quarter.code, found.pattern.decided) == ("2027-K1", 0)


@pytest.mark.requirement("G-41")
def test_that_she_looked_is_an_entry_without_content(engine: Engine, cast: Cast, five: None) -> None:
    seen(engine, cast.alma, "2026-K2")
    query = select(LogEntry.entry).where(LogEntry.event == "statistics:read")
    with reading(engine) as session:
        (entry,) = [json.loads(text) for text in session.exec(query)]

    assert (entry["actor"], entry["what"]) == (cast.alma.person_id, "own_pattern")
    assert set(entry) == {
        "v",
        "log",
        "seq",
        "id",
        "t",
        "type",
        "law",
        "actor",
        "unit",
        "role",
        "authority",
        "what",
    }


a_level = st.sampled_from(LEVELS)
cases = st.builds(
    OwnCase,
    own=st.one_of(st.none(), a_level, st.just("kan_ikke_afgoeres")),
    reference=st.one_of(st.none(), a_level),
    choice=st.sampled_from((*LEVELS, *WAITING_CHOICES)),
    reason=st.sampled_from(("a", "b", "c")),
)


@given(st.lists(cases, max_size=30), st.randoms())
def test_every_case_is_counted_once_whatever_their_order(drawn: list[OwnCase], chance: object) -> None:
    found = pattern_of(drawn, LEVELS)
    shuffled = list(drawn)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert pattern_of(shuffled, LEVELS) == found
    assert found.decided + found.waiting == len(drawn)
    assert sum(count for _, count in found.reasons) == found.decided
    assert found.kept.of == found.changed.of == found.kept.hits + found.changed.hits
    assert found.toward.of == found.away.of == found.changed.hits
    assert found.toward.hits + found.away.hits <= found.changed.hits
    assert all(0 <= each.hits <= each.of for each in (found.own_met, found.decision_met, found.toward))
    assert found.own_met.of <= found.decision_met.of <= found.decided
