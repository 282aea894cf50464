"""Small questions put to small models, for the tests of what is said about a case."""

from datetime import date
from typing import Any

import numpy as np

from models.areas import get
from models.artifact import Artifact
from models.coding import Codebook
from models.declaration import Kind
from models.evidence import Evidence, Suggester
from models.tables import ScoreTables
from tests.models.workbench import (
    RECEIVED,
    make_artifact,
    reference_cases,
)

GENOPTRAENING = get("genoptraening")
FULL = {
    "farve": "groen", "vaegt": "tung", "alder": 12, "andel": 0.5,
    "redskaber": frozenset({"sav"}), "koebt": date(2026, 1, 1), "gammel": "ja",
}  # fmt: skip


def ask(suggester: Suggester, values: dict[str, Any] = FULL, **rest: Any) -> Evidence:
    """The evidence for a thing in need of repair."""
    return suggester.suggest(values, **{"own_level": "hjemme", "received_on": RECEIVED, **rest})


def two_level_artifact(levels: list[str], strong: float = 2.0, **rest: Any) -> Artifact:
    """A model of § 140 that looks at mobility, and reference cases that are all alike but for their level."""
    plain: dict[Kind, Any] = {Kind.COUNT: (1, 3), Kind.SET: (frozenset(), frozenset({"hjerte"}))}
    orders = {each.name: plain.get(each.kind, each.code_values) for each in GENOPTRAENING.learned}
    book = Codebook.build(GENOPTRAENING, orders)
    singles = [np.zeros((2, size)) for size in book.sizes]
    mobility = book.names.index("funk_mobilitet")
    singles[mobility][1] = strong * np.array([0.0, -2.0, -1.0, 0.0, 1.0, 2.0])
    tables = ScoreTables(GENOPTRAENING.level_codes, np.array([0.0, 0.1]), tuple(singles), {})
    codes = np.tile(book.encode(a_citizen()), (len(levels), 1))
    return make_artifact(book, tables, reference_cases(book, codes, levels), **rest)


def a_citizen(**change: Any) -> dict[str, Any]:
    """The learned facts of one case, all of them known."""
    first: dict[Kind, Any] = {Kind.COUNT: 2, Kind.SET: frozenset()}
    facts = {
        each.name: first.get(each.kind, (each.code_values or ("",))[0]) for each in GENOPTRAENING.learned
    }
    return {**facts, "funk_mobilitet": "3", **change}


def suggested(
    levels: list[str], own: str | None = "basal", change: dict[str, Any] | None = None, **rest: Any
) -> Evidence:
    """The evidence for a citizen when the similar cases got these levels."""
    return Suggester(two_level_artifact(levels, **rest)).suggest(a_citizen(**(change or {})), own_level=own)
