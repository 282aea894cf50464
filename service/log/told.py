"""Hold what a delivery report told, resource by resource, against the report's personal part."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import RowMapping, Select, select
from sqlmodel import Session

from service.log.canonical import plain
from service.tables.base import table_of
from service.tables.delivery import DeliveryReport, ReportedResource

REPORTS = table_of(DeliveryReport)
RESOURCES = table_of(ReportedResource)
TOLD = tuple(name for name in RESOURCES.columns.keys() if name not in ("id", "report_id"))  # noqa: SIM118 - columns, no dict


def resources_that_differ(session: Session, report_id: str, content: bytes) -> Iterator[str]:
    """What does not fit between the resources of one report and the part that proves them."""
    proved = {each["resource_id"]: each for each in json.loads(content).get("resources", [])}
    rows = session.execute(select(RESOURCES).where(RESOURCES.c.report_id == report_id)).mappings()
    there = {row["resource_id"]: _described(row) for row in rows}
    for resource_id in sorted({*proved, *there}):
        if resource_id not in there:
            yield f"a row in {RESOURCES.name} is missing"
        elif resource_id not in proved:
            yield f"a row in {RESOURCES.name} was never told"
        else:
            told, row = proved[resource_id], there[resource_id]
            yield from (
                f"{RESOURCES.name}.{name} is not what the log proves"
                for name in TOLD
                if told.get(name) != row[name]
            )


def any_left(session: Session, report_id: str) -> bool:
    """Whether a report still has resources."""
    left = select(RESOURCES.c.id).where(RESOURCES.c.report_id == report_id).limit(1)
    return session.execute(left).first() is not None


def without_report() -> Select[Any]:
    """The resources that belong to no report."""
    joined = RESOURCES.join(REPORTS, RESOURCES.c.report_id == REPORTS.c.id, isouter=True)
    return select(RESOURCES.c.id).select_from(joined).where(REPORTS.c.id.is_(None))


def _described(row: RowMapping) -> dict[str, Any]:
    return {name: plain(row[name]) for name in TOLD}
