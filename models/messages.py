"""Danish words for answers and for what is wrong with them, from the declaration."""

from collections.abc import Sequence
from datetime import date

from models.answers import FactValue, Refusal
from models.declaration import UNKNOWN, Kind, Question
from models.instants import day_text

NOT_STATED = "ikke oplyst"


def message(question: Question | None, refusal: Refusal) -> str:
    """The sentence that tells what an answer must be and what was found.

    `question` is None when no question has the refusal's name. An unknown code of refusal raises KeyError.
    """
    if refusal.code == "unknown_question" or question is None:
        return f"Der er ingen oplysning, der hedder '{refusal.question}'."
    if refusal.code == "computed":
        return f"{question.label} beregnes og kan ikke skrives ind. Du skrev '{refusal.found}'."
    if refusal.code == "known_after":
        return f"{question.label} blev først kendt {refusal.found}, efter beslutningen, og kan ikke bruges."
    return f"{_expected(question, refusal.code)} Du skrev '{refusal.found}'."


def _expected(question: Question, code: str) -> str:
    """What the answer must be, as a sentence."""
    return {
        ("not_a_code", Kind.CHOICE): _one_of(question),
        ("not_a_code", Kind.SCALE): _one_of(question),
        ("not_a_code", Kind.SET): _some_of(question),
        ("not_a_code", Kind.TERM): f"{question.label} har ikke den rigtige form. {question.help}",
        ("not_a_number", Kind.COUNT): f"{question.label} skal være et helt tal{_bounds(question)}.",
        ("out_of_bounds", Kind.COUNT): f"{question.label} skal være et helt tal{_bounds(question)}.",
        ("not_a_number", Kind.SHARE): f"{question.label} skal være et tal mellem 0 og 1.",
        ("out_of_bounds", Kind.SHARE): f"{question.label} skal være et tal mellem 0 og 1.",
        ("not_a_date", Kind.DATE): f"{question.label} skal være en dato, for eksempel 23.11.2026.",
        ("out_of_bounds", Kind.DATE): f"{question.label} {_window(question)}.",
    }[code, question.kind]


def _one_of(question: Question) -> str:
    answers = [inner(code.label) for code in question.codes] + [UNKNOWN]
    return f"Vælg ét svar ved {question.label}: {listed(answers, 'eller')}."


def _some_of(question: Question) -> str:
    answers = [inner(code.label) for code in question.codes]
    return f"Vælg blandt svarene ved {question.label}: {listed(answers, 'og')}."


def _bounds(question: Question) -> str:
    if question.low is not None and question.high is not None:
        return f" mellem {question.low} og {question.high}"
    if question.low is not None:
        return f" på mindst {question.low}"
    return "" if question.high is None else f" på højst {question.high}"


def _window(question: Question) -> str:
    """The days around receipt in which a date must lie."""
    if question.low is not None and question.high is not None:
        return f"skal ligge mellem {days_from(question.low)} og {days_from(question.high)} modtagelsen"
    if question.low is not None:
        return f"skal tidligst være {days_from(question.low)} modtagelsen"
    return f"skal senest være {days_from(question.high or 0)} modtagelsen"


def days_from(offset: int) -> str:
    """A distance in days before or after something: "3 dage efter"."""
    days = "1 dag" if abs(offset) == 1 else f"{abs(offset)} dage"
    return f"{days} {'før' if offset < 0 else 'efter'}"


def say(question: Question, value: FactValue | None) -> str:
    """A value in a caseworker's words: "svær", "3 dage", "ikke oplyst". An unknown code raises KeyError."""
    if value is None:
        return NOT_STATED
    if value == UNKNOWN:
        return UNKNOWN
    if isinstance(value, frozenset):
        return say_set(question, value)
    if isinstance(value, date):
        return day_text(value)
    if question.kind is Kind.SHARE:
        return f"{round(float(str(value)) * 100)}\u00a0%"
    if isinstance(value, int):
        return say_number(question, value)
    return str(value) if question.kind is Kind.TERM else inner(question.code_label(str(value)))


def say_number(question: Question, value: int) -> str:
    """A whole number with its unit; singular when there is one."""
    unit = (question.unit_one or question.unit) if abs(value) == 1 else question.unit
    number = f"−{abs(value)}" if value < 0 else str(value)
    return f"{number} {unit}".strip()


def say_set(question: Question, codes: frozenset[str]) -> str:
    """The members of a set in declared order: "hjertesygdom og diabetes"; of none, "ingen"."""
    unknown = codes - set(question.code_values)
    if unknown:
        raise KeyError(f"{question.name}: no code {min(unknown)!r}")
    return listed([inner(code.label) for code in question.codes if code.code in codes], "og") or "ingen"


def inner(label: str) -> str:
    """A label as it stands inside a sentence: small first letter, unless it begins with an abbreviation."""
    if len(label) > 1 and label[1].isupper():
        return label
    return label[:1].lower() + label[1:]


def listed(words: Sequence[str], last: str) -> str:
    """Words joined the Danish way: "a, b og c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
