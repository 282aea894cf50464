"""A source that needs the citizen's yes gives nothing before it, fills gaps after it, and stops at her no."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.declaration import Source
from service.database import reading, writing
from service.log import Event
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.workflow import intake
from service.workflow.case_file import CaseFile, open_file
from service.workflow.citizen_page.page import page_of
from tests.answered import a_decision, answer
from tests.builders import a_case, a_fact, a_judgement, a_referral, an_admission
from tests.cast import NOW, TODAY, Cast
from tests.rights import a_request, a_withdrawal
from tests.rows import rows

HELP = "hjemmepleje"
PLAN = {name: fact for name, fact in a_referral().facts.items() if name != HELP}
OFFERED = {**PLAN, HELP: a_fact("ja", Source.CARE_RECORD)}


def imported(engine: Engine, **facts: Any) -> Case:
    """The plan with what the record of home care knows, as a file brings it."""
    return a_case(engine, facts={**OFFERED, **facts})


def file_of(engine: Engine, case: Case) -> CaseFile:
    """The case as it stands."""
    with reading(engine) as session:
        return open_file(session, case.id)


@pytest.fixture
def case(engine: Engine, cast: Cast) -> Case:
    """A case whose file also brought a fact that nobody has said yes to."""
    return imported(engine)


@pytest.mark.requirement("D-20")
def test_nothing_is_taken_before_her_yes(engine: Engine, cast: Cast, case: Case) -> None:
    before = rows(engine)
    imported(engine)
    assert rows(engine) == before
    assert file_of(engine, case).facts[HELP].value is None
    assert Source.CARE_RECORD not in {fact.source for fact in file_of(engine, case).facts.values()}


@pytest.mark.requirement("D-20")
@pytest.mark.parametrize("channel", ["own", "phone"])
def test_after_her_yes_what_is_missing_is_filled_in_with_its_source(
    engine: Engine, cast: Cast, case: Case, channel: str
) -> None:
    by = None if channel == "own" else cast.alma
    a_request(engine, case, by, "other_sources", channel=channel)
    with reading(engine) as session:
        entry = session.exec(select(LogEntry.entry).where(LogEntry.event == Event.RIGHT_ASKED)).one()
    said = json.loads(entry)
    assert (said["kind"], said["channel"], said["speaker"]) == ("other_sources", channel, "citizen")
    assert said.get("actor") == (by.person_id if by else None)

    imported(engine)
    file = file_of(engine, case)
    assert (file.facts[HELP].value, file.facts[HELP].source) == ("ja", Source.CARE_RECORD)
    assert (file.facts_version.version, file.facts_version.occasion) == (2, "fetched")
    before = rows(engine)
    imported(engine)
    assert rows(engine) == before
    with reading(engine) as session:
        page = page_of(session, case.id, None, TODAY)
    (fact,) = (fact for group in page.groups for fact in group.facts if fact.name == HELP)
    assert (fact.source, fact.may_be_wrong) == ("Hjemmeplejen, efter at du sagde ja", True)
    assert any("Vi spurgte hjemmeplejen" in use.text for use in page.uses)


@pytest.mark.requirement("D-20")
def test_after_her_no_nothing_more_comes_and_what_came_stands(engine: Engine, cast: Cast, case: Case) -> None:
    yes = a_request(engine, case, None, "other_sources", channel="own")
    imported(engine)
    a_withdrawal(engine, yes, None)
    before = rows(engine)
    imported(engine, boligform=a_fact("plejehjem", Source.CARE_RECORD))
    assert file_of(engine, case).facts[HELP].value == "ja"
    assert file_of(engine, case).facts["boligform"] == PLAN["boligform"]
    assert {name: n for name, n in rows(engine).items() if n != before[name]}.keys() <= {
        "log_entries", "facts_versions", "personal_parts",
    }  # fmt: skip


def test_it_touches_nothing_that_is_answered_or_marked_wrong(engine: Engine, cast: Cast, case: Case) -> None:
    with writing(engine) as session:
        intake.record_reading(session, case.id, {HELP: "nej"}, now=NOW, by=cast.alma)
    with writing(engine) as session:
        intake.mark_wrong(session, case.id, HELP, note="", now=NOW, by=cast.alma)
    a_request(engine, case, None, "other_sources", channel="own")
    before = rows(engine)
    imported(engine)
    assert rows(engine) == before
    assert file_of(engine, case).facts[HELP].marked_wrong


@pytest.mark.parametrize("over", ["restricted", "decided"])
def test_nothing_comes_to_a_case_that_is_restricted_or_over(
    engine: Engine, cast: Cast, case: Case, over: str
) -> None:
    a_request(engine, case, None, "other_sources", channel="own")
    if over == "restricted":
        a_request(engine, case, None, "restriction", channel="own", now=NOW + timedelta(hours=1))
    else:
        an_admission(engine, cast.dan)
        answer(engine, a_judgement(engine, case, cast.alma, key="one").id, cast.alma)
        a_decision(engine, case, cast.alma)
    before = rows(engine)
    imported(engine)
    assert rows(engine) == before
    assert file_of(engine, case).facts[HELP].value is None
