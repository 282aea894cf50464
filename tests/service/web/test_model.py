"""Om modellen: what the model in use says about itself, and what stands there when there is none."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from models.artifact import Artifact, ArtifactRefused
from models.lineage import lineage
from service.database import writing
from service.web.governance.model import refusal_words
from service.workflow import governance
from service.workflow.model_in_use.shelf import ModelShelf
from tests.builders import an_admission
from tests.cast import NOW, Cast
from tests.parts.trained import on_shelf
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]


@pytest.fixture
def shelf(app: Flask, tmp_path: Path) -> ModelShelf:
    """A real shelf under the application."""
    real = ModelShelf(tmp_path / "models")
    app.extensions["skoen"] = replace(app.extensions["skoen"], shelf=real)
    return real


@pytest.fixture
def admitted(shelf: ModelShelf, cast: Cast, trained_version: Artifact) -> Artifact:
    """A trained version in use."""
    version = on_shelf(shelf.folder, trained_version, "v1")
    with writing(cast.engine) as session:
        governance.promote(
            session, shelf, "v1", approver="Dan Vang", note="Den første model.", now=NOW, by=cast.dan
        )
    return version


def test_without_a_model_the_page_says_so(visit: Visit) -> None:
    page = visit("alma").get("/om-modellen").text
    assert "Der er ingen beregningsmodel i brug" in page
    assert "Ingen model har været i brug." in page


def test_it_says_where_the_levels_come_from_and_what_old_ones_weigh(visit: Visit, admitted: Artifact) -> None:
    told = {each["source"]: each for each in admitted.evaluation["label_weights"]["sources"]}
    page = unescape(visit("alma").get("/om-modellen").text)

    old, robot = told["legacy_human"], told["legacy_robot"]
    assert 0 < old["weight"] < old["cases"]
    said = f"ældre sag, skrevet af et menneske: {old['cases']}, vægter som {round(old['weight'])} nye sager"
    assert said in page
    assert f"skrevet af en robot; ikke brugt: {robot['cases']}<" in page


@pytest.mark.requirement("D-49")
def test_each_feature_of_the_version_is_followed_to_its_fields_and_sources(
    visit: Visit, admitted: Artifact
) -> None:
    page = unescape(visit("alma").get("/om-modellen/kilder/v1").text)
    strands = lineage(admitted.area, admitted.codebook.names)

    assert len(strands) == page.count('<tr id="') == len(admitted.area.learned)
    for strand in strands:
        row = page.partition(f'<tr id="{strand.feature.name}">')[2].partition("</tr>")[0]
        told = re.findall(r'<li>(?:<a [^>]*>)?([^<]+)(?:</a>)? <span class="quiet">([^<]+)</span>', row)
        assert told == [(field.label, field.source.label) for field in strand.fields]
    assert 'href="/om-modellen/kilder/v1"' in visit("alma").get("/om-modellen").text


def test_a_version_that_was_never_in_use_has_no_lineage_and_a_damaged_one_says_why(
    visit: Visit, admitted: Artifact, shelf: ModelShelf
) -> None:
    assert visit("alma").get("/om-modellen/kilder/v2").status_code == 404

    (shelf.folder / "v1" / "tables.npz").write_bytes(b"other")
    refused = visit("alma").get("/om-modellen/kilder/v1")
    assert refused.status_code == 409
    assert "En af modellens filer er ændret eller beskadiget." in unescape(refused.text)


def test_the_page_tells_what_the_artifact_knows_about_itself(visit: Visit, admitted: Artifact) -> None:
    page = visit("alma").get("/om-modellen").text
    counts = admitted.manifest.counts
    for words in (
        "v1", "Dan Vang", "Den første model.", f"{counts['labelled']} sager",
        "Den bruges ikke til at beslutte", "Kun andelene", "Logistisk på koderne", "Passer tallene?",
        "skrevet af et menneske", "Prøve for skævhed: bestået", "Køn", "Amputation (",
        "din samtale med borgeren", "stopknappen", "Taget i brug", admitted.manifest_hash,
        f"I de sidste {admitted.evaluation['abstention']['n']} sager blev der ikke vist grundlag i",
    ):  # fmt: skip
        assert words in page, words
    assert page.count("Valgt</td>") == 1
    assert f"<td>{admitted.evaluation['chosen']['calibration'][0]['n']}</td>" in page


def test_a_damaged_model_is_told_with_its_reason(
    visit: Visit, admitted: Artifact, shelf: ModelShelf, app: Flask
) -> None:
    tables = shelf.folder / "v1" / "tables.npz"
    tables.write_bytes(tables.read_bytes() + b"x")
    app.extensions["skoen"] = replace(app.extensions["skoen"], shelf=ModelShelf(shelf.folder))
    page = visit("alma").get("/om-modellen").text
    assert "Modellen kan ikke bruges" in page
    assert "En af modellens filer er ændret eller beskadiget." in page
    assert "Hvad den bygger på" not in page


def test_a_model_that_is_gone_is_told_too(visit: Visit, cast: Cast, shelf: ModelShelf) -> None:
    an_admission(cast.engine, cast.dan)
    assert "Modellens mappe findes ikke på serveren." in visit("alma").get("/om-modellen").text


def test_every_reason_of_a_refusal_has_words(app: Flask) -> None:
    told = ArtifactRefused.__doc__ or ""
    reasons = (
        told.partition("`reason` is ")[2].replace(" or ", ", ").replace("\n", " ").strip(" .").split(",")
    )
    with app.test_request_context():
        for reason in reasons:
            assert refusal_words(reason.strip())
