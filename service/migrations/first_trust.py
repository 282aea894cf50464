"""The table of the citizens' answers about trust, as migration 0003 makes it; never changed either."""

import sqlalchemy as sa

from service.migrations.shapes import check, codes, column, key, table, text, unique


def trust_tables() -> None:
    """How many chose each answer in a quarter."""
    name = "trust_tallies"
    table(
        name, text("municipality_id"), text("quarter"), text("arm"), text("question"),
        text("choice"), column("chosen", sa.Integer()), key(name, "municipality_id", "municipalities"),
        unique(name, "municipality_id", "quarter", "arm", "question", "choice"),
        check(name, "not_negative", "chosen >= 0"),
        codes(name, "arm", "evidence", "control", "shown", "not_shown"),
    )  # fmt: skip
