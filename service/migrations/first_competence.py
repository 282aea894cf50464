"""The tables of competence and of the seal of shadow results, as migration 0003 makes them."""

import sqlalchemy as sa

from service.migrations.shapes import (
    INSTANT,
    codes,
    column,
    index_each,
    key,
    logged,
    table,
    text,
    unique,
)


def competence_tables() -> None:
    """Passed quizzes, exercises one keeps for oneself, and unsealings."""
    name = "quiz_passes"
    logged(
        name, "quiz_pass", text("person_id"), text("municipality_id"), text("area"), text("questions"),
        text("model_version"), text("manifest_hash"), text("approval"), key(name, "person_id", "people"),
        key(name, "municipality_id", "municipalities"),
    )  # fmt: skip
    index_each(name, "person_id", "municipality_id")
    name = "practice_rounds"
    table(
        name, text("person_id"), text("exercise"), text("own"), text("decision", nullable=True),
        column("updated_at", INSTANT), key(name, "person_id", "people"),
        unique(name, "person_id", "exercise"),
    )  # fmt: skip
    name = "unsealings"
    logged(
        name, "unsealing", text("municipality_id"), text("kind"), column("starts_on", sa.Date()),
        column("ends_on", sa.Date()), text("reason"), text("named"), text("opens", nullable=True),
        key(name, "municipality_id", "municipalities"), key(name, "named", "people"),
        key(name, "opens", name), unique(name, "opens"), codes(name, "kind", "asked", "opened"),
    )  # fmt: skip
    index_each(name, "municipality_id")
