"""The one transaction of an erasure: what could point at the citizen is blanked, practice stays."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, update
from sqlmodel import Session

from service import log, sessions
from service.log import Event
from service.tables import METADATA
from service.tables.erasable import BLANKED, OWN_ID, REMOVED, subject_column
from service.tables.oversight import Erasure
from service.workflow.citizens import Holding


@dataclass(frozen=True)
class Order:
    """Why it is done: a code of `erasure_grounds`, the occasion, words about the erasure, and who gave it."""

    ground: str
    reason: str
    occasion: str
    operator: str


def erase_rows(
    session: Session, holdings: Iterable[Holding], order: Order, *, ledger: str, now: datetime
) -> Counter[str]:
    """Log and blank every case and report of some citizens, and forget the citizens; the caller commits.

    Gives how many rows there were, by kind. `ledger` is the newest hash of the erasure ledger. Subjects come
    in the order of their random ids, so that neither log nor rows say which belonged together.
    """
    held = list(holdings)
    subjects = dict(sorted(pair for each in held for pair in each.subjects.items()))
    for subject_id, kind in subjects.items():
        row = Erasure(
            at=now, subject_id=subject_id, subject_kind=kind, occasion=order.occasion, ground=order.ground,
            reason=order.reason, operator=order.operator,
        )  # fmt: skip
        log.append(session, Event.KEY_SHREDDED, at=now, by=None, row=row, ledger=ledger)
    if subjects:
        _blank(session, list(subjects))
    _forget(session, [each.citizen_id for each in held])
    return sum((Counter(each.counts) for each in held), Counter(citizens=len(held)))


def _blank(session: Session, subjects: list[str]) -> None:
    connection, each = session.connection(), [{"subject": subject} for subject in subjects]
    for name, column in REMOVED.items():
        table = METADATA.tables[name]
        connection.execute(delete(table).where(table.c[column] == bindparam("subject")), each)
    for name, blanked in BLANKED.items():
        table = METADATA.tables[name]
        values = {key: table.c.id if value is OWN_ID else value for key, value in blanked.items()}
        of_subject = table.c[subject_column(name)] == bindparam("subject")
        connection.execute(update(table).where(of_subject).values(values), each)
    drafts = METADATA.tables["drafts"]
    connection.execute(delete(drafts).where(drafts.c.case_id == bindparam("subject")), each)


def _forget(session: Session, citizens: list[str]) -> None:
    """The way from a CPR number to the citizen, and what browsers' sessions remember of searches."""
    known = METADATA.tables["identity_map"]
    each = [{"citizen": citizen} for citizen in citizens]
    if each:
        session.connection().execute(delete(known).where(known.c.citizen_id == bindparam("citizen")), each)
        sessions.forget_what_was_typed(session)
