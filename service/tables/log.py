"""The log: entries in shards, and the head of each shard.

An entry's `step` names the table whose row it proves. One stored generated column per step carries
the sequence number only for entries of that step and must be found in that table; a row names its step
beside its number. So a row of one step can never be paired with an entry of another. The columns have
partial indexes: an entry is written to the one of its own step, and an entry without a row to none.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

STEPS = {
    "received": "cases",
    "facts": "facts_versions",
    "taken": "case_takings",
    "closed": "case_closures",
    "returned_answer": "return_answers",
    "assessment": "assessments",
    "consultation": "consultations",
    "consultation_answer": "consultation_answers",
    "suggestion": "suggestions",
    "decision": "decisions",
    "planning": "plannings",
    "delivery": "delivery_reports",
    "phase": "phases",
    "unit_setting": "unit_settings",
    "stop": "stops",
    "admission": "admissions",
    "membership": "memberships",
    "membership_end": "membership_ends",
    "erasure": "erasures",
    "erasure_refusal": "erasure_refusals",
    "retirement": "retirements",
    "epoch": "epochs",
    "log_sample": "log_samples",
    "log_review": "log_reviews",
    "letter": "letters",
    "register_entry": "register_entries",
    "right_request": "right_requests",
    "right_step": "right_steps",
    "citizen_code": "citizen_codes",
    "citizen_code_use": "citizen_code_uses",
    "representation": "representations",
    "fact_report": "fact_reports",
    "fact_report_answer": "fact_report_answers",
    "capacity": "capacity_entries",
    "survey_round": "survey_rounds",
    "quiz_pass": "quiz_passes",
    "unsealing": "unsealings",
    "acknowledgement": "acknowledgements",
    "layer_opening": "layer_openings",
    "review_round": "review_rounds",
    "review_draw": "review_draws",
    "second_judgement": "second_judgements",
    "exploration": "explorations",
    "trial": "trials",
    "trial_step": "trial_steps",
    "trial_allocation": "trial_allocations",
}
"""Every step that has a row, with its table. The key becomes the generated column `<step>_seq`."""


def _step_columns() -> list[Column[int]]:
    return [
        Column(f"{step}_seq", Integer, Computed(f"CASE WHEN step = '{step}' THEN seq END", persisted=True))
        for step in STEPS
    ]


def _step_keys() -> list[ForeignKeyConstraint]:
    return [
        ForeignKeyConstraint(
            ["shard", f"{step}_seq"],
            [f"{table}.shard", f"{table}.log_seq"],
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        )
        for step, table in STEPS.items()
    ]


def _step_index(step: str) -> Index:
    rule = text(f"{step}_seq IS NOT NULL")
    columns = LogEntry.__table__.c  # type: ignore[attr-defined]
    return Index(None, columns.shard, columns[f"{step}_seq"], sqlite_where=rule, postgresql_where=rule)


class LogEntry(SQLModel, table=True):
    """One entry: canonical JSON and its leaf hash (RFC 9162, SHA-256 of 0x00 and the entry).

    In a retired shard `entry` is empty, and the number and the leaf hash are all that is left.
    """

    __tablename__ = "log_entries"
    __table_args__ = (
        UniqueConstraint("shard", "seq", "step"),
        CheckConstraint("seq >= 0", name="seq_positive"),
        CheckConstraint("length(leaf_hash) = 32", name="leaf_hash_length"),
        CheckConstraint(
            "step IS NULL OR step IN (" + ", ".join(f"'{step}'" for step in STEPS) + ")", name="step_code"
        ),
    )

    shard: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    event: str
    step: str | None = None
    entry: str
    leaf_hash: bytes = Field(sa_type=LargeBinary)


for _column in _step_columns():
    LogEntry.__table__.append_column(_column)  # type: ignore[attr-defined]
for _constraint in _step_keys():
    LogEntry.__table__.append_constraint(_constraint)  # type: ignore[attr-defined]
for _step in STEPS:
    _step_index(_step)


class LogHead(SQLModel, table=True):
    """How far a shard has come: its size and the frontier (right edge) of its Merkle tree."""

    __tablename__ = "log_heads"

    shard: str = Field(primary_key=True)
    size: int
    frontier: bytes = Field(sa_type=LargeBinary)
    last_at: str
