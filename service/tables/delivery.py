"""What the municipality reported about courses: KL § 140 delivery reports and the state they gave."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.tables.base import CaseStep, Instant, new_id, tied_to_log


class DeliveryReport(CaseStep, table=True):
    """One imported report. The same bytes are imported once; `reported_at` orders reports of a course."""

    __tablename__ = "delivery_reports"
    __table_args__ = (UniqueConstraint("municipality_id", "bundle_id"), *tied_to_log("delivery"))

    municipality_id: str = Field(foreign_key="municipalities.id")
    bundle_id: str
    sha256: str = Field(index=True)
    reported_at: datetime = Field(sa_type=Instant)
    citizen_id: str = Field(index=True)
    imported_by: str | None = Field(default=None, foreign_key="people.id")


class ReportedResource(SQLModel, table=True):
    """One resource as one report told it; the newest report of a resource counts.

    `kind`: service_request, planned_intervention, care_plan, encounter, condition, focus_condition.
    `detail` holds codes and dates only, never free text or identity.
    """

    __tablename__ = "reported_resources"
    __table_args__ = (UniqueConstraint("report_id", "resource_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    report_id: str = Field(foreign_key="delivery_reports.id", index=True)
    request_id: str = Field(index=True)
    resource_id: str = Field(index=True)
    kind: str
    status: str
    withdrawn: bool
    starts_on: date | None = None
    ends_on: date | None = None
    detail: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
