"""The data catalogue: every question, code and column, generated from the declaration of the area."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import gettext

from models import areas, boundaries
from models.declaration import Area, Code, Kind, Question, Source
from models.record import columns
from models.terms import Duty, LegalBasis
from service.policy import Action
from service.web.danish import MINUS
from service.web.guard import guarded
from service.web.labels import stage_words
from service.web.public.catalogue_columns import column_words
from service.web.public.fact_terms import FactTerms, is_proposed, schedule_here, terms_of
from service.web.public.in_use import not_used
from service.web.public.processing import Processing, processings
from service.workflow.retention.schedule import Schedule

blueprint = Blueprint("catalogue", __name__)

AREA = "genoptraening"


@dataclass(frozen=True)
class Entry:
    """One question in the catalogue; `weight` and `learned` are words, `codes` may be empty.

    `benefit` is what the citizen has of it, `terms` on what law it is held, for what and how long.
    """

    name: str
    label: str
    help: str
    purpose: str
    benefit: str
    terms: FactTerms
    source: str
    known_at: str
    kind: str
    learned: str
    weight: str
    codes: tuple[Code, ...]


@dataclass(frozen=True)
class Section:
    """Questions that stand together."""

    code: str
    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class CodeList:
    """One list of codes that are no answers to a question: levels, reasons, forms and so on."""

    name: str
    label: str
    codes: tuple[Code, ...]


@dataclass(frozen=True)
class CataloguePage:
    """The whole catalogue of one area. `columns` are those of a decided case that are no questions.

    `laws` has each law with the labels of the facts that rest on it, `sources` every one that is allowed,
    `proposed` whether nobody has approved how long things are kept, `used` is the number of facts that the
    model in use uses.
    """

    area: Area
    used: int
    laws: tuple[tuple[LegalBasis, tuple[str, ...]], ...]
    sources: tuple[str, ...]
    proposed: bool
    sections: tuple[Section, ...]
    protected: tuple[Entry, ...]
    lists: tuple[CodeList, ...]
    columns: tuple[tuple[str, str], ...]
    processings: tuple[Processing, ...]

    @property
    def count(self) -> int:
        """How many facts are recorded about a case."""
        return len(self.area.questions)

    @property
    def learned(self) -> int:
        """How many of them the model may see."""
        return len(self.area.learned)

    @property
    def voluntary(self) -> tuple[str, ...]:
        """The facts the citizen can say no to, by label."""
        return tuple(q.label for q in self.area.questions if q.terms.duty is Duty.VOLUNTARY)


@blueprint.get("/datakatalog")
@guarded(Action.READ_CATALOGUE)
def show() -> str:
    """Everything that is recorded about a case, why, where it comes from, and what the model may see."""
    return render_template(
        "model/catalogue.html", page=catalogue_of(areas.get(AREA), schedule_here(), not_used(AREA))
    )


def catalogue_of(area: Area, schedule: Schedule | None, left_out: Collection[str] = ()) -> CataloguePage:
    """The catalogue of an area, with how long a schedule keeps each fact.

    `left_out` are learned facts that the model in use does not use.
    """

    def entries(questions: Iterable[Question]) -> tuple[Entry, ...]:
        return tuple(_entry(each, terms_of(area, each, schedule), left_out) for each in questions)

    facts = {question.name for question in area.questions}
    return CataloguePage(
        area=area,
        used=len(area.learned) - len(left_out),
        laws=tuple((law, _resting_on(area, law)) for law in area.laws),
        proposed=is_proposed(schedule),
        sources=tuple(source.label for source in Source if source in boundaries.SOURCES),
        sections=tuple(
            Section(
                section.code, section.label, entries(q for q in area.questions if q.section == section.code)
            )
            for section in area.sections
        ),
        protected=entries(area.kept_apart),
        lists=tuple(CodeList(name, label(), codes) for name, label, codes in _lists(area) if codes),
        columns=tuple((name, column_words(name)) for name in columns(area) if name not in facts),
        processings=processings(),
    )


def _resting_on(area: Area, law: LegalBasis) -> tuple[str, ...]:
    every = (*area.questions, *area.kept_apart)
    return tuple(question.label for question in every if question.terms.law == law.code)


def _lists(area: Area) -> tuple[tuple[str, Callable[[], str], tuple[Code, ...]], ...]:
    return (
        ("levels", lambda: gettext("Niveauer"), area.levels),
        ("plan_types", lambda: gettext("Plantyper"), area.plan_types),
        ("reasons", lambda: gettext("Lagt vægt på"), area.reasons),
        ("forms", lambda: gettext("Former"), area.forms),
        ("teams", lambda: gettext("Team"), area.teams),
        ("places", lambda: gettext("Steder"), area.places),
        ("start_statuses", lambda: gettext("Opstart"), area.start_statuses),
        ("outcomes", lambda: gettext("Hvordan det gik"), area.outcomes),
        ("plan_sections", lambda: gettext("Planens afsnit"), area.plan_sections),
    )


def _entry(question: Question, terms: FactTerms, left_out: Collection[str]) -> Entry:
    return Entry(
        name=question.name,
        label=question.label,
        help=question.help,
        purpose=question.purpose,
        benefit=question.benefit,
        terms=terms,
        source=question.source.label,
        known_at=stage_words(question.known_at),
        kind=_kind_words(question),
        learned=_learned_words(question, left_out),
        weight=_weight_words(question),
        codes=question.codes,
    )


def _kind_words(question: Question) -> str:
    words = {
        Kind.CHOICE: gettext("ét svar af flere"),
        Kind.SCALE: gettext("ét trin på en skala"),
        Kind.COUNT: gettext("et helt tal"),
        Kind.SHARE: gettext("en andel"),
        Kind.SET: gettext("et eller flere svar"),
        Kind.DATE: gettext("en dato"),
        Kind.TERM: gettext("en kode fra en klassifikation"),
    }[question.kind]
    if question.low is None or question.high is None:
        return words
    unit = question.unit or (gettext("dage fra modtagelsen") if question.kind is Kind.DATE else "")
    bounds = gettext("%(low)s til %(high)s", low=str(question.low).replace("-", MINUS), high=question.high)
    return f"{words}, {bounds} {unit}".strip()


def _learned_words(question: Question, left_out: Collection[str]) -> str:
    if question.protected:
        return gettext("nej, kun prøver for skævhed")
    if question.name in left_out:
        return gettext("nej, den må, men modellen i brug bruger den ikke")
    return gettext("ja") if question.learned else gettext("nej, vises kun")


def _weight_words(question: Question) -> str:
    """The profession's weight in similarity, as Danes write a number."""
    if question.weight == 0:
        return gettext("indgår ikke")
    return f"{question.weight:g}".replace(".", ",")
