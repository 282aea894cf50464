"""The tables of the double review, as migration 0003 makes them; never changed either."""

import sqlalchemy as sa

from service.migrations.shapes import case_step, column, index_each, key, logged, same_case, text, unique


def double_review_tables() -> None:
    """Lots, what they fell on, and what a colleague judged."""
    name = "review_rounds"
    logged(
        name, "review_round", text("municipality_id"), text("unit_id"), text("period"), text("seed"),
        column("wanted", sa.Integer()), column("eligible", sa.Integer()), text("eligible_hash"),
        text("drawn_by"), key(name, "municipality_id", "municipalities"), key(name, "unit_id", "units"),
        key(name, "drawn_by", "people"), unique(name, "unit_id", "period"),
    )  # fmt: skip
    index_each(name, "municipality_id")
    name = "review_draws"
    case_step(
        name, "review_draw", text("round_id"), text("case_id"), text("assessment_id"),
        key(name, "round_id", "review_rounds"), key(name, "case_id", "cases"),
        same_case(name, "assessment_id", "assessments"), unique(name, "round_id", "assessment_id"),
    )  # fmt: skip
    index_each(name, "round_id", "case_id")
    name = "second_judgements"
    case_step(
        name, "second_judgement", text("draw_id"), text("case_id"), text("judged_by"), text("choice"),
        key(name, "draw_id", "review_draws"), key(name, "case_id", "cases"), key(name, "judged_by", "people"),
        unique(name, "draw_id"),
    )  # fmt: skip
    index_each(name, "case_id")
