"""What the log and the registers say about the system in use, as facts.

The year's numbers are those of the yearly report, under the same suppression and from the same function.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from models.instants import day_text
from service.clock import local_date
from service.tables.governance import Admission
from service.workflow.documents.facts import Cell, Fact, Number, Unit, lacking, said, table
from service.workflow.registers import challenge, words
from service.workflow.registers import documents as owed
from service.workflow.statistics.intervals import wilson
from service.workflow.statistics.shares import Share
from service.workflow.yearly.sections import HIDDEN, PHASES, WHAT_HAPPENED
from service.workflow.yearly.sources import Sources

NOT_MONITORED = "Ingen måned er overvåget. Det sker med: skoen model monitor."
LOG, REGISTERS, CONTACTS = "loggen", "registrene", "kommunens fil med kontaktoplysninger"


def operation_facts(
    sources: Sources, history: tuple[Admission, ...], contacts: Mapping[str, str]
) -> Iterator[Fact]:
    """Everything about the municipality and its use of the system."""
    yield from _place(sources, contacts)
    yield from _use(sources)
    yield _history(history)
    yield from _registers(sources)


def _place(sources: Sources, contacts: Mapping[str, str]) -> Iterator[Fact]:
    place = sources.municipality
    yield said("place.name", "Dataansvarlig", "Skøns liste over kommuner", f"{place.name} ({place.code})")
    for key, label, line in (
        ("place.responsible", "Ansvarlig", "responsible"),
        ("place.email", "Kontakt", "email"),
        ("place.adviser", "Databeskyttelsesrådgiver", "data_protection"),
    ):
        yield said(key, label, CONTACTS, contacts.get(line, ""))


def _use(sources: Sources) -> Iterator[Fact]:
    phase = sources.phases[-1] if sources.phases else None
    if phase is None:
        why = "Kommunen er ikke i nogen fase. Den indføres med: skoen phase set."
        yield lacking("use.phase", "Fase og periode", LOG, why)
        yield lacking("use.basis", "Retsgrundlag for fasen", REGISTERS, why)
    else:
        since = f"{PHASES[phase.phase]}, fra {day_text(phase.valid_from)}, til en ny fase bliver indført"
        yield said("use.phase", "Fase og periode", LOG, since[:1].upper() + since[1:])
        basis = phase.legal_basis or "Øvelse med opdigtede borgere: det er ikke nødvendigt."
        yield said("use.basis", "Retsgrundlag for fasen", REGISTERS, basis)
    yield _frequency(sources)
    yield _practice(sources)


def _frequency(sources: Sources) -> Fact:
    counted, until = sources.practice, sources.through
    if counted is None or until is None or counted.empty:
        why = f"Loggen har ingen afgjorte sager, der kan tælles, i {sources.year}."
        return lacking("use.frequency", "Hvor tit det bruges", LOG, why)
    since = (date(sources.year, 1, 1), until)
    asked = (
        ("afgjorte sager", counted.decided),
        ("heraf med grundlag vist", counted.with_evidence),
        ("heraf uden grundlag vist", counted.without_evidence),
    )
    rows = tuple((name, HIDDEN if n is None else Number(n, since)) for name, n in asked)
    return table("use.frequency", "Hvor tit det bruges", LOG, ("Sager", "Antal"), rows, "")


def _practice(sources: Sources) -> Fact:
    counted, until = sources.practice, sources.through
    if counted is None or until is None or counted.empty:
        why = f"Der er ingen beslutninger at sammenligne i {sources.year}."
        return lacking("use.practice", "Beslutninger ved siden af grundlaget", LOG, why)
    since = (date(sources.year, 1, 1), until)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("anderledes end flest lignende sager", _share(counted.override, since)),
        ("første aftale inden for fristen", _share(counted.in_time, since)),
    )
    return table("use.practice", "Beslutninger ved siden af grundlaget", LOG, ("Hvad", "Andel"), rows, "")


def _share(share: Share, since: tuple[date, date]) -> Cell:
    """A share as it may be told: hidden, so many of so many, or a percentage with its interval."""
    if share.of is None or share.hits is None:
        return HIDDEN
    if share.percent is None:
        return f"{share.hits} af {share.of}" if share.of else "ingen sager"
    ends = wilson(share.hits, share.of)
    return Number(share.hits / share.of, since, share.of, (ends.low, ends.high), Unit.SHARE)


def _history(history: tuple[Admission, ...]) -> Fact:
    rows = tuple(
        (day_text(local_date(row.at)), f"{WHAT_HAPPENED[row.kind]} {row.version}", row.approver, row.note)
        for row in history
    )
    head = ("Dag", "Hvad", "Godkendt af", "Hvad der var nyt")
    return table("model.history", "Skift af model", LOG, head, rows, "Ingen model er taget i brug.")


def _registers(sources: Sources) -> Iterator[Fact]:
    for key, label, kind, why in (
        ("register.involved", "Inddragelse", "involvement", "Ingen inddragelse er i registret."),
        ("register.dilemmas", "Dilemmaer", "dilemma", "Der er intet dilemma i registret."),
        ("register.balance", "Afvejninger", "balance", "Der er ingen afvejning i registret."),
        ("register.approvals", "Godkendelser", "approval", "Der er ingen godkendelse i registret."),
        ("register.incidents", "Hændelser", "incident", ""),
        ("register.changes", "Praksisskift", "practice_change", ""),
        ("register.challenges", "Versioner, der er holdt op mod den i brug", challenge.KIND, ""),
        ("register.monitoring", "Overvågning, måned for måned", "monitoring", NOT_MONITORED),
    ):
        entries = tuple(each for each in sources.entries if each.kind == kind)
        lines = tuple(
            f"{words.title_of(each).rstrip('.')} ({words.about_words(each.subject)})" for each in entries
        )
        yield said(key, label, REGISTERS, *lines) if lines else _none(key, label, why)
    for code, label in owed.DOCUMENTS.items():
        yield _document(sources, code, label)


def _none(key: str, label: str, why: str) -> Fact:
    """No entry: for some registers a gap, for others nothing happened."""
    return lacking(key, label, REGISTERS, why) if why else said(key, label, REGISTERS, "Ingen i registret.")


def _document(sources: Sources, code: str, label: str) -> Fact:
    """The newest document of a kind in the register, with its advice; the same for every document."""
    label = label[:1].upper() + label[1:]
    found = [e.content for e in sources.entries if e.kind == "document" and e.content[owed.DOCUMENT] == code]
    if not found:
        return lacking(
            f"owed.{code}", label, REGISTERS, f"{label}. Den, der svarer for det, skriver det i registret."
        )
    newest = max(found, key=lambda content: str(content["dato"]))
    advice = f"Databeskyttelsesrådgiverens råd: {newest['raad']}" if newest.get("raad") else ""
    held = day_text(date.fromisoformat(newest["dato"]))
    return said(
        f"owed.{code}", label, REGISTERS, f"{newest['titel']}, {held}. Findes: {newest['findes']}.", advice
    )
