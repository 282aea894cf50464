"""Trials for tests: a plan with valid defaults, registered by Dan and started by Dagny."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from service.database import reading, writing
from service.identity import Actor
from service.tables.assessment import Assessment
from service.tables.intake import Case
from service.tables.suggestion import Suggestion
from service.tables.trial import Trial
from service.workflow import assessment, trial
from service.workflow.trial import Plan
from service.workflow.trial.allocation import arms_in
from service.workflow.trial.draw import arm_for, lot_of
from tests.answered import answer
from tests.builders import a_case, a_judgement
from tests.cast import NOW, TODAY, Cast
from tests.shelves import FixedShelf

NAME = "pilot-2026"
EXPECTED = ["--share", "0.5", "--from", "0.35", "--to", "0.45"]
PLANNED = ["--approver", "Dagny Ravn, direktør", "--null-option", "Så ved vi det ikke.", "--by", "dan"]
RUNS: dict[str, list[str]] = {
    "list": ["--municipality", "0999"],
    "look": [NAME, "--by", "dan"],
    "plan": EXPECTED,
    "register": [
        NAME, "--unit", "Træning Nord", *EXPECTED, "--starts", "2030-01-01", "--ends", "2030-06-30", *PLANNED,
    ],
    "report": [NAME, "--by", "dan"],
    "start": [NAME, "--by", "dagny"],
    "stop": [NAME, "--reason", "En prøve", "--by", "dan"],
    "unseal": [NAME, "--reason", "En prøve", "--by", "dan"],
}  # fmt: skip
"""A run of each verb of `skoen trial`."""


def a_plan(cast: Cast, **changes: Any) -> Plan:
    """Half of Træning Nord's cases without evidence, from today to the end of the year."""
    usual = {
        "name": NAME, "area": "genoptraening", "units": (cast.alma.unit_id,), "share": 50, "starts_on": TODAY,
        "ends_on": date(2026, 12, 31), "approver": "Dagny Ravn, direktør",
        "null_option": "Så ved vi ikke, om grundlaget gør gavn eller skade.", "expected_with": 35,
        "expected_without": 45, "cases": 751,
    }  # fmt: skip
    return Plan(**{**usual, **changes})


def a_trial(engine: Engine, cast: Cast, now: datetime = NOW, **changes: Any) -> Trial:
    """A trial that runs."""
    with writing(engine) as session:
        row = trial.register(session, a_plan(cast, **changes), now=now, by=cast.dan)
    with writing(engine) as session:
        trial.start(session, row.name, now=now, by=cast.dagny)
    return row


def a_case_with_arm(
    engine: Engine, row: Trial, arm: str, by: Actor, *, shelf: FixedShelf | None = None, number: int = 1,
    **judged: Any,
) -> tuple[Case, Suggestion]:  # fmt: skip
    """A judged case whose lot gives the arm, with its answer; cases of the other arm stay in the inbox."""
    for attempt in range(64):
        case = a_case(engine, request_id=f"trial-{number}-{attempt}", unit_name=by.unit_name)
        with reading(engine) as session:
            before = arms_in(session, row.id, case.unit_id)
            drawn = arm_for(lot_of(session, row.id, case.id), row.share, before)
        if drawn == arm:
            own = a_judgement(engine, case, by, key=f"trial-{number}", **judged)
            return case, answer(engine, own.id, by, shelf)
    raise AssertionError("64 lots fell on the other arm")


def judged_again(engine: Engine, first: Suggestion, by: Actor) -> Assessment:
    """A new judgement in place of the one that was answered."""
    with reading(engine) as session:
        before = session.get_one(Assessment, first.assessment_id)
    with writing(engine) as session:
        return assessment.record(
            session, before.case_id, facts_id=before.facts_id, choice="basal", confidence="sikker",
            wants_evidence=True, opened_at=NOW, key="again", replaces=before.id, now=NOW, by=by,
        )  # fmt: skip


def an_opened_trial(engine: Engine, cast: Cast) -> str:
    """The name of a trial that was stopped the day it began, and opened."""
    row = a_trial(engine, cast)
    with writing(engine) as session:
        trial.stop(session, row.name, reason="Pilotåret er slut.", now=NOW, by=cast.dagny)
    with writing(engine) as session:
        trial.unseal(session, row.name, reason="Vi vil se, hvad det gav.", now=NOW, by=cast.dan)
    return row.name
