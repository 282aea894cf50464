"""How many rows every table holds: what a refusal must leave as it was."""

from sqlalchemy import Engine, func, select

from service.database import reading
from service.tables import METADATA


def rows(engine: Engine) -> dict[str, int]:
    """The number of rows by table."""
    with reading(engine) as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }
