"""Changes made behind the log's back, by somebody who takes down the database's own defences first."""

import json

from sqlalchemy import Connection, Engine, text

from service import log
from service.log.canonical import canonical
from service.log.merkle import leaf_hash
from tests.parts.steps import SHARD


def defenceless(connection: Connection) -> None:
    """Take down what the database itself would refuse with: the verifier must not lean on it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        return
    triggers = (
        connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    )
    for trigger in triggers:
        connection.execute(text(f"DROP TRIGGER {trigger}"))


def tamper(engine: Engine, *statements: str, **values: object) -> list[str]:
    """Run statements with triggers and keys out of the way; gives what the verifier then finds of it."""
    before = set(log.verify(engine).problems)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        defenceless(connection)
        for statement in statements:
            connection.execute(text(statement), values)
        connection.commit()
        connection.invalidate()
    found = [line for line in log.verify(engine).problems if "triggers" not in line]
    return [line for line in found if line not in before]


def rewritten_entry(connection: Connection, seq: int, fields: dict[str, str]) -> dict[str, object]:
    """An entry changed by somebody who knows how leaves are made."""
    query = text("SELECT entry FROM log_entries WHERE shard = :shard AND seq = :seq")
    entry = json.loads(connection.execute(query, {"shard": SHARD, "seq": seq}).scalar_one())
    changed = canonical({**entry, **fields})
    return {"entry": changed.decode(), "leaf": leaf_hash(changed)}
