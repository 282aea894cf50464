"""What a citizen must be told about her data (GDPR art. 13 and 14), made from the catalogue and nothing else.

A fact, a law or a period that changes in the declaration or the schedule changes here by itself.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template
from sqlmodel import Session, col, select

from models import areas
from models.declaration import Area, Question
from models.declared import catalogue_mark
from models.terms import Duty, LegalBasis, Use
from service.database import reading
from service.tables.organisation import Municipality
from service.web.current import runtime, today
from service.web.guard import open_to_all
from service.web.public.about import AREA, SourceRow, contacts_of, sources_of
from service.web.public.fact_terms import duty_words, is_proposed, kept_words, schedule_here
from service.web.public.in_use import not_used
from service.workflow import governance
from service.workflow.retention.schedule import Schedule

blueprint = Blueprint("notice", __name__)


@dataclass(frozen=True)
class Responsible:
    """A municipality that answers for the data; a contact it has not given is empty."""

    name: str
    phase: str | None
    legal_basis: str
    contacts: dict[str, str]


@dataclass(frozen=True)
class FactRow:
    """One fact in the table of all of them."""

    label: str
    source: str
    used_for: str
    duty: str
    law: str


@dataclass(frozen=True)
class Notice:
    """The whole notice of one area.

    `purposes` are in plain words, `kept` is one period for each line of the schedule that a fact names,
    `apart` what is only used to look for bias, `outside` what is passed on, `mark` the catalogue's,
    `proposed` that nobody has approved the periods.
    """

    area: Area
    places: tuple[Responsible, ...]
    purposes: tuple[str, ...]
    laws: tuple[LegalBasis, ...]
    sources: tuple[SourceRow, ...]
    facts: tuple[FactRow, ...]
    voluntary: tuple[str, ...]
    kept: tuple[str, ...]
    apart: tuple[str, ...]
    health: tuple[str, ...]
    outside: tuple[str, ...]
    learned: int
    proposed: bool
    mark: str


@blueprint.get("/om-systemet/dine-oplysninger")
@open_to_all
def show() -> str:
    """The notice, as a page that prints."""
    with reading(runtime().engine) as session:
        every = session.exec(select(Municipality).order_by(col(Municipality.name))).all()
        places = tuple(_responsible(session, each) for each in every)
    return render_template(
        "public/notice.html", page=notice_of(areas.get(AREA), schedule_here(), places, not_used(AREA))
    )


def notice_of(
    area: Area, schedule: Schedule | None, places: tuple[Responsible, ...],
    left_out: Collection[str] = (),
) -> Notice:  # fmt: skip
    """The notice of an area, under a municipality's schedule; `left_out` the model in use does not use."""
    every = (*area.questions, *area.kept_apart)
    return Notice(
        area=area,
        places=places,
        purposes=_once(purpose_words(area, question) for question in area.questions),
        laws=tuple(law for law in area.laws if any(q.terms.law == law.code for q in every)),
        sources=sources_of(area, left_out),
        facts=tuple(_row(area, question) for question in every),
        voluntary=_labels(q for q in every if q.terms.duty is Duty.VOLUNTARY),
        kept=_once(kept_words(schedule, question.terms.kept) for question in every),
        apart=_labels(area.kept_apart),
        health=_labels(q for q in every if q.terms.health),
        outside=_labels(q for q in every if Use.OUTSIDE in q.terms.uses),
        learned=len(area.learned) - len(left_out),
        proposed=is_proposed(schedule),
        mark=catalogue_mark(area),
    )


def purpose_words(area: Area, question: Question) -> str:
    """What a fact is for, as the citizen reads it; without words of her own for it, as it is declared."""
    return area.citizen_words.why.get(question.purpose, question.purpose)


def _row(area: Area, question: Question) -> FactRow:
    return FactRow(
        question.label,
        question.source.label,
        purpose_words(area, question),
        duty_words(question.terms.duty),
        area.law_of(question).name,
    )


def _responsible(session: Session, place: Municipality) -> Responsible:
    phase = governance.phase_of(session, place.id, today())
    record = governance.phase_record(session, place.id, today())
    return Responsible(
        place.name, phase, record.legal_basis if record and phase else "", contacts_of(place.code)
    )


def _labels(questions: Iterable[Question]) -> tuple[str, ...]:
    return tuple(question.label for question in questions)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
