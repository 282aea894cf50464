"""Lists as CSV, for a spreadsheet: the controls, and the requirements with their tests."""

import csv
import io
from collections.abc import Iterable

from service.spreadsheet import harmless
from service.workflow.documents.facts import MISSING, Facts
from service.workflow.documents.written_facts import controls

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
ANNEX = ("annex.requirements", "annex.discretion")


def controls_csv() -> bytes:
    """The control list, its head first."""
    return _csv(controls())


def annex_csv(facts: Facts) -> bytes:
    """The requirements of the procurement annex with their tests, the head first, and what is missing."""
    rows = (tuple(map(str, row)) for key in ANNEX for row in facts[key].rows)
    gaps = (("", f"{MISSING}: {each}", "", "") for key in ANNEX for each in facts[key].missing)
    return _csv((("id", "krav", "proever", "aabent_fordi"), *rows, *gaps))


def _csv(rows: Iterable[tuple[str, ...]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    # Spreadsheet programs read Danish letters only with the mark.
    return (BYTE_ORDER_MARK + file.getvalue()).encode("utf-8")
