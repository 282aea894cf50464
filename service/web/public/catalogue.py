"""The data catalogue: every question, code and column, generated from the declaration of the area."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import gettext

from models import areas
from models.declaration import Area, Code, Kind, Question, Stage, questions_of
from models.record import columns
from service.policy import Action
from service.web.danish import MINUS
from service.web.guard import guarded
from service.web.public.catalogue_columns import column_words

blueprint = Blueprint("catalogue", __name__)

AREA = "genoptraening"


@dataclass(frozen=True)
class Entry:
    """One question in the catalogue; `weight` and `learned` are words, `codes` may be empty."""

    name: str
    label: str
    help: str
    purpose: str
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
    """The whole catalogue of one area. `columns` are those of a decided case that are no questions."""

    area: Area
    sections: tuple[Section, ...]
    protected: tuple[Entry, ...]
    lists: tuple[CodeList, ...]
    columns: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """How many facts are recorded about a case."""
        return len(self.area.questions)

    @property
    def learned(self) -> int:
        """How many of them the model may see."""
        return len(self.area.learned)


@blueprint.get("/datakatalog")
@guarded(Action.READ_CATALOGUE)
def show() -> str:
    """Everything that is recorded about a case, why, where it comes from, and what the model may see."""
    return render_template("model/catalogue.html", page=catalogue_of(areas.get(AREA)))


def catalogue_of(area: Area) -> CataloguePage:
    """The catalogue of an area."""
    facts = {question.name for question in area.questions}
    return CataloguePage(
        area=area,
        sections=tuple(
            Section(
                section.code,
                section.label,
                tuple(_entry(q) for q in area.questions if q.section == section.code),
            )
            for section in area.sections
        ),
        protected=tuple(_entry(question) for question in _protected(area)),
        lists=tuple(CodeList(name, label(), codes) for name, label, codes in _lists(area) if codes),
        columns=tuple((name, column_words(name)) for name in columns(area) if name not in facts),
    )


def _protected(area: Area) -> tuple[Question, ...]:
    return questions_of(area.protected) if area.protected else ()


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


def _entry(question: Question) -> Entry:
    return Entry(
        name=question.name,
        label=question.label,
        help=question.help,
        purpose=question.purpose,
        source=question.source.label,
        known_at=stage_words(question.known_at),
        kind=_kind_words(question),
        learned=_learned_words(question),
        weight=_weight_words(question),
        codes=question.codes,
    )


def stage_words(stage: Stage) -> str:
    """When a fact is known, in words."""
    return {
        Stage.PLAN: gettext("når planen sendes"),
        Stage.RECEIPT: gettext("når planen modtages"),
        Stage.VISITATION: gettext("når planen læses"),
    }[stage]


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


def _learned_words(question: Question) -> str:
    if question.protected:
        return gettext("nej, kun prøver for skævhed")
    return gettext("ja") if question.learned else gettext("nej, vises kun")


def _weight_words(question: Question) -> str:
    """The profession's weight in similarity, as Danes write a number."""
    if question.weight == 0:
        return gettext("indgår ikke")
    return f"{question.weight:g}".replace(".", ",")
