"""What an erasure blanks, and with what: every column that could point at the citizen, and nothing else.

What stays is practice without a person: who judged what and when, for a case that nobody can name.
"""

from datetime import date
from typing import Any

ERASED_ON = date(1, 1, 1)
"""Stands where a date was that may not be empty."""
OWN_ID = object()
"""Stands for the row's own random id, where the value must be unique."""
ERASED_SCHEME = "erased"

BLANKED: dict[str, dict[str, Any]] = {
    "cases": {
        "citizen_id": "", "request_id": OWN_ID, "received_on": ERASED_ON, "discharged_on": ERASED_ON,
        "start_after": None, "contact_from": None, "contact_to": None, "due_on": ERASED_ON,
    },
    "assessments": {"idempotency_key": OWN_ID},  # whoever sends a form may have put anything in it
    "suggestions": {"payload_hash": ""},  # of what was computed from the facts, and without a salt
    "decisions": {"idempotency_key": OWN_ID},
    "plannings": {"place": "", "first_date": None},
    "delivery_reports": {"citizen_id": "", "bundle_id": OWN_ID, "sha256": ""},
    "personal_parts": {"citizen_id": "", "nonce": b"", "content": b"", "scheme": ERASED_SCHEME},
}  # fmt: skip
"""By table and column, what stands there afterwards."""

REMOVED = {"reported_resources": "report_id"}
"""Tables whose rows go altogether, with the column that names the subject."""

LOG, RETIRED_COLUMN = "log_entries", "entry"
"""A retirement empties what entries say; an entry that proves no row goes altogether."""


def subject_column(table: str) -> str:
    """The column of a blanked table that names the erased case or report."""
    if table == "personal_parts":
        return "subject_id"
    return "id" if table in ("cases", "delivery_reports") else "case_id"


def blank(table: str, own_id: str) -> dict[str, Any]:
    """What the blanked columns of a row hold afterwards."""
    return {name: own_id if value is OWN_ID else value for name, value in BLANKED[table].items()}
