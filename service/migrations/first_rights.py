"""The tables of the citizen's rights, as migration 0003 makes them; never changed either."""

import sqlalchemy as sa

from service.migrations.shapes import (
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


def rights_tables() -> None:
    """What was asked for, and each step of what came of it."""
    name = "right_requests"
    case_step(
        name, "right_request", text("case_id"), text("kind"), text("channel"), text("speaker"),
        column("received_on", sa.Date()), column("due_on", sa.Date()), text("recorded_by", nullable=True),
        column("reference_keys", sa.JSON()), key(name, "case_id", "cases"),
        key(name, "recorded_by", "people"), unique(name, "case_id", "id"),
        codes(
            name, "kind", "access", "rectification", "restriction", "objection", "without_system",
            "similar_cases", "training", "complaint", "representation", "human_contact", "other_sources",
        ),
        codes(name, "channel", "own", "phone", "letter", "in_person"),
        codes(name, "speaker", "citizen", "representative"),
        check(name, "somebody_listened", "(channel = 'own') = (recorded_by IS NULL)"),
    )  # fmt: skip
    index_each(name, "case_id", "kind")
    name = "right_steps"
    case_step(
        name, "right_step", text("case_id"), text("request_id"), column("number", sa.Integer()),
        text("kind"), text("ground", nullable=True), column("due_on", sa.Date(), nullable=True),
        text("taken_by", nullable=True), key(name, "case_id", "cases"), key(name, "taken_by", "people"),
        same_case(name, "request_id", "right_requests"), unique(name, "request_id", "number"),
        codes(name, "kind", "extended", "granted", "partly", "refused", "withdrawn", "lifted"),
        check(name, "refusal_has_a_ground", "kind NOT IN ('partly', 'refused') OR ground IS NOT NULL"),
        check(name, "extension_has_a_day", "(kind = 'extended') = (due_on IS NOT NULL)"),
    )  # fmt: skip
    index_each(name, "case_id")
