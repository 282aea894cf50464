"""The contexts a citizen's facts stand in: each count is what the log and the files themselves say."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.audit import AuditRefused
from service import log
from service.database import reading, writing
from service.log import Event
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.workflow import export
from service.workflow.case_file import open_file
from service.workflow.citizen_page.contexts import Contexts, contexts_of
from service.workflow.citizen_page.page import page_of
from service.workflow.in_force import reference_key
from service.workflow.intake.referral import Citizen
from service.workflow.letter.plain import measure
from tests.answered import a_decision, an_answered_case
from tests.builders import a_case, an_admission
from tests.cast import NOW, TODAY, Cast
from tests.rights import a_request, a_withdrawal

LATER = NOW + timedelta(hours=1)


@dataclass(frozen=True)
class KeysShelf:
    """Versions by the keys they hold; the tested ones have a record beside them."""

    keys: dict[str, set[str]]
    tested: set[str]

    def suggester(self, version: str, manifest_hash: str) -> Any:
        """What answers for a version, as far as its reference cases."""
        held = self.keys[version]
        reference = type("R", (), {"holds": staticmethod(lambda key: key in held)})
        return type("S", (), {"artifact": type("A", (), {"reference": reference})})

    def audit(self, version: str, manifest_hash: str) -> object:
        """The record of its test for bias."""
        if version not in self.tested:
            raise AuditRefused("not tested")
        return object()


def told(engine: Engine, case: Case, shelf: Any = None) -> Contexts:
    """What her page counts."""
    with reading(engine) as session:
        return contexts_of(session, open_file(session, case.id), shelf)


def exported(engine: Engine, at: datetime) -> set[str]:
    """The keys in an export, which then stands in the log."""
    rows = {row.reference_key for row in export.decisions(engine)}
    with writing(engine) as session:
        log.append(
            session, Event.EXPORTED, at=at, by=None, what="decisions", count=str(len(rows)),
            sha256="0" * 64, municipality="all",
        )  # fmt: skip
        session.commit()
    return {key for key in rows if key}


def read_numbers(engine: Engine, by: Any, what: str, at: datetime = LATER) -> None:
    """Somebody reads numbers about many cases."""
    with writing(engine) as session:
        log.append(session, Event.STATISTICS_READ, at=at, by=by, what=what, period="2026-K2")
        session.commit()


@pytest.mark.requirement("G-26")
def test_the_extracts_told_are_those_her_case_is_in(engine: Engine, cast: Cast) -> None:
    """Undecided, decided, after a no, after the no is taken back: as the files themselves say."""
    case = an_answered_case(engine, cast)
    with reading(engine) as session:
        own = reference_key(session, "0999", case.request_id)
    files = [exported(engine, NOW - timedelta(minutes=1))]
    a_decision(engine, case, cast.alma)
    files.append(exported(engine, NOW + timedelta(minutes=1)))
    no = a_request(engine, case, cast.alma, "training", now=NOW + timedelta(minutes=2))
    files.append(exported(engine, NOW + timedelta(minutes=3)))
    a_withdrawal(engine, no, cast.alma, now=NOW + timedelta(minutes=4))
    files.append(exported(engine, NOW + timedelta(minutes=5)))

    assert [own in keys for keys in files] == [False, True, False, True]
    assert told(engine, case).extracts == 2
    with reading(engine) as session:
        uses = [use.text for use in page_of(session, case.id, None, TODAY).uses]
    assert sum("udtræk" in text for text in uses) == 2


@pytest.mark.requirement("G-26")
def test_the_steps_and_the_numbers_are_as_many_as_the_log_says(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    an_answered_case(engine, cast, number=2)
    read_numbers(engine, cast.tove, "page", at=NOW - timedelta(minutes=1))
    assert told(engine, case).figures == 0
    a_decision(engine, case, cast.alma)
    for by, what in (
        (cast.tove, "effect"), (cast.dorte, "page"), (cast.carla, "page"), (cast.tove, "capacity"),
    ):  # fmt: skip
        read_numbers(engine, by, what)
    with writing(engine) as session:
        log.append(
            session, Event.COMMAND_RUN, at=LATER, by=None, command="report.yearly", operator="uid:0",
            year="2026",
        )  # fmt: skip
        session.commit()

    with reading(engine) as session:
        entries = [json.loads(text) for text in session.exec(select(LogEntry.entry))]
    own = [each for each in entries if each["log"].startswith("decisions/") and each.get("case") == case.id]
    since = [
        each
        for each in entries
        if each["type"] in ("statistics:read", "command:run")
        and each["t"] > NOW.isoformat()
        and each.get("what") != "capacity"
        and each.get("unit") != cast.carla.unit_id
    ]
    found = told(engine, case)
    assert found.steps == len(own) > 4
    assert found.figures == len(since) == 3


@pytest.mark.requirement("G-26")
def test_the_versions_that_hold_her_case_are_named_and_which_were_tested(engine: Engine, cast: Cast) -> None:
    hers = a_case(engine, request_id="hers")
    other = a_case(engine, request_id="other", citizen=Citizen("6101609996", "Bodil Prøve", "Prøvevej 2", ""))
    with reading(engine) as session:
        own = reference_key(session, "0999", "hers")
    for version in ("2026-01-01", "2026-02-02", "2026-03-03"):
        an_admission(engine, cast.dan, version=version)
    shelf: Any = KeysShelf({"2026-01-01": {own}, "2026-02-02": set(), "2026-03-03": {own}}, {"2026-03-03"})

    found = told(engine, hers, shelf)
    assert (found.versions, found.tested) == (("2026-03-03", "2026-01-01"), 1)
    assert told(engine, other, shelf).versions == ()
    with reading(engine) as session:
        page = page_of(session, hers.id, None, TODAY, None, shelf)
    said = dict(page.contexts)
    assert (
        "2 udgaver af systemet bygger på en sag om dig: 2026-03-03, 2026-01-01" in said["Når systemet lærer"]
    )
    assert said["Prøver for skævhed"].startswith("1 af 2")
    assert measure(page.sentences()).is_plain
    assert not measure(page.sentences()).too_long
