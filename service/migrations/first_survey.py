"""The tables of the employees' survey, as migration 0003 makes them; never changed either."""

import sqlalchemy as sa

from service.migrations.first_trust import trust_tables
from service.migrations.shapes import check, column, index_each, key, logged, table, text, unique


def survey_tables() -> None:
    """Rounds, who has answered, and how many chose what; and the citizens' answers about trust."""
    name = "survey_rounds"
    logged(
        name, "survey_round", text("municipality_id"), column("opens_on", sa.Date()),
        column("closes_on", sa.Date()), text("opened_by"), key(name, "municipality_id", "municipalities"),
        key(name, "opened_by", "people"), check(name, "opens_before_it_closes", "opens_on <= closes_on"),
    )  # fmt: skip
    index_each(name, "municipality_id")
    name = "survey_turnouts"
    table(
        name, text("round_id"), text("person_id"), key(name, "round_id", "survey_rounds"),
        key(name, "person_id", "people"), unique(name, "round_id", "person_id"),
    )  # fmt: skip
    name = "survey_tallies"
    table(
        name, text("round_id"), text("question"), text("choice"), column("chosen", sa.Integer()),
        key(name, "round_id", "survey_rounds"), unique(name, "round_id", "question", "choice"),
        check(name, "not_negative", "chosen >= 0"),
    )  # fmt: skip
    trust_tables()
