"""The form follows from the declaration: whatever a question is, its field shows, reads and refuses it."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from models import areas
from models.declaration import UNKNOWN, Code, Kind, Question, Source, Stage
from models.facts import FactValue
from service.web.forms import PREFIX, FieldView, question_field, read_answers

AREA = areas.get("genoptraening")
ASKED = [question for question in AREA.questions if not question.computed]


def a_question(kind: Kind, codes: int = 0, **more: object) -> Question:
    """A question of any kind, in no area."""
    listed = tuple(Code(f"svar{number}", f"Svar {number}") for number in range(codes))
    return Question(
        "Spørgsmål",
        "Hjælp.",
        kind,
        "plan",
        Source.PLAN_TEXT,
        Stage.PLAN,
        "Prøve.",
        "Du kan måske se en forskel.",
        AREA.questions[0].terms,
        codes=listed,
        name="q",
        **more,
    )  # type: ignore[arg-type]


def sent(view: FieldView) -> MultiDict[str, str]:
    """What a browser sends for a field as it stands."""
    if view.widget == "input":
        return MultiDict([(view.field, view.value)])
    return MultiDict([(view.field, choice.value) for choice in view.choices if choice.chosen])


def answers(question: Question) -> st.SearchStrategy[FactValue]:
    """Any valid answer to a question."""
    if question.kind in (Kind.CHOICE, Kind.SCALE):
        return st.sampled_from([*question.code_values, UNKNOWN])
    if question.kind is Kind.SET:
        return st.frozensets(st.sampled_from(question.code_values))
    if question.kind is Kind.COUNT:
        return st.integers(question.low or 0, question.high if question.high is not None else 99)
    if question.kind is Kind.DATE:
        return st.dates(date(2026, 1, 1), date(2026, 12, 31))
    return st.sampled_from(["DS721", "DI639", "DM179A"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(data=st.data())
def test_what_a_field_shows_is_read_back_as_the_same_answer(app: Flask, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(ASKED))
    answer = data.draw(answers(question))
    with app.test_request_context():
        read, errors = read_answers([question], sent(question_field(question, answer, None)))

    assert errors == {}
    assert read == {question.name: answer}


def test_nothing_is_chosen_before_there_is_an_answer(app: Flask) -> None:
    with app.test_request_context():
        views = [question_field(question, None, None) for question in ASKED]

    assert [choice.id for view in views for choice in view.choices if choice.chosen] == []
    assert {view.value for view in views} == {""}


def test_every_list_takes_unknown_and_a_set_takes_none_of_them(app: Flask) -> None:
    with app.test_request_context():
        views = {question.name: question_field(question, None, None) for question in ASKED}

    for question in ASKED:
        values = [choice.value for choice in views[question.name].choices]
        if question.codes:
            assert values[-1] == UNKNOWN
            assert ("ingen" in values[len(question.codes) :]) == (question.kind is Kind.SET)


def test_codes_that_are_digits_are_their_own_keys_and_unknown_is_u(app: Flask) -> None:
    with app.test_request_context():
        scale = question_field(AREA.by_name["funk_krop"], None, None)
        words = question_field(AREA.by_name["funk_foer"], None, None)

    assert [choice.key for choice in scale.choices] == ["0", "1", "2", "3", "4", "u"]
    assert [choice.key for choice in words.choices] == ["1", "2", "3", "u"]


@pytest.mark.parametrize(
    ("question", "widget"),
    [
        (a_question(Kind.CHOICE, 9), "choices"),
        (a_question(Kind.CHOICE, 10), "select"),
        (a_question(Kind.SET, 4), "boxes"),
        (a_question(Kind.COUNT), "input"),
        (a_question(Kind.DATE), "input"),
        (a_question(Kind.TERM), "input"),
    ],
    ids=["nine", "ten", "set", "count", "date", "term"],
)
def test_the_kind_settles_the_widget(question: Question, widget: str, app: Flask) -> None:
    with app.test_request_context():
        assert question_field(question, None, None).widget == widget


def test_what_was_typed_wins_over_the_answer_and_stands_even_when_it_is_wrong(app: Flask) -> None:
    question = AREA.by_name["bidiagnoser_antal"]
    with app.test_request_context():
        view = question_field(question, 3, {PREFIX + question.name: ["mange"]}, "Nej.")

    assert (view.value, view.error) == ("mange", "Nej.")


def test_a_question_the_form_does_not_hold_is_left_alone() -> None:
    assert read_answers(ASKED, MultiDict()) == ({}, {})


@given(st.text(max_size=40))
def test_any_text_is_an_answer_or_a_sentence_and_never_an_error(text: str) -> None:
    for question in ASKED:
        read, errors = read_answers([question], MultiDict([(PREFIX + question.name, text)]))
        assert (question.name in read) != (question.name in errors)
        assert all(sentence.endswith(".") for sentence in errors.values())
