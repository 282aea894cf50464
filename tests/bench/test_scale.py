"""The histories and installations that scale is measured on, and what a child is said to have held."""

from pathlib import Path

import pytest

from models import areas
from models.facts import to_json
from models.label_sanity import findings_of
from service.config import Settings
from service.log.vault import open_engine
from service.workflow import export
from tests.bench import decided, scale
from training.dataset import read_cases


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of 150 cases, kept elsewhere."""
    monkeypatch.setattr(scale, "PART", 150)
    monkeypatch.setattr(scale, "KEPT", tmp_path)


@pytest.mark.usefixtures("small")
def test_a_history_has_so_many_cases_of_several_municipalities_and_is_made_once() -> None:
    area = areas.get(scale.AREA)
    file = scale.history_of(250)
    made = file.stat().st_mtime_ns

    as_text = read_cases(area, (file,)).cases
    in_columns = read_cases(area, (scale.history_of(250, ".parquet"),)).cases

    assert len(as_text) == 250
    assert {case.municipality for case in as_text} >= {"0900", "0901"}
    assert as_text == in_columns
    assert not [each for each in findings_of(area, as_text) if each.refuses]
    assert scale.history_of(250).stat().st_mtime_ns == made


def test_a_command_tells_how_long_it_took_and_what_it_held_and_a_failed_one_nothing(tmp_path: Path) -> None:
    took = scale.of_command(tmp_path, 1, "data", "--help")

    assert took is not None
    assert 0 < took.seconds < 60
    assert 0 < took.cpu < 60
    assert 3e7 < took.held < 2e9
    assert scale.in_child("nothing", ("no_such_module",), 60) is None


def test_every_copied_case_is_exported_with_the_facts_it_was_copied_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decided, "TEMPLATES", 2)
    monkeypatch.setenv("SKOEN_VAR", str(tmp_path))
    decided.make_installation(tmp_path, 9)

    engine = open_engine(Settings.from_environment())
    cases = list(export.decisions(engine))
    engine.dispose()

    assert len({case.request_id for case in cases}) == len({case.reference_key for case in cases}) == 9
    assert len({str(to_json(case.facts)) for case in cases}) == 1
    assert {case.facts["funk_mobilitet"].value for case in cases} == {"3"}
    assert [case.own_level for case in cases].count("basal") == 4


@pytest.mark.usefixtures("small")
def test_a_size_that_takes_too_long_is_stopped_and_its_lines_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "limit_of", lambda size: 0.0)

    lines = list(scale._training([40, 80]))

    assert [line["unit"] for line in lines] == ["not reached"] * 3
    assert {line["met"] for line in lines} == {None}
