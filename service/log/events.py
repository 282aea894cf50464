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
    SUGGESTION_EXPLORED = "suggestion:explored"
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
    ASSESSMENT_CORRECTED = "assessment:corrected"
    DECISION_CORRECTED = "decision:corrected"
    PLANNING_CHANGED = "planning:changed"
    KEY_SHREDDED = "key:shredded"
    ERASURE_REFUSED = "erasure:refused"
    SHARD_RETIRED = "shard:retired"
    EPOCH_STARTED = "epoch:started"
    ACCESS_SAMPLED = "access:sampled"
    ACCESS_REVIEWED = "access:reviewed"
    LETTER_WRITTEN = "letter:written"
    REGISTER_WRITTEN = "register:written"
    RIGHT_ASKED = "right:asked"
    RIGHT_EXTENDED = "right:extended"
    RIGHT_ANSWERED = "right:answered"
    RIGHT_WITHDRAWN = "right:withdrawn"
    CAPACITY_ENTERED = "capacity:entered"
    SURVEY_OPENED = "survey:opened"
    QUIZ_PASSED = "quiz:passed"
    UNSEAL_ASKED = "shadow:unseal_asked"
    UNSEALED = "shadow:unsealed"
    RULES_ACKNOWLEDGED = "rules:acknowledged"
    EMERGENCY_OPENED = "rules:emergency"
    LAYER_ASKED = "access:layer_asked"
    LAYER_OPENED = "access:layer_opened"
    LIMITS_CHANGED = "limits:changed"
    CITIZEN_CODE_ISSUED = "citizen:code_issued"
    CITIZEN_CODE_USED = "citizen:code_used"
    REPRESENTATION_RECORDED = "citizen:representation"
    FACT_REPORTED = "fact:reported"
    FACT_REPORT_ANSWERED = "fact:report_answered"
    REVIEW_SEEDED = "review:seeded"
    REVIEW_DRAWN = "review:drawn"
    REVIEW_JUDGED = "review:judged"
    TRIAL_REGISTERED = "trial:registered"
    TRIAL_STARTED = "trial:started"
    TRIAL_ALLOCATED = "trial:allocated"
    TRIAL_LOOKED = "trial:looked"
    TRIAL_STOPPED = "trial:stopped"
    TRIAL_UNSEALED = "trial:unsealed"
    MUNICIPALITY_ADDED = "municipality:added"
    UNIT_ADDED = "unit:added"
    PERSON_ADDED = "person:added"
    PASSWORD_SET = "password:set"  # noqa: S105 - the name of an event
    SIGNER_KEY_CHANGED = "signer:key_changed"
    DOCUMENTS_WRITTEN = "documents:written"

    SIGNED_IN = "person:signed_in"
    SIGN_IN_FAILED = "person:sign_in_failed"
    SIGNED_OUT = "person:signed_out"
    CASE_OPENED = "case:opened"
    CITIZEN_OPENED = "citizen:opened"
    CITIZEN_REFUSED = "citizen:refused"
    SEARCHED = "cases:searched"
    CASE_FOUND = "case:found"
    EXPORTED = "data:exported"
    STATISTICS_READ = "statistics:read"
    ACCESS_READ = "access:read"
    DATA_IMPORTED = "data:imported"
    COMMAND_RUN = "command:run"

    CLOCK_ANOMALY = "clock:anomaly"

    @property
    def log(self) -> str:
        """`decisions` for what was done and by whom it may be done, `access` for who saw what."""
        return "decisions" if self in STEP_OF or self in WITHOUT_ROW else "access"

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
    Event.SUGGESTION_EXPLORED: "exploration",
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
    Event.ASSESSMENT_CORRECTED: "assessment",
    Event.DECISION_CORRECTED: "decision",
    Event.PLANNING_CHANGED: "planning",
    Event.KEY_SHREDDED: "erasure",
    Event.ERASURE_REFUSED: "erasure_refusal",
    Event.SHARD_RETIRED: "retirement",
    Event.EPOCH_STARTED: "epoch",
    Event.ACCESS_SAMPLED: "log_sample",
    Event.ACCESS_REVIEWED: "log_review",
    Event.LETTER_WRITTEN: "letter",
    Event.REGISTER_WRITTEN: "register_entry",
    Event.RIGHT_ASKED: "right_request",
    Event.RIGHT_EXTENDED: "right_step",
    Event.RIGHT_ANSWERED: "right_step",
    Event.RIGHT_WITHDRAWN: "right_step",
    Event.CITIZEN_CODE_ISSUED: "citizen_code",
    Event.CITIZEN_CODE_USED: "citizen_code_use",
    Event.REPRESENTATION_RECORDED: "representation",
    Event.FACT_REPORTED: "fact_report",
    Event.FACT_REPORT_ANSWERED: "fact_report_answer",
    Event.CAPACITY_ENTERED: "capacity",
    Event.SURVEY_OPENED: "survey_round",
    Event.QUIZ_PASSED: "quiz_pass",
    Event.UNSEAL_ASKED: "unsealing",
    Event.UNSEALED: "unsealing",
    Event.RULES_ACKNOWLEDGED: "acknowledgement",
    Event.EMERGENCY_OPENED: "acknowledgement",
    Event.LAYER_ASKED: "layer_opening",
    Event.LAYER_OPENED: "layer_opening",
    Event.REVIEW_SEEDED: "review_round",
    Event.REVIEW_DRAWN: "review_draw",
    Event.REVIEW_JUDGED: "second_judgement",
    Event.TRIAL_REGISTERED: "trial",
    Event.TRIAL_STARTED: "trial_step",
    Event.TRIAL_ALLOCATED: "trial_allocation",
    Event.TRIAL_LOOKED: "trial_step",
    Event.TRIAL_STOPPED: "trial_step",
    Event.TRIAL_UNSEALED: "trial_step",
}

WITHOUT_ROW = frozenset({
    Event.MUNICIPALITY_ADDED, Event.UNIT_ADDED, Event.PERSON_ADDED, Event.PASSWORD_SET,
    Event.SIGNER_KEY_CHANGED, Event.LIMITS_CHANGED, Event.DOCUMENTS_WRITTEN,
})  # fmt: skip
"""Kept as long as the decisions, though no row is proved by them."""

NEEDS_PURPOSE = frozenset({Event.CASE_OPENED, Event.CASE_FOUND, Event.CITIZEN_OPENED})
"""Nobody sees a citizen's name without saying what for."""


@dataclass(frozen=True)
class Receipt:
    """Where an entry stands: shard, number from 0, and its leaf hash in hexadecimal."""

    shard: str
    seq: int
    leaf_hash: str
