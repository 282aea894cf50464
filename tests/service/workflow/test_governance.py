"""Phase, mode and stop button: refusals write nothing, and the newest row counts."""

from datetime import date, timedelta

import pytest
from sqlmodel import func, select

from service import log
from service.database import reading, writing
from service.errors import Forbidden, NotFound, Refused
from service.log import Event
from service.tables.governance import Phase, Stop, UnitSetting
from service.tables.log import LogEntry
from service.workflow import governance
from tests.cast import NOW, TODAY, Cast
from tests.refusals import refuses

LATER = NOW + timedelta(hours=1)
LAW = "Sundhedsloven § 140 og bekendtgørelse om beslutningsstøtte"


def written(cast: Cast) -> int:
    """How many entries the log has."""
    with reading(cast.engine) as session:
        return session.exec(select(func.count()).select_from(LogEntry)).one()


def enter(cast: Cast, phase: str, *, legal_basis: str = LAW, approved_by: str = "Ida Vest, direktør",
          valid_from: date = TODAY, now: object = NOW) -> Phase:  # fmt: skip
    """Fjordby enters a phase."""
    with writing(cast.engine) as session:
        return governance.change_phase(
            session, cast.ada.municipality_id, phase, legal_basis=legal_basis, approved_by=approved_by,
            valid_from=valid_from, now=now, by=cast.ada,
        )  # fmt: skip


def phase_on(cast: Cast, day: date) -> str | None:
    """Fjordby's phase on a day."""
    with reading(cast.engine) as session:
        return governance.phase_of(session, cast.ada.municipality_id, day)


@pytest.mark.parametrize("phase", ["udvikling", "skygge", "pilot", "drift"])
@pytest.mark.parametrize("missing", ["legal_basis", "approved_by"])
def test_no_phase_beyond_practice_without_legal_basis_and_approver(
    cast: Cast, phase: str, missing: str
) -> None:
    before = written(cast)
    with pytest.raises(Refused) as refused:
        enter(cast, phase, **{missing: "  "})
    assert refused.value.field == missing
    assert written(cast) == before
    assert phase_on(cast, NOW.date()) == "oevelse"


def test_an_unknown_phase_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused):
        enter(cast, "fuld fart")


def test_a_municipality_without_a_phase_has_no_legal_basis(cast: Cast) -> None:
    assert phase_on(cast, date(2020, 1, 1)) is None


def test_a_phase_whose_legal_basis_is_empty_counts_as_none(cast: Cast) -> None:
    """Should such a row ever come into the table, nothing is shown."""
    row = Phase(at=LATER, municipality_id=cast.ada.municipality_id, phase="drift", legal_basis=" ",
                approved_by="", valid_from=NOW.date())  # fmt: skip
    with writing(cast.engine) as session:
        log.append(session, Event.PHASE_CHANGED, at=LATER, by=None, row=row)
        session.commit()
    assert phase_on(cast, NOW.date()) is None


def test_a_phase_counts_from_its_first_day_and_the_newest_record_wins(cast: Cast) -> None:
    tomorrow = NOW.date() + timedelta(days=1)
    enter(cast, "pilot", valid_from=tomorrow)
    assert phase_on(cast, NOW.date()) == "oevelse"
    assert phase_on(cast, tomorrow) == "pilot"
    enter(cast, "oevelse", legal_basis="", approved_by="", now=LATER)
    assert phase_on(cast, tomorrow) == "oevelse"


def test_the_other_municipality_keeps_its_phase(cast: Cast) -> None:
    enter(cast, "pilot")
    with reading(cast.engine) as session:
        assert governance.phase_of(session, cast.carla.municipality_id, NOW.date()) == "oevelse"


def test_the_stop_button_counts_at_once_and_is_released_again(cast: Cast) -> None:
    unit = cast.tove.unit_id
    with writing(cast.engine) as session:
        governance.stop(session, unit, reason="Vi ser på tallene.", now=NOW, by=cast.tove)
    with reading(cast.engine) as session:
        assert governance.is_stopped(session, unit)
        assert not governance.is_stopped(session, cast.freja.unit_id)
    with writing(cast.engine) as session:
        governance.release(session, unit, reason="Tallene er set.", now=LATER, by=cast.tove)
    with reading(cast.engine) as session:
        assert not governance.is_stopped(session, unit)


def test_pressing_twice_writes_once(cast: Cast) -> None:
    for reason in ("Først.", "Igen."):
        with writing(cast.engine) as session:
            governance.stop(session, cast.tove.unit_id, reason=reason, now=NOW, by=cast.tove)
    with reading(cast.engine) as session:
        assert [stop.reason for stop in session.exec(select(Stop))] == ["Først."]


def test_stopping_needs_a_reason_and_a_unit_of_ones_own_municipality(cast: Cast) -> None:
    before = written(cast)
    with pytest.raises(Refused), writing(cast.engine) as session:
        governance.stop(session, cast.tove.unit_id, reason=" ", now=NOW, by=cast.tove)
    with pytest.raises(NotFound), writing(cast.engine) as session:
        governance.stop(session, cast.carla.unit_id, reason="Nej.", now=NOW, by=cast.tove)
    assert written(cast) == before


def test_a_unit_is_shown_the_overview_until_it_chooses_otherwise(cast: Cast) -> None:
    unit = cast.tove.unit_id
    with reading(cast.engine) as session:
        assert governance.mode_of(session, unit) == "overblik"
    with writing(cast.engine) as session:
        governance.set_mode(session, unit, "forslag", now=NOW, by=cast.tove)
        assert governance.set_mode(session, unit, "forslag", now=LATER, by=cast.tove) is None
    with reading(cast.engine) as session:
        assert governance.mode_of(session, unit) == "forslag"
        assert len(session.exec(select(UnitSetting)).all()) == 1


def test_an_unknown_mode_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused), writing(cast.engine) as session:
        governance.set_mode(session, cast.tove.unit_id, "ordre", now=NOW, by=cast.tove)


@pytest.mark.parametrize("name", ["dan", "dorte"])
def test_a_role_without_the_button_neither_stops_nor_starts_a_unit(name: str, cast: Cast) -> None:
    by, unit = cast.people[name], cast.tove.unit_id
    refuses(cast.engine, Forbidden, lambda s: governance.stop(s, unit, reason="x", now=NOW, by=by))
    refuses(cast.engine, Forbidden, lambda s: governance.release(s, unit, reason="x", now=NOW, by=by))
    refuses(cast.engine, Forbidden, lambda s: governance.set_mode(s, unit, "forslag", now=NOW, by=by))


def test_a_caseworker_stops_her_unit_and_does_not_start_it_again(cast: Cast) -> None:
    unit = cast.alma.unit_id
    with writing(cast.engine) as session:
        assert governance.stop(session, unit, reason="Tallene er mærkelige.", now=NOW, by=cast.alma)
    refuses(
        cast.engine, Forbidden, lambda s: governance.release(s, unit, reason="x", now=LATER, by=cast.alma)
    )
    refuses(cast.engine, Forbidden, lambda s: governance.set_mode(s, unit, "forslag", now=NOW, by=cast.alma))


def test_another_unit_is_for_whoever_may_stop_them_all(cast: Cast) -> None:
    unit = cast.freja.unit_id
    for by in (cast.tove, cast.alma):
        refuses(cast.engine, Forbidden, lambda s, by=by: governance.stop(s, unit, reason="x", now=NOW, by=by))
    with writing(cast.engine) as session:
        assert governance.stop(session, unit, reason="Tallene er mærkelige.", now=NOW, by=cast.ada)
