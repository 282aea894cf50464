"""`skoen access export`: look-ups for others to take in, by our own schema, nobody named unless opened."""

import json
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from service.clock import utc_now
from service.commands import groups
from service.database import reading, writing
from service.identity import authority_of
from service.program import assemble
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.workflow import staff
from service.workflow.oversight import restricted_layer
from service.workflow.oversight.access_export import SCHEMA
from tests.cast import NOW, Cast
from tests.desk import Desk
from tests.look_ups import at, cases, look

THERE = ("--municipality", "0999")


def run(*arguments: str) -> Result:
    """One command; the desk has set the environment."""
    return CliRunner().invoke(assemble([groups()]), ("access", "export", *arguments))


@pytest.fixture
def case(desk: Desk, cast: Cast) -> Case:
    """A case that Alma opened twice and Dorte once."""
    (found,) = cases(desk.engine, 1)
    look(desk.engine, cast.alma, found, at(4), at(4, 11))
    look(desk.engine, cast.dorte, found, at(5), purpose="klage")
    return found


def valid(result: Result) -> dict[str, Any]:
    """The document, which fits the schema."""
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.output)
    jsonschema_rs.validator_for(json.loads(SCHEMA.read_text())).validate(document)
    return document


@pytest.mark.requirement("R-05")
def test_each_look_up_names_authority_unit_role_and_purpose_and_fits_the_schema(case: Case) -> None:
    document = valid(run(str(case.serial), *THERE))
    first, _, third, own = document["registrations"]

    assert document["restricted"] is False
    assert first["organisation"] == {"idType": "KOMMUNE", "id": "0999", "name": "Fjordby Kommune"}
    assert (first["unit"]["name"], first["userRole"], first["purpose"]) == (
        "Træning Nord", "visitator", "sagsbehandling",
    )  # fmt: skip
    assert (third["userRole"], third["purpose"]) == ("tilsyn", "klage")
    assert (own["activity"], own["organisation"]) == ("data:exported", None)


@pytest.mark.requirement("R-05")
def test_the_entries_themselves_carry_the_authority(desk: Desk, case: Case) -> None:
    with reading(desk.engine) as session:
        entries = [json.loads(text) for text in session.exec(
            select(LogEntry.entry).where(LogEntry.event == "case:opened")
        )]  # fmt: skip

    assert {(entry["authority"], bool(entry["unit"])) for entry in entries} == {("KOMMUNE:0999", True)}


@pytest.mark.requirement("R-05")
def test_an_authority_with_a_cvr_number_and_a_unit_with_a_sor_code_are_named_by_them(desk: Desk) -> None:
    with writing(desk.engine) as session:
        place = staff.add_municipality(session, "0996", "Vigby Kommune", now=NOW, cvr="10000999")
        unit = staff.add_unit(session, place.id, "Træning Vig", now=NOW, sor="123456789")

        assert (authority_of(place), unit.sor) == ("CVR:10000999", "123456789")


@pytest.mark.requirement("R-21", "R-05")
def test_nobody_is_named_unless_two_have_opened_the_names(desk: Desk, cast: Cast, case: Case) -> None:
    now = utc_now()
    plain = run(str(case.serial), *THERE)
    with writing(desk.engine) as session:
        asked = restricted_layer.ask(session, case.id, "indsigt", now=now, by=cast.vera).id
    waiting = run(str(case.serial), *THERE, "--opening", asked)
    with writing(desk.engine) as session:
        restricted_layer.open_names(session, asked, now=now, by=cast.dorte)
    opened = valid(run(str(case.serial), *THERE, "--opening", asked))

    valid(plain)
    for actor in cast.people.values():
        assert actor.person_id not in plain.output and actor.display_name not in plain.output
    assert waiting.exit_code != 0 and "ikke åbnet" in waiting.output and "Alma" not in waiting.output
    assert opened["restricted"] is True
    assert opened["registrations"][0]["user"] == {"id": cast.alma.person_id, "name": "Alma Holm"}


def test_a_document_with_a_name_that_is_not_opened_does_not_fit(case: Case) -> None:
    document = valid(run(str(case.serial), *THERE))
    document["registrations"][0]["user"] = {"id": "0" * 32, "name": "Alma Holm"}

    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validator_for(json.loads(SCHEMA.read_text())).validate(document)


@pytest.mark.parametrize(
    "arguments", [("99999", *THERE), ("1", "--municipality", "0001"), ("1", *THERE, "--opening", "0" * 32)]
)
def test_what_is_not_there_is_refused(arguments: tuple[str, ...], case: Case) -> None:
    result = run(*arguments)

    assert result.exit_code != 0
    assert "registrations" not in result.output and "Traceback" not in result.output
