"""A version that does not use every fact: served, and said plainly wherever somebody would ask."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from models import areas
from models.artifact import Artifact
from models.evidence import Suggester
from service.database import reading, writing
from service.web.public.about import sources_of
from service.web.public.algorithm import record_today
from service.web.suggestion.basis_view import view_of
from service.workflow import governance
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.suggestion.exploration import open_start, questions_of
from tests.answered import an_answered_case
from tests.cast import NOW, Cast
from tests.parts.trained import on_shelf, with_facts
from tests.parts.web import Visitor
from tests.payloads import a_payload

Visit = Callable[[str], Visitor]
AREA = areas.get("genoptraening")
USED = {"diagnosegruppe", "funktionstab", "funk_mobilitet", "kompl_flag", "restriktion", "hjemmepleje"}
LEFT_OUT = [question for question in AREA.learned if question.name not in USED]

pytestmark = pytest.mark.requirement("G-09")


@pytest.fixture(scope="module")
def fewer(trained_version: Artifact) -> Artifact:
    """A version that uses six facts."""
    return with_facts(trained_version, USED)


@pytest.fixture
def in_use(app: Flask, cast: Cast, tmp_path: Path, fewer: Artifact) -> Artifact:
    """That version in use."""
    shelf = ModelShelf(tmp_path / "models")
    app.extensions["skoen"] = replace(app.extensions["skoen"], shelf=shelf)
    version = on_shelf(shelf.folder, fewer, "v1")
    with writing(cast.engine) as session:
        governance.promote(session, shelf, "v1", approver="Dan Vang", note="Færre.", now=NOW, by=cast.dan)
    return version


def test_its_answer_rests_on_the_facts_it_uses_and_names_the_others(fewer: Artifact) -> None:
    evidence = Suggester(fewer).suggest({"funk_mobilitet": "3"}, own_level="basal")
    other = Suggester(fewer).suggest(
        {"funk_mobilitet": "3", "boligform": AREA.by_name["boligform"].code_values[0]}, own_level="basal"
    )
    payload = evidence.payload()

    assert {fact["name"] for fact in payload["facts"]} == USED
    assert payload["not_used"] == [question.label for question in LEFT_OUT]
    assert {question.name for question in evidence.missing} == USED - {"funk_mobilitet"}
    assert other.payload()["similar"] == payload["similar"]
    assert other.payload()["contributions"] == payload["contributions"]


def test_the_evidence_page_and_the_exploration_follow_what_was_used(engine: Engine, cast: Cast) -> None:
    payload = a_payload()
    case = an_answered_case(engine, cast)
    with reading(engine) as session:
        asked = {
            question.label for question in questions_of(open_start(session, case.id, now=NOW, by=cast.alma))
        }

    of_before = {name: part for name, part in payload.items() if name != "not_used"}
    assert view_of(payload, "overblik").not_used == "Boligform"
    assert view_of(of_before, "overblik").not_used == ""
    assert "Boligform" not in asked
    assert "Begrænsning i mobilitet" in asked


def test_the_pages_about_the_model_name_what_it_does_not_use(visit: Visit, in_use: Artifact) -> None:
    card = unescape(visit("alma").get("/om-modellen").text)
    whole = unescape(visit("alma").get("/om-modellen/tabeller/v1").text)
    catalogue = unescape(visit("alma").get("/datakatalog").text)

    assert "Oplysninger, modellen må bruge, men ikke bruger" in card
    assert ", ".join(question.label for question in LEFT_OUT) in card
    assert "Bruges ikke af modellen: " + ", ".join(q.label for q in LEFT_OUT).lower() in whole
    assert len(re.findall(r'id="overskrift-tabel-\d+"', whole)) <= len(USED)
    assert catalogue.count("nej, den må, men modellen i brug bruger den ikke") == len(LEFT_OUT)
    assert f"Modellen i brug bruger {len(USED)}." in catalogue


def test_what_is_told_to_everybody_says_what_is_used_now(app: Flask, in_use: Artifact) -> None:
    notice, about = (
        unescape(app.test_client().get(f"/om-systemet{page}").text) for page in ("/dine-oplysninger", "")
    )
    with app.test_request_context():
        record = record_today()
    rows = sources_of(AREA, {question.name for question in LEFT_OUT})

    assert f"Systemet holder {len(USED)} oplysninger om dig op mod ældre sager." in notice
    assert {fact["name"] for fact in record["facts"] if fact["used_in_model"]} == USED
    assert {label for row in rows for label in row.learned} == {AREA.by_name[name].label for name in USED}
    for row in rows:
        part = about.partition(f"<h3>{row.label.capitalize()}</h3>")[2].partition("<h3>")[0]
        used = part.partition("Det bliver brugt, når systemet regner:")[2].partition("</ul>")[0]
        assert all(f"<li>{label}</li>" in used for label in row.learned)
        assert not any(f"<li>{label}</li>" in used for label in row.shown)
