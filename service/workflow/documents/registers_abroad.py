"""The record and the shells of the Dutch public standards, which have schemas that ours lacks.

The keys are theirs, the words ours and Danish: the Algoritmeregister 1.0 (its `AlgorithmIn`), and the answers
of an assessment for the Rijksmodel DPIA 3.0 and IAMA 2.0. What nobody knows reads MANGLER there too.
"""

from datetime import datetime
from typing import Any

from service.workflow.documents.document import instant_text
from service.workflow.documents.facts import MISSING, Facts
from service.workflow.documents.written_facts import first_line

LONGEST, LONGEST_METHOD, LONGEST_SHORT = 2500, 5000, 350
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
        "2.3": ("use.data_subjects", "data.sources"),
        "3.2": ("system.process",),
        "4": ("system.method", "system.shown", "system.class"),
        "5.2": ("system.purpose",),
        "6.2": ("place.name", "use.processors", "use.recipients"),
    },
    IAMA: {
        "1.1.1": ("use.need", "use.alternatives"),
        "1.1.2": ("system.purpose",),
        "1.3.4": ("use.basis",),
    },
}
"""The open questions of each assessment that the facts answer; the other questions are for people."""


def record(facts: Facts, phase: str | None) -> dict[str, str]:
    """The public record with the fields of the Algoritmeregister; `phase` is the municipality's, if any."""
    texts = {field: _text(facts, keys) for field, keys in RECORD.items()}
    risks = " ".join(f"{row[0]}: {first_line(row[3])}" for row in facts["risk.register"].rows)
    method = texts.pop("methods_and_models")
    return {
        "name": facts["system.name"].text,
        "description_short": cut(str(facts["system.purpose"].lines[1]), LONGEST_SHORT),
        "organization": facts["place.name"].text,
        "status": "In gebruik" if phase in IN_USE else "In ontwikkeling",
        "contact_email": facts["place.email"].text,
        "publication_category": CATEGORY,
        **{field: cut(text, LONGEST) for field, text in texts.items()},
        "risks": cut(risks, LONGEST),
        "methods_and_models": cut(method, LONGEST_METHOD),
        "source_id": cut(facts["model.version"].text, 100),
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
    text = " ".join(facts[key].text for key in keys)
    return text or MISSING
