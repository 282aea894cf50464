"""The data catalogue: every question and code is on it, with why, whence and whether it is learned."""

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from models import areas
from models.declaration import Question, questions_of
from models.record import columns
from models.terms import Duty, Use
from service.web.public.catalogue import catalogue_of
from service.web.public.processing import INDIVIDUAL, processings
from service.workflow.retention.schedule import DEFAULT, read_schedule
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


@pytest.mark.requirement("D-25", "D-26", "D-34")
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_question_stands_with_benefit_duty_law_use_retention_and_owner(
    page: str, question: Question
) -> None:
    entry = page.partition(f'<article class="entry" id="{question.name}"')[2].partition("</article>")[0]

    assert question.benefit in entry
    assert ("Frivillig" in entry, "Kommunen skal" in entry) == (
        question.terms.duty is Duty.VOLUNTARY, question.terms.duty is Duty.REQUIRED
    )  # fmt: skip
    assert f'<a href="#lov">{AREA.law_of(question).name}</a>' in entry
    assert "10 år efter det seneste" in entry
    assert AREA.owner_of(question) in entry
    assert ("beregningen og lignende sager" in entry) == question.learned


def test_how_long_a_fact_is_kept_is_read_from_the_municipality_s_schedule(app: Flask, tmp_path: Path) -> None:
    text = DEFAULT.read_text("utf-8").replace("years = 10", "years = 12").replace('by = ""', 'by = "DPO"')
    (tmp_path / "own.toml").write_text(text, "utf-8")

    with app.test_request_context():
        kept = {
            each.terms.kept for each in catalogue_of(AREA, read_schedule(tmp_path / "own.toml")).protected
        }
        unread = {each.terms.kept for each in catalogue_of(AREA, None).protected}

    assert kept == {"12 år efter det seneste, der er sket i dine sager"}
    assert unread == {"Kommunens plan for sletning kan ikke læses."}


@pytest.mark.requirement("D-26")
def test_each_law_stands_once_with_what_rests_on_it(page: str) -> None:
    laws = page.partition('id="lov"')[2].partition("</section>")[0]

    for law in AREA.laws:
        resting = [question.label for question in QUESTIONS if question.terms.law == law.code]
        assert f'<th scope="row">{law.name}</th><td>{law.says}</td><td>{", ".join(resting)}</td>' in laws
    assert "Borgeren kan sige nej til: Modtager hjemmepleje, Boligform." in laws


def test_every_other_code_stands_there(page: str) -> None:
    lists = (AREA.levels, AREA.reasons, AREA.forms, AREA.teams, AREA.places, AREA.outcomes, AREA.plan_types)
    for code in (code for codes in lists for code in codes):
        assert f"<code>{code.code}</code> {code.label}" in page


@pytest.mark.requirement("G-12")
def test_single_citizens_are_told_from_groups_and_have_their_own_rules(app: Flask, page: str) -> None:
    with app.test_request_context():
        found = processings()
    assert {each.individual for each in found} == {True, False} and set(INDIVIDUAL) == set(Use)
    for each in found:
        row = page.partition(f'<th scope="row">{each.label}</th>')[2].partition("</tr>")[0]
        assert each.level in row and each.rule in row
        assert ("dataetiske politik" in each.rule) is each.individual
        assert ("fra 5 sager" in each.rule) is not each.individual


def test_every_column_of_a_decided_case_stands_there(page: str) -> None:
    facts = {question.name for question in AREA.questions}
    for name in columns(AREA):
        if name not in facts:
            assert f"<code>{name}</code></th>" in page


def test_what_is_learned_is_told_from_what_is_only_shown(app: Flask) -> None:
    with app.test_request_context():
        found = {
            entry.name: entry for section in catalogue_of(AREA, None).sections for entry in section.entries
        }
    assert {name for name, entry in found.items() if entry.learned == "ja"} == {q.name for q in AREA.learned}
    assert set(found) == {question.name for question in AREA.questions}


def test_protected_attributes_stand_apart(app: Flask) -> None:
    with app.test_request_context():
        catalogue = catalogue_of(AREA, None)
    apart = {entry.name for entry in catalogue.protected}
    assert apart == {question.name for question in questions_of(AREA.protected or object)}
    assert all(entry.learned == "nej, kun prøver for skævhed" for entry in catalogue.protected)
