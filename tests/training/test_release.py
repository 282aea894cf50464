"""A version can be made again from its manifest and its data, and says what is new in it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.artifact import Artifact, load, save
from models.labels import LabelRules
from models.shapes import Shape, shapes_of
from tests.training.conftest import Town
from training.commands import groups
from training.danish_numbers import signed
from training.dataset import read_cases
from training.release_note import CannotTell, release_note
from training.report import report
from training.report_news import news_page
from training.train import Settings, train, write

pytestmark = pytest.mark.slow


def _skoen(*words: str | Path) -> Result:
    return CliRunner().invoke(groups(), [str(word) for word in words])


@pytest.fixture(scope="module")
def few(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history that carries similar cases alone, which is soon learned."""
    lines = town.history.read_text("utf-8").splitlines(keepends=True)
    file = tmp_path_factory.mktemp("few") / "few.csv"
    file.write_text("".join(lines[:260]), "utf-8")
    return file


@pytest.fixture(scope="module")
def small(few: Path, town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The version learned from it, with a half-life of its own."""
    data = read_cases(town.area, (few,))
    made = train(data, Settings(seed=3, rare=10, labels=LabelRules(half_life_days=400)))
    return write(made, tmp_path_factory.mktemp("small"))[0]


@pytest.mark.parametrize("changed", ["another file", "one row less", "a file too many"])
def test_other_data_is_refused_and_named(
    town: Town, few: Path, small: Path, tmp_path: Path, changed: str
) -> None:
    files = {"another file": [town.history], "a file too many": [few, _moved(few, tmp_path)]}.get(changed)
    if files is None:
        files = [tmp_path / "few.csv"]
        files[0].write_text("".join(few.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")

    result = _skoen("model", "reproduce", small, *files)

    assert result.exit_code == 1
    assert ("stands twice" if changed == "a file too many" else "not those it was made from") in result.output


def _moved(file: Path, folder: Path) -> Path:
    there = folder / "again.csv"
    there.write_bytes(file.read_bytes())
    return there


def test_a_version_it_was_not_measured_against_is_refused(few: Path, small: Path) -> None:
    result = _skoen("model", "reproduce", small, few, "--against", small)

    assert result.exit_code == 1
    assert "measured against no other version" in result.output


def test_a_version_is_made_again_byte_for_byte_whatever_its_data_is_called_now(
    few: Path, small: Path, tmp_path: Path
) -> None:
    result = _skoen("model", "reproduce", small, _moved(few, tmp_path), "--json")

    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told == {
        "version": small.name, "same": True, "manifest_hash": load(small).manifest_hash, "differs": [],
        "libraries": [],
    }  # fmt: skip


def test_a_whole_model_is_made_again_byte_for_byte(town: Town, shelf: Path) -> None:
    result = _skoen("model", "reproduce", next(shelf.iterdir()), town.history)

    assert result.exit_code == 0, result.output
    assert "came out the same, byte for byte" in result.output


def test_what_came_out_otherwise_is_named(few: Path, small: Path, tmp_path: Path) -> None:
    made, folder = load(small), tmp_path / "told-otherwise"
    config = {**made.manifest.config, "labels": LabelRules(half_life_days=401).to_json()}
    save(replace(made, manifest=replace(made.manifest, config=config)), folder)

    result = _skoen("model", "reproduce", folder, few)

    assert result.exit_code == 1
    assert "came out otherwise in: " in result.output
    assert "manifest.json" in result.output


def test_a_note_says_what_weighs_more_and_less(version: Artifact, small: Path, tmp_path: Path) -> None:
    old = load(small)

    note = release_note(old, version)

    assert (note.old, note.new) == (small.name, version.manifest.version)
    assert note.less == ()  # the old version had no model, so nothing pulled
    assert [each.by for each in note.more] == sorted((each.by for each in note.more), reverse=True)
    assert len(note.more) + note.alike == len(version.codebook.names)
    text = note.text()
    assert "## Vægter nu mere\n- " in text
    assert "## Vægter nu mindre\nIngen." in text
    assert "Niveauerne kommer fra: ældre sag, skrevet af et menneske (" in text
    assert "Den er ikke målt mod den forrige." in text
    back = release_note(version, old)
    assert [each.name for each in back.less] == [each.name for each in note.more]


def test_the_report_says_first_what_is_new(version: Artifact, small: Path, tmp_path: Path) -> None:
    old = load(small)

    page = report(old, previous=version)

    told = page.index(f">Nyt siden {version.manifest.version}</h2>")
    assert told < page.index(">Hvor god er den?</h2>")
    assert all(each.shares in page for each in release_note(version, old).less)
    assert "Nyt siden" not in report(old)


def test_a_version_has_nothing_new_beside_itself(version: Artifact, small: Path, tmp_path: Path) -> None:
    note = release_note(version, version)

    assert (note.more, note.less, note.alike) == ((), (), len(version.codebook.names))


def test_the_note_is_printed_written_once_and_told_as_json(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "note.md"

    first = _skoen("model", "note", small, small, "--out", out)
    second = _skoen("model", "note", small, small, "--out", out)
    as_json = _skoen("model", "note", small, small, "--json")

    assert first.exit_code == 0
    assert out.read_text("utf-8") == first.stdout
    assert (second.exit_code, "is there already" in second.output) == (1, True)
    assert json.loads(as_json.stdout)["alike"] > 0


def test_versions_of_different_areas_have_no_note(version: Artifact) -> None:
    from tests.models.workbench import repair_artifact

    with pytest.raises(CannotTell):
        release_note(repair_artifact(), version)


@pytest.mark.requirement("SK-15")
def test_each_fact_that_moved_is_drawn_as_it_was_and_as_it_is(version: Artifact) -> None:
    name = version.codebook.names[0]
    singles = (3 * version.tables.singles[0], *version.tables.singles[1:])
    other = replace(version, tables=replace(version.tables, singles=singles))
    (moved,) = (each for each in release_note(version, other).more if each.name == name)
    was, now = ({each.label: each for each in _shape_of(each, name).values} for each in (version, other))

    page = news_page(version, other)

    start = page.index(f"<h4>{moved.label}</h4>")
    drawn = page[start : page.index("</svg>", start)]
    told = [each for each in now.values() if each.cases]
    assert drawn.count('fill="#ffffff"') == len(told) == drawn.count('fill="#0b5c8a"')
    numbers = page[start : page.index("</table>", start)]
    for each in told:
        before, after = signed(was[each.label].pull), signed(each.pull)
        assert f'{each.label}</th><td class="n">{before}</td><td class="n">{after}</td>' in numbers


def test_a_note_with_drawings_is_a_page_that_refers_to_nothing_outside(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "note.html"

    assert _skoen("model", "note", small, small, "--out", out).exit_code == 0

    text = out.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert not any(each in text for each in ("http", "src=", "<script"))


def _shape_of(version: Artifact, name: str) -> Shape:
    return next(each for each in shapes_of(version) if each.question.name == name)
