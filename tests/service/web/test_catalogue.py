"""The data catalogue: every question and code is on it, with why, whence and whether it is learned."""

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask

from models import areas
from models.declaration import Question, questions_of
from models.record import columns
from service.web.public.catalogue import catalogue_of
from tests.parts.web import Visitor

AREA = areas.get("genoptraening")
QUESTIONS = [*AREA.questions, *questions_of(AREA.protected or object)]


@pytest.fixture
def page(visit: Callable[[str], Visitor]) -> str:
    """The catalogue as Alma sees it."""
    return unescape(visit("alma").get("/datakatalog").text)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_question_stands_with_purpose_source_and_codes(page: str, question: Question) -> None:
    entry = page.partition(f'<article class="entry" id="{question.name}"')[2].partition("</article>")[0]
    for words in (question.label, question.help, question.purpose, question.source.label):
        assert words in entry
    for code in question.codes:
        assert f"<code>{code.code}</code> {code.label}" in entry


def test_every_other_code_stands_there(page: str) -> None:
    lists = (AREA.levels, AREA.reasons, AREA.forms, AREA.teams, AREA.places, AREA.outcomes, AREA.plan_types)
    for code in (code for codes in lists for code in codes):
        assert f"<code>{code.code}</code> {code.label}" in page


def test_every_column_of_a_decided_case_stands_there(page: str) -> None:
    facts = {question.name for question in AREA.questions}
    for name in columns(AREA):
        if name not in facts:
            assert f"<code>{name}</code></th>" in page


def test_what_is_learned_is_told_from_what_is_only_shown(app: Flask) -> None:
    with app.test_request_context():
        found = {entry.name: entry for section in catalogue_of(AREA).sections for entry in section.entries}
    assert {name for name, entry in found.items() if entry.learned == "ja"} == {q.name for q in AREA.learned}
    assert set(found) == {question.name for question in AREA.questions}


def test_protected_attributes_stand_apart(app: Flask) -> None:
    with app.test_request_context():
        catalogue = catalogue_of(AREA)
    apart = {entry.name for entry in catalogue.protected}
    assert apart == {question.name for question in questions_of(AREA.protected or object)}
    assert all(entry.learned == "nej, kun prøver for skævhed" for entry in catalogue.protected)
