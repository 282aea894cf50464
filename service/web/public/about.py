"""The public pages: what the system is, and how it can be used by everybody. No sign-in, no personal data."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from flask import Blueprint, render_template
from flask_babel import gettext
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from models import areas
from models.declaration import Area, Question, Source, Stage, questions_of
from service.database import reading
from service.errors import SkoenError
from service.tables.organisation import Municipality
from service.web.current import now, runtime, today
from service.web.danish import listed
from service.web.governance.fairness import Fairness, fairness_of
from service.web.guard import open_to_all
from service.web.labels import stage_words
from service.web.public.in_use import not_used
from service.workflow import governance, trial
from service.workflow.letter.contacts import ContactsMissing, lines_of
from service.workflow.model_in_use import admission
from service.workflow.registers import book, words
from service.workflow.registers.shapes import SHAPES
from service.workflow.registers.words import Value
from service.workflow.statistics import public_numbers
from service.workflow.statistics.periods import Period
from service.workflow.statistics.queries import names_of
from service.workflow.statistics.shares import HIDDEN, Share

blueprint = Blueprint("about", __name__)

AREA = "genoptraening"
CONTACTS = ("responsible", "phone", "email", "address", "complaint", "data_protection", "adviser")


@dataclass(frozen=True)
class SourceRow:
    """One source, when something comes in from it, and what."""

    label: str
    when: tuple[str, ...]
    learned: tuple[str, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class PublicEntry:
    """An entry of a register that is for everybody."""

    register: str
    title: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Place:
    """One municipality that uses the system. `phase` is None where nothing may be shown.

    `without` is the percentage of cases that are decided without evidence by lot now, by unit.
    """

    name: str
    phase: str | None
    legal_basis: str
    differing: Share
    contacts: dict[str, str]
    entries: tuple[PublicEntry, ...]
    without: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class AboutPage:
    """The whole page. `fairness` is None where no test of bias was made."""

    places: tuple[Place, ...]
    period: Period
    sources: tuple[SourceRow, ...]
    protected: tuple[str, ...]
    law: str
    model: str | None
    fairness: Fairness | None


@blueprint.get("/om-systemet")
@open_to_all
def show() -> str:
    """What the system is, what it is not for, how it goes, and who answers for it."""
    area = areas.get(AREA)
    with reading(runtime().engine) as session:
        municipalities = session.exec(select(Municipality).order_by(col(Municipality.name))).all()
        places = tuple(_place(session, area, each) for each in municipalities)
        active = admission.active_model(session, AREA)
    page = AboutPage(
        places=places,
        period=public_numbers.last_whole_quarter(now()),
        sources=sources_of(area, not_used(AREA)),
        protected=tuple(q.label for q in questions_of(area.protected)) if area.protected else (),
        law=area.legal_basis,
        model=active.version if active else None,
        fairness=fairness_of(runtime().shelf, active),
    )
    return render_template("public/about.html", page=page)


@blueprint.get("/tilgaengelighed")
@open_to_all
def accessibility() -> str:
    """The accessibility statement."""
    with reading(runtime().engine) as session:
        codes = session.exec(select(Municipality).order_by(col(Municipality.name))).all()
        contacts = tuple((each.name, contacts_of(each.code)) for each in codes)
    return render_template("public/accessibility.html", places=contacts)


def sources_of(area: Area, left_out: Collection[str] = ()) -> tuple[SourceRow, ...]:
    """Every source with the facts that come from it, generated from the declaration of the area.

    `left_out` are learned facts that the model in use does not use.
    """

    def those(source: Source, wanted: Callable[[Question], bool]) -> tuple[str, ...]:
        return tuple(q.label for q in area.questions if q.source is source and wanted(q))

    def stages_of(source: Source) -> set[Stage]:
        return {q.known_at for q in area.questions if q.source is source}

    rows = [
        SourceRow(
            source.label,
            tuple(stage_words(stage) for stage in Stage if stage in stages_of(source)),
            those(source, lambda q: q.learned and q.name not in left_out),
            those(source, lambda q: not q.learned or q.name in left_out),
        )
        for source in Source
    ]
    return tuple(row for row in rows if row.learned or row.shown)


def _place(session: Session, area: Area, place: Municipality) -> Place:
    phase = governance.phase_of(session, place.id, today())
    record = governance.phase_record(session, place.id, today())
    return Place(
        name=place.name,
        phase=phase,
        legal_basis=record.legal_basis if record and phase else "",
        differing=_differing(session, area, place),
        contacts=contacts_of(place.code),
        entries=_entries(session, place.id),
        without=_without(session, place.id),
    )


def _without(session: Session, municipality_id: str) -> tuple[tuple[str, int], ...]:
    running = [
        each.trial
        for each in trial.standings(session, municipality_id, now())
        if each.state is trial.State.RUNNING and each.trial.starts_on <= today()
    ]
    return tuple((listed(sorted(names_of(session, row.units).values())), row.share) for row in running)


def _entries(session: Session, municipality_id: str) -> tuple[PublicEntry, ...]:
    rows = [row for row in book.standing(session, municipality_id) if book.is_public(row)]
    return tuple(
        PublicEntry(SHAPES[row.kind].label, words.title_of(row), words.told_of(row, now()))
        for row in reversed(rows)
    )


def contacts_of(code: str) -> dict[str, str]:
    """What the municipality has said; a line that it has not is empty."""
    try:
        said = lines_of(runtime().settings.contacts, code)
    except ContactsMissing:
        said = {}
    return {name: said.get(name, "") for name in CONTACTS}


_counted: WeakKeyDictionary[Engine, dict[tuple[str, Period, date], Share]] = WeakKeyDictionary()


def _differing(session: Session, area: Area, place: Municipality) -> Share:
    """The share of the last whole quarter, counted once a day: anybody may ask as often as they like."""
    period = public_numbers.last_whole_quarter(now())
    known = _counted.setdefault(runtime().engine, {})
    key = (place.id, period, today())
    if key not in known:
        try:
            found = public_numbers.differing(session, place.id, area, period)
        except (SkoenError, DBAPIError):
            return HIDDEN
        for old in [each for each in known if each[2] != today()]:
            known.pop(old, None)
        known[key] = found
    return known[key]


def phase_sentence(phase: str | None) -> str:
    """The phase in a sentence for everybody."""
    if phase is None:
        return gettext("Grundlag vises ikke. Der er intet retsgrundlag, som gælder i dag.")
    return {
        "oevelse": gettext("Øvelse. Alle borgere og sager er opdigtede."),
        "udvikling": gettext("Udvikling. Grundlag bliver beregnet, men ingen ser det."),
        "skygge": gettext("Skygge. Grundlag bliver beregnet, men ingen ser det."),
        "pilot": gettext("Pilot. Systemet bliver prøvet i rigtige sager."),
        "drift": gettext("Drift. Systemet bliver brugt i rigtige sager."),
    }[phase]


blueprint.add_app_template_filter(phase_sentence)
