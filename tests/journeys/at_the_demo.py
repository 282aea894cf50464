"""At the demonstration: signing in, finding a case, and what is known about it."""

from datetime import timedelta

from playwright.sync_api import Page
from sqlalchemy import Engine
from sqlmodel import col, select

from service.clock import local_date, utc_now
from service.config import Settings
from service.database import reading, writing
from service.identity import Actor, actor_of
from service.keys import read_keys
from service.tables.intake import Case
from service.workflow import intake, staff
from service.workflow.case_file import CaseFile, CaseState, open_file
from tests.builders import READ, a_referral
from tests.parts.demo import Served

PASSWORD = "skoen-demo"


def sign_in(page: Page, served: Served, username: str) -> None:
    """Sign in on the sign-in page."""
    page.goto(f"{served.url}/log-ind")
    page.fill("#brugernavn", username)
    page.fill("#adgangskode", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/log-ind" not in url)


def somebody(served: Served, username: str) -> Actor:
    """Somebody of the demonstration, as she acts today."""
    with reading(served.engine()) as session:
        return actor_of(session, staff.find_person(session, username).id, local_date(utc_now()))


def a_fresh_case(served: Served, key: str, username: str = "alma") -> str:
    """The usual plan, received a moment ago in somebody's unit; gives the id of its case."""
    now, actor = utc_now(), somebody(served, username)
    today = local_date(now)
    referral = a_referral(
        request_id=key,
        unit_name=actor.unit_name,
        received_on=today,
        discharged_on=today - timedelta(days=1),
        contact_from=today - timedelta(days=11),
        contact_to=today - timedelta(days=1),
    )
    keys = read_keys(Settings.from_environment(served.environment))
    with writing(served.engine()) as session:
        return intake.receive(session, referral, pepper=keys.pepper, now=now, by=None).id


def read_for(served: Served, case_id: str, username: str = "alma") -> None:
    """Let the caseworker's reading of the plan be stored already."""
    with writing(served.engine()) as session:
        intake.record_reading(session, case_id, READ, now=utc_now(), by=somebody(served, username))


def file_of(served: Served, case_id: str) -> CaseFile:
    """The case as it stands now."""
    with reading(served.engine()) as session:
        return open_file(session, case_id)


def a_planned_case(served: Served) -> str:
    """The id of some case of Træning Nord that went all the way during the quarter."""
    with reading(served.engine()) as session:
        for case in session.exec(select(Case).order_by(col(Case.serial))):
            if open_file(session, case.id).state is CaseState.PLANNED:
                unit = somebody(served, "alma").unit_id
                if case.unit_id == unit:
                    return case.id
    raise LookupError("the quarter has no planned case")


def suggestion_of(engine: Engine, case_id: str) -> str:
    """The id of the answer to a case's newest judgement."""
    with reading(engine) as session:
        suggestion = open_file(session, case_id).suggestion
    assert suggestion is not None
    return suggestion.id
