"""The histories that scale is measured on, and what a child is said to have held."""

import json
from pathlib import Path

import pytest

from models import areas
from models.label_sanity import findings_of
from tests.bench import scale
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


@pytest.mark.usefixtures("small")
def test_a_piece_of_work_tells_how_long_it_took_and_what_was_held(capsys: pytest.CaptureFixture[str]) -> None:
    scale.main("staging", str(scale.history_of(100)))
    took = scale.Took(*json.loads(capsys.readouterr().out))

    assert 0 < took.seconds < 60
    assert 0 < took.cpu < 60
    assert 3e7 < took.held < 2e10


@pytest.mark.usefixtures("small")
def test_a_size_that_takes_too_long_is_stopped_and_its_lines_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "limit_of", lambda size: 0.0)

    lines = list(scale._training([40, 80]))

    assert [line["unit"] for line in lines] == ["not reached"] * 3
    assert {line["met"] for line in lines} == {None}
