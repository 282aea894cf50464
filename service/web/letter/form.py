"""The letter's form: the parts as she wrote them, as they stood in the letter before, or as drafted."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from flask_babel import gettext

from service.web.forms import Fault, FieldView, Typed, choice_field, faults_of, text_field
from service.workflow.letter.checks import UNCONFIRMED_KEY
from service.workflow.letter.draft import Parts

WEIGHED, WISH, FACTS, LAW = "weighed", "wish", "facts", "law"
CONFIRMED, DECISION, REPLACES, TASK = UNCONFIRMED_KEY, "decision", "replaces", "opgave"
"""The fields, named as the workflow names them; TASK says which button was pressed."""

PREVIEW = "vis"


@dataclass(frozen=True)
class LetterForm:
    """The form as the page shows it, and the decision and the letter that it was opened with."""

    weighed: FieldView
    wish: FieldView
    facts: FieldView
    law: FieldView
    confirmed: FieldView
    decision_id: str
    replaces: str

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend, in the order of the fields."""
        return faults_of((self.weighed, self.wish, self.facts, self.law, self.confirmed))


def letter_form(
    parts: Parts, confirmed: list[str], errors: Mapping[str, str], *, decision_id: str, replaces: str
) -> LetterForm:
    """The form with some parts in it. Nothing is confirmed beforehand."""
    typed: Typed = {**{name: [text] for name, text in asdict(parts).items()}, CONFIRMED: confirmed}

    def part(name: str, label: str, help_: str) -> FieldView:
        return text_field(name, label, typed, errors.get(name, ""), help_)

    boxes = [(FACTS, gettext("Oplysningerne om borgeren passer")), (LAW, gettext("Reglerne passer"))]
    return LetterForm(
        weighed=part(
            WEIGHED,
            gettext("Hvad lagde du vægt på for netop denne borger?"),
            gettext("Udkastet gentager det, du valgte. Skriv resten med dine egne ord."),
        ),
        wish=part(
            WISH,
            gettext("Borgerens egne ønsker"),
            gettext("Er de ikke indhentet, så skriv det, og hvorfor."),
        ),
        facts=part(
            FACTS,
            gettext("Oplysninger, der havde betydning"),
            gettext("Slet det, der ikke betød noget. Alle oplysninger står i en tabel bagest i brevet."),
        ),
        law=part(LAW, gettext("Regler"), gettext("Står sidst i brevet.")),
        confirmed=replace(
            choice_field(CONFIRMED, gettext("Har du læst det?"), boxes, typed, errors.get(CONFIRMED, "")),
            widget="boxes",
        ),
        decision_id=decision_id,
        replaces=replaces,
    )


def parts_in(typed: Typed) -> Parts:
    """The parts as they were sent; line ends are those of the page, not of the browser."""

    def sent(name: str) -> str:
        return next(iter(typed.get(name, ())), "").replace("\r\n", "\n").strip()

    return Parts(weighed=sent(WEIGHED), wish=sent(WISH), facts=sent(FACTS), law=sent(LAW))
