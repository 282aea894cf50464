"""What a letter is made of, gathered in one go: the decision, how it came about, and whom to turn to.

The evidence comes in as the counts that were shown and nothing else, so that no figure of a model can reach
a letter.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlmodel import Session

from models import facts as case_facts
from models.declaration import label_in
from service import log
from service.clock import local_date
from service.errors import Conflict
from service.tables.intake import FactsVersion
from service.tables.organisation import Municipality, Unit
from service.tables.suggestion import Suggestion
from service.workflow.case_file import CaseFile, CaseState, facts_of
from service.workflow.decision.choice_words import choice_label
from service.workflow.letter.contacts import Contacts, read_contacts
from service.workflow.letter.proof import judged_first

LETTER_STATES = (CaseState.DECIDED, CaseState.PLANNED)
WISH = "maal"
"""What a plan calls the citizen's own goals (a code of `Area.practical`)."""


@dataclass(frozen=True)
class Count:
    """How many of the similar cases were given one offer."""

    offer: str
    count: int


@dataclass(frozen=True)
class Told:
    """A fact as the letter's table tells it, and as a sentence when there is one."""

    label: str
    value: str
    source: str
    sentence: str = ""


@dataclass(frozen=True)
class Ground:
    """Everything a letter may say. `why_withheld` is the reason's code when nothing was shown.

    `judged_first` is whether the log proves that the own judgement came before the similar cases.
    `computed` is whether an answer was computed that was not shown. `wish` is the citizen's, from the plan;
    `view` is what she wants, as the caseworker heard it.
    `due_on` is the day by which a start must be offered, None where the municipality chose no level.
    """

    variant: str
    name: str
    serial: int
    written_on: date
    decided_on: date
    offer: str
    law: str
    weighed: tuple[str, ...]
    own_words: str
    wish: str
    view: str
    facts: tuple[Told, ...]
    similar: tuple[Count, ...]
    most: str | None
    judged_first: bool
    change: str
    why_withheld: str | None
    computed: bool
    first_date: date | None
    due_on: date | None
    unit: str
    municipality: str
    contacts: Contacts = field(repr=False)

    @property
    def similar_count(self) -> int:
        """How many similar cases were shown."""
        return sum(each.count for each in self.similar)


def ground_of(session: Session, file: CaseFile, contacts_file: Path | None, today: date) -> Ground:
    """Gather it for the newest decision of a case.

    Raises Conflict while there is no decision that somebody is to carry out, and ContactsMissing.
    """
    decision = file.decision
    if decision is None or file.state not in LETTER_STATES:
        raise Conflict("Brevet kan skrives, når sagen er besluttet. Denne sag venter på noget andet først.")
    municipality = session.get_one(Municipality, file.case.municipality_id)
    contacts = read_contacts(contacts_file, municipality.code)
    shown = session.get_one(Suggestion, decision.suggestion_id)
    words = file.area.citizen_words
    label = choice_label(file.area, file.case.plan_type, decision.choice, decision.at)
    codes = [code for code in (decision.reason_code, decision.second_reason_code) if code]
    said = log.open_part(session, decision)
    return Ground(
        variant=variant_of(shown, decision.agreement),
        name=file.identity["name"],
        serial=file.case.serial,
        written_on=today,
        decided_on=local_date(decision.at),
        offer=words.offers.get(decision.choice, label.lower()),
        law=words.law.get(decision.choice, f"Reglerne står i {file.area.legal_basis}."),
        weighed=tuple(words.weighed.get(c, label_in(file.area.reasons, c).lower()) for c in codes),
        own_words=said.get("text", ""),
        wish=file.operational.get(WISH, ""),
        view=said.get("citizens_view", ""),
        facts=_told(session, file),
        similar=_counts(session, file, shown),
        most=_offer(file, shown.reference_level) if shown.reference_level else None,
        judged_first=judged_first(session, decision),
        change=decision.change,
        why_withheld=shown.reason,
        computed=shown.payload_hash is not None,
        first_date=file.planning.first_date if file.planning else None,
        due_on=file.case.due_on if decision.choice in file.area.level_codes else None,
        unit=session.get_one(Unit, file.case.unit_id).name,
        municipality=municipality.name,
        contacts=contacts,
    )


def variant_of(shown: Suggestion, agreement: str) -> str:
    """Which of the four truths a letter tells about the evidence (a code of `VARIANTS`)."""
    if shown.reason == "control_arm":
        return "control_arm"
    if shown.outcome == "withheld":
        return "not_shown"
    return "other_than_most" if agreement == "override" else "shown"


def _offer(file: CaseFile, level: str) -> str:
    return file.area.citizen_words.offers.get(level, file.area.level_label(level).lower())


def _counts(session: Session, file: CaseFile, shown: Suggestion) -> tuple[Count, ...]:
    """How the similar cases that were shown had been decided, the most common first; none when too few."""
    if shown.outcome == "withheld":
        return ()
    similar = log.open_part(session, shown)["payload"]["similar"]
    if similar["reference_reason"] == "too_few":
        return ()
    spread = similar["spread"]
    counts = [Count(_offer(file, entry["level"]), entry["count"]) for entry in spread if entry["count"]]
    return tuple(sorted(counts, key=lambda each: -each.count))


def _told(session: Session, file: CaseFile) -> tuple[Told, ...]:
    """The facts that the judgement read, in declared order, without those unknown or marked wrong.

    What is computed and not learned from says how much is known, and nothing about her.
    """
    version: FactsVersion = file.judged_facts or file.facts_version
    found, words = facts_of(session, file.area, version), file.area.citizen_words.known
    told = []
    for question in file.area.questions:
        value = found[question.name].known
        is_about_her = question.learned or not question.computed
        if value is not None and is_about_her:
            said = case_facts.say(question, value)
            sentence = words.get(question.name, {}).get(str(value), "")
            told.append(Told(question.label, said, found[question.name].source.label, sentence))
    return tuple(told)
