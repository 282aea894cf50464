"""The forms of a right: to register one, to answer it, to put the answer off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from models.declaration import Area
from models.facts import Fact
from service.errors import Refused
from service.web.forms import Fault, FieldView, Typed, choice_field, faults_of, text_field
from service.workflow.rights.kinds import KINDS, grounds_for

KIND, CHANNEL, SPEAKER, BEHALF, RECEIVED, FACT, WORDS = (
    "rettighed", "kanal", "hvem", "fuldmagt", "modtaget", "oplysning", "ord",
)  # fmt: skip
OUTCOME, GROUND, ANSWER, WHY = "svar", "grund", "tekst", "hvorfor"
FIELDS = {
    "kind": KIND, "channel": CHANNEL, "speaker": SPEAKER, "on_behalf": BEHALF, "received_on": RECEIVED,
    "words": WORDS, "outcome": OUTCOME, "ground": GROUND,
}  # fmt: skip
"""What the workflow calls a field, and what the page does."""


@dataclass(frozen=True)
class AskForm:
    """The fields with which a right is registered. Nothing but the day is chosen beforehand."""

    kind: FieldView
    channel: FieldView
    speaker: FieldView
    on_behalf: FieldView
    received_on: FieldView
    fact: FieldView
    words: FieldView

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend, in the order of the fields."""
        return faults_of(
            (self.kind, self.channel, self.speaker, self.on_behalf, self.received_on, self.fact, self.words)
        )


@dataclass(frozen=True)
class AnswerForm:
    """The fields of an answer; `ground` is None for what cannot be refused."""

    outcome: FieldView | None
    ground: FieldView | None
    words: FieldView

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend, in the order of the fields."""
        return faults_of([each for each in (self.outcome, self.ground, self.words) if each])


def ask_form(
    area: Area, facts: Mapping[str, Fact], typed: Typed | None, errors: Mapping[str, str], today: date
) -> AskForm:
    """The form to register a right."""
    held = {RECEIVED: [today.isoformat()]} if typed is None else typed
    marked = [
        (name, area.by_name[name].label)
        for name, fact in facts.items()
        if fact.value is not None and not fact.marked_wrong and not area.by_name[name].computed
    ]
    fact = choice_field(
        FACT, gettext("Hvilken oplysning er forkert?"), marked, held, errors.get(FACT, ""),
        gettext("Kun ved rettelse. Oplysningen markeres med det samme som forkert."),
    )  # fmt: skip
    return AskForm(
        kind=choice_field(
            KIND, gettext("Hvad beder borgeren om?"), [(k.code, k.label) for k in KINDS.values()], held,
            errors.get(KIND, ""),
        ),
        channel=choice_field(
            CHANNEL, gettext("Hvordan?"), [(c, w) for c, w in channel_words().items() if c != "own"], held,
            errors.get(CHANNEL, ""),
        ),
        speaker=choice_field(
            SPEAKER, gettext("Hvem?"), speaker_words().items(), held, errors.get(SPEAKER, "")
        ),
        on_behalf=text_field(
            BEHALF, gettext("Hvem taler for borgeren, og med hvilken ret?"), held, errors.get(BEHALF, ""),
            gettext("Kun når det ikke er borgeren selv. For eksempel: datteren Ida, fuldmagt af 3. maj."),
        ),
        received_on=text_field(
            RECEIVED, gettext("Modtaget den"), held, errors.get(RECEIVED, ""),
            gettext("Fristen løber fra den dag."), "date",
        ),
        fact=_as_select(fact),
        words=text_field(
            WORDS, gettext("Hvad sagde eller skrev borgeren?"), held, errors.get(WORDS, ""),
            gettext("Med borgerens egne ord. Kan udelades, undtagen ved rettelse."),
        ),
    )  # fmt: skip


def answer_form(kind: str, typed: Typed | None, errors: Mapping[str, str]) -> AnswerForm:
    """The form of an answer to one kind of request."""
    is_choice = KINDS[kind].is_choice
    grounds = [(each.code, f"{each.words} ({each.provision})") for each in grounds_for(kind)]
    return AnswerForm(
        outcome=None if is_choice else choice_field(
            OUTCOME, gettext("Svaret"), outcome_words().items(), typed, errors.get(OUTCOME, "")
        ),
        ground=None if is_choice else choice_field(
            GROUND, gettext("Ved afslag, helt eller delvis: hvilken regel?"), grounds, typed,
            errors.get(GROUND, ""), gettext("Reglen og en klagevejledning sættes selv ind i svaret."),
        ),
        words=text_field(ANSWER, gettext("Svaret til borgeren"), typed, errors.get(ANSWER, "")),
    )  # fmt: skip


def why_field(label: str, typed: Typed | None = None, error: str = "") -> FieldView:
    """The reasons for putting an answer off, or for lifting a restriction."""
    return text_field(WHY, label, typed, error)


def errors_of(refused: Refused, usual: str, words: str) -> dict[str, str]:
    """The refusal at its field, or at the `usual` one; `words` is what the page calls the field for text."""
    return {words if refused.field == "words" else FIELDS.get(refused.field or "", usual): refused.sentence}


def day_in(text: str) -> date:
    """The day typed; raises Refused for what is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(gettext("Skriv en dato."), field="received_on") from None


def channel_words() -> dict[str, str]:
    """How a citizen has asked."""
    return {
        "own": gettext("På borgerens egen side"),
        "phone": gettext("Telefon"),
        "letter": gettext("Brev eller Digital Post"),
        "in_person": gettext("Fremmøde"),
    }


def speaker_words() -> dict[str, str]:
    """Who has asked."""
    return {"citizen": gettext("Borgeren selv"), "representative": gettext("En, der taler for borgeren")}


def outcome_words() -> dict[str, str]:
    """What an answer can be."""
    return {
        "granted": gettext("Imødekommet"),
        "partly": gettext("Delvis imødekommet"),
        "refused": gettext("Afslået"),
    }


def step_words() -> dict[str, str]:
    """What can be done about a request."""
    return {
        **outcome_words(),
        "extended": gettext("Fristen forlænget"),
        "withdrawn": gettext("Taget tilbage af borgeren"),
        "lifted": gettext("Begrænsningen ophævet"),
    }


def _as_select(field: FieldView) -> FieldView:
    return FieldView(
        field.id, field.field, field.label, field.help, "select", field.choices, error=field.error
    )
