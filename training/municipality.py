"""A whole municipality, invented: what it decided, what waits, and what is reported about it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models.cells import cell
from models.decided_case import AUTHORS, protected_columns
from models.facts import Fact
from models.record import DecidedCase
from training.assumptions import Assumptions
from training.calendar_days import days_of_receipt, decided_at
from training.chance import stream
from training.need import need_of
from training.population import populate
from training.practice import practice_of
from training.referrals import InventedReferral, invent_referrals
from training.reported import invent_reports
from training.scene import Scene

WRITERS = ("human", "robot", "unknown")
SMALLEST = {"referrals": 5, "inbox": 2}


@dataclass(frozen=True)
class Municipality:
    """The files' content: history, protected attributes apart, referrals with their truth, reports."""

    history: tuple[DecidedCase, ...]
    protected: tuple[dict[str, str], ...]
    referrals: tuple[InventedReferral, ...]
    reports: tuple[tuple[str, dict[str, object]], ...]

    def counts(self) -> dict[str, int]:
        """How many there are of each."""
        sources = Counter(case.label_source for case in self.history)
        return {
            "history": len(self.history),
            **{f"history_{author}": sources[AUTHORS.get(author, author)] for author in WRITERS},
            "referrals": len(self.referrals),
            "inbox": sum(each.simulation["inbox"] for each in self.referrals),
            "reports": len(self.reports),
        }


def invent(
    assumed: Assumptions,
    cases: int,
    seed: int,
    as_of: date,
    referrals: int | None = None,
    reports: int | None = None,
) -> Municipality:
    """A municipality with `cases` decided cases before the last quarter; the same arguments, the same one."""
    scene = _scene(assumed, cases, seed, as_of, referrals)
    arrived = invent_referrals(scene)
    courses = round(cases * assumed["calendar"]["reports_per_history"]) if reports is None else reports
    history = _history(scene)
    told = invent_reports(scene, history, arrived, courses)
    return Municipality(
        history=history,
        protected=_protected(scene),
        referrals=told.referrals,
        reports=told.files,
    )


def _scene(assumed: Assumptions, cases: int, seed: int, as_of: date, referrals: int | None) -> Scene:
    calendar = assumed["calendar"]
    total = referrals
    if total is None:
        total = max(SMALLEST["referrals"], round(cases * calendar["referrals_per_history"]))
    inbox = min(total, max(SMALLEST["inbox"], round(cases * calendar["inbox_per_history"])))
    days = days_of_receipt(calendar, as_of, cases, total - inbox, inbox, seed)
    people = populate(assumed, days, seed)
    rng = stream(seed, "request ids")
    return Scene(
        assumed=assumed,
        people=people,
        need=need_of(assumed, people, seed),
        practice=practice_of(assumed, len(people), seed),
        request_ids=tuple(str(UUID(bytes=rng.bytes(16), version=4)) for _ in days),
        as_of=as_of,
        past=cases,
        inbox_from=len(people) - inbox,
        seed=seed,
    )


def _history(scene: Scene) -> tuple[DecidedCase, ...]:
    habits = scene.assumed["practice"]
    judged = scene.need.judged(scene.seed)
    chance = stream(scene.seed, "history").random((scene.past, 3))
    rows = []
    for row in range(scene.past):
        author = _author(chance[row, 0], habits["robot"], habits["unknown_author"])
        level = 0 if author == "robot" else int(judged[row])
        rows.append(_decided(scene, row, level, author, (float(chance[row, 1]), float(chance[row, 2]))))
    return tuple(sorted(rows, key=lambda case: (case.decided_at, case.request_id)))


def _author(point: float, robot: float, unknown: float) -> str:
    return "robot" if point < robot else "unknown" if point < robot + unknown else "human"


def _decided(scene: Scene, row: int, level: int, author: str, points: tuple[float, float]) -> DecidedCase:
    area, arrival = scene.assumed.area, scene.people.arrivals[row]
    at = decided_at(
        arrival.received_on, arrival.discharged_on, scene.assumed["calendar"]["decision_days_mean"], points
    )
    given = scene.given(row, level)
    stated = scene.people.stated[row]
    derived = area.derive(
        {name: None if value == "ukendt" else value for name, value in stated.items()}, arrival
    )
    facts = {
        question.name: Fact((stated | derived).get(question.name), question.source, None)
        for question in area.questions
    }
    return DecidedCase(
        request_id=scene.request_ids[row],
        area=area.name,
        municipality=scene.assumed["municipalities"]["codes"][int(scene.people.municipality[row])],
        received_on=arrival.received_on,
        discharged_on=arrival.discharged_on,
        start_after=arrival.start_after,
        contact_from=arrival.contact_from,
        contact_to=arrival.contact_to,
        plan_type=area.plan_types[0].code if area.plan_types else "",
        decided_at=at,
        facts=facts,
        own_level=None,
        own_corrected_after_evidence=False,
        reference_level=None,
        model_level=None,
        model_version=None,
        final_level=area.level_codes[level],
        reason_code=None,
        arm="none",
        shown=False,
        withheld_reason=None,
        label_source=AUTHORS.get(author, author),
        origin="history",
        forms=given.forms,
        team=given.team,
        place=given.place,
        outcome=given.outcome,
    )


def _protected(scene: Scene) -> tuple[dict[str, str], ...]:
    names = protected_columns(scene.assumed.area)
    return tuple(
        {name: cell(({"request_id": request_id} | attributes)[name]) for name in names}
        for request_id, attributes in zip(scene.request_ids, scene.people.protected, strict=True)
    )
