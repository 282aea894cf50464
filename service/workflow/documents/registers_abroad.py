"""The record and the shells of the Dutch public standards, which have schemas that ours lacks.

The keys are theirs, the words ours and Danish: the Algoritmeregister 1.0 (its `AlgorithmIn`), and the answers
of an assessment for the Rijksmodel DPIA 3.0 and IAMA 2.0. What nobody knows reads MANGLER there too.
"""

from datetime import datetime
from typing import Any

from service.workflow.documents.document import instant_text
from service.workflow.documents.facts import MISSING, Fact, Facts
from service.workflow.documents.written_facts import first_line

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
TASKS = {
    DPIA: {
        "1.1": ("system.purpose", "use.proportion"),
        "2.3": ("use.data_subjects", "data.sources", "data.protected"),
        "3.2": ("system.process", "data.cleaned"),
        "4": ("system.method", "system.shown", "system.class"),
        "5.2": ("system.purpose", "system.not_for"),
        "6.2": ("place.name", "use.processors", "use.recipients"),
        "8.2": ("use.transfers", "system.hardware"),
        "9.2": ("data.laws",),
        "10.2": ("data.kept",),
        "11.2": ("use.basis",),
        "13.2": ("data.uses",),
        "14.1": ("use.need", "use.alternatives"),
        "14.2": ("use.proportion", "register.balance"),
        "16.2": ("risk.register", "model.bias"),
        "17.2": ("use.security", "system.oversight"),
        "17.3": ("use.decision",),
    },
    IAMA: {
        "1.1.1": ("data.why", "use.need"),
        "1.1.2": ("system.purpose",),
        "1.3.4": ("use.basis", "data.laws"),
        "2.1.1.2": ("system.method", "system.development"),
        "2.1.2": ("use.alternatives", "system.choices"),
        "2.3.1": ("data.sources", "data.how"),
        "2.4.1": ("system.metrics",),
        "2.4.3": ("system.misuse", "system.limits"),
        "2.5.1": ("use.hosting",),
        "2.5.2": ("use.security", "system.cybersecurity"),
        "3.1.1": ("system.process",),
        "3.1.2": ("use.phase",),
        "3.1.3": ("use.frequency",),
        "3.2.1": ("system.oversight",),
        "3.2.3": ("system.instructions",),
        "3.3.4": ("system.explanations", "use.rights"),
        "3.4.1": ("system.monitoring", "system.monitoring_plan", "use.measures"),
        "3.4.3": ("use.complaints",),
        "3.5.1": ("use.affected", "use.vulnerable"),
        "3.5.2": ("risk.register", "model.bias"),
        "3.5.4": ("register.involved", "use.consulted"),
        "3.5.5": ("use.rights",),
        "4.1.1.2": ("fria.rights",),
    },
}
"""The open questions of each assessment that the facts answer, by id; the others are for people.

A question that repeats for each processing or risk, or that takes a choice, is left to them as well.
"""


def record(facts: Facts, phase: str | None) -> dict[str, str]:
    """The public record with the fields of the Algoritmeregister; `phase` is the municipality's, if any."""
    texts = {field: _text(facts, keys) for field, keys in RECORD.items()}
    risks = " ".join(f"{row[0]}: {first_line(row[3])}" for row in facts["risk.register"].rows)
    method = texts.pop("methods_and_models")
    return {
        "name": cut(facts["system.name"].text, LONGEST_NAME),
        "description_short": cut(str(facts["system.purpose"].lines[1]), LONGEST_SHORT),
        "organization": cut(facts["place.name"].text, LONGEST_NAME),
        "status": "In gebruik" if phase in IN_USE else "In ontwikkeling",
        "contact_email": facts["place.email"].text,
        "publication_category": CATEGORY,
        **{field: cut(text, LONGEST) for field, text in texts.items()},
        "risks": cut(risks, LONGEST),
        "methods_and_models": cut(method, LONGEST_METHOD),
        "source_id": cut(facts["model.version"].text, LONGEST_NAME),
        "standard_version": "1.0",
        # The register knows no other language; the words are Danish until somebody has translated them.
        "lang": "nld",
    }


def shell(facts: Facts, urn: str, now: datetime) -> dict[str, Any]:
    """An assessment with the answers that the facts give, as a file that the Dutch form opens."""
    return {
        "$schema": ASSESSMENT,
        "metadata": {"urn": urn, "createdAt": instant_text(now)},
        "answers": {
            task: {"value": _text(facts, keys), "lastEditedAt": instant_text(now)}
            for task, keys in TASKS[urn].items()
        },
    }


def cut(text: str, most: int) -> str:
    """A text that fits its field: whole words, and a dash where something is left out."""
    if len(text) <= most:
        return text
    return text[: most - 2].rpartition(" ")[0] + " …"


def _text(facts: Facts, keys: tuple[str, ...]) -> str:
    return "\n".join(_told(facts[key]) for key in keys)


def _told(fact: Fact) -> str:
    """A fact as one text: its lines, its rows and what is missing."""
    rows = (f"{row[0]}: {', '.join(first_line(cell) for cell in row[1:])}" for row in fact.rows)
    gaps = (f"{MISSING}: {each}" for each in fact.missing)
    return " ".join((*map(str, fact.lines), *(f"{row}." for row in rows), *gaps))
