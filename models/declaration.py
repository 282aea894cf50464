"""How a question about a case is declared, once.

A visitation area declares its questions as annotations on one class.
Form, validation, coding, similarity, explanation names, import columns, synthetic data
and the data catalogue are all derived from these declarations.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, get_type_hints

from models.citizen_words import CitizenWords
from models.lesson import Lesson
from models.terms import LegalBasis, Terms

UNKNOWN = "ukendt"
"""The explicit answer "looked for, not stated"; every question accepts it."""


class Kind(StrEnum):
    """What sort of answer a question takes."""

    CHOICE = "choice"  # one code of an unordered list
    SCALE = "scale"  # one code of an ordered list, least first
    COUNT = "count"  # a whole number within bounds
    SHARE = "share"  # a number between 0 and 1
    SET = "set"  # any number of codes, none is an answer too
    DATE = "date"  # a date; learned only as days after receipt
    TERM = "term"  # a code of an outside classification: shown and grouped, never learned


class Source(StrEnum):
    """Where the value of a fact came from."""

    PLAN_CODED = "plan_coded"
    PLAN_TEXT = "plan_text"
    MUNICIPALITY = "municipality"
    COMPUTED = "computed"
    CITIZEN = "citizen"
    CARE_RECORD = "care_record"

    @property
    def label(self) -> str:
        """The source in words a caseworker uses."""
        return {
            "plan_coded": "kodet i planen",
            "plan_text": "læst i planens tekst",
            "municipality": "kommunens egne systemer",
            "computed": "beregnet",
            "citizen": "oplyst af borgeren",
            "care_record": "kommunens omsorgsjournal, efter borgerens ja",
        }[self.value]


class Stage(StrEnum):
    """The latest point at which a fact becomes known; all of them lie before the decision."""

    PLAN = "plan"  # stands in the plan when it is sent
    RECEIPT = "receipt"  # looked up or computed when the plan arrives
    VISITATION = "visitation"  # read from the plan's text by the caseworker


@dataclass(frozen=True)
class Code:
    """One entry of a code list: a stable ASCII code and the words people read."""

    code: str
    label: str
    english: str = ""
    help: str = ""


@dataclass(frozen=True)
class Question:
    """One question about a case.

    `weight` is the profession's weight in similarity (0 leaves it out), `low` and `high` bound numbers,
    `section` groups questions on the page, `learned` says whether a model may see the answer.
    A date's bounds are days after receipt; `pattern` is the whole form of a TERM; `unit` is the plural.
    An `optional` question may be left empty: that is an answer, not a gap. A computed one names the
    questions and dates it is `drawn_from`.
    `benefit` tells the citizen in plain words what she has of it, and how sure that is; `terms` say on
    what law it is held, for what, how long, and who answers for it.
    `never_lowers` says why a higher answer never lowers the level, all else equal; empty where the profession
    has not said so. Only an answer with an order can have it (else ValueError), and only two levels keep it.
    """

    label: str
    help: str
    kind: Kind
    section: str
    source: Source
    known_at: Stage
    purpose: str
    benefit: str
    terms: Terms
    codes: tuple[Code, ...] = ()
    low: int | None = None
    high: int | None = None
    weight: float = 1.0
    learned: bool = True
    protected: bool = False
    english: str = ""
    unit: str = ""
    unit_one: str = ""
    pattern: str = ""
    optional: bool = False
    drawn_from: tuple[str, ...] = ()
    never_lowers: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if self.never_lowers and self.kind not in (Kind.SCALE, Kind.COUNT, Kind.SHARE):
            raise ValueError(f"{self.label}: {self.kind.value} has no order in which it could rise")

    @property
    def computed(self) -> bool:
        """Whether the value is derived from other facts and never typed."""
        return self.source is Source.COMPUTED

    @property
    def read_from_text(self) -> bool:
        """Whether the caseworker has to read the answer out of the plan's text."""
        return self.source is Source.PLAN_TEXT

    @cached_property
    def code_values(self) -> tuple[str, ...]:
        """The codes of the list, in declared order."""
        return tuple(code.code for code in self.codes)

    def code_label(self, code: str) -> str:
        """The Danish label of one code; an unknown code raises KeyError."""
        if code == UNKNOWN:
            return "ukendt"
        try:
            return self._label_of[code]
        except KeyError:
            raise KeyError(f"{self.name}: no code {code!r}") from None

    @cached_property
    def _label_of(self) -> dict[str, str]:
        return {entry.code: entry.label for entry in self.codes}


@dataclass(frozen=True)
class Arrival:
    """The dates of a plan's arrival, from which some facts are computed. Dates are Copenhagen dates."""

    received_on: date
    discharged_on: date
    start_after: date | None = None
    contact_from: date | None = None
    contact_to: date | None = None


@dataclass(frozen=True)
class Option:
    """One answer open to the caseworker, at her judgement and at her decision alike."""

    code: str
    label: str
    is_level: bool
    legal_source: str = ""


@dataclass(frozen=True)
class PracticeChange:
    """From a day on cases are judged by another law or guideline (in Danish: praksisskift)."""

    on: date
    title: str
    source: str = ""


