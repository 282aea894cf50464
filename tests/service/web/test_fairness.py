"""What people read of the test for bias: on Om modellen."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from models import audit
from models.artifact import Artifact
from service.database import writing
from service.workflow import governance
from service.workflow.model_in_use.shelf import ModelShelf
from tests.cast import NOW, Cast
from tests.parts.audits import a_biased_record, a_doubtful_record, an_honest_record
from tests.parts.trained import on_shelf
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]


@pytest.fixture
def version(app: Flask, tmp_path: Path, cast: Cast, trained_version: Artifact) -> Artifact:
    """A version in use, with a record that speaks for it."""
    shelf = ModelShelf(tmp_path / "models")
    app.extensions["skoen"] = replace(app.extensions["skoen"], shelf=shelf)
    found = on_shelf(shelf.folder, trained_version, "v1")
    with writing(cast.engine) as session:
        governance.promote(session, shelf, "v1", approver="Dan Vang", note="Ny.", now=NOW, by=cast.dan)
    return found


def text(visit: Visit, who: str, path: str) -> str:
    """A page as one reads its source."""
    return unescape(visit(who).get(path).text)


def section(page: str, name: str) -> str:
    """One section of a page."""
    return page.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


@pytest.mark.requirement("R-31")
def test_privacy_security_and_fairness_each_have_a_control_and_a_day(visit: Visit, version: Artifact) -> None:
    told = section(text(visit, "alma", "/om-modellen"), "tre").split("<dt>")[1:]

    assert [each.partition("<")[0] for each in told] == ["Privatliv", "Sikkerhed", "Retfærdighed"]
    for each in told:
        assert any(digit.isdigit() for digit in each)
        assert "2026" in each
    assert version.manifest_hash[:12] in told[1]


@pytest.mark.requirement("G-37")
def test_each_group_stands_with_what_could_have_been_found_and_what_is_missing_with_why(
    visit: Visit, version: Artifact
) -> None:
    told = section(text(visit, "alma", "/om-modellen"), "skaevhed")

    assert "Prøve for skævhed: bestået." in told
    assert told.count('<tr><th scope="row">') == 6
    assert "forskellen er under 10 procentpoint" in told
    assert "Oprindelse: ikke til rådighed." in told


def test_a_finding_and_a_doubt_are_said_with_what_follows(
    visit: Visit, version: Artifact, tmp_path: Path
) -> None:
    audit.save(a_biased_record(version), tmp_path / "models" / "v1")
    told = section(text(visit, "alma", "/om-modellen"), "skaevhed")
    assert "ikke bestået" in told
    assert "Køn: Kvinde" in told
    assert "alert" in told

    audit.save(a_doubtful_record(version), tmp_path / "models" / "v1")
    told = section(text(visit, "alma", "/om-modellen"), "skaevhed")
    assert "utilstrækkeligt belyst" in told
    assert "aldrig en overskrift" in told
    assert "85 år og over" in told


def test_what_tells_a_group_age_and_its_basis_stand_beside_the_test(
    visit: Visit, version: Artifact, tmp_path: Path
) -> None:
    told = {"axis": "koen", "label": "Køn", "p": 0.5, "by_chance": 0.56}
    moved = {"from_label": "40–66 år", "to_label": "85 år og over", "n": 292}
    groups = [
        {"code": "kvinde", "label": "Kvinde", "n": 200, "mean": 0.65,
         "gap": {"gap": -0.1, "low": -0.2, "high": -0.05, "detectable": 0.1}},
        {"code": "mand", "label": "Mand", "n": 7, "mean": None, "gap": None},
    ]  # fmt: skip
    by = [{"name": "koen", "label": "Køn", "groups": groups}]
    honest = an_honest_record(version)
    honest["flips"] |= {
        "told_by_inputs": [{**told, "auc": 0.71}],
        "told_by_contributions": [{**told, "auc": 0.54}],
        "told_by_residuals": [{**told, "auc": 0.5}],
        "by_age": [{**moved, "gap": -0.06, "low": -0.08, "high": -0.05}],
    }
    honest["exploratory"]["measures"] = [{"code": "fast_stoerste", "by": by}, {"code": "begyndt", "by": by}]
    audit.save(honest, tmp_path / "models" / "v1")

    page = section(text(visit, "alma", "/om-modellen"), "skaevhed").replace("\u00a0", " ")

    guessed = "<td>71 %, mere end 56 %</td><td>54 %, ikke over 56 %</td><td>50 %, ikke over 56 %</td>"
    assert f'<th scope="row">Køn</th>{guessed}' in page
    assert "<td>85 år og over</td><td>292</td><td>−0,06 (−0,08 til −0,05)</td>" in page
    assert "<td>Kvinde</td><td>65 %, under andre</td><td>–</td>" in page
    assert "<td>Mand</td><td>–</td><td>–</td>" in page


def test_without_a_record_nothing_is_called_fine(visit: Visit, version: Artifact, tmp_path: Path) -> None:
    audit.beside(tmp_path / "models" / "v1").unlink()

    assert "Ikke prøvet" in section(text(visit, "alma", "/om-modellen"), "skaevhed")
