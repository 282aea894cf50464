"""What the case screen shows before the judgement, put together from the case and its declaration."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext

from models import facts as case_facts
from models.declaration import Area, Question, Source
from models.facts import Fact
from service.cpr import age_on
from service.tables.assessment import CONFIDENCES
from service.tables.base import new_id
from service.web.forms import Fault, FieldView, Typed, choice_field, faults_of, question_field, text_field
from service.workflow.assessment import options_of
from service.workflow.case_file import CaseFile, CaseState

CHOICE, CONFIDENCE, REFLECTION = "valg", "sikkerhed", "overvejelse"
EVIDENCE = "grundlag"


@dataclass(frozen=True)
class KnownFact:
    """A fact that is folded away: its words and where they came from."""

    name: str
    label: str
    value: str
    source: str
    may_be_marked: bool


@dataclass(frozen=True)
class Group:
    """Known facts under one heading."""

    label: str
    facts: tuple[KnownFact, ...]


@dataclass(frozen=True)
class Text:
    """A piece of the plan's own text under its heading."""

    label: str
    text: str


@dataclass(frozen=True)
class JudgementForm:
    """The fields of the judgement, and what its page must send along."""

    choice: FieldView
    confidence: FieldView
    reflection: FieldView
    levels: tuple[tuple[str, str], ...]
    opened_at: str
    key: str
    read_version: int


@dataclass(frozen=True)
class CasePage:
    """The case screen. `judgement` is None when the case does not wait for one from whoever looks."""

    case_id: str
    serial: int
    name: str
    age: int | None
    contact: tuple[tuple[str, str], ...]
    arrival: tuple[tuple[str, str | date], ...]
    due_on: date
    referred_for: str
    state: CaseState
    plan: tuple[Text, ...]
    practical: tuple[tuple[str, str], ...]
    known: tuple[Group, ...]
    rows: tuple[FieldView, ...]
    more: tuple[FieldView, ...]
    purposes: tuple[tuple[str, str], ...]
    gaps: tuple[str, ...]
    judgement: JudgementForm | None
    faults: tuple[Fault, ...]
    draft_is_shown: bool


def case_page(
    file: CaseFile,
    *,
    now: datetime,
    today: date,
    may_judge: bool,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    draft_is_shown: bool = False,
    key: str = "",
) -> CasePage:
    """The page of a case; `typed` and `errors` are those of a form that is shown again."""
    errors = errors or {}
    open_questions = open_questions_of(file)
    fields = {question.name: _field(question, file, typed, errors) for question in open_questions}
    rows = tuple(fields[question.name] for question in open_questions if question.read_from_text)
    more = tuple(fields[question.name] for question in open_questions if not question.read_from_text)
    judgement = _judgement(file, now, typed, errors, key) if may_judge else None
    judged = (judgement.choice, judgement.confidence, judgement.reflection) if judgement else ()
    return CasePage(
        case_id=file.case.id,
        serial=file.case.serial,
        name=file.identity["name"],
        age=age_on(file.identity["cpr"], today),
        contact=_contact(file),
        arrival=_arrival(file),
        due_on=file.case.due_on,
        referred_for=_referred_for(file),
        state=file.state,
        plan=tuple(
            Text(section.label, file.sections[section.code])
            for section in file.area.plan_sections
            if section.code in file.sections
        ),
        practical=_practical(file),
        known=known_groups(file.area, file.facts, without=set(fields) if may_judge else set()),
        rows=rows if may_judge else (),
        more=more if may_judge else (),
        purposes=(*((question.label, question.purpose) for question in open_questions), *own_purposes()),
        gaps=tuple(question.label for question in case_facts.gaps(file.area, file.facts)),
        judgement=judgement,
        faults=faults_of((*rows, *more, *judged)),
        draft_is_shown=draft_is_shown,
    )


def own_purposes() -> tuple[tuple[str, str], ...]:
    """Why her judgement itself is asked for."""
    return (
        (gettext("Hvad har borgeren brug for?"), gettext("Din egen vurdering kommer før grundlaget.")),
        (gettext("Hvor sikker er du?"), gettext("Din tvivl hører til vurderingen og står i sagens forløb.")),
    )


