"""Prepare the demo in an empty database: the town, the model, the quarter, the reports and the inbox."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from service.clock import local_date
from service.config import Settings
from service.database import reading, writing
from service.demo import citizens, monitor, planning, registers, rights, town, trial
from service.demo.quarter import Office, Plan, play
from service.fhir.bundles import open_bundle
from service.fhir.delivery import read_report
from service.intake_formats.referral import read_referral
from service.workflow import competence, delivery
from service.workflow.competence import quiz
from service.workflow.go_live import rollout
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.suggestion import Render

SEED = 140
AREA = "genoptraening"
REPORTING = "0999"
BEFORE_THE_QUARTER = timedelta(days=5)


def as_of(synthetic: Path) -> date:
    """The day the synthetic municipality was made for."""
    manifest = json.loads((synthetic / "manifest.json").read_text(encoding="utf-8"))
    return date.fromisoformat(manifest["arguments"]["as_of"])


def read_plans(synthetic: Path, now: datetime) -> list[Plan]:
    """The plans to play, by the day they arrive, each with what the simulation knows about it.

    In the small hours the last of them have not arrived: they are read as of the end of their day, and who
    plays them stops at `now`.
    """
    known = json.loads((synthetic / "simulation.json").read_text(encoding="utf-8"))
    at = max(now, datetime.combine(as_of(synthetic) + timedelta(days=1), time(), UTC))
    plans = []
    for path in sorted((synthetic / "referrals").glob("*.json")):
        referral = read_referral(json.loads(path.read_text(encoding="utf-8")), now=at)
        plans.append(Plan(referral, known[referral.request_id]))
    return sorted(plans, key=lambda plan: (plan.referral.received_on, plan.referral.request_id))


def prepare(
    engine: Engine,
    settings: Settings,
    synthetic: Path,
    version: str,
    *,
    render: Render,
    template_version: str,
    pepper: bytes,
    now: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, Any]:
    """Build the town, take the model into use and play the quarter; gives counts for whoever started it."""
    plans = read_plans(synthetic, now)
    opening = datetime.combine(plans[0].referral.received_on, time(5), UTC) - BEFORE_THE_QUARTER
    town.build(engine, opening)
    shelf = ModelShelf(settings.models)
    with writing(engine) as session:
        rollout.promote(
            session, shelf, version, approver="Dan Vang, datamedarbejder", now=opening + timedelta(days=1),
            note="Den første model. Trænet på syntetiske sager, der er opfundet til øvelse.",
            by=town.actor(engine, "dan", now),
        )  # fmt: skip
    registers.fill(engine, version, now=opening + timedelta(days=1), by=town.actor(engine, "dan", now))
    _pass_quiz(engine, opening + timedelta(days=2))
    planning.open_rounds(engine, opening + timedelta(days=1), local_date(now))
    trial.begin(engine, AREA, opening + timedelta(days=3))
    staff = {unit: town.caseworkers(engine, unit, now) for unit in town.UNITS}
    office = Office(engine, shelf, render, template_version, pepper, staff, SEED)
    steps = play(office, plans, now, progress)
    planning.fill(engine, now)
    monitor.each_month(engine, shelf, town.actor(engine, "dan", now), now)
    rights.use(engine, town.actor(engine, "alma", now), now)
    citizens.read_their_pages(engine, town.actor(engine, "alma", now), now)
    return {"plans": len(plans), "steps": steps}


def _pass_quiz(engine: Engine, now: datetime) -> None:
    """Everybody who judges cases knows what the evidence cannot say, but for one who has it to come."""
    answers = {question.code: question.right for question in quiz.declared().questions}
    for member in town.CAST:
        if member.role == "visitator" and member.username != town.WITHOUT_QUIZ:
            with writing(engine) as session:
                by = town.actor(engine, member.username, now)
                competence.take(session, AREA, answers, now=now, by=by)


def import_reports(engine: Engine, synthetic: Path, pepper: bytes, now: datetime) -> int:
    """Take over the delivery reports in the order in which they were written; gives how many."""
    bundles = [
        json.loads(path.read_text(encoding="utf-8")) for path in (synthetic / "reports").glob("*.json")
    ]
    reports = sorted(
        (read_report(open_bundle(b, now=now)) for b in bundles), key=lambda report: report.reported_at
    )
    with writing(engine) as session:
        for report in reports:
            delivery.take_over_row(session, report, REPORTING, pepper=pepper, now=now, by=None)
        session.commit()
    return len(reports)


def first_version(models: Path) -> str:
    """The only model version on the shelf; the demo begins with exactly one."""
    versions = sorted(path.parent.name for path in models.glob("*/manifest.json"))
    if len(versions) != 1:
        raise ValueError(f"{models} must hold exactly one model version, not {len(versions)}")
    return versions[0]


def has_begun(engine: Engine) -> bool:
    """Whether a demo was begun in this database."""
    with reading(engine) as session:
        return town.is_built(session)
