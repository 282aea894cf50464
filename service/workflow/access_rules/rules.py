"""The rules of access and the questions on them, as they are declared beside this file."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DECLARED = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True)
class Question:
    """One question; `right` is the code of the right option and `why` is told to whoever chose another."""

    code: str
    text: str
    options: Mapping[str, str]
    right: str
    why: str


@dataclass(frozen=True)
class Rules:
    """The sentences of the rules, the questions, and the fingerprint (hex) of both."""

    sentences: tuple[str, ...]
    questions: tuple[Question, ...]
    fingerprint: str

    def missed(self, answers: Mapping[str, str]) -> tuple[Question, ...]:
        """The questions that are not answered, or not rightly."""
        return tuple(each for each in self.questions if answers.get(each.code) != each.right)


@cache
def declared() -> Rules:
    """The rules that come along."""
    content = DECLARED.read_bytes()
    read = tomllib.loads(content.decode())
    questions = tuple(
        Question(each["code"], each["text"], each["options"], each["right"], each["why"])
        for each in read["question"]
    )
    return Rules(tuple(read["rules"]), questions, hashlib.sha256(content).hexdigest())
