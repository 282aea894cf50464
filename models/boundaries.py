"""What may never become a fact: the lines that nobody moves by adding a question to an area.

A source outside the list, a fact that names what somebody is rather than what she can do, a label that
judges, and learning from a fact that was not collected for it. `crossed` names every line an area crosses;
training and admission refuse an area that crosses one.
"""

import re
from collections.abc import Iterator

from models.declaration import Area, Question, Source
from models.terms import Sensitivity, Use

SOURCES = frozenset({Source.PLAN_CODED, Source.PLAN_TEXT, Source.MUNICIPALITY, Source.COMPUTED})
"""The received plan, the municipality's own records of the same service, and what is computed from both."""

NEVER_LEARNED = frozenset({Sensitivity.FELT_PRIVATE, Sensitivity.IDENTITY})
"""What no model sees, whatever law would allow it."""

BANNED_FACTS = (
    "cpr", "navn", "adresse", "postnummer", "postnr", "vejnavn", "koordinat",
    "nationalitet", "statsborger", "etnici", "oprindelse", "herkomst", "indvandr", "flygtning", "modersmaal",
    "hudfarve", "religi", "trosretning", "politisk", "fagforening", "seksuel", "partifarve",
    "indkomst", "gaeld", "formue", "skat", "kontanthjaelp", "ydelse", "beskaeftigelse", "arbejdsloes",
    "kriminal", "straf", "boern", "barn", "familie", "aegteskab", "civilstand", "skilsmisse",
    "underretning", "anbring", "misbrug", "boligomraade", "kvarter", "sygefravaer", "opvaekst", "bydel",
    "parallelsamfund", "ghetto", "foraeldre", "sprog", "kontaktperson", "paaroerende", "sygehus", "hospital",
    "afdeling",
)  # fmt: skip
"""Beginnings of words that no learned fact may hold: identity, what the law protects, other
departments, and what stands for origin or area: language, next of kin, which hospital and ward."""

BANNED_WORDS = (
    "risikoborger", "ghetto", "svag", "svage", "svagt", "ressourcesvag", "belastet", "belastede",
    "problemborger", "problemfamilie", "tung borger", "tunge borgere", "besværlig", "udsat borger",
    "udsatte borgere", "taber", "uintelligent", "doven", "umotiveret", "uvillig", "ikke-vestlig", "byrde",
    "skrøbelig borger",
)  # fmt: skip
"""Words that judge somebody. No label, help text or page says them."""

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_FACT = re.compile(rf"\b(?:{'|'.join(BANNED_FACTS)})")
_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(BANNED_WORDS)})(?!\w)", re.IGNORECASE)


class AreaRefused(ValueError):
    """An area crosses a line. `lines` names each of them in Danish."""

    def __init__(self, area: str, lines: tuple[str, ...]) -> None:
        super().__init__(f"{area}: {' '.join(lines)}")
        self.lines = lines


def refuse_crossed(area: Area) -> None:
    """Raise AreaRefused when an area may neither be learned from nor taken into use."""
    lines = crossed(area)
    if lines:
        raise AreaRefused(area.name, lines)


def crossed(area: Area) -> tuple[str, ...]:
    """Every line that an area crosses, as Danish sentences; empty for an area that keeps within them."""
    apart = {question.name for question in area.kept_apart}
    found = [line for question in area.questions for line in _lines_of(question, apart)]
    found += [line for question in area.kept_apart for line in _lines_apart(question)]
    return (*found, *(f"“{text}” dømmer et menneske." for text in _texts(area) if judging_words(text)))


def judging_words(text: str) -> tuple[str, ...]:
    """The words in a text that judge somebody."""
    return tuple(match[0] for match in _WORD.finditer(text))


def may_be_learned(question: Question) -> bool:
    """Whether a fact was collected for a purpose that a model and similar cases are part of."""
    return Use.LEARNING in question.terms.uses


def _lines_of(question: Question, apart: set[str]) -> Iterator[str]:
    if question.source not in SOURCES:
        yield f"{question.label} kommer fra en kilde, der ikke er tilladt: {question.source.label}."
    if question.learned and not may_be_learned(question):
        yield f"{question.label} er indsamlet til et andet formål og må ikke indgå i en beregning."
    if question.learned and (question.protected or question.name in apart):
        yield f"{question.label} er holdt for sig og må ikke indgå i en beregning."
    if question.learned and question.terms.sensitivity in NEVER_LEARNED:
        yield f"{question.label} er for privat til at indgå i en beregning."
    if Use.OUTSIDE in question.terms.uses:
        yield f"{question.label} må ikke gives videre til andre."
    if _names_what_is_banned(question):
        yield f"{question.label} er en oplysning, der aldrig må stå om en sag."


def _lines_apart(question: Question) -> Iterator[str]:
    if question.learned or question.weight or question.terms.uses - {Use.BIAS_TESTS}:
        yield f"{question.label} er holdt for sig og må kun bruges til prøver for skævhed."


def _names_what_is_banned(question: Question) -> bool:
    said = f"{question.name.replace('_', ' ')} {question.label}".casefold().translate(_LETTERS)
    return _FACT.search(said) is not None


def _texts(area: Area) -> Iterator[str]:
    """Whatever an area says to people."""
    for question in (*area.questions, *area.kept_apart):
        yield from (question.label, question.help, question.purpose, question.benefit)
        yield from (text for code in question.codes for text in (code.label, code.help))
    lists = (
        area.levels, area.reasons, area.plan_types, area.forms, area.teams, area.places, area.outcomes,
        area.start_statuses, area.plan_sections, area.practical, area.sections, area.owners,
    )  # fmt: skip
    yield from (text for codes in lists for code in codes for text in (code.label, code.help))
    words = area.citizen_words
    yield from (*words.law.values(), *words.offers.values(), *words.weighed.values())
    yield from (sentence for told in words.known.values() for sentence in told.values())
