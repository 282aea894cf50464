"""The tables of who may see what: roles, acknowledged rules, openings of the names in the access log."""

import sqlalchemy as sa

from service.migrations.shapes import (
    INSTANT,
    check,
    codes,
    column,
    index_each,
    key,
    logged,
    text,
    unique,
)


def membership_tables() -> None:
    """Who has which role where from a day on, and until which day."""
    logged(
        "memberships", "membership",
        text("person_id"), text("unit_id"), text("role"), column("valid_from", sa.Date()),
        text("organisation", nullable=True), text("terms", nullable=True),
        key("memberships", "person_id", "people"), key("memberships", "unit_id", "units"),
        codes(
            "memberships", "role", "visitator", "teamleder", "direktoer", "dpo", "politiker",
            "datamedarbejder", "tilsyn", "administrator", "leverandoer", "forsker",
        ),
        check(
            "memberships", "external_has_terms",
            "(role IN ('leverandoer', 'forsker')) = (coalesce(organisation, '') <> '')"
            " AND (role IN ('leverandoer', 'forsker')) = (coalesce(terms, '') <> '')",
        ),
    )  # fmt: skip
    index_each("memberships", "person_id", "unit_id")
    logged(
        "membership_ends", "membership_end", text("membership_id"), column("valid_to", sa.Date()),
        key("membership_ends", "membership_id", "memberships"), unique("membership_ends", "membership_id"),
    )  # fmt: skip


def access_tables() -> None:
    """Acknowledgements of the rules of access, and openings of the layer that names who looked."""
    name = "acknowledgements"
    logged(
        name, "acknowledgement", text("person_id"), text("kind"), text("rules"), text("reason"),
        column("valid_to", sa.Date()), key(name, "person_id", "people"),
        codes(name, "kind", "acknowledged", "emergency"),
        check(name, "emergency_has_a_reason", "(kind = 'emergency') = (reason <> '')"),
    )  # fmt: skip
    index_each(name, "person_id")
    name = "layer_openings"
    logged(
        name, "layer_opening", text("case_id"), text("kind"), text("purpose"), text("named"), text("role"),
        text("opens", nullable=True), column("open_until", INSTANT, nullable=True),
        key(name, "case_id", "cases"), key(name, "named", "people"), key(name, "opens", name),
        unique(name, "opens"), codes(name, "kind", "asked", "opened"),
        codes(name, "purpose", "klage", "indsigt", "mistanke", "sikkerhed"),
        codes(name, "role", "dpo", "tilsyn"),
        check(
            name, "opened_answers_a_question",
            "(kind = 'opened') = (opens IS NOT NULL) AND (kind = 'opened') = (open_until IS NOT NULL)",
        ),
    )  # fmt: skip
    index_each(name, "case_id")
