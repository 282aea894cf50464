"""The page, gathered in one go: the same for the citizen, for whoever acts for her, and on the phone."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import Session

from models import facts as case_facts
from models.declaration import Question, Source
from models.facts import Fact
from service.tables.organisation import Municipality, Unit
from service.workflow.case_file import CaseFile, open_file
from service.workflow.citizen_page import reports, representation, words
from service.workflow.citizen_page.contexts import contexts_of
from service.workflow.citizen_page.deadlines import chosen_by_her, deadlines_of
from service.workflow.citizen_page.looks import looks_of
from service.workflow.citizen_page.uses import Use, uses_of
from service.workflow.citizen_page.weighing import Weighing, weighings_of
from service.workflow.decision.choice_words import choice_label
from service.workflow.letter.compose import LetterText
from service.workflow.letter.contacts import Contacts, read_contacts
from service.workflow.letter.course import day
from service.workflow.letter.ground import LETTER_STATES
from service.workflow.letter.write import signed_letter
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.retention.schedule import read_schedule


@dataclass(frozen=True)
class FactRow:
    """One fact: what we know, from where, why, what she has of it, and whether it is hers to give.

    `law` is how the rule is cited, `rule` what it says; `state` says what is wrong with the fact, or "".
    """

    name: str
    label: str
    value: str
    source: str
    why: str
    benefit: str
    voluntary: str
    law: str
    rule: str
    state: str
    may_be_wrong: bool


@dataclass(frozen=True)
class Group:
    """Facts under a heading."""

    label: str
    facts: tuple[FactRow, ...]


@dataclass(frozen=True)
class LookRow:
    """Who looked on a day, as far as it is told."""

    day: date
    why: str
    who: str
    times: int


@dataclass(frozen=True)
class CitizenPage:
    """Everything on the page."""

    case_id: str
    serial: int
    name: str
    about: tuple[tuple[str, str], ...]
    plan: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    uses: tuple[Use, ...]
    contexts: tuple[tuple[str, str], ...]
    weighed: tuple[Weighing, ...]
    looks: tuple[LookRow, ...]
    some_looks_deleted: bool
    representative: str
    kept: str
    deadlines: tuple[str, ...]
    rights: tuple[str, ...]
    help: tuple[tuple[str, str], ...]
    decided: str
    letter: LetterText | None
    letter_is_outdated: bool

    def sentences(self) -> tuple[str, ...]:
        """Everything that we say in sentences of our own: not the plan's words, nor what people wrote."""
        facts = [fact for group in self.groups for fact in group.facts]
        return (
            words.OPENING, self.decided, *words.ALL_USES, *words.ALL_LOOKS, *self.deadlines, *self.rights,
            *(use.text for use in self.uses), words.ALL_CONTEXTS,
            *(text for _, text in self.contexts),
            *dict.fromkeys(fact.why for fact in facts), *dict.fromkeys(fact.voluntary for fact in facts),
            *dict.fromkeys(fact.rule for fact in facts),
            *dict.fromkeys(fact.benefit for fact in facts), self.kept,
            *(fact.state for fact in facts if fact.state),
            *(text for weighed in self.weighed for text in weighed.sentences()),
        )  # fmt: skip


def page_of(
    session: Session, case_id: str, contacts: Path | None, today: date, schedule: Path | None = None,
    shelf: ModelShelf | None = None,
) -> CitizenPage:  # fmt: skip
    """Gather the page, with the municipality's own contacts and schedule, or those that come along.

    Without a `shelf` it is not told which model versions hold a case of hers.

    Raises CaseErased, ContactsMissing where nobody has said whom to turn to, and ScheduleRefused.
    """
    file = open_file(session, case_id)
    municipality = session.get_one(Municipality, file.case.municipality_id)
    unit = session.get_one(Unit, file.case.unit_id)
    told = read_contacts(contacts, municipality.code)
    looks, signed = looks_of(session, case_id), signed_letter(session, case_id)
    power = representation.standing(session, case_id)
    return CitizenPage(
        case_id=case_id,
        serial=file.case.serial,
        name=file.identity["name"],
        about=_about(file),
        plan=_plan(file),
        groups=_groups(session, file),
        uses=uses_of(session, file),
        contexts=words.context_lines(contexts_of(session, file, shelf)),
        weighed=weighings_of(session, file),
        looks=tuple(LookRow(each.day, *words.look_words(each), times) for each, times in looks.counted),
        some_looks_deleted=looks.some_are_deleted,
        representative=power.name if power and power.holds_on(today) else "",
        kept=_kept(schedule),
        deadlines=deadlines_of(file, today),
        rights=_rights(told),
        help=_help(told, f"{municipality.name}, {unit.name}"),
        decided=_result(file),
        letter=signed.text if signed else None,
        letter_is_outdated=bool(signed and (not file.decision or signed.row.decision_id != file.decision.id)),
    )


