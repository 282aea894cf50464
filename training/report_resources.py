"""The resources of one invented course, in the profiles of the delivery reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from models.instants import COPENHAGEN, instant_text
from training.citizens import Citizen

Resource = dict[str, Any]
Coded = tuple[str, str]


@dataclass(frozen=True)
class Course:
    """One request that is reported on.

    `level` None is never told. A level that is `decided_later` stands in no report before the assessment;
    `changed_to` is the one it was changed to.
    """

    request_id: str
    citizen: Citizen
    plan_type: str
    diagnosis: str
    diagnosis_text: str
    received_on: date
    discharged_on: date
    offered_on: date
    level: str | None
    decided_later: bool
    changed_to: str | None
    forms: tuple[str, ...]
    story: str


class Resources:
    """Makes the resources of one course; ids stay the same from one report to the next."""

    def __init__(self, words: Mapping[str, Any], course: Course, rng: np.random.Generator) -> None:
        self.words, self.course, self.rng = words, course, rng
        kinds = ("patient", "hospital", "unit", "focus", "assessing", "course", "training", "condition")
        self.ids = {kind: random_id(rng) for kind in kinds}
        self.picked = rng.random(2)

    def _resource(self, kind: str, key: str, profile: str, **content: Any) -> Resource:
        meta = {"profile": [f"{self.words['structures']}{self.words['profile']}{profile}"]}
        return {"resourceType": kind, "id": self.ids.get(key, key), "meta": meta, **content}

    def patient(self) -> Resource:
        """The one citizen the report is about."""
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

    def request(self, level: str | None) -> list[Resource]:
        """The plan with the level it has by now, its diagnosis, its sender and the unit that trains."""
        course, words = self.course, self.words
        category = [words["plan_types"][course.plan_type]]
        if level is not None:
            category.append(words["levels"][level])
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

    def intervention(
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

    def training(self, status: str, start: date, end: date | None = None) -> Resource:
        """The training that belongs to the course."""
        kinds = self.words["training"]
        return self.intervention("training", kinds[int(self.picked[0] * len(kinds))], status, start, end)

    def course_of_training(
        self, status: str, start: date, end: date | None = None, reason: str | None = None
    ) -> Resource:
        """The course itself; a reason goes with one that was cancelled or stopped."""
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

    def encounter(self, plan: str, on: date, number: int) -> Resource:
        """One meeting of three quarters of an hour."""
        start = datetime(on.year, on.month, on.day, 9 + number, 0, tzinfo=COPENHAGEN)
        return self._resource(
            "Encounter", random_id(self.rng), "encounter", status="finished",
            **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}},
            period={"start": instant_text(start), "end": instant_text(start + timedelta(minutes=45))},
            subject=self._about(),
            extension=[{"url": f"{self.words['structures']}BasedOnCarePlanExtension",
                        "valueReference": {"reference": f"CarePlan/{self.ids[plan]}"}}],
        )  # fmt: skip

    def condition(self, on: date) -> Resource:
        """What the assessment found."""
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


def random_id(rng: np.random.Generator) -> str:
    """A random id of a resource."""
    return str(UUID(bytes=rng.bytes(16), version=4))