def open_questions_of(file: CaseFile) -> list[Question]:
    """The questions that the page asks: to be read from the plan's text, missing, or marked wrong."""
    return [question for question in file.area.questions if _is_open(question, file.facts[question.name])]


def _is_open(question: Question, fact: Fact) -> bool:
    """Her own reading stays open to be changed; what arrived is folded away until it is marked wrong."""
    if question.computed:
        return False
    return fact.value is None or fact.marked_wrong or fact.source is Source.PLAN_TEXT


def _field(question: Question, file: CaseFile, typed: Typed | None, errors: dict[str, str]) -> FieldView:
    fact = file.facts[question.name]
    answer = None if fact.marked_wrong else fact.value
    return question_field(question, answer, typed, errors.get(question.name, ""))


def _judgement(
    file: CaseFile, now: datetime, typed: Typed | None, errors: dict[str, str], key: str
) -> JudgementForm:
    options = [(option.code, option.label) for option in options_of(file, now)]
    return JudgementForm(
        choice=choice_field(
            CHOICE, gettext("Hvad har borgeren brug for?"), options, typed, errors.get(CHOICE, "")
        ),
        confidence=choice_field(
            CONFIDENCE, gettext("Hvor sikker er du?"), confidence_words(), typed, errors.get(CONFIDENCE, "")
        ),
        reflection=text_field(
            REFLECTION,
            gettext("Hvad taler for, og hvad taler imod? (valgfrit)"),
            typed,
            errors.get(REFLECTION, ""),
            gettext("Med dine egne ord, før du ser grundlaget. Bliver ikke målt."),
        ),
        levels=tuple((level.label, level.help) for level in file.area.levels if level.code in dict(options)),
        opened_at=now.isoformat(),
        key=key or new_id(),
        read_version=file.facts_version.version,
    )


def confidence_words() -> list[tuple[str, str]]:
    """How sure somebody can be, in the order of the codes."""
    words = (gettext("I tvivl"), gettext("Nogenlunde sikker"), gettext("Sikker"))
    return list(zip(CONFIDENCES, words, strict=True))


def known_groups(
    area: Area, facts: Mapping[str, Fact], *, without: Collection[str] = ()
) -> tuple[Group, ...]:
    """What is known, but for what is asked again, under the headings of the declaration."""
    groups = []
    for section in area.sections:
        known = tuple(
            _known_fact(question, facts[question.name])
            for question in area.questions
            if question.section == section.code
            and question.name not in without
            and facts[question.name].value is not None
        )
        if known:
            groups.append(Group(section.label, known))
    return tuple(groups)


def _known_fact(question: Question, fact: Fact) -> KnownFact:
    words = case_facts.say(question, fact.value)
    if fact.marked_wrong:
        words = gettext("%(words)s – markeret som forkert", words=words)
    return KnownFact(
        name=question.name,
        label=question.label,
        value=words,
        source=fact.source.label,
        may_be_marked=not question.computed and not fact.marked_wrong,
    )


def _referred_for(file: CaseFile) -> str:
    question = file.area.by_name[file.area.case_type]
    words = case_facts.say(question, file.facts[question.name].value)
    return words[:1].upper() + words[1:]


def _contact(file: CaseFile) -> tuple[tuple[str, str], ...]:
    cpr = file.identity["cpr"]
    lines = (
        (gettext("CPR-nummer"), f"{cpr[:6]}-{cpr[6:]}"),
        (gettext("Adresse"), file.identity["address"]),
        (gettext("Telefon"), file.identity["phone"]),
    )
    return tuple((label, value) for label, value in lines if value)


def _arrival(file: CaseFile) -> tuple[tuple[str, str | date], ...]:
    case = file.case
    plan_type = next(code.label for code in file.area.plan_types if code.code == case.plan_type)
    lines = (
        (gettext("Plantype"), plan_type),
        (gettext("Udskrevet"), case.discharged_on),
        (gettext("Modtaget"), case.received_on),
        (gettext("Tidligste opstart"), case.start_after),
    )
    return tuple((label, value) for label, value in lines if value is not None)


def _practical(file: CaseFile) -> tuple[tuple[str, str], ...]:
    """What the sender says about transport and the like: shown, never learned."""
    said = file.operational
    return tuple((entry.label, said[entry.code]) for entry in file.area.practical if said.get(entry.code))
