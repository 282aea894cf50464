"""The keystore: one wrapped key per citizen, in a database of its own with its own backup.

It lies apart because deleting a key must be final: nothing that backs up the casework may carry keys along.
What lies here is wrapped under a key that lies in neither database.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import (
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError

from service.database import for_reading, make_engine, private_file
from service.errors import LogUnavailable, UnsafeStart

RESTORE = "Restore it from its own backup; a new installation makes it with: skoen database upgrade"
METADATA = MetaData()
KEYS = Table(
    "keys",
    METADATA,
    Column("key_id", String, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)
_FIND = select(KEYS.c.wrapped).where(KEYS.c.key_id == bindparam("wanted"))


class Keystore:
    """Wrapped keys by the random id of the citizen. Each call is a transaction, durable at once."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._reading = for_reading(self.engine)

    def create(self) -> None:
        """Make the empty keystore; one that is there is left as it is."""
        private_file(self.engine)
        with self.engine.begin() as connection:
            METADATA.create_all(connection)

    def require(self) -> None:
        """Raise UnsafeStart when there is no keystore."""
        file = self.engine.url.database
        if self.engine.dialect.name == "sqlite" and not Path(file or "").exists():
            raise UnsafeStart(f"There is no keystore at {file}. {RESTORE}")
        with self._reading.connect() as connection:
            if not inspect(connection).has_table(KEYS.name):
                raise UnsafeStart(f"The keystore holds no keys table. {RESTORE}")

    def find(self, key_id: str) -> bytes | None:
        """The wrapped key, or None when there is none (any more). Raises LogUnavailable when unreadable."""
        try:
            with self._reading.connect() as connection:
                return connection.execute(_FIND, {"wanted": key_id}).scalar()
        except DBAPIError as error:
            raise LogUnavailable from error

    def find_all(self, key_ids: Sequence[str]) -> dict[str, bytes]:
        """The wrapped keys of those that have one, in one statement: some hundreds. Raises LogUnavailable."""
        try:
            with self._reading.connect() as connection:
                found = connection.execute(select(KEYS).where(KEYS.c.key_id.in_(key_ids)))
                return {row.key_id: row.wrapped for row in found}
        except DBAPIError as error:
            raise LogUnavailable from error

    def add(self, key_id: str, wrapped: bytes) -> None:
        """Keep a new key; an id is never given a second key. Raises LogUnavailable when it cannot be kept."""
        try:
            with self.engine.begin() as connection:
                connection.execute(insert(KEYS).values(key_id=key_id, wrapped=wrapped))
        except DBAPIError as error:
            raise LogUnavailable from error

    def remove(self, key_ids: Iterable[str]) -> int:
        """Delete keys for good and give how many there were; the freed pages are overwritten."""
        wanted = list(key_ids)
        with self.engine.begin() as connection:
            gone = sum(
                connection.execute(delete(KEYS).where(KEYS.c.key_id == each)).rowcount for each in wanted
            )
        if self.engine.dialect.name == "postgresql":
            # A deleted row stays in its page until the table is written anew.
            with self.engine.connect() as connection:
                raw = connection.execution_options(isolation_level="AUTOCOMMIT")
                raw.exec_driver_sql("VACUUM FULL keys")
        return gone

    def ids(self) -> list[str]:
        """Every id that has a key."""
        with self._reading.connect() as connection:
            return list(connection.execute(select(KEYS.c.key_id).order_by(KEYS.c.key_id)).scalars())

    def count(self) -> int:
        """How many keys there are."""
        with self._reading.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(KEYS)).scalar_one())

    def any(self) -> tuple[str, bytes] | None:
        """Some key with its id, to try the wrapping key on; None when the keystore is empty."""
        with self._reading.connect() as connection:
            found = connection.execute(select(KEYS.c.key_id, KEYS.c.wrapped).limit(1)).one_or_none()
            return (found.key_id, found.wrapped) if found else None
