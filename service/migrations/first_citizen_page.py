"""Tables of *Mine oplysninger*, for the migration that creates the first ones."""

import sqlalchemy as sa

from service.migrations.shapes import (
    INSTANT,
    case_step,
    check,
    codes,
    column,
    index_each,
    key,
    same_case,
    text,
    unique,
)


def citizen_page_tables() -> None:
    """How the citizen gets at her page, and what she says is wrong."""
    _ways_in()
    _reports()


def _ways_in() -> None:
    name = "representations"
    case_step(
        name, "representation", text("case_id"), text("recorded_by"), column("withdrawn", sa.Boolean()),
        text("replaces", nullable=True), key(name, "case_id", "cases"), key(name, "recorded_by", "people"),
        key(name, "replaces", name), unique(name, "replaces"),
    )  # fmt: skip
    index_each(name, "case_id")
    name = "citizen_codes"
    case_step(
        name, "citizen_code", text("case_id"), text("issued_by"), text("representation_id", nullable=True),
        text("lookup"), column("expires_at", INSTANT), key(name, "case_id", "cases"),
        key(name, "issued_by", "people"), key(name, "representation_id", "representations"),
        unique(name, "lookup"),
    )  # fmt: skip
    index_each(name, "case_id")
    name = "citizen_code_uses"
    case_step(
        name, "citizen_code_use", text("case_id"), text("code_id"), key(name, "case_id", "cases"),
        key(name, "code_id", "citizen_codes"), unique(name, "code_id"),
    )  # fmt: skip
    index_each(name, "case_id")


def _reports() -> None:
    name = "fact_reports"
    case_step(
        name, "fact_report", text("case_id"), text("facts_id"), text("channel"), text("speaker"),
        text("representation_id", nullable=True), text("recorded_by", nullable=True),
        key(name, "case_id", "cases"), same_case(name, "facts_id", "facts_versions"),
        key(name, "representation_id", "representations"), key(name, "recorded_by", "people"),
        unique(name, "facts_id"), unique(name, "case_id", "id"), codes(name, "channel", "own", "phone"),
        codes(name, "speaker", "citizen", "representative"),
        check(name, "phone_has_a_listener", "(channel = 'phone') = (recorded_by IS NOT NULL)"),
        check(
            name, "representative_has_power",
            "(speaker = 'representative') = (representation_id IS NOT NULL)",
        ),
    )  # fmt: skip
    name = "fact_report_answers"
    case_step(
        name, "fact_report_answer", text("case_id"), text("report_id"), text("facts_id"), text("answered_by"),
        text("outcome"), key(name, "case_id", "cases"), same_case(name, "report_id", "fact_reports"),
        same_case(name, "facts_id", "facts_versions"), key(name, "answered_by", "people"),
        unique(name, "report_id"), codes(name, "outcome", "corrected", "kept"),
    )  # fmt: skip
    index_each(name, "case_id")
