"""How often a citizen's cases were shown as similar cases: counted when evidence is shown, told to her.

What was shown lies sealed with other citizens' keys, so it is counted as it happens, in the transaction of
the answer. Only the service can say whose a key is.
"""

from collections.abc import Iterable

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from service.tables.showing import SimilarShowing
from service.workflow.in_force import reference_key, requests_of

_ONE_MORE = text(
    "INSERT INTO similar_showings (key, times) VALUES (:key, 1)"
    " ON CONFLICT (key) DO UPDATE SET times = similar_showings.times + 1"
)


def count_showing(session: Session, keys: Iterable[str]) -> None:
    """Count one showing of each of the cases; the caller commits."""
    some = [{"key": key} for key in sorted(set(keys))]
    if some:
        session.connection().execute(_ONE_MORE, some)


def times_shown(session: Session, citizen_id: str) -> int:
    """In how many answers the citizen's cases were among the similar cases shown."""
    keys = {reference_key(session, *each) for each in requests_of(session, [citizen_id])[citizen_id]}
    counted = select(func.coalesce(func.sum(col(SimilarShowing.times)), 0))
    return int(session.exec(counted.where(col(SimilarShowing.key).in_(keys))).one())
