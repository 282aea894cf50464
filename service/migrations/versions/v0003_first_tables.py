"""The first tables. Everything is spelt out here, because a migration must not change when the tables do.

(What were 0001 and 0002 was never released, and nothing is brought along from it.)
Rows and log entries point at each other: on PostgreSQL the log gets its keys at the end.
"""

import sqlalchemy as sa

from service.migrations.first_access import access_tables, membership_tables
from service.migrations.first_capacity import capacity_tables
from service.migrations.first_citizen_page import citizen_page_tables
from service.migrations.first_competence import competence_tables
from service.migrations.first_double_review import double_review_tables
from service.migrations.first_exploration import exploration_tables
from service.migrations.first_log import log_tables, tie_entries
from service.migrations.first_oversight import citizen_tables, governance_tables, oversight_tables
from service.migrations.first_rights import rights_tables
from service.migrations.first_sessions import session_tables
from service.migrations.first_survey import survey_tables
from service.migrations.first_trial import trial_tables
from service.migrations.shapes import (
    INSTANT,
    case_step,
    check,
    codes,
    column,
    index_each,
    key,
    once,
    same_case,
    table,
    text,
    unique,
)

revision = "0003"
down_revision = None


def upgrade() -> None:
    """Create every table, in the order a case meets them."""
    _organisation()
    log_tables()
    membership_tables()
    _intake()
    _delivery()
    _assessment()
    _suggestion()
    _decision()
    session_tables()
    governance_tables()
    oversight_tables()
    access_tables()
    citizen_tables()
    rights_tables()
    citizen_page_tables()
    capacity_tables()
    competence_tables()
    survey_tables()
    double_review_tables()
    exploration_tables()
    trial_tables()
    tie_entries()


def _organisation() -> None:
    table(
        "municipalities",
        text("code"),
        text("name"),
        text("cvr", nullable=True),
        unique("municipalities", "code"),
    )
    table(
        "units", text("municipality_id"), text("name"), text("sor", nullable=True),
        key("units", "municipality_id", "municipalities"), unique("units", "municipality_id", "name"),
    )  # fmt: skip
    table(
        "people", text("username"), text("display_name"), column("created_at", INSTANT),
        unique("people", "username"),
    )  # fmt: skip
    table(
        "credentials", text("person_id"), text("password_hash"), column("created_at", INSTANT),
        key("credentials", "person_id", "people"),
    )  # fmt: skip
    index_each("credentials", "person_id")


def _intake() -> None:
    table(
        "identity_map", text("municipality_id"), text("lookup"),
        key("identity_map", "municipality_id", "municipalities"),
        unique("identity_map", "municipality_id", "lookup"), id_column="citizen_id",
    )  # fmt: skip
    case_step(
        "cases", "received",
        column("serial", sa.Integer()), text("area"), text("municipality_id"), text("unit_id"),
        text("citizen_id"), text("request_id"), text("plan_type"), text("origin"),
        column("received_on", sa.Date()), column("discharged_on", sa.Date()),
        column("start_after", sa.Date(), nullable=True), column("contact_from", sa.Date(), nullable=True),
        column("contact_to", sa.Date(), nullable=True), column("due_on", sa.Date()),
        text("received_by", nullable=True),
        key("cases", "municipality_id", "municipalities"), key("cases", "unit_id", "units"),
        key("cases", "received_by", "people"), unique("cases", "serial"),
        unique("cases", "municipality_id", "request_id"),
        codes("cases", "origin", "referral", "service_request", "by_hand"),
    )  # fmt: skip
    index_each("cases", "municipality_id", "unit_id", "citizen_id", "due_on")
    case_step(
        "facts_versions", "facts", text("case_id"), column("version", sa.Integer()), text("occasion"),
        text("fingerprint"), column("prefilled", sa.Integer()), column("asked", sa.Integer()),
        text("recorded_by", nullable=True), key("facts_versions", "case_id", "cases"),
        key("facts_versions", "recorded_by", "people"), unique("facts_versions", "case_id", "version"),
        unique("facts_versions", "case_id", "id"),
        codes(
            "facts_versions", "occasion", "received", "reading", "marked_wrong", "answer", "updated_plan",
            "report_answered", "fetched",
        ),
    )  # fmt: skip
    case_step(
        "case_takings", "taken", text("case_id"), text("person_id"),
        key("case_takings", "case_id", "cases"), key("case_takings", "person_id", "people"),
    )  # fmt: skip
    index_each("case_takings", "case_id")
    table(
        "drafts", text("case_id"), text("person_id"), text("step"), column("nonce", sa.LargeBinary()),
        column("content", sa.LargeBinary()), column("updated_at", INSTANT), key("drafts", "case_id", "cases"),
        key("drafts", "person_id", "people"), unique("drafts", "case_id", "person_id", "step"),
    )  # fmt: skip


