"""The codebook: the facts of a case as one small integer per learned question.

Every later step (score, contributions, similarity) is a lookup on these codes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models import question_codes
from models.answers import FactValue
from models.declaration import UNKNOWN, Area, Kind, Question
from models.facts import learned_fingerprint
from models.question_codes import MISSING, Distances, QuestionCodes

FORMAT = 1
Codes = npt.NDArray[np.uint8]


class CodebookRefused(ValueError):
    """A stored codebook that does not belong to the declared area."""


@dataclass(frozen=True)
class Codebook:
    """The codes of those of an area's learned questions that a version uses, in declared order.

    Built by `build` or `from_json`.
    """

    area: Area
    codings: tuple[QuestionCodes, ...]

    def __post_init__(self) -> None:
        used = tuple(question.name for question in self.area.learned if question.name in self._by_name)
        if not used or self.names != used:
            raise ValueError(f"a codebook codes learned questions of {self.area.name}, in declared order")

    @classmethod
    def build(cls, area: Area, orders: Mapping[str, Iterable[Any]]) -> Self:
        """A codebook from what training found: each used question's codes in order, edges or combinations.

        Sets get a code for every other combination. What is left out (too rare to stand alone) is coded as
        missing and reported by `unseen`. Raises ValueError for a missing or impossible order.
        """
        if strangers := set(orders) - {question.name for question in area.learned}:
            raise ValueError(f"{min(strangers)} is not learned in {area.name}")
        used = (each for each in area.learned if each.name in orders)
        return cls(area, tuple(question_codes.question_codes(each, orders[each.name]) for each in used))

    @property
    def area_name(self) -> str:
        """The name of the area whose questions are coded."""
        return self.area.name

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of what the area declares to be learned."""
        return learned_fingerprint(self.area)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The coded questions, in the order of the columns."""
        return tuple(coding.question.name for coding in self.codings)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The coded questions themselves."""
        return tuple(coding.question for coding in self.codings)

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """Those that somebody answers, without those that are computed."""
        return tuple(question for question in self.questions if not question.computed)

    @cached_property
    def left_out(self) -> tuple[Question, ...]:
        """The learned questions of the area that the version does not use."""
        return tuple(question for question in self.area.learned if question.name not in self._by_name)

    def places_of(self, names: Iterable[str]) -> tuple[int, ...]:
        """The columns of those of the questions that are used."""
        return tuple(self.names.index(name) for name in names if name in self._by_name)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The number of codes of each question, missing included; at most 255."""
        return tuple(coding.size for coding in self.codings)

    @cached_property
    def _by_name(self) -> dict[str, QuestionCodes]:
        return {coding.question.name: coding for coding in self.codings}

    def coding(self, question: str) -> QuestionCodes:
        """The coding of one question; an unknown name raises KeyError."""
        return self._by_name[question]

    def encode(self, values: Mapping[str, FactValue | None], received_on: date | None = None) -> Codes:
        """One case as codes. What is missing or was never seen is 0; `unseen` tells the two apart."""
        return self.coded(values, received_on)[0]

    def coded(
        self, values: Mapping[str, FactValue | None], received_on: date | None = None
    ) -> tuple[Codes, tuple[str, ...]]:
        """One case as codes, and the questions whose answer is known but was never seen in training."""
        found = [self._code(coding, values.get(coding.question.name), received_on) for coding in self.codings]
        unseen = [
            coding.question.name for coding, code in zip(self.codings, found, strict=True) if code is None
        ]
        return np.array([code or MISSING for code in found], dtype=np.uint8), tuple(unseen)

    def encode_many(
        self,
        cases: Sequence[Mapping[str, FactValue | None]],
        received_on: Sequence[date | None] | None = None,
    ) -> Codes:
        """Many cases as codes, one row each."""
        days = received_on if received_on is not None else [None] * len(cases)
        return self.encode_columns(lambda name: [case.get(name) for case in cases], days)

    def encode_columns(
        self, column: Callable[[str], Sequence[FactValue | None]], received_on: Sequence[date | None]
    ) -> Codes:
        """Many cases as codes, one row each, question by question: each different answer is coded once.

        `column` gives every case's answer to a question by its name.
        """
        codes = np.zeros((len(received_on), len(self.codings)), dtype=np.uint8)
        for place, coding in enumerate(self.codings):
            codes[:, place] = self._column(coding, column(coding.question.name), received_on)
        return codes

    def codes_of(
        self, question: str, answers: Sequence[FactValue | None], received_on: Sequence[date | None]
    ) -> Codes:
        """Answers to one question as codes; the day of receipt counts for dates. Raises KeyError."""
        return self._column(self.coding(question), answers, received_on)

    def _column(
        self, coding: QuestionCodes, answers: Sequence[FactValue | None], received_on: Sequence[date | None]
    ) -> Codes:
        if coding.question.kind is Kind.DATE:
            dated = list(zip(answers, received_on, strict=True))
            of_pair = {each: self._code(coding, *each) or MISSING for each in set(dated)}
            return np.fromiter(map(of_pair.__getitem__, dated), dtype=np.uint8, count=len(dated))
        of = {each: self._code(coding, each, None) or MISSING for each in set(answers)}
        return np.fromiter(map(of.__getitem__, answers), dtype=np.uint8, count=len(received_on))

    def unseen(
        self, values: Mapping[str, FactValue | None], received_on: date | None = None
    ) -> tuple[str, ...]:
        """The questions whose answer is known but was never seen in training."""
        return self.coded(values, received_on)[1]

    def _code(self, coding: QuestionCodes, value: FactValue | None, received_on: date | None) -> int | None:
        return MISSING if value is None or value == UNKNOWN else coding.code(value, received_on)

    def code_labels(self, question: str) -> tuple[str, ...]:
        """What each code of a question is called in Danish; code 0 is "ikke oplyst"."""
        return self.coding(question).labels()

    def distance_table(self, question: str) -> Distances:
        """Distance in [0, 1] between any two codes of a question; 0 on the diagonal, symmetric."""
        return self.coding(question).distances()

    def to_json(self) -> dict[str, Any]:
        """The codebook as plain JSON."""
        return {
            "format": FORMAT,
            "area": self.area_name,
            "fingerprint": self.fingerprint,
            "questions": [{"name": each.question.name, **each.to_json()} for each in self.codings],
        }

    @classmethod
    def from_json(cls, area: Area, data: Mapping[str, Any]) -> Self:
        """A codebook from its `to_json`; raises CodebookRefused when it is not of this area as declared."""
        if data.get("format") != FORMAT:
            raise CodebookRefused(f"codebook format {data.get('format')!r}, known is {FORMAT}")
        if data["area"] != area.name:
            raise CodebookRefused(f"codebook of {data['area']!r}, expected {area.name!r}")
        if data["fingerprint"] != learned_fingerprint(area):
            raise CodebookRefused("the questions have changed since the codebook was made")
        codings = (question_codes.from_json(area.by_name[each["name"]], each) for each in data["questions"])
        return cls(area, tuple(codings))