def no_derivation(answers: Mapping[str, Any], arrival: Arrival) -> dict[str, Any]:
    """For an area without computed facts."""
    return {}


@dataclass(frozen=True)
class Area:
    """One visitation area: its questions, its levels and what the law leaves open.

    `levels` are ordered, least help first; the model speaks about these and nothing else.
    `options` gives the legal envelope from the plan's type and the date.
    `derive` computes every fact whose source is COMPUTED from the other answers and the arrival.
    `practical` names what a sender may say of transport and the like: shown, never learned.
    `independent_reasons` are the reasons that speak of something the evidence did not show: only with one of
    these can a decision that differs from the own judgement be learned from. `lessons` gather the reasons
    by what may be learned from them; `against_knowledge` is the reason that opens a task of quality.
    Cases are comparable when they answer the questions in `need` alike. `clinical` names the
    questions that settle the level professionally: groups may differ through these. `not_audited` says of an
    attribute that tests of bias ought to have why nobody may have it, by name, in Danish.
    By the answers to `recognisable` questions somebody who knows a citizen could know her case again.
    `citizen_words` are for letters alone. `laws` and `owners` are what the terms of its questions name.
    `practice_changes` hold for every municipality; a municipality's own stand in its register.
    """

    name: str
    label: str
    legal_basis: str
    facts: type
    levels: tuple[Code, ...]
    options: Callable[[str, date], tuple[Option, ...]]
    derive: Callable[[Mapping[str, Any], Arrival], dict[str, Any]] = no_derivation
    protected: type | None = None
    reasons: tuple[Code, ...] = ()
    independent_reasons: tuple[str, ...] = ()
    against_knowledge: str = ""
    lessons: tuple[Lesson, ...] = ()
    plan_types: tuple[Code, ...] = ()
    forms: tuple[Code, ...] = ()
    teams: tuple[Code, ...] = ()
    places: tuple[Code, ...] = ()
    start_statuses: tuple[Code, ...] = ()
    outcomes: tuple[Code, ...] = ()
    plan_sections: tuple[Code, ...] = ()
    practical: tuple[Code, ...] = ()
    sections: tuple[Code, ...] = ()
    not_known_to_model: tuple[str, ...] = ()
    case_type: str = ""
    need: tuple[str, ...] = ()
    recognisable: tuple[str, ...] = ()
    clinical: tuple[str, ...] = ()
    not_audited: Mapping[str, str] = field(default_factory=dict)
    citizen_words: CitizenWords = field(default_factory=CitizenWords)
    laws: tuple[LegalBasis, ...] = ()
    owners: tuple[Code, ...] = ()
    deadline_days: int = 7
    practice_changes: tuple[PracticeChange, ...] = ()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in declared order, each with its name."""
        return questions_of(self.facts)

    @cached_property
    def by_name(self) -> dict[str, Question]:
        """The questions by name."""
        return {question.name: question for question in self.questions}

    @cached_property
    def learned(self) -> tuple[Question, ...]:
        """The questions a model and the similarity may use, in declared order."""
        return tuple(question for question in self.questions if question.learned)

    @cached_property
    def level_codes(self) -> tuple[str, ...]:
        """The level codes, least help first."""
        return tuple(level.code for level in self.levels)

    def level_label(self, code: str) -> str:
        """The Danish name of a level; an unknown level raises KeyError."""
        return label_in(self.levels, code)

    @cached_property
    def kept_apart(self) -> tuple[Question, ...]:
        """The protected attributes, in declared order."""
        return questions_of(self.protected) if self.protected else ()

    def law_of(self, question: Question) -> LegalBasis:
        """The law a question's terms name; one that the area does not have raises KeyError."""
        return {law.code: law for law in self.laws}[question.terms.law]

    def owner_of(self, question: Question) -> str:
        """Who answers for a question's quality, in Danish; an unknown owner raises KeyError."""
        return label_in(self.owners, question.terms.owner)

    def changed_by(self, day: date) -> PracticeChange | None:
        """The newest declared change of practice up to a day, or None."""
        return max(
            (each for each in self.practice_changes if each.on <= day), key=lambda each: each.on, default=None
        )

    def due_on(self, arrival: Arrival) -> date:
        """The last day on which a start must be offered, counted from discharge or a later stated start."""
        clock_starts = max(arrival.discharged_on, arrival.start_after or arrival.discharged_on)
        return date.fromordinal(clock_starts.toordinal() + self.deadline_days)


def questions_of(declared: type) -> tuple[Question, ...]:
    """The questions annotated on a class, in declared order; an annotation without one raises TypeError."""
    questions = []
    for name, hint in get_type_hints(declared, include_extras=True).items():
        found = [extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, Question)]
        if len(found) != 1:
            raise TypeError(f"{declared.__name__}.{name} needs exactly one Question in its annotation")
        questions.append(replace(found[0], name=name))
    return tuple(questions)


def label_in(codes: tuple[Code, ...], code: str) -> str:
    """The Danish label of a code in a list; an unknown code raises KeyError."""
    for entry in codes:
        if entry.code == code:
            return entry.label
    raise KeyError(f"no code {code!r} in the list")
