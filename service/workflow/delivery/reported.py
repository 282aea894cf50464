"""What a municipality reports about courses of training, as values: a report and what it tells of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

KINDS = ("service_request", "focus_condition", "condition", "care_plan", "planned_intervention", "encounter")
COURSE_KINDS = ("care_plan", "planned_intervention")


@dataclass(frozen=True)
class Reported:
    """One resource as one report tells it.

    `request_id` is "" when the report ties the resource to no single request. `status` of a course is that
    of its activity. `detail` holds codes and ISO dates only.
    """

    kind: str
    resource_id: str
    request_id: str
    status: str
    withdrawn: bool
    starts_on: date | None
    ends_on: date | None
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """One delivery report, validated. `sha256` is of its content, however it was laid out in the file."""

    bundle_id: str
    sha256: str
    reported_at: datetime
    cpr: str
    resources: tuple[Reported, ...]

    @property
    def request_ids(self) -> tuple[str, ...]:
        """The requests that the report tells of."""
        return tuple(told.resource_id for told in self.resources if told.kind == "service_request")
