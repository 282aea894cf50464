"""Reviewing what was drawn: nobody her own, nothing lost, and the newest review counts."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from service import log
from service.database import reading, writing
from service.errors import CaseErased, Conflict, Forbidden, NotFound, PartUnreadable, Refused
from service.identity import Actor, actor_of
from service.log import Event, verify
from service.tables.erasable import blank
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.tables.oversight import Erasure, LogReview, LogSample
from service.workflow import staff
from service.workflow.log_control import OwnLookUp, overview, review, reviews_of, tally_of
from tests.cast import LONG_AGO, NOW, TODAY, Cast
from tests.look_ups import a_month_of_look_ups, a_sample
from tests.parts.steps import put
from tests.refusals import refuses

NOTE = "Opslaget hører til en klage, der ikke er journaliseret."


@pytest.fixture
def sample(engine: Engine, cast: Cast) -> LogSample:
    """Every look-up of May: twelve of Alma's, and Dorte's own as the last."""
    a_month_of_look_ups(engine, cast)
    return a_sample(engine, cast.dorte, wanted=20)


def found(session: Session, sample_id: str, by: Actor, number: int = 1, **said: Any) -> LogReview:
    """A review that says what is usual, but for some changes."""
    usual: dict[str, Any] = {"finding": "in_order", "note": "", "replaces": None}
    return review(session, sample_id, number, **{**usual, **said}, now=NOW, by=by)


def reviewed(engine: Engine, sample: LogSample, by: Actor, number: int = 1, **said: Any) -> LogReview:
    """The same, stored."""
    with writing(engine) as session:
        return found(session, sample.id, by, number, **said)


def another_auditor(engine: Engine, cast: Cast) -> Actor:
    """Erna, who audits beside Dorte."""
    with writing(engine) as session:
        erna = staff.add_person(session, "erna", "Erna Lyng", now=LONG_AGO)
        staff.grant(
            session, erna.id, cast.dorte.unit_id, "tilsyn", valid_from=LONG_AGO.date(), now=LONG_AGO, by=None
        )
    with reading(engine) as session:
        return actor_of(session, erna.id, TODAY)


def erase(engine: Engine, case_id: str) -> None:
    """Leave of a case what an erasure leaves."""
    row = Erasure(
        at=NOW, subject_id=case_id, subject_kind="case", occasion="request", ground="no_longer_needed",
        reason="Fristen er udløbet.", operator="uid:0",
    )  # fmt: skip
    with writing(engine) as session:
        put(session, Event.KEY_SHREDDED, row)
        case = session.get_one(Case, case_id)
        for name, value in blank("cases", case_id).items():
            setattr(case, name, value)
        session.commit()


def test_nobody_reviews_her_own_look_up(sample: LogSample, engine: Engine, cast: Cast) -> None:
    refuses(engine, OwnLookUp, lambda session: found(session, sample.id, cast.dorte, 13))
    assert reviewed(engine, sample, another_auditor(engine, cast), 13).finding == "in_order"


@pytest.mark.parametrize("name", ["alma", "tove", "dan", "ada"])
def test_only_an_auditor_reviews(name: str, sample: LogSample, engine: Engine, cast: Cast) -> None:
    refuses(engine, Forbidden, lambda session: found(session, sample.id, cast.people[name]))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"finding": ""}, "finding"),
        ({"finding": "guilty"}, "finding"),
        ({"finding": "to_examine"}, "note"),
        ({"finding": "breach", "note": "  "}, "note"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_a_review_that_is_not_whole_is_refused(
    said: dict[str, str], field: str, sample: LogSample, engine: Engine, cast: Cast
) -> None:
    with pytest.raises(Refused) as refusal, writing(engine) as session:
        found(session, sample.id, cast.dorte, **said)
    assert refusal.value.field == field
    refuses(engine, Refused, lambda session: found(session, sample.id, cast.dorte, **said))


@pytest.mark.parametrize("number", [0, -1, 14])
def test_what_was_not_drawn_is_not_found(number: int, sample: LogSample, engine: Engine, cast: Cast) -> None:
    refuses(engine, NotFound, lambda session: found(session, sample.id, cast.dorte, number))
    refuses(engine, NotFound, lambda session: found(session, "0" * 32, cast.dorte))


def test_another_municipalitys_sample_is_not_found(sample: LogSample, engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        staff.grant(
            session, cast.carla.person_id, cast.carla.unit_id, "tilsyn", valid_from=LONG_AGO.date(),
            now=LONG_AGO, by=None,
        )  # fmt: skip
    with reading(engine) as session:
        carla = actor_of(session, cast.carla.person_id, TODAY)
    assert carla.role == "tilsyn"

    refuses(engine, NotFound, lambda session: found(session, sample.id, carla))


def test_a_look_up_in_an_erased_case_can_no_longer_be_reviewed_and_is_counted_so(
    sample: LogSample, engine: Engine, cast: Cast
) -> None:
    kept = reviewed(engine, sample, cast.dorte, 2, finding="breach", note=NOTE)
    with reading(engine) as session:
        first = session.exec(select(Case.id).where(Case.request_id == "looked-0")).one()
    erase(engine, first)
    erase(engine, kept.case_id)

    refuses(engine, CaseErased, lambda session: found(session, sample.id, cast.dorte))
    with reading(engine) as session:
        tally = tally_of(session, sample)
    assert (tally.breach, tally.open, tally.gone) == (1, 11, 1)


def test_a_review_is_an_entry_and_its_note_is_sealed(sample: LogSample, engine: Engine, cast: Cast) -> None:
    row = reviewed(engine, sample, cast.dorte, finding="breach", note=f" {NOTE} ")

    with reading(engine) as session:
        entry = session.get_one(LogEntry, (row.shard, row.log_seq)).entry
        assert log.open_part(session, session.get_one(LogReview, row.id)) == {"note": NOTE}
    assert '"type":"access:reviewed"' in entry
    assert cast.dorte.person_id in entry
    assert "klage" not in entry
    assert "breach" not in entry
    assert verify(engine).ok


def test_a_later_review_names_the_one_it_replaces_and_counts(
    sample: LogSample, engine: Engine, cast: Cast
) -> None:
    first = reviewed(engine, sample, cast.dorte, finding="to_examine", note=NOTE)
    second = reviewed(engine, sample, cast.dorte, note="Klagen er fundet.", replaces=first.id)

    with reading(engine) as session:
        counts = reviews_of(session, sample)
        stored = session.exec(select(LogReview)).all()
    assert counts[first.looked_shard, first.looked_seq].id == second.id
    assert len(stored) == 2
    assert second.replaces == first.id


def test_the_same_review_twice_is_one(sample: LogSample, engine: Engine, cast: Cast) -> None:
    first = reviewed(engine, sample, cast.dorte, finding="to_examine", note=NOTE)
    assert reviewed(engine, sample, cast.dorte, finding="to_examine", note=NOTE).id == first.id

    with reading(engine) as session:
        assert len(session.exec(select(LogReview)).all()) == 1


def test_a_colleague_who_was_first_is_not_overwritten(sample: LogSample, engine: Engine, cast: Cast) -> None:
    erna = another_auditor(engine, cast)
    first = reviewed(engine, sample, erna)

    refuses(engine, Conflict, lambda session: found(session, sample.id, cast.dorte))
    stale = {"finding": "breach", "note": NOTE, "replaces": "0" * 32}
    refuses(engine, Conflict, lambda session: found(session, sample.id, cast.dorte, **stale))
    assert reviewed(engine, sample, cast.dorte, replaces=first.id).replaces == first.id


def test_a_note_that_cannot_be_read_stops_the_review(sample: LogSample, engine: Engine, cast: Cast) -> None:
    reviewed(engine, sample, cast.dorte)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER personal_parts_append_only_kept")
        connection.exec_driver_sql("DROP TRIGGER personal_parts_append_only_update")
        connection.exec_driver_sql("UPDATE personal_parts SET content = x'00' WHERE step = 'log_review'")

    refuses(engine, PartUnreadable, lambda session: found(session, sample.id, cast.dorte))


def test_the_overview_of_a_year_counts_and_names_nobody(
    sample: LogSample, engine: Engine, cast: Cast
) -> None:
    reviewed(engine, sample, cast.dorte, 1)
    reviewed(engine, sample, cast.dorte, 2, finding="to_examine", note=NOTE)
    reviewed(engine, sample, cast.dorte, 3, finding="breach", note=NOTE)
    with reading(engine) as session:
        this = overview(session, cast.dorte.municipality_id, 2026)
        last = overview(session, cast.dorte.municipality_id, 2025)
        others = overview(session, cast.carla.municipality_id, 2026)

    total = this.total
    assert (this.eligible, total.drawn, total.reviewed, total.open, total.gone) == (13, 13, 3, 10, 0)
    assert (total.in_order, total.to_examine, total.breach) == (1, 1, 1)
    assert sum(tally.drawn for _, tally in this.by_rule) == 13
    assert [tally for _, tally in this.samples] == [total]
    for empty in (last, others):
        assert (empty.samples, empty.total.drawn, empty.eligible) == ((), 0, 0)
    assert "person" not in " ".join(vars(total))
