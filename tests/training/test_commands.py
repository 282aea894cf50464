"""The workshop's verbs, as they are typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.training.conftest import AS_OF, Town
from training.commands import groups
from training.dataset import Dataset

pytestmark = pytest.mark.slow


def _skoen(*words: str | Path) -> Result:
    return CliRunner().invoke(groups(), [str(word) for word in words])


@pytest.fixture
def folder(shelf: Path) -> Path:
    """The one version on the shelf."""
    return next(shelf.iterdir())


def test_a_full_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")

    result = _skoen(
        "data", "synthesize", "--cases", "5", "--seed", "1", "--as-of", "2026-06-30", "--out", tmp_path
    )

    assert result.exit_code == 1
    assert "not an empty folder" in result.output


def test_a_dry_run_invents_nothing(tmp_path: Path) -> None:
    out = tmp_path / "new"

    result = _skoen(
        "data",
        "synthesize",
        "--cases",
        "5",
        "--seed",
        "1",
        "--as-of",
        "2026-06-30",
        "--out",
        out,
        "--dry-run",
    )

    assert result.exit_code == 0
    assert not out.exists()


def test_json_is_all_that_is_printed_when_it_is_asked_for(tmp_path: Path) -> None:
    result = _skoen(
        "data", "synthesize", "--cases", "5", "--seed", "1", "--as-of", "2026-06-30",
        "--out", tmp_path / "x", "--json",
    )  # fmt: skip

    assert json.loads(result.stdout)["counts"]["history"] == 5
    assert result.stderr == ""


def test_a_folder_that_is_no_version_is_refused_with_its_reason(town: Town, tmp_path: Path) -> None:
    result = _skoen("model", "evaluate", tmp_path, town.history)

    assert result.exit_code == 1
    assert "refused (missing_file)" in result.output


def test_a_damaged_version_is_refused(town: Town, folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / folder.name
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    (copy / "golden.json").write_text("{}")

    result = _skoen("model", "explain", "x", "--data", town.history, "--model", copy)

    assert result.exit_code == 1
    assert "refused (damaged)" in result.output


def test_an_earlier_report_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine")

    result = _skoen("model", "report", folder, "--out", page)

    assert result.exit_code == 1
    assert page.read_text() == "mine"


def test_an_unknown_area_is_refused(town: Town) -> None:
    assert _skoen("data", "readiness", town.history, "--area", "nowhere").exit_code == 2


def test_too_few_cases_are_refused_and_nothing_is_written(town: Town, tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text("".join(town.history.read_text("utf-8").splitlines(keepends=True)[:40]))

    result = _skoen("model", "train", few, "--out", tmp_path / "models")

    assert result.exit_code == 1
    assert "skoen data readiness" in result.output
    assert not (tmp_path / "models").exists()


@pytest.mark.requirement("G-09")
def test_a_fact_to_keep_that_nobody_knows_is_refused_and_nothing_is_written(
    town: Town, tmp_path: Path
) -> None:
    keep = "--keep", "boligform", "--keep", "skostoerrelse"

    result = _skoen("model", "train", town.history, "--out", tmp_path / "models", *keep)

    assert result.exit_code == 1
    assert "is called skostoerrelse" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("level", "code"), [("basal", 1), (None, 0)], ids=["one level for all", "as it is"])
def test_labels_that_would_be_refused_have_an_exit_code_of_their_own(
    town: Town, tmp_path: Path, level: str | None, code: int
) -> None:
    file = tmp_path / "history.csv"
    text = town.history.read_text("utf-8")
    file.write_text(text if level is None else text.replace(",avanceret,", f",{level},"), "utf-8")

    told, as_json = _skoen("data", "labels", file), _skoen("data", "labels", file, "--json")

    assert (told.exit_code, as_json.exit_code) == (code, code)
    assert json.loads(as_json.stdout)["refused"] is bool(code)
    assert ("Stop: " if code else "Intet tyder på") in told.stdout


def test_a_change_of_practice_without_new_labels_stops_training_and_nothing_is_written(
    town: Town, tmp_path: Path
) -> None:
    words = ("model", "train", town.history, "--out", tmp_path / "models", "--practice-change")

    result = _skoen(*words, AS_OF.isoformat())

    assert result.exit_code == 1
    assert f"from {AS_OF.isoformat()} on, when practice changed" in result.output
    assert list(tmp_path.iterdir()) == []
    assert _skoen(*words, "30-06-2026").exit_code == 2
    assert _skoen(*words[:-1], "--half-life", "3").exit_code == 2


def test_a_shelf_that_is_a_file_is_refused_before_anything_is_read(town: Town, tmp_path: Path) -> None:
    shelf = tmp_path / "models"
    shelf.write_text("no folder")

    result = _skoen("model", "train", town.history, "--out", shelf)

    assert result.exit_code == 2
    assert "is a file" in result.output
    assert "Reading" not in result.output
    assert [each.name for each in tmp_path.iterdir()] == ["models"]


def test_a_dry_run_of_training_measures_and_writes_nothing(town: Town, tmp_path: Path) -> None:
    result = _skoen("model", "train", town.history, "--out", tmp_path / "models", "--dry-run", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["evaluation"]["chosen"]["n"] > 100
    assert list(tmp_path.iterdir()) == []


def test_training_says_which_version_it_wrote_and_how_it_stands(
    town: Town, folder: Path, tmp_path: Path
) -> None:
    result = _skoen("model", "train", town.history, "--out", tmp_path / "models", "--against", folder)

    written = next((tmp_path / "models").iterdir())
    assert result.exit_code == 0
    assert written.name in result.stdout
    assert folder.name in result.stdout
    assert (written / "manifest.json").is_file()


@pytest.mark.parametrize("as_json", [False, True], ids=["table", "json"])
@pytest.mark.parametrize("verb", ["readiness", "evaluate", "explain"])
def test_a_reading_verb_prints_a_table_or_json(
    town: Town, folder: Path, data: Dataset, verb: str, as_json: bool
) -> None:
    words: dict[str, tuple[str | Path, ...]] = {
        "readiness": ("data", "readiness", town.history),
        "evaluate": ("model", "evaluate", folder, town.history),
        "explain": ("model", "explain", data.cases[0].request_id, "--data", town.history, "--model", folder),
    }

    result = _skoen(*words[verb], *(["--json"] if as_json else []))

    assert result.exit_code == 0
    assert isinstance(json.loads(result.stdout), dict) if as_json else "┃" in result.stdout


def test_comparing_prints_both_versions_and_the_facts_that_moved(town: Town, folder: Path) -> None:
    result = _skoen("model", "compare", folder, folder, town.history)

    assert result.exit_code == 0
    assert "vejer omtrent det samme" in result.stdout
    assert "no clear difference" in result.stdout
    assert "same level in 100.0%, same strongest fact in 100.0% (A fitted again: " in result.stdout


def test_a_report_is_printed_too_and_neither_is_written_over(folder: Path, tmp_path: Path) -> None:
    page, paper = tmp_path / "page.html", tmp_path / "page.pdf"
    paper.write_bytes(b"mine")

    refused = _skoen("model", "report", folder, "--out", page, "--pdf")

    assert refused.exit_code == 1
    assert "page.pdf is there already" in refused.output
    assert (paper.read_bytes(), page.exists()) == (b"mine", False)
