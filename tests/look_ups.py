"""Look-ups as the pages write them, in the past, so that samples can be drawn from them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from service import log
from service.clock import COPENHAGEN
from service.database import writing
from service.identity import Actor
from service.log import Event, Receipt
from service.tables.intake import Case
from service.tables.oversight import LogSample
from service.workflow import intake
from service.workflow.log_control import draw
from tests.builders import a_referral
from tests.cast import NOW, PEPPER, Cast

MAY = date(2026, 5, 1), date(2026, 5, 31)
"""The month before the last one, as seen from NOW; 1 May 2026 is a Friday."""
SEED = "seed-1"


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    """An instant in May 2026, by the Danish clock."""
    return datetime(2026, 5, day, hour, minute, tzinfo=COPENHAGEN).astimezone(UTC)


def look(
    engine: Engine, by: Actor, case: Case, *times: datetime, purpose: str = "sagsbehandling"
) -> list[Receipt]:
    """Open a case at some instants, which must come in the order of time."""
    with writing(engine) as session:
        receipts = [_entry(session, by, case, each, purpose) for each in times]
        session.commit()
    return receipts


def cases(engine: Engine, how_many: int) -> list[Case]:
    """Some cases in Træning Nord, received in April."""
    with writing(engine) as session:
        received = [
            intake.receive_row(
                session,
                a_referral(
                    request_id=f"looked-{number}", received_on=date(2026, 4, 11),
                    discharged_on=date(2026, 4, 10), contact_from=None, contact_to=None,
                ),
                pepper=PEPPER, now=at(1) - timedelta(days=20), by=None,
            )
            for number in range(how_many)
        ]  # fmt: skip
        session.commit()
    return received


def a_month_of_look_ups(engine: Engine, cast: Cast, how_many: int = 12) -> list[Case]:
    """Alma opens one case a day, twice each; Dorte opens the last of them for a complaint."""
    opened = cases(engine, how_many)
    with writing(engine) as session:
        for number, case in enumerate(opened):
            for minute in (0, 20):
                _entry(session, cast.alma, case, at(4 + number, 10, minute), "sagsbehandling")
        _entry(session, cast.dorte, opened[-1], at(28), "klage")
        session.commit()
    return opened


def _entry(session: Session, by: Actor, case: Case, when: datetime, purpose: str) -> Receipt:
    return log.append(session, Event.CASE_OPENED, at=when, by=by, case_id=case.id, purpose=purpose)


def a_sample(
    engine: Engine, by: Actor, *, wanted: int = 6, seed: str = SEED, now: datetime = NOW
) -> LogSample:
    """A sample of May."""
    return draw(engine, starts_on=MAY[0], ends_on=MAY[1], wanted=wanted, seed=seed, now=now, by=by)


def places(sample: LogSample) -> list[tuple[str, int]]:
    """Where the look-ups of a sample stand."""
    return [(shard, int(seq)) for shard, seq, _ in sample.lookups]


def number_of(sample: LogSample, receipts: Iterable[Receipt]) -> int:
    """The number (from 1) of the look-up that one of the entries begins."""
    begun = {(receipt.shard, receipt.seq) for receipt in receipts}
    return next(number for number, place in enumerate(places(sample), start=1) if place in begun)
