"""What an area declares, as short marks: two catalogues are the same when their marks are.

What counts is what a fact is, where it comes from, what for and on what terms; never how it is worded to help
somebody fill in a form. A purpose counts: the same fact for another purpose is another thing to weigh.
"""

import hashlib
import json
from typing import Any

from models.declaration import Area, Question

SHORT = 16
"""Hexadecimal digits of a mark: enough to tell declarations apart, short enough to be copied by hand."""


def catalogue_mark(area: Area) -> str:
    """The mark of everything that an area declares about its facts; their order does not count."""
    return _mark(
        {"area": area.name, "laws": sorted(law.name for law in area.laws), "facts": fact_marks(area)}
    )


def fact_marks(area: Area) -> dict[str, str]:
    """The mark of each fact by name, those kept apart among them."""
    return {question.name: _mark(_declared(question)) for question in (*area.questions, *area.kept_apart)}


def sources_of(area: Area) -> tuple[str, ...]:
    """The sources that the facts of an area come from, by code."""
    return tuple(sorted({question.source.value for question in (*area.questions, *area.kept_apart)}))


def _declared(question: Question) -> dict[str, Any]:
    terms = question.terms
    return {
        "name": question.name,
        "kind": question.kind.value,
        "codes": sorted(question.code_values),
        "bounds": [question.low, question.high],
        "source": question.source.value,
        "known_at": question.known_at.value,
        "purpose": question.purpose,
        "duty": terms.duty.value,
        "law": terms.law,
        "uses": sorted(terms.uses),
        "kept": terms.kept,
        "sensitivity": terms.sensitivity.value,
        "learned": question.learned,
        "compared": question.weight > 0,
        "protected": question.protected,
    }


def _mark(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:SHORT]