def _delivery() -> None:
    case_step(
        "delivery_reports", "delivery", text("municipality_id"), text("bundle_id"), text("sha256"),
        column("reported_at", INSTANT), text("citizen_id"), text("imported_by", nullable=True),
        key("delivery_reports", "municipality_id", "municipalities"),
        key("delivery_reports", "imported_by", "people"),
        unique("delivery_reports", "municipality_id", "bundle_id"),
    )  # fmt: skip
    index_each("delivery_reports", "sha256", "citizen_id")
    table(
        "reported_resources", text("report_id"), text("request_id"), text("resource_id"), text("kind"),
        text("status"), column("withdrawn", sa.Boolean()), column("starts_on", sa.Date(), nullable=True),
        column("ends_on", sa.Date(), nullable=True), column("detail", sa.JSON()),
        key("reported_resources", "report_id", "delivery_reports"),
        unique("reported_resources", "report_id", "resource_id"),
    )  # fmt: skip
    index_each("reported_resources", "report_id", "request_id", "resource_id")
    case_step(
        "case_closures", "closed", text("case_id"), text("kind"), text("level", nullable=True),
        text("report_id", nullable=True), text("closed_by", nullable=True),
        key("case_closures", "case_id", "cases"), key("case_closures", "report_id", "delivery_reports"),
        key("case_closures", "closed_by", "people"), unique("case_closures", "case_id"),
        codes(
            "case_closures", "kind", "level_set_elsewhere", "entered_in_error", "moved", "handled_elsewhere"
        ),
    )  # fmt: skip


def _assessment() -> None:
    name = "assessments"
    case_step(
        name, "assessment",
        text("case_id"), text("facts_id"), text("person_id"), text("unit_id"), text("choice"),
        text("confidence"), column("wants_evidence", sa.Boolean()),
        column("evidence_seen_before", sa.Boolean()), column("opened_at", INSTANT),
        text("idempotency_key"), text("replaces", nullable=True),
        key(name, "case_id", "cases"), key(name, "person_id", "people"), key(name, "unit_id", "units"),
        same_case(name, "facts_id", "facts_versions"), same_case(name, "replaces", name),
        unique(name, "case_id", "id"), unique(name, "replaces"), unique(name, "idempotency_key"),
        codes(name, "confidence", "tvivl", "nogenlunde", "sikker"),
    )  # fmt: skip
    once(name, "case_id")
    case_step(
        "consultations", "consultation", text("case_id"), text("asked_by"), text("stage"),
        key("consultations", "case_id", "cases"), key("consultations", "asked_by", "people"),
        codes("consultations", "stage", "before_evidence", "after_evidence"),
    )  # fmt: skip
    index_each("consultations", "case_id")
    name = "consultation_answers"
    case_step(
        name, "consultation_answer",
        text("consultation_id"), text("answered_by"), key(name, "consultation_id", "consultations"),
        key(name, "answered_by", "people"), unique(name, "consultation_id"),
    )  # fmt: skip


def _suggestion() -> None:
    name = "suggestions"
    case_step(
        name, "suggestion",
        text("case_id"), text("assessment_id"), text("outcome"), text("reason", nullable=True),
        text("mode"), text("arm"), text("phase"), text("reference_level", nullable=True),
        text("model_level", nullable=True), text("model_version", nullable=True),
        text("manifest_hash", nullable=True), text("template_version"),
        text("payload_hash", nullable=True),
        key(name, "case_id", "cases"), same_case(name, "assessment_id", "assessments"),
        unique(name, "case_id", "id"), unique(name, "assessment_id"),
        codes(name, "outcome", "shown", "withheld"),
        codes(
            name, "reason", "declined", "stopped", "no_model", "abstained", "control_arm", "objection",
            "restriction", "without_system",
            "no_legal_basis", "not_a_level_case", "shadow", "additivity_failed", "marked_wrong",
            "model_damaged", "reported_wrong", "older_practice", "bias_found",
        ),
        codes(name, "arm", "evidence", "control"), codes(name, "mode", "overblik", "forslag"),
        check(name, "withheld_has_reason", "(outcome = 'withheld') = (reason IS NOT NULL)"),
        check(name, "reference_only_when_shown", "outcome = 'shown' OR reference_level IS NULL"),
        check(name, "shown_is_kept", "outcome = 'withheld' OR payload_hash IS NOT NULL"),
    )  # fmt: skip


def _decision() -> None:
    name = "decisions"
    case_step(
        name, "decision",
        text("case_id"), text("suggestion_id"), text("person_id"), text("unit_id"), text("choice"),
        text("reason_code"), text("second_reason_code", nullable=True), text("agreement"), text("change"),
        text("idempotency_key"), text("replaces", nullable=True),
        key(name, "case_id", "cases"), key(name, "person_id", "people"), key(name, "unit_id", "units"),
        same_case(name, "suggestion_id", "suggestions"), same_case(name, "replaces", name),
        unique(name, "case_id", "id"), unique(name, "replaces"), unique(name, "idempotency_key"),
        codes(name, "agreement", "agreement", "override", "no_reference", "outside"),
        codes(name, "change", "kept", "changed", "outside"),
    )  # fmt: skip
    once(name, "case_id")
    name = "plannings"
    case_step(
        name, "planning",
        text("case_id"), text("decision_id"), text("planned_by"), column("forms", sa.JSON()),
        text("team"), text("place"), text("start_status"), column("first_date", sa.Date(), nullable=True),
        text("replaces", nullable=True), key(name, "case_id", "cases"), key(name, "planned_by", "people"),
        key(name, "replaces", name), same_case(name, "decision_id", "decisions"), unique(name, "replaces"),
    )  # fmt: skip
    once(name, "decision_id")
    name = "return_answers"
    case_step(
        name, "returned_answer",
        text("case_id"), text("decision_id"), text("facts_id"), text("answered_by", nullable=True),
        key(name, "case_id", "cases"), key(name, "decision_id", "decisions"),
        key(name, "answered_by", "people"), same_case(name, "facts_id", "facts_versions"),
        unique(name, "decision_id"),
    )  # fmt: skip
