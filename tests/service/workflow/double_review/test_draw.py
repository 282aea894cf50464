"""The lot: written before it is drawn, drawn once, from a seed nobody chose, and the same again from it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.errors import Forbidden, Refused
from service.log import Event
from service.tables.double_review import ReviewDraw, ReviewRound
from service.tables.log import LogEntry
from service.workflow.double_review import choose, draw, lots
from service.workflow.double_review.lots import eligible, fingerprint
from service.workflow.statistics.periods import Period
from tests.answered import a_decision, an_answered_case
from tests.cast import NOW, Cast
from tests.rows import rows

AFTER = NOW + timedelta(days=8)
K2 = Period(2026, 2)


def decided_cases(engine: Engine, cast: Cast, count: int) -> list[str]:
    """So many cases that Alma judged blind and decided in the second quarter."""
    found = []
    for number in range(1, count + 1):
        case = an_answered_case(engine, cast, number=number)
        a_decision(engine, case, cast.alma)
        found.append(case.id)
    return found


def drawn(engine: Engine) -> list[ReviewDraw]:
    with reading(engine) as session:
        return list(session.exec(select(ReviewDraw)).all())


@pytest.mark.parametrize("code", ["2026-K3", "2026", "sommer", "2027-K1", ""])
def test_a_quarter_that_is_not_over_is_refused(code: str, engine: Engine, cast: Cast) -> None:
    before = rows(engine)
    with pytest.raises(Refused):
        draw(engine, code, now=NOW + timedelta(days=2), by=cast.tove)
    assert rows(engine) == before


def test_nothing_to_draw_is_refused(engine: Engine, cast: Cast) -> None:
    before = rows(engine)
    with pytest.raises(Refused):
        draw(engine, "2026-K2", now=AFTER, by=cast.tove)
    assert rows(engine) == before


@pytest.mark.parametrize("name", ["alma", "dorte", "dan", "ada"])
def test_only_a_team_lead_draws(name: str, engine: Engine, cast: Cast) -> None:
    before = rows(engine)
    with pytest.raises(Forbidden):
        draw(engine, "2026-K2", now=AFTER, by=cast.people[name])
    assert rows(engine) == before


@pytest.mark.requirement("SK-18")
def test_seed_and_fingerprint_stand_in_the_log_before_what_the_lot_falls_on(
    engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided_cases(engine, cast, 3)
    monkeypatch.setattr(lots, "WANTED", 2)
    lot = draw(engine, "2026-K2", now=AFTER, by=cast.tove)
    with reading(engine) as session:
        may_be_drawn = eligible(session, cast.tove.unit_id, K2)
        entries = session.exec(select(LogEntry).where(LogEntry.event.like("review:%"))).all()  # type: ignore[attr-defined]
    assert (lot.eligible, lot.eligible_hash) == (3, fingerprint(may_be_drawn))
    events = [entry.event for entry in sorted(entries, key=lambda entry: entry.seq)]
    assert events == [Event.REVIEW_SEEDED, Event.REVIEW_DRAWN, Event.REVIEW_DRAWN]
    assert {each.assessment_id for each in drawn(engine)} == set(choose(may_be_drawn, lot.seed, 2))


def test_a_draw_that_broke_off_goes_on_with_the_seed_it_had(
    engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided_cases(engine, cast, 2)

    def broken(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(lots, "_fall", broken)
        with pytest.raises(OSError):
            draw(engine, "2026-K2", now=AFTER, by=cast.tove)
    with reading(engine) as session:
        seed = session.exec(select(ReviewRound.seed)).one()
    assert drawn(engine) == []
    assert draw(engine, "2026-K2", now=AFTER, by=cast.tove).seed == seed
    assert len(drawn(engine)) == 2


def test_the_same_quarter_is_never_drawn_again(engine: Engine, cast: Cast) -> None:
    decided_cases(engine, cast, 2)
    first = draw(engine, "2026-K2", now=AFTER, by=cast.tove)
    before = rows(engine)
    assert draw(engine, "2026-K2", now=AFTER, by=cast.tove).id == first.id
    assert rows(engine) == before


def test_a_case_that_waits_or_was_decided_elsewhere_is_not_drawn(engine: Engine, cast: Cast) -> None:
    decided_cases(engine, cast, 1)
    waits = an_answered_case(engine, cast, number=2)
    a_decision(engine, waits, cast.alma, choice="retur")
    an_answered_case(engine, cast, number=3)
    with reading(engine) as session:
        assert len(eligible(session, cast.tove.unit_id, K2)) == 1
        assert eligible(session, cast.freja.unit_id, K2) == []
        assert eligible(session, cast.tove.unit_id, K2.before) == []


ids = st.lists(st.text("0123456789abcdef", min_size=4, max_size=8), unique=True, max_size=30)


@given(ids, st.text(min_size=4, max_size=20), st.integers(0, 12))
def test_the_lot_depends_on_nothing_but_seed_and_ids(judgements: list[str], seed: str, wanted: int) -> None:
    found = choose(judgements, seed, wanted)
    assert choose(sorted(judgements), seed, wanted) == found
    assert len(found) == min(wanted, len(judgements)) == len(set(found) & set(judgements))
    assert choose(judgements, seed, wanted + 1)[:wanted] == found


def test_another_seed_draws_others() -> None:
    judgements = [f"{number:032x}" for number in range(200)]
    found = [set(choose(judgements, seed, 20)) for seed in ("en", "to", "tre")]
    assert len(set.union(*found)) > 45
