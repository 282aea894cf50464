"""Before her own judgement is stored, no channel gives away what the evidence would say.

Every string of the evidence carries a mark. Each channel a caseworker, a colleague, a leader or an auditor
can read is tried, also while a twin case with the very same facts has been judged and shown: the mark must
not be found, and the model must not even have been asked.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select
from werkzeug.test import TestResponse

from service.database import reading
from service.log.parts import opened
from service.tables.base import table_of
from service.tables.intake import Case, FactsVersion, PersonalPart
from service.tables.log import LogEntry
from service.tables.suggestion import Suggestion
from service.web.fields import may_hold
from service.workflow import export
from service.workflow.case_file import all_of
from service.workflow.intake.referral import Citizen
from tests.answered import an_answered_case, rows
from tests.builders import READ, a_case, an_admission
from tests.cast import Cast
from tests.parts.web import Visitor
from tests.payloads import PAYLOAD
from tests.shelves import FixedShelf

pytestmark = pytest.mark.requirement("F-17", "G-38", "SK-01")

Visit = Callable[[str], Visitor]
MARK = "mrk7f3a9"
SOMEBODY_ELSE = Citizen("7103479992", "Bjarne Prøve", "Prøvevej 2, 9999 Fjordby", "00 00 00 00")
READERS = ("alma", "bent", "tove", "dan", "dorte", "ada", "freja")


def marked(value: Any) -> Any:
    """The payload with the mark in every text that people read; codes and numbers stay what they are."""
    if isinstance(value, dict):
        return {
            name: marked(part) if name in SPOKEN or isinstance(part, dict | list) else part
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [marked(part) for part in value]
    return f"{value} {MARK}" if isinstance(value, str) and " " in value else value


SPOKEN = {
    "sentence", "headline", "nearness_sentence", "own_sentence", "caveats", "flag_sentences",
    "several_sentence", "frequency_sentences",
}  # fmt: skip


@dataclass
class Stage:
    """An unjudged case, its judged twin, and everybody's browsers."""

    case: Case
    twin: Case
    shown_in_twin: str
    shelf: FixedShelf
    visit: Visit


@pytest.fixture
def stage(app: Flask, engine: Engine, cast: Cast, visit: Visit) -> Stage:
    """The twin has been judged and shown before; the case has only been read."""
    shelf = FixedShelf(marked(PAYLOAD))
    app.extensions["skoen"] = replace(app.extensions["skoen"], shelf=shelf)
    twin = an_answered_case(engine, cast, shelf=shelf)
    case = a_case(engine, request_id="unjudged", citizen=SOMEBODY_ELSE)
    alma = visit("alma")
    alma.get(f"/sag/{case.id}")
    alma.post(f"/sag/{case.id}/oplysninger", {f"oplysning.{name}": code for name, code in READ.items()})
    with reading(engine) as session:
        shown = session.exec(select(Suggestion)).one()
    shelf.asked = 0
    return Stage(case, twin, shown.id, shelf, visit)


def addresses(app: Flask, case: Case, suggestion_id: str) -> Iterator[tuple[str, str, set[str]]]:
    """Every address of the application, about the case where it is about one, with endpoint and methods."""
    known = {"case_id": case.id, "suggestion_id": suggestion_id, "number": "1", "filename": "x"}
    nobodys = "0" * 32
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: known.get(match[1], nobodys), rule.rule)
        yield path, rule.endpoint, (rule.methods or set()) - {"OPTIONS"}


def everything_in(answer: TestResponse) -> str:
    """What can be read in an answer: status line, headers and body."""
    return f"{answer.status}\n{answer.headers}\n{answer.get_data(as_text=True)}"


ASKED_FOR = {"Accept": "application/json", "X-Requested-With": "fetch", "Range": "bytes=0-9"}
APART = [{name: value} for name, value in ASKED_FOR.items()]


def ways_to_ask(
    visitor: Visitor, path: str, endpoint: str, method: str, special: list[dict[str, str]]
) -> Iterator[TestResponse]:
    """One address asked in different ways: plainly, as JSON, as a script, with a body full of guesses."""
    guesses = {"choice": "avanceret", "reason_code": "praksis", "key": "guess-12345", "forms": "gruppe"}
    if method == "HEAD":
        yield visitor.client.head(path)
        return
    if method == "GET":
        for headers in ({}, *special):
            yield visitor.client.open(path, method=method, headers=headers)
        return
    yield visitor.post(path, guesses)
    yield visitor.post(path, {name: guess for name, guess in guesses.items() if may_hold(endpoint, name)})
    token = {"X-CSRF-Token": visitor.token}
    yield visitor.client.open(path, method=method, json=guesses, headers=token)
    yield visitor.client.open(path, method=method, data="{", content_type="application/json", headers=token)


@pytest.mark.parametrize("name", READERS)
def test_no_address_tells_anybody(name: str, app: Flask, stage: Stage, engine: Engine) -> None:
    visitor = stage.visit(name)
    visitor.post(f"/sag/{stage.case.id}/formaal", {"formaal": "stikproeve"})
    tried = 0
    for path, endpoint, methods in addresses(app, stage.case, stage.shown_in_twin):
        if path in ("/log-ud", f"/sag/{stage.case.id}/vurdering"):
            continue
        for method in sorted(methods):
            special = APART if name == "alma" else [ASKED_FOR]  # hers is the case: each way by itself
            for answer in ways_to_ask(visitor, path, endpoint, method, special):
                assert MARK not in everything_in(answer), (name, method, path)
                assert answer.status_code < 500, (name, method, path)
                tried += 1

    assert tried > 100
    assert stage.shelf.asked == 0
    assert rows(engine, Suggestion) == 1  # the twin's


