"""A quarter of casework, played through the same workflow that people use, in the order of time."""

import heapq
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from service import log
from service.database import reading, writing
from service.demo import caseworker
from service.identity import Actor
from service.log import Event
from service.tables.intake import Case
from service.workflow import assessment, decision, intake, suggestion
from service.workflow.assessment import consultation
from service.workflow.case_file import open_file
from service.workflow.intake.referral import Referral
from service.workflow.model_in_use.shelf import ModelShelf

DAYS_TO_JUDGEMENT = (0, 0, 1, 1, 1, 2, 2, 3, 4, 6)
"""How long a plan lies before it is judged, in days; each entry is as likely as the next."""
UNTOUCHED = 4
"""Of the newest cases, one in this many is judged already when the demo opens."""
ANSWER_AFTER = timedelta(days=2)
GLANCES = 0.08
"""How often a colleague opens a case that she does nothing in: she covers, or helps, or is curious."""
HOURS_LATER = (0, 0, 0, 8)

Course = Generator[datetime, None, None]
"""The steps of one case: yields the instant of its next step, does it when it is resumed."""
Deciding = Generator[datetime, None, caseworker.Verdict | None]
"""The same for the part from judgement to planning; gives what was decided."""


@dataclass(frozen=True)
class Office:
    """Where the casework is done: the database, the models, how evidence is rendered, and who works there."""

    engine: Engine
    shelf: ModelShelf
    render: suggestion.Render
    template_version: str
    pepper: bytes
    staff: Mapping[str, Sequence[Actor]]
    seed: int


@dataclass(frozen=True)
class Plan:
    """One plan to come, and what the simulation knows of it: what is read, the need, what is planned."""

    referral: Referral
    known: Mapping[str, Any]


