"""The log's tables at the first release: entries, heads, personal parts, and what ties entries to rows."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from service.migrations.shapes import check, column, index_each, table, text, tie, unique

STEPS = {
    "received": "cases", "facts": "facts_versions", "taken": "case_takings", "closed": "case_closures",
    "returned_answer": "return_answers", "assessment": "assessments", "consultation": "consultations",
    "consultation_answer": "consultation_answers", "suggestion": "suggestions", "decision": "decisions",
    "planning": "plannings", "delivery": "delivery_reports", "phase": "phases",
    "unit_setting": "unit_settings", "stop": "stops", "admission": "admissions",
    "membership": "memberships", "membership_end": "membership_ends", "erasure": "erasures",
    "erasure_refusal": "erasure_refusals", "retirement": "retirements", "epoch": "epochs",
    "log_sample": "log_samples", "log_review": "log_reviews", "letter": "letters",
    "register_entry": "register_entries", "right_request": "right_requests",
    "right_step": "right_steps", "citizen_code": "citizen_codes",
    "citizen_code_use": "citizen_code_uses", "representation": "representations",
    "fact_report": "fact_reports", "fact_report_answer": "fact_report_answers",
    "capacity": "capacity_entries", "survey_round": "survey_rounds", "quiz_pass": "quiz_passes",
    "unsealing": "unsealings", "acknowledgement": "acknowledgements", "layer_opening": "layer_openings",
    "review_round": "review_rounds", "review_draw": "review_draws",
    "second_judgement": "second_judgements", "exploration": "explorations",
    "trial": "trials", "trial_step": "trial_steps", "trial_allocation": "trial_allocations",
}  # fmt: skip


def log_tables() -> None:
    """Create them; on SQLite an entry's ties can only be made with its table."""
    computed = [
        sa.Column(f"{step}_seq", sa.Integer(), sa.Computed(f"CASE WHEN step = '{step}' THEN seq END", True))
        for step in STEPS
    ]
    rows: list[Any] = [unique("log_entries", "shard", "seq", "step")]
    if op.get_context().dialect.name == "sqlite":
        rows += [
            tie("log_entries", ("shard", f"{step}_seq"), target, ("shard", "log_seq"))
            for step, target in STEPS.items()
        ]
    op.create_table(
        "log_entries",
        text("shard"), sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        text("event"), text("step", nullable=True), text("entry"), column("leaf_hash", sa.LargeBinary()),
        *computed, *rows,
        check("log_entries", "seq_positive", "seq >= 0"),
        check("log_entries", "leaf_hash_length", "length(leaf_hash) = 32"),
        check("log_entries", "step_code", "step IS NULL OR step IN (" + ", ".join(map(repr, STEPS)) + ")"),
        sa.PrimaryKeyConstraint("shard", "seq", name="pk_log_entries"),
    )  # fmt: skip
    for step in STEPS:
        rule = sa.text(f"{step}_seq IS NOT NULL")
        op.create_index(
            f"ix_log_entries_shard_{step}_seq", "log_entries", ["shard", f"{step}_seq"], sqlite_where=rule,
            postgresql_where=rule,
        )  # fmt: skip
    table(
        "log_heads", column("size", sa.Integer()), column("frontier", sa.LargeBinary()), text("last_at"),
        id_column="shard",
    )  # fmt: skip
    table(
        "personal_parts", text("citizen_id"), text("subject_id"), text("step"),
        column("nonce", sa.LargeBinary()), column("content", sa.LargeBinary()), text("scheme"),
    )  # fmt: skip
    index_each("personal_parts", "citizen_id", "subject_id")


def tie_entries() -> None:
    """Tie entries to the rows of every step, once all of those tables are there."""
    if op.get_context().dialect.name != "sqlite":
        for step, target in STEPS.items():
            op.create_foreign_key(
                f"fk_log_entries_shard_{step}_seq", "log_entries", target,
                ["shard", f"{step}_seq"], ["shard", "log_seq"], deferrable=True, initially="DEFERRED",
            )  # fmt: skip
