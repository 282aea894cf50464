"""The tables of the trial, and of what was shown of others, as migration 0003 makes them; never changed."""

import sqlalchemy as sa

from service.migrations.shapes import (
    case_step,
    check,
    codes,
    column,
    index_each,
    key,
    logged,
    table,
    text,
    unique,
)


def trial_tables() -> None:
    """The plan, what was done about it, the arm of each case; and how often each case was shown to others."""
    showing_tables()
    name = "trials"
    logged(
        name, "trial", text("municipality_id"), text("name"), text("area"), column("units", sa.JSON()),
        column("share", sa.Integer()), column("starts_on", sa.Date()), column("ends_on", sa.Date()),
        text("approver"), text("null_option"), column("exempt", sa.JSON()),
        column("expected_with", sa.Integer()), column("expected_without", sa.Integer()),
        column("cases", sa.Integer()), column("looks", sa.Integer()), column("alpha", sa.Integer()),
        column("margin", sa.Integer()),
        text("plan_hash"), text("registered_by"), key(name, "municipality_id", "municipalities"),
        key(name, "registered_by", "people"), unique(name, "municipality_id", "name"),
        check(name, "share_is_a_part", "share BETWEEN 1 AND 90"),
        check(name, "starts_before_it_ends", "starts_on <= ends_on"),
    )  # fmt: skip
    index_each(name, "municipality_id")
    name = "trial_steps"
    logged(
        name, "trial_step", text("trial_id"), column("number", sa.Integer()), text("kind"),
        text("verdict", nullable=True), column("information", sa.Integer(), nullable=True),
        text("cause", nullable=True), text("reason"), text("named"), key(name, "trial_id", "trials"),
        key(name, "named", "people"), unique(name, "trial_id", "number"),
        codes(name, "kind", "started", "looked", "stopped", "unsealed"),
        codes(name, "verdict", "too_few", "go_on", "evidence_worse", "control_worse"),
        codes(name, "cause", "person", "harm"),
        check(name, "a_look_has_a_verdict", "(kind = 'looked') = (verdict IS NOT NULL)"),
        check(name, "a_stop_has_a_cause", "(kind = 'stopped') = (cause IS NOT NULL)"),
    )  # fmt: skip
    name = "trial_allocations"
    case_step(
        name, "trial_allocation", text("trial_id"), text("case_id"), text("unit_id"),
        column("number", sa.Integer()), text("arm"), key(name, "trial_id", "trials"),
        key(name, "case_id", "cases"), key(name, "unit_id", "units"), unique(name, "case_id"),
        unique(name, "trial_id", "unit_id", "number"), codes(name, "arm", "evidence", "control"),
    )  # fmt: skip


def showing_tables() -> None:
    """How often each reference case was shown."""
    name = "similar_showings"
    table(name, column("times", sa.Integer()), check(name, "was_shown", "times > 0"), id_column="key")