def play(
    office: Office,
    plans: Sequence[Plan],
    until: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Play every plan up to an instant; those of the last days are received and left for whoever signs in."""
    order = count()
    courses = [_course(office, plan, number, until) for number, plan in enumerate(plans)]
    queue = [(next(course), next(order), course) for course in courses]
    for glance in (_glance(office, plan) for plan in plans):
        first = next(glance, None)
        if first is not None and first <= until:
            queue.append((first, next(order), glance))
    heapq.heapify(queue)
    done = 0
    while queue:
        _, _, course = heapq.heappop(queue)
        following = next(course, None)
        if following is not None and following <= until:
            heapq.heappush(queue, (following, next(order), course))
        done += 1
        progress(done)
    return done


def _course(office: Office, plan: Plan, number: int, until: datetime) -> Course:
    """One case from arrival to planning, as far as it comes."""
    chance = Random(f"{office.seed}:{plan.referral.request_id}")  # noqa: S311 - a simulation, repeatable by its seed
    at = _office_hours(plan.referral.received_on, chance)
    yield at
    with writing(office.engine) as session:
        case = intake.receive(session, plan.referral, pepper=office.pepper, now=at, by=None)
    team = office.staff.get(plan.referral.unit_name or "")
    is_recent = bool(plan.known["inbox"])
    if not team or plan.known["level_elsewhere"] or (is_recent and number % UNTOUCHED):
        return
    worker = team[chance.randrange(len(team))]
    leaning = Random(f"{office.seed}:{worker.username}").gauss(0, 0.25)  # noqa: S311 - as above: hers, whatever the day
    at = max(at + timedelta(minutes=20), _office_hours(at.date() + timedelta(days=_wait(chance)), chance))
    yield at
    if chance.random() < 0.05:
        with writing(office.engine) as session:
            consultation.ask(session, case.id, text="Vil du se på funktionsevnen før?", now=at, by=worker)
    verdict = yield from _decide(office, plan, case.id, worker, leaning, at, chance, stops=is_recent)
    if verdict is not None and verdict.choice == "retur":
        yield from _answer(office, plan, case.id, worker, leaning, chance)


def _decide(
    office: Office, plan: Plan, case_id: str, worker: Actor, leaning: float, at: datetime, chance: Random, *,
    stops: bool,
) -> Deciding:  # fmt: skip
    """Judgement, answer, decision and planning of one case; `stops` leaves it judged and undecided."""
    judged = caseworker.judge(float(plan.known["need"]), leaning, chance)
    _look(office, case_id, worker, at)
    opened, key = at, f"demo-{case_id}-{at.timestamp():.0f}"
    at += timedelta(seconds=chance.randrange(60, 300))
    yield at  # others work meanwhile, and the log is in the order of time
    with writing(office.engine) as session:
        file = open_file(session, case_id)
        own = assessment.judge(
            session, case_id, caseworker.reading(plan.known["reads"]), choice=judged.choice,
            confidence=judged.confidence, wants_evidence=judged.wants_evidence,
            read_version=file.facts_version.version, opened_at=opened, key=key, now=at, by=worker,
        )  # fmt: skip
    at += timedelta(seconds=1)
    shown = suggestion.answer(
        office.engine,
        own.id,
        shelf=office.shelf,
        render=office.render,
        template_version=office.template_version,
        now=at,
        by=worker,
    )
    if stops:
        return None
    at += timedelta(seconds=chance.randrange(25, 240))
    yield at
    verdict = caseworker.decide(judged, shown.reference_level, chance)
    with writing(office.engine) as session:
        decision.decide(
            session,
            case_id,
            choice=verdict.choice,
            reason_code=verdict.reason_code,
            text=verdict.text,
            citizens_view=caseworker.VIEW_OF.get(verdict.reason_code, ""),
            key=key,
            now=at,
            by=worker,
        )
    if verdict.choice != "retur":
        at += timedelta(seconds=chance.randrange(20, 90))
        yield at
        _look(office, case_id, worker, at)
        _plan(office, plan, case_id, worker, at)
    return verdict


def _answer(
    office: Office, plan: Plan, case_id: str, worker: Actor, leaning: float, chance: Random
) -> Course:
    """The hospital answers a plan that was sent back, and the case is judged again."""
    with reading(office.engine) as session:
        file = open_file(session, case_id)
        sent_back = file.decision.at if file.decision else file.case.at
    at = sent_back + ANSWER_AFTER + timedelta(minutes=chance.randrange(240))
    yield at
    answers = caseworker.reading(plan.known["reads"])
    with writing(office.engine) as session:
        intake.answer_return(
            session, case_id, answers, note="Hospitalet har uddybet funktionsevnen før.", now=at, by=worker
        )
    at += timedelta(hours=1)
    yield at
    yield from _decide(office, plan, case_id, worker, leaning, at, chance, stops=False)


def _look(office: Office, case_id: str, by: Actor, at: datetime) -> None:
    """Open a case, as its page writes it."""
    with writing(office.engine) as session:
        log.append(session, Event.CASE_OPENED, at=at, by=by, case_id=case_id, purpose="sagsbehandling")
        session.commit()


def _glance(office: Office, plan: Plan) -> Course:
    """Now and then a colleague opens a case and does nothing in it, sometimes late: for the log control."""
    chance = Random(f"{office.seed}:{plan.referral.request_id}:glance")  # noqa: S311 - as above
    team = office.staff.get(plan.referral.unit_name or "")
    if not team or chance.random() >= GLANCES:
        return
    colleague = team[chance.randrange(len(team))]
    at = _office_hours(plan.referral.received_on + timedelta(days=chance.randrange(2, 12)), chance)
    at += timedelta(hours=chance.choice(HOURS_LATER))
    yield at
    with reading(office.engine) as session:
        case = session.exec(select(Case).where(Case.request_id == plan.referral.request_id)).first()
    if case is not None:
        _look(office, case.id, colleague, at)


def _plan(office: Office, plan: Plan, case_id: str, worker: Actor, at: datetime) -> None:
    """Form, team, place and first date as the simulation has them."""
    with writing(office.engine) as session:
        file = open_file(session, case_id)
        case, choice = file.case, file.decision.choice if file.decision else ""
        known = plan.known["by_level"].get(choice, plan.known)
        wanted = case.discharged_on + timedelta(days=int(plan.known["first_date_offset"]))
        first = max(wanted, at.date() + timedelta(days=1))
        status = "inden_frist" if first <= case.due_on else "frit_valg"
        decision.plan(
            session, case_id, forms=tuple(known["forms"]), team=known["team"], place=known["place"],
            start_status=status, first_date=first, now=at, by=worker,
        )  # fmt: skip


def _wait(chance: Random) -> int:
    return chance.choice(DAYS_TO_JUDGEMENT)


def _office_hours(day: date, chance: Random) -> datetime:
    """An instant between eight and fifteen Danish winter time, on that day or the next working day."""
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 7, 0, tzinfo=UTC) + timedelta(
        minutes=chance.randrange(7 * 60)
    )
