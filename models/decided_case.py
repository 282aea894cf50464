"""A decided case without identity: what was known, judged, shown and decided, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from models.declaration import Area, Arrival, questions_of
from models.facts import Fact

ARMS = ("evidence", "control", "none")
LABEL_SOURCES = (
    "own_judgement", "decision_without_evidence", "decision_after_evidence", "control_arm",
    "legacy_human", "legacy_robot", "unknown",
)  # fmt: skip
"""Where the label of a row comes from. The last three are what an older record can say of itself."""
LEGACY_SOURCES = ("legacy_human", "legacy_robot", "unknown")
AUTHORS = {"human": "legacy_human", "robot": "legacy_robot"}
"""What a municipality's own file may say of who wrote a level."""
ORIGINS = ("history", "skoen")

CASE_COLUMNS = (
    "request_id", "area", "municipality", "received_on", "discharged_on", "start_after", "contact_from",
    "contact_to", "plan_type", "decided_at", "judged_at", "own_level", "own_corrected_after_evidence",
    "reference_level", "model_level", "model_version", "final_level", "reason_code", "arm", "shown",
    "withheld_reason", "phase", "label_source", "origin", "forms", "team", "place", "reference_key",
)  # fmt: skip
OUTCOME_COLUMNS = ("outcome_status", "level_changed", "started", "days_to_start", "sessions")
COMPANIONS = ("known_at", "source", "marked_wrong")


class RecordRefused(ValueError):
    """A row that cannot be a decided case: which field, why, and what was found there. `reason` is Danish."""

    def __init__(self, field: str, reason: str, found: object) -> None:
        super().__init__(f"{field}: {reason} (fandt {str(found)!r})")
        self.field = field
        self.reason = reason
        self.found = str(found)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went after the decision; None is not known. `level_changed` is within six weeks."""

    status: str | None = None
    level_changed: bool | None = None
    started: bool | None = None
    days_to_start: int | None = None
    sessions: int | None = None


# Slots: there may be millions, and beyond thirty fields an object without them takes five times the memory.
@dataclass(frozen=True, slots=True)
class DecidedCase:
    """One decided case without identity.

    `own_level` is the judgement before evidence (J1), made at `judged_at`; `final_level` is the decision
    (J2); both may be another option than a level. `reference_level` is the most common level among the
    similar cases shown. `label_source` says where the label comes from.
    `phase` is the one the case was answered in, None without a legal basis and for an older record.
    `reference_key` is what only the service can make of the request: under it the case lies in an artifact.
    """

    request_id: str
    area: str
    municipality: str
    received_on: date
    discharged_on: date
    start_after: date | None
    contact_from: date | None
    contact_to: date | None
    plan_type: str
    decided_at: datetime
    facts: Mapping[str, Fact]
    own_level: str | None
    own_corrected_after_evidence: bool
    reference_level: str | None
    model_level: str | None
    model_version: str | None
    final_level: str | None
    reason_code: str | None
    arm: str
    shown: bool
    withheld_reason: str | None
    label_source: str
    origin: str
    forms: tuple[str, ...]
    team: str | None
    place: str | None
    outcome: Outcome = Outcome()
    reference_key: str | None = None
    judged_at: datetime | None = None
    phase: str | None = None

    @property
    def arrival(self) -> Arrival:
        """The dates from which some facts are computed."""
        return Arrival(
            self.received_on, self.discharged_on, self.start_after, self.contact_from, self.contact_to
        )


def columns(area: Area, companions: bool = False) -> tuple[str, ...]:
    """The columns of a row; with `companions` also <fact>__known_at, __source and __marked_wrong."""
    names = tuple(question.name for question in area.questions)
    alone = (*CASE_COLUMNS, *OUTCOME_COLUMNS, *names)
    if not companions:
        return alone
    return (*alone, *(f"{name}__{companion}" for name in names for companion in COMPANIONS))


def protected_columns(area: Area) -> tuple[str, ...]:
    """The columns of the file kept apart that bias tests read: request id and protected attributes."""
    questions = () if area.protected is None else questions_of(area.protected)
    return ("request_id", *(question.name for question in questions))
