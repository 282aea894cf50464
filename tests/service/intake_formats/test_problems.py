"""However many problems a run has, all of them are told, and few are held."""

import json
from pathlib import Path

import pytest

from service.intake_formats import problems
from service.intake_formats.problem import Problem
from service.intake_formats.problems import Problems
from service.intake_formats.rejects import write_rejects


def a_problem(number: int) -> Problem:
    return Problem(f"linje {number}", "team", "er en ukendt kode", 'fod "bold", æøå', "h.csv")


@pytest.mark.parametrize("count", [0, 3, 4, 11])
def test_they_come_back_as_they_were_noted_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(problems, "IN_MEMORY", 3)
    noted = Problems(tmp_path / "var")

    noted.add_all(map(a_problem, range(count)))
    write_rejects(noted, tmp_path / "rejects.jsonl")
    noted.add(a_problem(count))

    assert [each.where for each in noted] == [f"linje {number}" for number in range(count + 1)]
    assert list(noted)[-1] == a_problem(count)
    assert len(noted) == count + 1
    lines = (tmp_path / "rejects.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [a_problem(number).cells() for number in range(count)]
    noted.close()


def test_nothing_of_them_can_be_found_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "IN_MEMORY", 1)
    noted = Problems(tmp_path)

    noted.add_all(map(a_problem, range(5)))

    assert len(noted._first) == 1
    assert list(tmp_path.iterdir()) == []
    noted.close()
