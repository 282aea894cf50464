"""The tables, one module per room, in the order a case meets them.

Rows are only added. The tables in MUTABLE are the only ones whose rows change; every other table refuses
UPDATE and DELETE by trigger (see `append_only`), but for what a logged erasure or retirement lets go.
"""

from service.tables import (
    acknowledgement,
    assessment,
    capacity,
    citizen,
    competence,
    decision,
    delivery,
    double_review,
    exploration,
    governance,
    intake,
    log,
    organisation,
    oversight,
    restricted,
    rights,
    session,
    shadow,
    showing,
    suggestion,
    survey,
    trial,
    trust,
)
from service.tables.base import METADATA

MUTABLE = (
    "web_sessions", "sign_in_attempts", "drafts", "log_heads", "identity_map", "survey_tallies",
    "practice_rounds", "similar_showings", "trust_tallies",
)  # fmt: skip
"""Sessions, the sign-in throttle, drafts, the log's heads, the identity map, the tallies of both
surveys, what somebody practised on made-up cases, and how often each case was shown to others."""

__all__ = [
    "METADATA",
    "MUTABLE",
    "acknowledgement",
    "assessment",
    "capacity",
    "citizen",
    "competence",
    "decision",
    "delivery",
    "double_review",
    "exploration",
    "governance",
    "intake",
    "log",
    "organisation",
    "oversight",
    "restricted",
    "rights",
    "session",
    "shadow",
    "showing",
    "suggestion",
    "survey",
    "trial",
    "trust",
]
