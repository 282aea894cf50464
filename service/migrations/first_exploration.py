"""The table of explorations, as migration 0003 makes it; never changed either."""

from service.migrations.shapes import case_step, index_each, key, same_case, text


def exploration_tables() -> None:
    """What was tried on a case after the judgement."""
    name = "explorations"
    case_step(
        name, "exploration", text("case_id"), text("suggestion_id"), text("explored_by"),
        text("model_version"), text("manifest_hash"), text("template_version"), text("payload_hash"),
        key(name, "case_id", "cases"), same_case(name, "suggestion_id", "suggestions"),
        key(name, "explored_by", "people"),
    )  # fmt: skip
    index_each(name, "case_id", "suggestion_id")
