"""Everything the documents may say, read in one go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from models.artifact import Artifact, ArtifactRefused
from models.declaration import Area, Source, questions_of
from models.declared import sources_of
from models.terms import Duty
from service.clock import local_date
from service.tables.governance import Admission
from service.tables.organisation import Municipality
from service.workflow.documents import components
from service.workflow.documents.components import NoLocks, Product
from service.workflow.documents.facts import Fact, Facts, lacking, said, table
from service.workflow.documents.given_away_facts import given_away_facts
from service.workflow.documents.model_facts import bias_facts, model_facts
from service.workflow.documents.operation_facts import operation_facts
from service.workflow.documents.proofs import TESTS, requirement_facts
from service.workflow.documents.proportion_facts import proportion_facts
from service.workflow.documents.sensitivity import SENSITIVITY
from service.workflow.documents.sheet_facts import sheet_facts
from service.workflow.documents.written_facts import written_facts
from service.workflow.letter.contacts import ContactsMissing, lines_of
from service.workflow.model_in_use import admission
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.retention.schedule import RULES, ScheduleRefused, read_schedule
from service.workflow.yearly import sources as yearly
from service.workflow.yearly.sources import Sources

CATALOGUE, SCHEDULE = "datakataloget", "planen for sletning"
DUTY = {Duty.VOLUNTARY: "frivillig", Duty.REQUIRED: "kommunen skal"}
UNITS = {"years": ("år", "år"), "months": ("måned", "måneder"), "days": ("dag", "dage")}
KEPT = {
    "citizens": "borgeres sager, efter det seneste, der er sket", "decisions": "loggen over beslutninger",
    "access": "loggen over opslag", "drafts": "kladder", "rejects": "rækker, der blev afvist ved import",
    "sessions": "sessioner", "sign_in_attempts": "forsøg på at logge ind", "practice": "øvelser",
}  # fmt: skip


@dataclass(frozen=True)
class Files:
    """Where what lies outside the database is read: schedule, contacts, the checkout's tests and locks."""

    retention: Path | None = None
    contacts: Path | None = None
    tests: Path = TESTS
    root: Path = components.ROOT


@dataclass(frozen=True)
class Gathered:
    """The facts, and what the machine-readable forms need beside them."""

    facts: Facts
    artifact: Artifact | None
    product: Product | None
    phase: str | None
    now: datetime


def gather(
    session: Session, shelf: ModelShelf, municipality: Municipality, now: datetime, files: Files
) -> Gathered:
    """What is known at an instant about the system of a municipality, and what is missing."""
    sources = yearly.gather(session, shelf, municipality, local_date(now).year, now)
    history = tuple(admission.history(session, yearly.AREA))
    return gathered_of(sources, history, _in_use(session, shelf), files)


def gathered_of(
    sources: Sources, history: tuple[Admission, ...], artifact: Artifact | None, files: Files
) -> Gathered:
    """The facts of what was read; `artifact` is the model in use, None when there is none to be trusted."""
    made, now = _product(files.root), sources.now
    known = (
        *written_facts(local_date(now)),
        *model_facts(artifact),
        *bias_facts(sources.audit, sources.verdict),
        *given_away_facts(artifact),
        *proportion_facts(artifact, sources.entries),
        *operation_facts(sources, history, _contacts(files.contacts, sources.municipality.code)),
        *_catalogue(sources.area),
        _retention(files.retention),
        *_parts(made),
        *requirement_facts(files.tests),
    )
    phase = sources.phases[-1].phase if sources.phases else None
    return Gathered(Facts((*known, *sheet_facts(known))), artifact, made, phase, now)


def _in_use(session: Session, shelf: ModelShelf) -> Artifact | None:
    active = admission.active_model(session, yearly.AREA)
    if active is None:
        return None
    try:
        return shelf.suggester(active.version, active.manifest_hash).artifact
    except ArtifactRefused:
        return None


def _contacts(path: Path | None, code: str) -> dict[str, str]:
    try:
        return lines_of(path, code)
    except ContactsMissing:
        return {}


def _product(root: Path) -> Product | None:
    try:
        return components.product(root)
    except NoLocks:
        return None


def _catalogue(area: Area) -> Iterator[Fact]:
    asked = (*area.questions, *area.kept_apart)
    head = ("Oplysning", "Kilde", "Formål", "Lov", "Følsomhed", "Pligt", "Modellen lærer af den")
    rows = tuple(
        (
            question.label, question.source.label, question.purpose, area.law_of(question).name,
            SENSITIVITY[question.terms.sensitivity], DUTY[question.terms.duty],
            "ja" if question.learned else "nej",
        )
        for question in asked
    )  # fmt: skip
    yield table("data.facts", "Oplysninger", CATALOGUE, head, rows, "Kataloget er tomt.")
    yield said("data.sources", "Kilder", CATALOGUE, *(Source(each).label for each in sources_of(area)))
    laws = tuple((law.name, law.says) for law in area.laws)
    yield table(
        "data.laws",
        "Love",
        CATALOGUE,
        ("Lov", "Det, borgeren får at vide om den"),
        laws,
        "Ingen lov er nævnt.",
    )
    kept_apart = questions_of(area.protected) if area.protected else ()
    yield said("data.protected", "Holdt for sig i hvælvet", CATALOGUE, *(each.label for each in kept_apart))
    yield said("system.levels", "Niveauer, den taler om", CATALOGUE, *(each.label for each in area.levels))


def _retention(path: Path | None) -> Fact:
    try:
        schedule = read_schedule(path)
    except ScheduleRefused:
        return lacking(
            "data.kept", "Frister for sletning", SCHEDULE, "Kommunens plan for sletning kan ikke læses."
        )
    rows = tuple(
        (KEPT[line], f"{count} {UNITS[RULES[line].unit][count != 1]}")
        for line, count in schedule.periods.items()
    )
    unapproved = (
        ()
        if schedule.approved_by
        else ("Nogen, der har godkendt planen for sletning. Databeskyttelsesrådgiveren sætter fristerne.",)
    )
    head = ("Hvad", "Hvor længe")
    return Fact("data.kept", "Frister for sletning", SCHEDULE, head=head, rows=rows, missing=unapproved)


def _parts(made: Product | None) -> Iterator[Fact]:
    source = "låsefilerne"
    if made is None:
        why = "Låsefilerne følger med kildekoden. Kør kommandoen fra et udtjek."
        yield lacking("product.version", "Version af programmet", source, why)
        yield lacking("product.parts", "Dele, det er bygget af", source, why)
        yield lacking("product.direct", "Dele, det bruger direkte", source, why)
        return
    yield said("product.version", "Version af programmet", source, f"{made.version}, {made.licence}")
    rows = tuple(
        (each.name, each.version, "drift" if each.shipped else "værksted og prøver")
        for each in made.components
    )
    yield table(
        "product.parts", "Dele, det er bygget af", source, ("Del", "Version", "Til"), rows, "Ingen dele."
    )
    direct = tuple(
        (each.name, each.version)
        for each in made.components
        if each.shipped and components.ITSELF in each.asked_by
    )
    rest = f"De står med version og sum i styklisten, hvor alle {len(rows)} dele er."
    yield Fact("product.direct", "Dele, det bruger direkte", source, (rest,), ("Del", "Version"), direct)