def test_what_a_twin_was_shown_is_not_found_under_this_case(stage: Stage) -> None:
    alma = stage.visit("alma")

    assert MARK in alma.get(f"/sag/{stage.twin.id}/som-vist/{stage.shown_in_twin}").text
    assert alma.get(f"/sag/{stage.case.id}/som-vist/{stage.shown_in_twin}").status_code == 404


@pytest.mark.parametrize(
    "half",
    [
        {},
        {"valg": "basal"},
        {"sikkerhed": "sikker"},
        {"valg": "rehabilitering", "sikkerhed": "sikker"},
        {"valg": "basal", "sikkerhed": "sikker", "oplysning.funk_mobilitet": "9"},
        {"valg": "basal", "sikkerhed": "sikker", "version": "1", "noegle": "key-123456"},
        {"valg": "basal", "sikkerhed": "sikker", "version": "2", "noegle": ""},
    ],
    ids=str,
)
def test_a_judgement_that_is_refused_tells_nothing(
    half: dict[str, str], stage: Stage, engine: Engine
) -> None:
    alma = stage.visit("alma")
    opened = re.search(r'name="aabnet" value="([^"]+)"', alma.get(f"/sag/{stage.case.id}").text)
    assert opened is not None
    answer = alma.post(f"/sag/{stage.case.id}/vurdering", {"aabnet": opened[1], **half})

    assert answer.status_code in (409, 422)
    assert MARK not in everything_in(answer)
    assert stage.shelf.asked == 0
    assert rows(engine, Suggestion) == 1


def test_the_api_answers_409_with_a_sentence_and_no_evidence(stage: Stage) -> None:
    answer = stage.visit("alma").client.get(f"/api/v1/sager/{stage.case.id}/grundlag")

    assert (answer.status_code, answer.json) == (409, {"error": "Gem din egen vurdering først."})


def test_nothing_may_be_kept_by_a_browser_or_recognised_by_its_tag(stage: Stage) -> None:
    alma = stage.visit("alma")
    for path in ("", "/grundlag", "/kvittering", "/ret", "/sparring"):
        answer = alma.get(f"/sag/{stage.case.id}{path}")
        assert answer.headers["Cache-Control"] == "no-store", path
        assert not {"ETag", "Last-Modified", "Server-Timing", "Content-Location"} & set(answer.headers), path


def test_the_page_is_the_same_whatever_the_evidence_would_say(app: Flask, stage: Stage) -> None:
    """Also its time cannot tell: the model is not asked, so there is nothing to wait for or to have ready."""

    def page() -> str:
        text = stage.visit("alma").get(f"/sag/{stage.case.id}").text
        return re.sub(r'name="(csrf_token|noegle|aabnet)" value="[^"]+"', "", text)

    before = page()
    other = FixedShelf({**PAYLOAD, "abstained": ["too_few_similar"], "abstained_sentences": ["Få."]})
    app.extensions["skoen"] = replace(app.extensions["skoen"], shelf=other)

    assert page() == before
    assert (stage.shelf.asked, other.asked) == (0, 0)


def test_no_entry_and_no_stored_part_of_the_case_holds_evidence(stage: Stage, engine: Engine) -> None:
    with reading(engine) as session:
        entries = session.exec(select(LogEntry)).all()
        sealed = session.exec(select(PersonalPart).where(PersonalPart.subject_id == stage.case.id)).all()
        steps = [stage.case, *all_of(session, FactsVersion, stage.case.id)]
        own = [opened(session, step)[1].decode() for step in steps]

    of_the_case = [entry.entry for entry in entries if stage.case.id in entry.entry]
    assert of_the_case and not any(MARK in entry or "model" in json.loads(entry) for entry in of_the_case)
    assert not any(MARK in entry.entry for entry in entries)
    assert len(own) == len(sealed)
    assert not any(MARK in content for content in own)


def test_no_export_holds_an_unjudged_case(stage: Stage, engine: Engine) -> None:
    exported = list(export.decisions(engine))

    assert stage.case.request_id not in {case.request_id for case in exported}


def test_no_line_of_the_technical_log_holds_evidence(
    stage: Stage, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    alma = stage.visit("alma")
    for path in ("", "/grundlag", "/ret", "/som-vist/" + stage.shown_in_twin):
        alma.get(f"/sag/{stage.case.id}{path}")
    written = capfd.readouterr()

    assert MARK not in caplog.text + written.out + written.err


def test_with_the_judgement_stored_the_evidence_is_there(stage: Stage) -> None:
    """The mark works: had any channel above shown evidence, it would have been found."""
    alma = stage.visit("alma")
    page = alma.get(f"/sag/{stage.case.id}").text
    hidden = dict(re.findall(r'name="(noegle|aabnet|version)" value="([^"]+)"', page))
    answer = alma.post(f"/sag/{stage.case.id}/vurdering", {**hidden, "valg": "basal", "sikkerhed": "sikker"})

    assert answer.status_code == 303
    assert MARK in alma.get(f"/sag/{stage.case.id}/grundlag").text
    assert stage.shelf.asked == 1


def test_the_database_refuses_an_answer_without_a_judgement(engine: Engine, cast: Cast) -> None:
    """Code that asked too early would store nothing: the answer's key to the judgement is never null."""
    an_admission(engine, cast.dan)
    columns = table_of(Suggestion).columns

    assert not columns["assessment_id"].nullable
    assert any(key.target_fullname == "assessments.id" for key in columns["assessment_id"].foreign_keys)