def _about(file: CaseFile) -> tuple[tuple[str, str], ...]:
    cpr, case = file.identity["cpr"], file.case
    lines = (
        ("Navn", file.identity["name"]),
        ("CPR-nummer", f"{cpr[:6]}-xxxx"),
        ("Adresse", file.identity["address"]),
        ("Telefon", file.identity["phone"]),
        ("Sag", str(case.serial)),
        ("Du kom hjem fra hospitalet", day(case.discharged_on)),
        ("Vi fik planen", day(case.received_on)),
        ("Du kan tidligst begynde", day(case.start_after) if case.start_after else ""),
    )
    return tuple((label, said) for label, said in lines if said)


def _result(file: CaseFile) -> str:
    """What was decided, as it stands; "" before that."""
    if file.decision is None or file.state not in LETTER_STATES:
        return ""
    label = choice_label(file.area, file.case.plan_type, file.decision.choice, file.decision.at)
    said = f"Du får {file.area.citizen_words.offers.get(file.decision.choice, label.lower())}."
    first = file.planning.first_date if file.planning else None
    appointment = f"Den første aftale er den {day(first)}." if first else ""
    return " ".join(filter(None, (said, chosen_by_her(file), appointment)))


def _plan(file: CaseFile) -> tuple[tuple[str, str], ...]:
    """What the hospital wrote, in its own words."""
    sections = [(each.label, file.sections.get(each.code, "")) for each in file.area.plan_sections]
    practical = [(each.label, file.operational.get(each.code, "")) for each in file.area.practical]
    return tuple((label, said) for label, said in (*sections, *practical) if said)


def _groups(session: Session, file: CaseFile) -> tuple[Group, ...]:
    reported = {said.question for said in reports.standing(session, file.case)}
    return tuple(
        Group(
            section.label,
            tuple(
                _fact(file, question, file.facts[question.name], question.name in reported)
                for question in file.area.questions
                if question.section == section.code
            ),
        )
        for section in file.area.sections
        if any(question.section == section.code for question in file.area.questions)
    )


def _fact(file: CaseFile, question: Question, fact: Fact, is_reported: bool) -> FactRow:
    state = words.SAID_WRONG if is_reported else words.MARKED_WRONG if fact.marked_wrong else ""
    return FactRow(
        name=question.name,
        label=question.label,
        value=words.NOT_STATED if fact.value is None else case_facts.say(question, fact.value),
        source=words.FROM[Source(fact.source)] if fact.value is not None else "",
        why=file.area.citizen_words.why.get(question.purpose, question.purpose),
        benefit=question.benefit,
        voluntary=words.VOLUNTARY[question.terms.duty],
        law=file.area.law_of(question).name,
        rule=file.area.law_of(question).says,
        state=state,
        may_be_wrong=not question.computed and fact.value is not None and not fact.marked_wrong,
    )


def _kept(schedule: Path | None) -> str:
    years = read_schedule(schedule).periods["citizens"]
    return f"Vi gemmer det i {years} år, efter at der sidst er sket noget i din sag."


def _rights(contacts: Contacts) -> tuple[str, ...]:
    return (
        "Du må få alt at se, og du må sige, at noget er forkert.",
        "Du må bede om, at vi ser på din sag uden systemet. Du skal ikke sige hvorfor.",
        "Du må klage over det, vi har besluttet.",
        "Du må også klage til Datatilsynet over, hvordan vi bruger dine data.",
        "Du kan altid tale med et menneske.",
        f"Ring til os på {contacts.phone}. Du kan også få en anden til at hjælpe dig.",
    )


def _help(contacts: Contacts, place: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Hvem har din sag", place),
        ("Tal med et menneske", f"Telefon {contacts.phone}, {contacts.hours}"),
        ("Skriv til os", f"{contacts.email}. {contacts.address}"),
        ("Klag over beslutningen", contacts.complaint),
        ("Spørg om dine data", contacts.data_protection),
        ("Klag over brug af dine data", "Datatilsynet, datatilsynet.dk"),
        ("Få råd om dine rettigheder", contacts.adviser),
    )
