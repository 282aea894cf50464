"""Nobody is computed about without a plan that was received, and nobody can ask about many at once."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.tables import METADATA
from tests.parts.tree import files_in, read
from tests.parts.web import Visitor
from tests.rows import rows
from tests.service.web.test_intake import PLAN

SUGGESTS = re.compile(r"\.suggest\(")
LEADS_TO_A_COMPUTATION = {"assessment.judge", "suggestion.ask_again", "api.judge"}
NOWHERE = "0" * 32


def owed(table: str, column: str) -> str | None:
    """The table that a row cannot be without, through a column; None when it can."""
    found = METADATA.tables[table].c[column]
    return next((key.column.table.name for key in found.foreign_keys), None) if not found.nullable else None


@pytest.mark.requirement("F-18", "R-17")
def test_a_computation_hangs_on_a_judgement_of_a_case_with_a_plan() -> None:
    assert owed("suggestions", "assessment_id") == "assessments"
    assert owed("assessments", "facts_id") == "facts_versions"
    assert owed("facts_versions", "case_id") == "cases"
    assert not any(METADATA.tables["cases"].c[name].nullable for name in ("request_id", "received_on"))


@pytest.mark.requirement("F-18")
def test_the_model_is_asked_only_where_the_judgement_is_in_hand() -> None:
    asking = {file.as_posix() for file in files_in("service") if SUGGESTS.search(read(file))}

    room = "service/workflow/suggestion/"  # the answer, and what is tried beside it
    again = "service/workflow/monitoring/served.py"  # what was answered, computed once more from its own row
    assert asking == {f"{room}__init__.py", f"{room}exploration.py", again}
    assert owed("explorations", "suggestion_id") == "suggestions"


@pytest.mark.requirement("F-18")
@pytest.mark.parametrize("missing", ["plantype", "modtaget", "udskrevet"])
def test_without_a_plan_nothing_is_opened_so_nothing_can_be_computed(
    visit: Callable[[str], Visitor], engine: Engine, missing: str
) -> None:
    plan = {name: value for name, value in PLAN.items() if name != missing}
    visitor = visit("alma")
    before = rows(engine)

    assert visitor.post("/sag/ny", plan).status_code == 422
    assert rows(engine) == before


@pytest.mark.requirement("F-18", "R-17")
def test_every_way_to_a_computation_names_one_case(app: Flask) -> None:
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}

    for endpoint in LEADS_TO_A_COMPUTATION:
        assert rules[endpoint].arguments == {"case_id"}, endpoint


@pytest.mark.requirement("F-18")
@pytest.mark.parametrize(
    "path", [f"/sag/{NOWHERE}", f"/sag/{NOWHERE}/grundlag", f"/api/v1/sager/{NOWHERE}/grundlag"]
)
def test_somebody_without_a_case_cannot_be_asked_about(visit: Callable[[str], Visitor], path: str) -> None:
    assert visit("alma").get(path).status_code == 404
