"""The tables of governance, oversight and the citizen, as migration 0003 makes them; never changed either."""

import sqlalchemy as sa

from service.migrations.shapes import (
    case_step,
    codes,
    column,
    index_each,
    key,
    logged,
    same_case,
    text,
    unique,
)


def governance_tables() -> None:
    """Phase, mode, stop button and the model in use."""
    logged(
        "phases", "phase", text("municipality_id"), text("phase"), text("legal_basis"), text("approved_by"),
        column("valid_from", sa.Date()), key("phases", "municipality_id", "municipalities"),
        codes("phases", "phase", "oevelse", "udvikling", "skygge", "pilot", "drift"),
    )  # fmt: skip
    index_each("phases", "municipality_id")
    logged(
        "unit_settings", "unit_setting", text("unit_id"), text("mode"), text("set_by"),
        key("unit_settings", "unit_id", "units"), key("unit_settings", "set_by", "people"),
        codes("unit_settings", "mode", "overblik", "forslag"),
    )  # fmt: skip
    index_each("unit_settings", "unit_id")
    logged(
        "stops", "stop", text("unit_id"), column("stopped", sa.Boolean()), text("reason"), text("pressed_by"),
        key("stops", "unit_id", "units"), key("stops", "pressed_by", "people"),
    )  # fmt: skip
    index_each("stops", "unit_id")
    logged(
        "admissions", "admission", text("area"), text("version"), text("manifest_hash"), text("kind"),
        text("approver"), text("note"), codes("admissions", "kind", "promotion", "rollback"),
    )  # fmt: skip
    index_each("admissions", "area")
    name = "register_entries"
    logged(
        name, "register_entry", text("municipality_id"), text("kind"), text("subject"),
        column("content", sa.JSON()), text("recorded_by"), text("replaces", nullable=True),
        key(name, "municipality_id", "municipalities"), key(name, "replaces", name), unique(name, "replaces"),
        codes(
            name, "kind", "project", "dilemma", "balance", "involvement", "approval", "competence",
            "incident", "complaint", "catalogue", "document", "checklist", "practice_change",
            "attestation", "fairness", "monitoring", "challenge",
        ),
    )  # fmt: skip
    index_each(name, "municipality_id", "kind")


def oversight_tables() -> None:
    """Erasure, retirement, restore, and the control of who looked."""
    _erasure()
    logged(
        "retirements", "retirement", text("retired_shard"), column("size", sa.Integer()), text("root"),
        text("checkpoint"), text("reason"), text("operator"), unique("retirements", "retired_shard"),
    )  # fmt: skip
    logged(
        "epochs", "epoch", text("old_shard"), column("number", sa.Integer()),
        column("checkpoint_size", sa.Integer(), nullable=True), text("checkpoint_root", nullable=True),
        column("restored_size", sa.Integer()), text("reason"), text("named_by"), text("confirmed_by"),
        text("operator"), unique("epochs", "old_shard"),
    )  # fmt: skip
    _log_control()


def _erasure() -> None:
    logged(
        "erasures", "erasure", text("subject_id"), text("subject_kind"), text("occasion"), text("ground"),
        text("reason"), text("operator"), unique("erasures", "subject_id"),
        codes("erasures", "subject_kind", "case", "report"),
        codes("erasures", "occasion", "request", "retention", "replay"),
    )  # fmt: skip
    case_step(
        "erasure_refusals", "erasure_refusal", text("case_id"), text("ground"), text("operator"),
        key("erasure_refusals", "case_id", "cases"),
    )  # fmt: skip
    index_each("erasure_refusals", "case_id")


def _log_control() -> None:
    logged(
        "log_samples", "log_sample", text("municipality_id"), column("starts_on", sa.Date()),
        column("ends_on", sa.Date()), text("seed"), column("wanted", sa.Integer()),
        column("eligible", sa.Integer()), column("lookups", sa.JSON()), text("drawn_by"),
        key("log_samples", "municipality_id", "municipalities"), key("log_samples", "drawn_by", "people"),
    )  # fmt: skip
    index_each("log_samples", "municipality_id")
    name = "log_reviews"
    case_step(
        name, "log_review", text("sample_id"), text("case_id"), text("looked_shard"),
        column("looked_seq", sa.Integer()), text("finding"), text("reviewed_by"),
        text("replaces", nullable=True), key(name, "sample_id", "log_samples"),
        key(name, "case_id", "cases"), key(name, "reviewed_by", "people"), key(name, "replaces", name),
        unique(name, "replaces"), codes(name, "finding", "in_order", "to_examine", "breach"),
    )  # fmt: skip
    index_each(name, "sample_id", "case_id")


def citizen_tables() -> None:
    """What the citizen is told."""
    name = "letters"
    case_step(
        name, "letter", text("case_id"), text("decision_id"), text("written_by"), text("variant"),
        text("replaces", nullable=True), key(name, "case_id", "cases"),
        same_case(name, "decision_id", "decisions"), key(name, "written_by", "people"),
        key(name, "replaces", name), unique(name, "replaces"),
        codes(name, "variant", "shown", "not_shown", "other_than_most", "control_arm"),
    )  # fmt: skip
    index_each(name, "case_id", "decision_id")
