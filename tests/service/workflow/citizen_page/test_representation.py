"""Somebody acts for the citizen: who, by what document and how long is noted, sealed and dated (F26)."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.tables.citizen import Representation
from service.tables.log import LogEntry
from service.workflow.citizen_page import representation
from tests.builders import a_case
from tests.cast import NOW, TODAY, Cast
from tests.mine import a_power
from tests.refusals import in_session, refuses

SAID = {"name": "Bo Prøve", "document": "Journal 2026-17", "valid_from": TODAY, "valid_to": TODAY, "now": NOW}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "navn"),
        ({"document": ""}, "dokument"),
        ({"name": "x" * 201}, "navn"),
        ({"valid_from": date(2026, 7, 2), "valid_to": date(2026, 7, 1)}, "til"),
        ({"valid_from": date(2026, 6, 1), "valid_to": date(2026, 6, 29)}, "til"),
    ],
)
def test_a_power_that_says_too_little_or_is_over_is_refused(
    changes: dict[str, object], field: str, engine: Engine, cast: Cast
) -> None:
    case = a_case(engine)

    def step(session: object) -> None:
        with pytest.raises(Refused) as refusal:
            representation.record(session, case.id, by=cast.alma, **{**SAID, **changes})  # type: ignore[arg-type]
        assert refusal.value.field == field
        raise refusal.value

    refuses(engine, Refused, step)


def test_only_casework_notes_a_power(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    for error, by in ((NotFound, cast.freja), (Forbidden, cast.dorte)):
        refuses(engine, error, lambda s, by=by: representation.record(s, case.id, by=by, **SAID))


def test_what_nobody_has_cannot_be_withdrawn(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    refuses(engine, Conflict, lambda s: representation.withdraw(s, case.id, now=NOW, by=cast.alma))
    a_power(engine, case, cast.alma)
    in_session(engine, lambda s: representation.withdraw(s, case.id, now=NOW, by=cast.alma))
    refuses(engine, Conflict, lambda s: representation.withdraw(s, case.id, now=NOW, by=cast.alma))


def test_the_newest_power_counts_on_its_days(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    first = a_power(engine, case, cast.alma)
    second = a_power(engine, case, cast.alma, valid_from=TODAY, valid_to=TODAY)
    with reading(engine) as session:
        assert not representation.holds(session, case.id, first.id, TODAY)
        assert representation.holds(session, case.id, second.id, TODAY)
        assert not representation.holds(session, case.id, second.id, date(2026, 7, 1))
        assert not representation.holds(session, case.id, second.id, date(2026, 6, 29))


def test_who_it_is_is_sealed(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    a_power(engine, case, cast.alma)
    with reading(engine) as session:
        power = representation.standing(session, case.id)
        texts = [*session.exec(select(LogEntry.entry)), str(session.exec(select(Representation)).one())]
    assert power is not None
    assert (power.name, power.document) == ("Bo Prøve", "Journal 2026-17")
    assert not [text for text in texts if "Bo Prøve" in text or "2026-17" in text]
