"""Delivery reports of invented courses, as bundles in the profile that municipalities report by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from models.instants import COPENHAGEN, instant_text
from training.report_resources import Course, Resource, Resources, random_id

STORIES = ("under_way", "completed", "never_started", "withdrawn", "interrupted")
CHANGED_AFTER = timedelta(days=28)
"""How long after the assessment a level that missed the need is changed: within the six weeks that count."""


@dataclass(frozen=True)
class Report:
    """A bundle and the day it was sent."""

    name: str
    sent_on: date
    bundle: Resource


def reports_of(
    words: Mapping[str, Any], course: Course, as_of: date, rng: np.random.Generator
) -> list[Report]:
    """The reports of a course up to a day, oldest first: received, assessed, ended or withdrawn."""
    told = _Told(words["reports"], course, rng)
    stages = [("received", course.received_on, told.received())]
    assessed_on = course.offered_on
    if course.story == "never_started":
        stages.append(("cancelled", assessed_on + timedelta(days=21), told.cancelled(assessed_on)))
    elif course.story != "elsewhere":
        stages.append(("assessed", assessed_on, told.assessed(assessed_on)))
        if course.changed_to is not None:
            stages.append(("changed", assessed_on + CHANGED_AFTER, told.changed(assessed_on)))
        after = assessed_on + timedelta(days=7 if course.story == "withdrawn" else 49)
        if course.story == "withdrawn":
            stages.append(("withdrawn", after, told.withdrawn(assessed_on)))
        elif course.story != "under_way":
            stages.append(("ended", after, told.ended(assessed_on, after)))
    return [Report(name, on, told.bundle(on, resources)) for name, on, resources in stages if on <= as_of]


class _Told(Resources):
    """What each report of one course tells."""

    def bundle(self, on: date, resources: list[Resource]) -> Resource:
        """A report of changed resources and those they refer to."""
        entries = [self.patient(), *resources]
        return {
            "resourceType": "Bundle",
            "id": random_id(self.rng),
            "meta": {"profile": [f"{self.words['structures']}{self.words['profile']}delivery-report"]},
            "type": "collection",
            "timestamp": instant_text(datetime(on.year, on.month, on.day, 18, 30, tzinfo=COPENHAGEN)),
            "entry": [
                {"fullUrl": f"https://eoj.example/{each['resourceType']}/{each['id']}", "resource": each}
                for each in entries
            ],
        }

    def received(self) -> list[Resource]:
        """The plan has arrived; a therapist's assessment is booked."""
        scheduled = self.intervention(
            "assessing", self.words["assessing"], "scheduled", self.course.received_on
        )
        return [*self.request(None if self.course.decided_later else self.course.level), scheduled]

    def assessed(self, on: date) -> list[Resource]:
        """The assessment is done, and a course begins."""
        done = self.intervention(
            "assessing", self.words["assessing"], "completed", self.course.received_on, on
        )
        course = self.course_of_training("in-progress", on)
        training = self.training("in-progress", on)
        return [
            *self.request(self.course.level),
            done,
            self.encounter("assessing", on, 0),
            self.condition(on),
            course,
            training,
        ]

    def changed(self, started_on: date) -> list[Resource]:
        """The level missed the need, and another one is set while the course goes on."""
        return [*self.request(self.course.changed_to), self.course_of_training("in-progress", started_on)]

    def cancelled(self, on: date) -> list[Resource]:
        """The citizen never came."""
        return [
            *self.request(self.course.level),
            self.course_of_training("cancelled", on, reason="never_started"),
        ]

    def ended(self, started_on: date, on: date) -> list[Resource]:
        """The course is over, with its reason."""
        finished = "completed" if self.course.story == "completed" else "stopped"
        course = self.course_of_training(finished, started_on, on, reason=self.course.story)
        training = self.training(finished, started_on, on)
        visits = [
            self.encounter("training", started_on + timedelta(days=7 * week), week) for week in range(1, 6)
        ]
        level = self.course.changed_to or self.course.level
        return [*self.request(level), course, training, *visits]

    def withdrawn(self, on: date) -> list[Resource]:
        """The course was written in the wrong record."""
        return [
            *self.request(self.course.level),
            self.course_of_training("entered-in-error", on),
            self.training("entered-in-error", on),
        ]
