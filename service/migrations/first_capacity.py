"""The tables of the capacity board, as migration 0003 makes them; never changed either."""

import sqlalchemy as sa

from service.migrations.shapes import check, column, index_each, key, logged, text


def capacity_tables() -> None:
    """What planners enter about the offers."""
    name = "capacity_entries"
    logged(
        name, "capacity", text("unit_id"), text("offer"), column("counted_on", sa.Date()),
        column("places", sa.Integer()), column("free", sa.Integer()), column("waiting", sa.Integer()),
        column("wait_days", sa.Integer()), text("recorded_by"), key(name, "unit_id", "units"),
        check(name, "free_within_places", "free >= 0 AND free <= places"),
        check(name, "not_negative", "waiting >= 0 AND wait_days >= 0"),
    )  # fmt: skip
    index_each(name, "unit_id")
