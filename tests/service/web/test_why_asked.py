"""Every field that a caseworker fills in says why it is asked."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine

from models import areas
from service.web.assessment.case_page import own_purposes
from service.web.decision.form import decision_form
from tests.builders import a_case
from tests.cast import Cast
from tests.parts.web import Visitor

AREA = areas.get("genoptraening")


@pytest.mark.requirement("F-07")
def test_no_question_is_declared_without_a_purpose() -> None:
    assert [
        each.name for name in areas.names() for each in areas.get(name).questions if not each.purpose
    ] == []


@pytest.mark.requirement("F-07")
def test_every_field_of_the_case_screen_stands_with_why_it_is_asked(
    engine: Engine, cast: Cast, visit: Callable[[str], Visitor], app: Flask
) -> None:
    page = visit("alma").get(f"/sag/{a_case(engine).id}").text
    why = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page.partition("Hvorfor spørger vi?")[2]))
    asked = set(re.findall(r'name="oplysning\.(\w+)"', page))

    assert len(asked) > 5
    for name in asked:
        question = AREA.by_name[name]
        assert why.get(question.label) == question.purpose
    with app.test_request_context():
        assert {label for label, reason in own_purposes() if why.get(label) == reason} == {
            "Hvad har borgeren brug for?", "Hvor sikker er du?",
        }  # fmt: skip


@pytest.mark.requirement("F-07")
def test_every_field_of_the_decision_says_why_it_is_asked(app: Flask) -> None:
    with app.test_request_context():
        form = decision_form(AREA, AREA.options("almen", date(2026, 6, 30)), "k", None, {})

    for field in (form.choice, form.reason, form.second, form.view, form.text):
        assert field.help, field.label
