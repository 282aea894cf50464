"""The words of a letter, from its ground and the parts that a caseworker signed: the same wherever shown."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from service.workflow.letter import course
from service.workflow.letter.course import day
from service.workflow.letter.draft import Parts
from service.workflow.letter.ground import Ground

FORMAT = 1
TITLE = "Sådan blev din genoptræning besluttet"

OPENING = "En sagsbehandler har besluttet din genoptræning. Det er ikke en computer, der har besluttet det."


@dataclass(frozen=True)
class Section:
    """Some paragraphs under a heading."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows under headings: what they are about stands in the first column."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class LetterText:
    """A whole letter, as it is stored, shown and printed."""

    title: str
    place: str
    greeting: str
    opening: str
    sections: tuple[Section, ...]
    help: Table
    facts: Table
    signature: str

    def to_json(self) -> dict[str, Any]:
        """The letter as its part holds it."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> "LetterText":
        """A letter as it was stored."""
        said = {name: value for name, value in held.items() if name != "format"}
        said["sections"] = tuple(
            Section(each["heading"], tuple(each["paragraphs"])) for each in said["sections"]
        )
        for name in ("help", "facts"):
            table = said[name]
            rows = tuple(tuple(row) for row in table["rows"])
            said[name] = Table(table["heading"], tuple(table["columns"]), rows)
        return cls(**said)

    def paragraphs(self) -> tuple[str, ...]:
        """Everything that is said in sentences."""
        return (self.opening, *(text for section in self.sections for text in section.paragraphs))


def compose(ground: Ground, parts: Parts) -> LetterText:
    """Put a letter together. The result comes first and the law last."""
    weighed = Section(course.WHAT_WEIGHED, _lines(parts.weighed))
    wish = Section("Dine ønsker", _lines(parts.wish))
    facts = Section("Det ved vi om dig", _lines(parts.facts))
    return LetterText(
        title=TITLE,
        place=f"{ground.municipality}, {ground.unit}. {day(ground.written_on)}. Sag {ground.serial}.",
        greeting=f"Kære {ground.name}",
        opening=OPENING,
        sections=(
            Section("Det får du", (_result(ground),)),
            weighed,
            wish,
            facts,
            Section("Sådan gjorde vi", course.course_of(ground)),
            Section("Om systemet", (course.about_the_system(ground),)),
            Section("Det kan du gøre", _rights(ground)),
            Section("Reglerne", _lines(parts.law)),
        ),
        help=_help(ground),
        facts=Table(
            "Oplysninger, vi brugte, og hvor de kom fra",
            ("Oplysning", "Svar", "Hvor fra"),
            tuple((told.label, told.value, told.source) for told in ground.facts),
        ),
        signature=f"Venlig hilsen {ground.unit}, {ground.municipality}",
    )


def _result(ground: Ground) -> str:
    said = [f"Du får {ground.offer}."]
    if ground.first_date:
        said.append(f"Den første aftale er den {day(ground.first_date)}.")
    else:
        said.append("Der er ikke sat en dag for den første aftale endnu.")
    if ground.due_on and not (ground.first_date and ground.first_date <= ground.due_on):
        said.append(f"Vi skal tilbyde dig en start senest den {day(ground.due_on)}.")
        said.append("Ellers må du selv vælge et sted blandt dem, vi har en aftale med.")
    return " ".join(said)


def _rights(ground: Ground) -> tuple[str, ...]:
    return (
        f"Ring til os på {ground.contacts.phone}, hvis noget er forkert. Så ser vi på det.",
        "Du kan altid tale med et menneske. Ring, eller kom og tal med os.",
        "Bed om, at vi ser på din sag uden systemet. Det må du altid, og du skal ikke sige hvorfor.",
        "Du kan klage. Nederst i brevet kan du se, hvem du skal skrive til.",
    )


def _help(ground: Ground) -> Table:
    contacts = ground.contacts
    return Table(
        "Her kan du få hjælp",
        ("Hvad", "Hvor"),
        (
            ("Ansvarlig for din sag", f"{ground.municipality}, {ground.unit}"),
            ("Tal med et menneske", f"Telefon {contacts.phone}, {contacts.hours}"),
            ("Skriv til os", f"{contacts.email}. {contacts.address}"),
            ("Fejl i dine oplysninger", f"Telefon {contacts.phone}, eller skriv til os"),
            ("Klage over beslutningen", contacts.complaint),
            ("Om brug af dine data", contacts.data_protection),
            ("Om dine rettigheder", contacts.adviser),
        ),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
