"""A referral: what arrives when a hospital sends a plan, whatever format it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from models.declaration import Arrival

if TYPE_CHECKING:
    from models.facts import Fact


@dataclass(frozen=True)
class Citizen:
    """Who the plan is about. Identity only: nothing here can become a fact."""

    cpr: str
    name: str
    address: str
    phone: str


@dataclass(frozen=True)
class Referral:
    """A plan as it arrived, validated.

    `municipality_code` is the four-digit code, `unit_name` None when the sender names no unit.
    `facts` holds only what arrived, `sections` the plan's text by section code,
    `operational` what is shown and never learned. `origin` is one of `service.tables.intake.ORIGINS`.
    `replaces` are the ids of earlier requests that this one says it stands in for.
    """

    request_id: str
    municipality_code: str
    unit_name: str | None
    area: str
    received_on: date
    discharged_on: date
    start_after: date | None
    contact_from: date | None
    contact_to: date | None
    plan_type: str
    citizen: Citizen
    facts: Mapping[str, Fact]
    sections: Mapping[str, str]
    operational: Mapping[str, str]
    origin: str
    replaces: tuple[str, ...] = ()

    @property
    def arrival(self) -> Arrival:
        """The dates from which some facts are computed."""
        return Arrival(
            received_on=self.received_on,
            discharged_on=self.discharged_on,
            start_after=self.start_after,
            contact_from=self.contact_from,
            contact_to=self.contact_to,
        )
