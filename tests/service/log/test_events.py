"""Every event has its log, its words in the documentation, and a place that writes it."""

import json
import re

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.clock import local_date
from service.database import reading, writing
from service.log import Event
from service.log.events import NEEDS_PURPOSE, STEP_OF, WITHOUT_ROW
from service.tables.log import STEPS, LogEntry
from service.workflow import assessment, decision
from service.workflow.case_file import open_file
from tests.answered import a_decision, an_answered_case, answer
from tests.cast import NOW, Cast
from tests.parts.tree import files_in, read

DOCUMENTED = files_in("service", suffixes=(".md",))
WRITERS = [file for file in files_in("service") if file.as_posix() != "service/log/events.py"]


@pytest.mark.parametrize("event", Event)
def test_an_event_is_written_somewhere_and_explained(event: Event) -> None:
    (page,) = [read(file) for file in DOCUMENTED if file.as_posix() == "service/log/README.md"]

    assert f"`{event.value}`" in page
    assert any(re.search(rf"\bEvent\.{event.name}\b", read(file)) for file in WRITERS)


def test_what_is_not_logged_has_a_heading_of_its_own() -> None:
    (page,) = [read(file) for file in DOCUMENTED if file.as_posix() == "service/log/README.md"]

    assert "\n## What is not logged\n" in page


def test_every_step_is_proved_by_an_event_and_every_event_is_of_one_log() -> None:
    assert set(STEP_OF.values()) == set(STEPS)
    assert not WITHOUT_ROW & set(STEP_OF)
    assert {event.log for event in Event} == {"decisions", "access"}
    assert {event.log for event in NEEDS_PURPOSE} == {"access"}
    assert [event for event in Event if event.value.startswith("access:")] == [
        Event.ACCESS_SAMPLED, Event.ACCESS_REVIEWED, Event.LAYER_ASKED, Event.LAYER_OPENED, Event.ACCESS_READ,
    ]  # fmt: skip


def test_a_row_that_takes_anothers_place_says_so_in_its_event(engine: Engine, cast: Cast) -> None:
    """Whether the first was wrong or facts came since; and it names the row it replaces."""
    case = an_answered_case(engine, cast)
    first = a_decision(engine, case, cast.alma)
    with reading(engine) as session:
        file = open_file(session, case.id)
    assert file.assessment is not None
    with writing(engine) as session:
        judged = assessment.record(
            session, case.id, facts_id=file.facts_version.id, choice="basal", confidence="sikker",
            wants_evidence=True, opened_at=NOW, key="again", now=NOW, by=cast.alma,
            replaces=file.assessment.id,
        )  # fmt: skip
    answer(engine, judged.id, cast.alma)
    again = a_decision(engine, case, cast.alma, key="decided again", choice="basal", replaces=first.id)
    planned = []
    for team in ("ortopaedisk", "ortopaedisk"):
        with writing(engine) as session:
            planned.append(
                decision.plan(
                    session, case.id, forms=("gruppe",), team=team, place="center", start_status="frit_valg",
                    first_date=None, now=NOW, by=cast.alma,
                )
            )  # fmt: skip

    with reading(engine) as session:
        entries = {
            entry["id"]: entry for entry in map(json.loads, session.exec(select(LogEntry.entry)).all())
        }
    told = {
        row.id: (entries[row.id]["type"], entries[row.id].get("replaces"))
        for row in (file.assessment, judged, first, again, *planned)
    }
    assert told == {
        file.assessment.id: ("assessment:recorded", None),
        judged.id: ("assessment:corrected", file.assessment.id),
        first.id: ("decision:made", None),
        again.id: ("decision:corrected", first.id),
        planned[0].id: ("planning:made", None),
        planned[1].id: ("planning:changed", planned[0].id),
    }
    assert local_date(NOW).year == 2026
