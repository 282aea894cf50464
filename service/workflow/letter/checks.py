"""What a letter's parts must be before they are signed; each fault is a sentence that says what to mend."""

from collections.abc import Collection, Iterator
from dataclasses import asdict

from service.workflow.letter.draft import Parts, weighed_template
from service.workflow.letter.ground import Ground
from service.workflow.letter.plain import MOST_WORDS, measure, sentences_of, words_of
from service.workflow.letter.words import LINT, OTHERS_GOT_IT, THE_SYSTEM_SAID_SO

MOST_CHARACTERS = 4000
FEWEST_OWN_WORDS = 3
CONFIRMED = ("facts", "law")
"""The parts that she says she has read, whether she changed them or not."""

EMPTY = {
    "weighed": "Skriv, hvad du lagde vægt på for netop denne borger.",
    "wish": "Skriv borgerens ønsker. Er de ikke indhentet, så skriv det, og hvorfor.",
    "facts": "Skriv de oplysninger, som beslutningen bygger på.",
    "law": "Skriv, hvilke regler beslutningen bygger på.",
}
UNCONFIRMED = {
    "facts": "Sæt kryds ved, at oplysningerne om borgeren passer.",
    "law": "Sæt kryds ved, at reglerne passer.",
}
UNCONFIRMED_KEY = "confirmed"


def faults_of(ground: Ground, parts: Parts, confirmed: Collection[str]) -> dict[str, str]:
    """The first fault of each part, by its name, and what is not confirmed; none when it may be signed."""
    texts = asdict(parts)
    faults = {name: fault for name, text in texts.items() if (fault := _fault(name, text))}
    if "weighed" not in faults and (fault := _no_reason(ground, parts.weighed)):
        faults["weighed"] = fault
    found = {name: faults[name] for name in texts if name in faults}
    if missing := [UNCONFIRMED[name] for name in CONFIRMED if name not in confirmed]:
        found[UNCONFIRMED_KEY] = " ".join(missing)
    return found


def _fault(name: str, text: str) -> str | None:
    """What is wrong with the words of one part, whatever part it is."""
    if not words_of(text):
        return EMPTY[name]
    if len(text) > MOST_CHARACTERS:
        return f"Teksten må højst være på {MOST_CHARACTERS} tegn."
    if found := LINT.search(text):
        return f"Brevet bruger ikke ordet »{found[0]}«. Skriv det på en anden måde."
    if found := THE_SYSTEM_SAID_SO.search(text):
        return f"Systemet er aldrig en grund (»{found[0]}«). Skriv, hvad du selv lagde vægt på hos borgeren."
    return next(_too_long(text), None)


def _too_long(text: str) -> Iterator[str]:
    for sentence in measure([text]).too_long:
        count = len(words_of(sentence))
        yield f"Del denne sætning. Den er på {count} ord, og der må højst være {MOST_WORDS}: »{sentence}«"


def _no_reason(ground: Ground, text: str) -> str | None:
    """Why a text about what weighed says nothing about this person, or None when it does."""
    template = {_bare(sentence) for sentence in sentences_of(weighed_template(ground))}
    own = [sentence for sentence in sentences_of(text) if _bare(sentence) not in template]
    if sum(len(words_of(sentence)) for sentence in own) < FEWEST_OWN_WORDS:
        return "Skriv med dine egne ord, hvad du lagde vægt på for netop denne borger. Udkastet er ikke nok."
    if all(OTHERS_GOT_IT.search(sentence) for sentence in own):
        return "Det, andre fik, er ikke grund nok. Skriv også, hvad du lagde vægt på hos netop denne borger."
    return None


def _bare(sentence: str) -> str:
    """A sentence without its signs and capitals: a full stop more does not make it somebody's own."""
    return " ".join(words_of(sentence)).casefold()
