"""The record and the shells of the Dutch public standards, which have schemas that ours lacks.

The keys are theirs, the words ours and Danish: the Algoritmeregister 1.0 (its `AlgorithmIn`), and the answers
of an assessment for the Rijksmodel DPIA 3.0 and IAMA 2.0. What nobody knows reads MANGLER there too.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from models.terms import Sensitivity
from service.workflow.documents.document import instant_text
from service.workflow.documents.facts import MISSING, Cell, Fact, Facts
from service.workflow.documents.sensitivity import SENSITIVITY
from service.workflow.documents.written_facts import PROTECTS, first_line, written

LONGEST, LONGEST_METHOD, LONGEST_SHORT, LONGEST_NAME = 2500, 5000, 350, 100
RECORD = {
    "goal": ("system.purpose",),
    "proportionality": ("use.need", "use.proportion"),
    "human_intervention": ("system.oversight",),
    "lawful_basis": ("use.basis",),
    "impacttoetsen": ("owed.dpia", "owed.fria"),
    "source_data": ("data.sources", "data.how"),
    "methods_and_models": ("system.method", "system.explanations"),
}
IN_USE = ("pilot", "drift")
CATEGORY = "Hoog-risico AI-systeem"
ASSESSMENT = "https://github.com/MinBZK/par-dpia-form/blob/main/schemas/assessment-output.v2.schema.json"
"""The schema's own constant; nothing is fetched from it."""
DPIA, IAMA = "urn:nl:dpia:3.0", "urn:nl:iama:2.0"
SHELLS = "shells"
"""The file with the open questions of both: see what it says of those that are left to people."""
FACTS_ASKED, KIND_OF_ALGORITHM = "2.1", "2.1.1.1"
LEARNS = "zelflerend"
"""The definition's own word for an algorithm that is made from cases, as Skøn's is."""
SPECIAL, ORDINARY, FELT = "bijzonder", "gewoon", "gevoelig"
KIND_OF_FACT = {
    SENSITIVITY[Sensitivity.SPECIAL]: SPECIAL, SENSITIVITY[Sensitivity.ORDINARY]: ORDINARY,
    SENSITIVITY[Sensitivity.CONFIDENTIAL]: FELT, SENSITIVITY[Sensitivity.FELT_PRIVATE]: FELT,
}  # fmt: skip
"""How the DPIA sorts a fact of the catalogue, as far as it has a kind for it."""


def record(facts: Facts, phase: str | None) -> dict[str, str]:
    """The public record with the fields of the Algoritmeregister; `phase` is the municipality's, if any."""
    texts = {field: _text(facts, keys) for field, keys in RECORD.items()}
    purpose = facts["system.purpose"]
    risks = (f"{row[0]}: {first_line(row[PROTECTS])}" for row in facts["risk.register"].rows)
    method = texts.pop("methods_and_models")
    return {
        "name": cut(facts["system.name"].text, LONGEST_NAME),
        "description_short": cut(str(purpose.lines[1]) if purpose.known else purpose.text, LONGEST_SHORT),
        "organization": cut(facts["place.name"].text, LONGEST_NAME),
        "status": "In gebruik" if phase in IN_USE else "In ontwikkeling",
        "contact_email": facts["place.email"].text,
        "publication_category": CATEGORY,
        **{field: cut(text, LONGEST) for field, text in texts.items()},
        "risks": cut(" ".join((*_gaps(facts["risk.register"]), *risks)), LONGEST),
        "methods_and_models": cut(method, LONGEST_METHOD),
        "source_id": cut(facts["model.version"].text, LONGEST_NAME),
        "standard_version": "1.0",
        # The register knows no other language; the words are Danish until somebody has translated them.
        "lang": "nld",
    }


def shell(facts: Facts, urn: str, now: datetime) -> dict[str, Any]:
    """An assessment with every open question: what the facts say, and who answers what they do not."""
    at = instant_text(now)
    answers: dict[str, Any] = {
        task: _answer(_answered(facts, each.get("fakta", ()), each.get("hvem", "")), at)
        for task, each in written(SHELLS)[urn].items()
    }
    if urn == DPIA:
        answers[FACTS_ASKED] = [*_facts_asked(facts["data.facts"], at)]
    else:
        answers[KIND_OF_ALGORITHM] = _answer(LEARNS, at)
    return {"$schema": ASSESSMENT, "metadata": {"urn": urn, "createdAt": at}, "answers": answers}


def cut(text: str, most: int) -> str:
    """A text that fits its field: whole words, and a dash where something is left out."""
    if len(text) <= most:
        return text
    return text[: most - 2].rpartition(" ")[0] + " …"


def _answer(value: str, at: str) -> dict[str, str]:
    return {"value": value, "lastEditedAt": at}


def _answered(facts: Facts, keys: Sequence[str], who: str) -> str:
    """What the facts say of a question, and who answers the rest."""
    rest = (f"{MISSING}: Det besvares af {who}.",) if who else ()
    return "\n".join((*(_told(facts[key]) for key in keys), *rest))


def _facts_asked(catalogue: Fact, at: str) -> Iterator[dict[str, Any]]:
    """One repetition for each fact of the catalogue; without it, one that says so."""
    if not catalogue.known:
        yield {"_index": 0, "2.1.1": _answer(catalogue.text, at)}
    for number, row in enumerate(catalogue.rows):
        yield _fact_asked(number, row, at)


def _fact_asked(number: int, row: Sequence[Cell], at: str) -> dict[str, Any]:
    """A fact of the catalogue as one repetition: its name, whose it is, and its kind where there is one."""
    name, _source, _purpose, _law, sensitivity, *_ = map(str, row)
    kind = {"2.1.4": _answer(KIND_OF_FACT[sensitivity], at)} if sensitivity in KIND_OF_FACT else {}
    return {"_index": number, "2.1.1": _answer(name, at), "2.1.2": _answer("Borgeren", at), **kind}


def _text(facts: Facts, keys: tuple[str, ...]) -> str:
    return "\n".join(_told(facts[key]) for key in keys)


def _told(fact: Fact) -> str:
    """A fact as one text: its lines, its rows and what is missing."""
    rows = (f"{row[0]}: {', '.join(first_line(cell) for cell in row[1:])}" for row in fact.rows)
    return " ".join((*map(str, fact.lines), *(f"{row}." for row in rows), *_gaps(fact)))


def _gaps(fact: Fact) -> Iterator[str]:
    return (f"{MISSING}: {each}" for each in fact.missing)
