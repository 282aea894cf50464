"""What no answer may hold: everything in the database that only the database needs."""

from sqlalchemy import Engine, text

SECRET = {
    "credentials": "password_hash", "web_sessions": "token_hash", "identity_map": "lookup",
    "log_heads": "shard",
}  # fmt: skip


def secrets_of(engine: Engine) -> list[str]:
    """The values themselves, and the name of a citizen whose case lies in another unit."""
    with engine.connect() as connection:
        found = [
            value
            for table, column in SECRET.items()
            for value in connection.execute(text(f"SELECT {column} FROM {table}")).scalars()
        ]
    return [value for value in found if value]
