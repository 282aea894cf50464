"""The events of the two logs: permanent names, the log each belongs to, and the step whose row it proves."""

from dataclasses import dataclass
from enum import StrEnum


class Event(StrEnum):
    """What happened. The names are permanent: they stand in entries that never change."""

    CASE_RECEIVED = "case:received"
    FACTS_RECORDED = "facts:recorded"
    CASE_TAKEN = "case:taken"
    CASE_CLOSED = "case:closed"
    RETURN_ANSWERED = "return:answered"
    ASSESSMENT_RECORDED = "assessment:recorded"
    CONSULTATION_ASKED = "consultation:asked"
    CONSULTATION_ANSWERED = "consultation:answered"
    SUGGESTION_SHOWN = "suggestion:shown"
    SUGGESTION_WITHHELD = "suggestion:withheld"
    DECISION_MADE = "decision:made"
    PLANNING_MADE = "planning:made"
    DELIVERY_IMPORTED = "delivery:imported"
    PHASE_CHANGED = "phase:changed"
    UNIT_SET = "unit:set"
    STOP_PRESSED = "stop:pressed"
    STOP_RELEASED = "stop:released"
    MODEL_PROMOTED = "model:promoted"
    MODEL_ROLLED_BACK = "model:rolled_back"
    MEMBERSHIP_STARTED = "membership:started"
    MEMBERSHIP_ENDED = "membership:ended"

    SIGNED_IN = "person:signed_in"
    SIGN_IN_FAILED = "person:sign_in_failed"
    SIGNED_OUT = "person:signed_out"
    CASE_OPENED = "case:opened"
    SEARCHED = "cases:searched"
    EXPORTED = "data:exported"
    STATISTICS_READ = "statistics:read"
    COMMAND_RUN = "command:run"

    @property
    def log(self) -> str:
        """`decisions` for what has a row, `access` for who saw what."""
        return "decisions" if self in STEP_OF else "access"

    @property
    def step(self) -> str | None:
        """The step whose row the entry proves (a key of `service.tables.log.STEPS`), if it proves one."""
        return STEP_OF.get(self)


STEP_OF = {
    Event.CASE_RECEIVED: "received",
    Event.FACTS_RECORDED: "facts",
    Event.CASE_TAKEN: "taken",
    Event.CASE_CLOSED: "closed",
    Event.RETURN_ANSWERED: "returned_answer",
    Event.ASSESSMENT_RECORDED: "assessment",
    Event.CONSULTATION_ASKED: "consultation",
    Event.CONSULTATION_ANSWERED: "consultation_answer",
    Event.SUGGESTION_SHOWN: "suggestion",
    Event.SUGGESTION_WITHHELD: "suggestion",
    Event.DECISION_MADE: "decision",
    Event.PLANNING_MADE: "planning",
    Event.DELIVERY_IMPORTED: "delivery",
    Event.PHASE_CHANGED: "phase",
    Event.UNIT_SET: "unit_setting",
    Event.STOP_PRESSED: "stop",
    Event.STOP_RELEASED: "stop",
    Event.MODEL_PROMOTED: "admission",
    Event.MODEL_ROLLED_BACK: "admission",
    Event.MEMBERSHIP_STARTED: "membership",
    Event.MEMBERSHIP_ENDED: "membership_end",
}

NEEDS_PURPOSE = frozenset({Event.CASE_OPENED})
"""Nobody opens a citizen's page without saying what for."""


@dataclass(frozen=True)
class Receipt:
    """Where an entry stands: shard, number from 0, and its leaf hash in hexadecimal."""

    shard: str
    seq: int
    leaf_hash: str
