"""The tables of sessions and the sign-in throttle, as migration 0003 makes them; never changed either."""

import sqlalchemy as sa
from alembic import op

from service.migrations.shapes import INSTANT, column, index_each, key, table, text


def session_tables() -> None:
    """Who is signed in, and who tried to be."""
    table(
        "web_sessions", text("person_id", nullable=True), column("content", sa.JSON()),
        column("created_at", INSTANT), column("last_seen_at", INSTANT),
        key("web_sessions", "person_id", "people"), id_column="token_hash",
    )  # fmt: skip
    index_each("web_sessions", "person_id")
    op.create_table(
        "sign_in_attempts", column("id", sa.Integer()), text("username"), text("address"),
        column("at", INSTANT), sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
    )  # fmt: skip
    index_each("sign_in_attempts", "username", "address")
