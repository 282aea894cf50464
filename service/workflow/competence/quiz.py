"""The quiz as it is declared: questions, answers, which is right and why; and its fingerprint."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DECLARED = Path(__file__).with_name("questions.toml")


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen."""

    code: str
    text: str


@dataclass(frozen=True)
class Question:
    """A question with the one right answer, and why it is right."""

    code: str
    text: str
    options: tuple[Option, ...]
    right: str
    because: str


@dataclass(frozen=True)
class Quiz:
    """Every question, and the fingerprint of their wording."""

    questions: tuple[Question, ...]
    fingerprint: str


@cache
def declared() -> Quiz:
    """The quiz that comes along."""
    return read(DECLARED)


def read(path: Path) -> Quiz:
    """A quiz from a file; raises ValueError for a question whose right answer cannot be chosen."""
    content = path.read_bytes()
    questions = tuple(_question(each) for each in tomllib.loads(content.decode("utf-8"))["question"])
    for question in questions:
        if question.right not in {option.code for option in question.options}:
            raise ValueError(f"the right answer of {question.code} cannot be chosen")
    return Quiz(questions, hashlib.sha256(content).hexdigest())


def missed(quiz: Quiz, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions that are answered wrongly or not at all."""
    return tuple(question for question in quiz.questions if answers.get(question.code) != question.right)


def _question(found: Mapping[str, object]) -> Question:
    options = tuple(Option(**each) for each in found["options"])  # type: ignore[attr-defined]
    return Question(
        str(found["code"]), str(found["text"]), options, str(found["right"]), str(found["because"])
    )
