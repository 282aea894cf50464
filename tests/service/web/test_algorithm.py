"""The public record: it follows our schema, invents nothing, and is another version when anything differs."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from sqlalchemy import Engine

from models import areas
from models.terms import LegalBasis
from service.database import writing
from service.web.public.algorithm import SCHEMA
from service.workflow.go_live import rollout
from tests.builders import an_admission
from tests.cast import NOW, TODAY, Cast
from tests.register import a_basis, write

AREA = areas.get("genoptraening")
PATH = "/om-systemet/algoritme.json"
Read = Callable[[], dict[str, Any]]


@pytest.fixture
def read(app: Flask) -> Read:
    """The record as a stranger collects it, held against the schema."""
    follows = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8")), validate_formats=True)

    def read() -> dict[str, Any]:
        record: dict[str, Any] = app.test_client().get(PATH).json
        follows.validate(record)
        return record

    return read


@pytest.mark.requirement("R-15")
def test_it_follows_the_schema_from_the_first_day_and_says_what_is_missing(read: Read, app: Flask) -> None:
    record = read()

    assert record["version_date"] == "MANGLER: oplysningerne er ændret og ikke vurderet"
    assert record["organizations"][0]["name"] == "Fjordby Kommune"
    assert [fact["name"] for fact in record["facts"]] == [q.name for q in (*AREA.questions, *AREA.kept_apart)]
    assert app.test_client().get("/om-systemet/algoritme.schema.json").json == json.loads(SCHEMA.read_text())


@pytest.mark.requirement("R-15")
def test_what_differs_makes_a_new_version_with_a_date(
    read: Read, engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(engine, cast.dan, "catalogue")
    first = read()
    assert read() == first
    assert first["version_date"] == TODAY.isoformat()

    an_admission(engine, cast.dan, version="v7", at=NOW + timedelta(days=3))
    second = read()
    assert (second["version_date"], second["model"]["version"]) == ("2026-07-03", "v7")
    assert second["history"][0] == {"date": "2026-07-03", "change": "Model v7 taget i brug"}

    law = LegalBasis("sul_140", "Sundhedsloven § 140, ny", "Noget andet.")
    monkeypatch.setitem(areas._registered, AREA.name, replace(AREA, laws=(law, *AREA.laws[1:])))
    third = read()
    assert third["version_date"].startswith("MANGLER")
    assert len({first["version"], second["version"], third["version"]}) == 3


def test_a_phase_and_its_basis_stand_there(read: Read, engine: Engine, cast: Cast) -> None:
    before = read()["version"]
    a_basis(engine, cast.dan, "udvikling")
    with writing(engine) as session:
        rollout.enter_phase(
            session, cast.ada.municipality_id, "udvikling", legal_basis="", approved_by="", valid_from=TODAY,
            now=NOW, by=cast.ada,
        )  # fmt: skip
    after = read()

    assert after["organizations"][0]["status"] == "udvikling"
    assert after["organizations"][0]["phase_legal_basis"] == "Sundhedsloven § 140"
    assert after["version"] != before


def test_a_contact_nobody_gave_reads_as_missing(read: Read, app: Flask, tmp_path: Path) -> None:
    (tmp_path / "contacts.toml").write_text("[0999]\n", "utf-8")
    found = app.extensions["skoen"]
    app.extensions["skoen"] = replace(
        found, settings=replace(found.settings, contacts=tmp_path / "contacts.toml")
    )

    assert read()["organizations"][0]["contact_email"] == "MANGLER: mail"


@pytest.mark.requirement("R-15")
def test_the_page_tells_the_same(read: Read, app: Flask, engine: Engine, cast: Cast) -> None:
    write(engine, cast.dan, "catalogue")
    record, page = read(), app.test_client().get("/om-systemet/algoritme").text

    for words in (record["version"], record["version_date"], record["goal"], record["impact"]):
        assert words in page
    assert date.fromisoformat(record["version_date"])


@pytest.mark.parametrize(
    "change", [{"version": "1"}, {"extra": "x"}, {"description_short": "x" * 351}, {"lang": "nld"}]
)
def test_a_record_that_does_not_follow_the_schema_is_noticed(read: Read, change: dict[str, str]) -> None:
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8"))).validate({**read(), **change})
