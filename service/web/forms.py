"""A form is the declaration of a case held open: fields, answers and messages all follow from its questions.

Nothing here knows what any question asks about.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from models import facts as case_facts
from models.declaration import UNKNOWN, Kind, Question
from models.facts import NONE_OF_THEM, FactsRefused, FactValue

PREFIX = "oplysning."
"""Prefix of the form fields that answer a question of the declaration."""

MOST_IN_A_ROW = 9
"""More answers than this become a list to choose from."""

UNKNOWN_KEY = "u"
INPUT_TYPES = {Kind.DATE: "date"}
INPUT_MODES = {Kind.COUNT: "numeric", Kind.SHARE: "decimal"}

Typed = Mapping[str, Sequence[str]]
"""What somebody typed: field name to the values sent."""


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen; `key` chooses it while its row has focus, "" for none."""

    id: str
    value: str
    label: str
    key: str
    chosen: bool


@dataclass(frozen=True)
class FieldView:
    """A field as the page shows it. `widget` is choices, boxes, select or input."""

    id: str
    field: str
    label: str
    help: str
    widget: str
    choices: tuple[Choice, ...] = ()
    value: str = ""
    type: str = "text"
    inputmode: str = ""
    short: bool = False
    error: str = ""

    @property
    def anchor(self) -> str:
        """Where a link to the field leads: its first answer, or the field itself."""
        return self.choices[0].id if self.widget in ("choices", "boxes") and self.choices else self.id


@dataclass(frozen=True)
class Fault:
    """One thing to mend: the sentence, and the id of what it is about."""

    anchor: str
    sentence: str


def typed_in(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """Everything in a form, by field."""
    return {name: form.getlist(name) for name in form}


def question_field(
    question: Question, answer: FactValue | None, typed: Typed | None, error: str = ""
) -> FieldView:
    """The field of a question: what was typed stands in it, else its answer; nothing else is ever chosen."""
    field = PREFIX + question.name
    id_ = field.replace(".", "-")
    held = list(typed[field]) if typed and field in typed else _as_typed(answer)
    widget = _widget(question)
    unit = f" ({question.unit})" if question.unit else ""
    return FieldView(
        id=id_,
        field=field,
        label=question.label + unit,
        help=question.help,
        widget=widget,
        choices=_choices(question, id_, held),
        value=held[0] if held and widget == "input" else "",
        type=INPUT_TYPES.get(question.kind, "text"),
        inputmode=INPUT_MODES.get(question.kind, ""),
        short=question.kind in (Kind.COUNT, Kind.SHARE, Kind.TERM),
        error=error,
    )


def choice_field(
    field: str,
    label: str,
    options: Iterable[tuple[str, str]],
    typed: Typed | None,
    error: str = "",
    help_: str = "",
) -> FieldView:
    """A question of the work itself (a level, how sure): options as code and label, with keys 1, 2, 3."""
    held = list(typed.get(field, ())) if typed is not None else []
    choices = tuple(
        Choice(f"{field}-{number}", code, words, str(number) if number <= MOST_IN_A_ROW else "", code in held)
        for number, (code, words) in enumerate(options, start=1)
    )
    return FieldView(field, field, label, help_, "choices", choices, error=error)


def text_field(
    field: str, label: str, typed: Typed | None, error: str = "", help_: str = "", type_: str = "text"
) -> FieldView:
    """A field for words or a date; what was typed stands in it."""
    held = list(typed.get(field, ())) if typed is not None else []
    return FieldView(field, field, label, help_, "input", (), held[0] if held else "", type_, error=error)


def read_answers(
    questions: Iterable[Question], form: MultiDict[str, str]
) -> tuple[dict[str, FactValue | None], dict[str, str]]:
    """The answers in a form and, by question, the sentence for each that cannot be taken.

    A question that the form does not hold is left out: what was not asked is not answered.
    """
    answers: dict[str, FactValue | None] = {}
    errors: dict[str, str] = {}
    for question in questions:
        field = PREFIX + question.name
        if field not in form:
            continue
        try:
            answers[question.name] = case_facts.parse_answer(question, _raw(question, form.getlist(field)))
        except FactsRefused as refused:
            errors[question.name] = sentence_of(question, refused)
    return answers, errors


def sentence_of(question: Question, refused: FactsRefused) -> str:
    """What the page says about a refused answer."""
    return " ".join(case_facts.message(question, refusal) for refusal in refused.refusals)


def faults_of(fields: Iterable[FieldView]) -> tuple[Fault, ...]:
    """The faults of a form, in the order of its fields."""
    return tuple(Fault(field.anchor, field.error) for field in fields if field.error)


def _raw(question: Question, sent: list[str]) -> object:
    return sent if question.kind is Kind.SET else sent[0]


def _widget(question: Question) -> str:
    if question.kind is Kind.SET:
        return "boxes"
    if not question.codes:
        return "input"
    return "choices" if len(question.codes) <= MOST_IN_A_ROW else "select"


def _as_typed(answer: FactValue | None) -> list[str]:
    """A stored answer as the form would send it."""
    if answer is None:
        return []
    if isinstance(answer, frozenset):
        return sorted(answer) or [NONE_OF_THEM]
    return [str(answer)]


def _choices(question: Question, id_: str, held: list[str]) -> tuple[Choice, ...]:
    """The declared codes with their keys, then "unknown"; codes that are digits are their own keys."""
    if not question.codes:
        return ()
    own_keys = all(len(code.code) == 1 and code.code.isdigit() for code in question.codes)
    listed = [
        (code.code, code.label, code.code if own_keys else str(number))
        for number, code in enumerate(question.codes, start=1)
    ]
    if question.kind is Kind.SET:
        listed.append((NONE_OF_THEM, gettext("Ingen af dem"), ""))
    listed.append((UNKNOWN, gettext("Ukendt"), UNKNOWN_KEY))
    in_a_row = _widget(question) == "choices"
    return tuple(
        Choice(f"{id_}-{value}", value, label, key if in_a_row else "", value in held)
        for value, label, key in listed
    )
