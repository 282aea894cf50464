"""Delivery reports of invented courses, as bundles in the profile that municipalities report by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from models.instants import COPENHAGEN, instant_text
from training.citizens import Citizen

STORIES = ("under_way", "completed", "never_started", "withdrawn", "interrupted")
Resource = dict[str, Any]
Coded = tuple[str, str]


@dataclass(frozen=True)
class Course:
    """One request that is reported on. `level` None leaves the level to whoever decides it."""

    request_id: str
    citizen: Citizen
    plan_type: str
    diagnosis: str
    diagnosis_text: str
    received_on: date
    discharged_on: date
    offered_on: date
    level: str | None
    forms: tuple[str, ...]
    story: str


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
        after = assessed_on + timedelta(days=7 if course.story == "withdrawn" else 49)
        if course.story == "withdrawn":
            stages.append(("withdrawn", after, told.withdrawn(assessed_on)))
        elif course.story != "under_way":
            stages.append(("ended", after, told.ended(assessed_on, after)))
    return [Report(name, on, told.bundle(on, resources)) for name, on, resources in stages if on <= as_of]


class _Told:
    """The resources of one course; ids stay the same from one report to the next."""

    def __init__(self, words: Mapping[str, Any], course: Course, rng: np.random.Generator) -> None:
        self.words, self.course, self.rng = words, course, rng
        kinds = ("patient", "hospital", "unit", "focus", "assessing", "course", "training", "condition")
        self.ids = {kind: _uuid(rng) for kind in kinds}
        self.picked = rng.random(2)

    def bundle(self, on: date, resources: list[Resource]) -> Resource:
        """A report of changed resources and those they refer to."""
        entries = [self._patient(), *resources]
        return {
            "resourceType": "Bundle",
            "id": _uuid(self.rng),
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
        scheduled = self._intervention(
            "assessing", self.words["assessing"], "scheduled", self.course.received_on
        )
        return [*self._request(), scheduled]

    def assessed(self, on: date) -> list[Resource]:
        """The assessment is done, and a course begins."""
        done = self._intervention(
            "assessing", self.words["assessing"], "completed", self.course.received_on, on
        )
        course = self._course("in-progress", on)
        training = self._training("in-progress", on)
        return [
            *self._request(),
            done,
            self._encounter("assessing", on, 0),
            self._condition(on),
            course,
            training,
        ]

    def cancelled(self, on: date) -> list[Resource]:
        """The citizen never came."""
        return [*self._request(), self._course("cancelled", on, reason="never_started")]

    def ended(self, started_on: date, on: date) -> list[Resource]:
        """The course is over, with its reason."""
        finished = "completed" if self.course.story == "completed" else "stopped"
        course = self._course(finished, started_on, on, reason=self.course.story)
        training = self._training(finished, started_on, on)
        visits = [
            self._encounter("training", started_on + timedelta(days=7 * week), week) for week in range(1, 6)
        ]
        return [*self._request(), course, training, *visits]

    def withdrawn(self, on: date) -> list[Resource]:
        """The course was written in the wrong record."""
        return [
            *self._request(),
            self._course("entered-in-error", on),
            self._training("entered-in-error", on),
        ]

    def _resource(self, kind: str, key: str, profile: str, **content: Any) -> Resource:
        meta = {"profile": [f"{self.words['structures']}{self.words['profile']}{profile}"]}
        return {"resourceType": kind, "id": self.ids.get(key, key), "meta": meta, **content}

    def _patient(self) -> Resource:
        return self._resource(
            "Patient", "patient", "citizen",
            identifier=[{"use": "official", "value": self.course.citizen.cpr,
                         "system": self.words["cpr_system"]}],
            deceasedBoolean=False,
            managingOrganization={"identifier": self._sor("municipality_sor")},
        )  # fmt: skip

    def _sor(self, key: str) -> Resource:
        return {"use": "official", "value": self.words[key], "system": self.words["sor_system"]}

    def _organization(self, key: str) -> Resource:
        return self._resource("Organization", key, "organization", identifier=[self._sor(f"{key}_sor")])

    def _about(self) -> Resource:
        return {"reference": f"Patient/{self.ids['patient']}"}

    def _request(self) -> list[Resource]:
        course, words = self.course, self.words
        category = [words["plan_types"][course.plan_type]]
        if course.level is not None:
            category.append(words["levels"][course.level])
        return [
            self._organization("hospital"),
            self._organization("unit"),
            self._resource(
                "Condition", "focus", "focus-condition",
                code={"coding": [{"system": words["diagnosis_system"], "code": course.diagnosis,
                                  "display": course.diagnosis_text}]},
                clinicalStatus=_clinical("active"), subject=self._about(),
            ),
            self._resource(
                "ServiceRequest", course.request_id, "servicerequest",
                requester={"reference": f"Organization/{self.ids['hospital']}"},
                status="active", intent="plan",
                code={"coding": [{"system": words["care_social"], "code": words["service"]}]},
                category=[self._social(each) for each in category],
                extension=[{"url": f"{words['structures']}PreconditionDate",
                            "valueDate": course.discharged_on.isoformat()}],
                reasonReference=[{"reference": f"Condition/{self.ids['focus']}"}],
                subject=self._about(), authoredOn=course.received_on.isoformat(),
                occurrencePeriod={"start": course.offered_on.isoformat()},
            ),
        ]  # fmt: skip

    def _social(self, coded: Coded) -> Resource:
        return {"coding": [{"system": self.words["care_social"], "code": coded[0], "display": coded[1]}]}

    def _for_request(self) -> list[Resource]:
        url = f"{self.words['structures']}BasedOnServiceRequestExtension"
        return [{"url": url, "valueReference": {"reference": f"ServiceRequest/{self.course.request_id}"}}]

    def _intervention(
        self, key: str, coded: Coded, status: str, start: date, end: date | None = None
    ) -> Resource:
        """A planned intervention; training belongs to the course, the assessment to the request itself."""
        words = self.words
        kinds = [words["delivery"][form] for form in self.course.forms] if key == "training" else []
        delivery = kinds or [words["delivery"]["individuel"]]
        detail = {
            "code": {
                "coding": [{"system": words["interventions_system"], "code": coded[0], "display": coded[1]}]
            },
            "extension": [
                {"url": f"{words['structures']}DeliveryType", "valueCodeableConcept": self._social(each)}
                for each in _different(delivery)
            ],
            "status": status,
            "performer": [{"reference": f"Organization/{self.ids['unit']}"}],
        }
        resource = self._resource(
            "CarePlan", key, "planned-intervention", activity=[{"detail": detail}],
            period=_period(start, end), status=_plan_status(status), intent="plan", subject=self._about(),
        )  # fmt: skip
        if key == "training":
            return resource | {"basedOn": [{"reference": f"CarePlan/{self.ids['course']}"}]}
        return resource | {"extension": self._for_request()}

    def _training(self, status: str, start: date, end: date | None = None) -> Resource:
        kinds = self.words["training"]
        return self._intervention("training", kinds[int(self.picked[0] * len(kinds))], status, start, end)

    def _course(
        self, status: str, start: date, end: date | None = None, reason: str | None = None
    ) -> Resource:
        detail: Resource = {
            "status": status,
            "performer": [{"reference": f"Organization/{self.ids['unit']}"}],
        }
        if reason is not None and status != "completed":
            detail["statusReason"] = self._social(self.words["stop_reasons"][reason])
        return self._resource(
            "CarePlan", "course", "care-plan",
            category=[{"coding": [{"system": self.words["care_social"], "code": self.words["course"]}]}],
            period=_period(start, end), status=_plan_status(status), intent="plan", subject=self._about(),
            extension=self._for_request(), activity=[{"detail": detail}],
        )  # fmt: skip

    def _encounter(self, plan: str, on: date, number: int) -> Resource:
        start = datetime(on.year, on.month, on.day, 9 + number, 0, tzinfo=COPENHAGEN)
        return self._resource(
            "Encounter", _uuid(self.rng), "encounter", status="finished",
            **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}},
            period={"start": instant_text(start), "end": instant_text(start + timedelta(minutes=45))},
            subject=self._about(),
            extension=[{"url": f"{self.words['structures']}BasedOnCarePlanExtension",
                        "valueReference": {"reference": f"CarePlan/{self.ids[plan]}"}}],
        )  # fmt: skip

    def _condition(self, on: date) -> Resource:
        conditions = self.words["conditions"]
        code, display = conditions[int(self.picked[1] * len(conditions))]
        system = "http://terminology.hl7.org/CodeSystem/"
        return self._resource(
            "Condition", "condition", "condition",
            code={"coding": [{"system": self.words["interventions_system"], "code": code,
                              "display": display}]},
            clinicalStatus=_clinical("active"),
            verificationStatus={"coding": [{"system": f"{system}condition-ver-status", "code": "confirmed"}]},
            recordedDate=on.isoformat(), subject=self._about(),
            category=[{"coding": [{"system": f"{system}condition-category", "code": "problem-list-item"}]}],
        )  # fmt: skip


def _clinical(code: str) -> Resource:
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": code}]}


def _plan_status(activity: str) -> str:
    """The status of a care plan whose activity has this status."""
    return {"completed": "completed", "entered-in-error": "entered-in-error", "stopped": "revoked",
            "cancelled": "revoked"}.get(activity, "active")  # fmt: skip


def _period(start: date, end: date | None) -> Resource:
    return {"start": start.isoformat()} | ({} if end is None else {"end": end.isoformat()})


def _different(coded: list[Coded]) -> list[Coded]:
    return [each for place, each in enumerate(coded) if each not in coded[:place]]


def _uuid(rng: np.random.Generator) -> str:
    return str(UUID(bytes=rng.bytes(16), version=4))
