"""The database that is about to be replaced, if there is one: how far its log has come."""

from collections.abc import Mapping

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from service.backup.errors import RestoreRefused
from service.database import reading
from service.log.append import HEADS

MOVE_AWAY = (
    "The present database cannot be read. Move it away (SQLite: the file and what begins with its name;"
    " PostgreSQL: name a new, empty database in SKOEN_DATABASE_URL), and restore again."
)


def live_sizes(live: Engine | None) -> dict[str, int] | None:
    """The size of each shard; None when there is no database. Raises RestoreRefused for a damaged one."""
    if live is None:
        return None
    try:
        with reading(live) as session:
            return {head.shard: head.size for head in session.execute(select(HEADS.c.shard, HEADS.c.size))}
    except DBAPIError as error:
        raise RestoreRefused(MOVE_AWAY) from error


def refuse_growth(expected: Mapping[str, int], found: Mapping[str, int]) -> None:
    """Raise RestoreRefused when entries were added since somebody looked: they would be lost unseen."""
    grown = sorted(shard for shard, size in found.items() if expected.get(shard) != size)
    if grown:
        raise RestoreRefused(
            f"Somebody is still at work: {grown[0]} has grown. Stop the service and try again."
        )
