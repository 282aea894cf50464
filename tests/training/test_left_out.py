"""Citizens who said no teach nothing, in whatever file they lie, and the version says how many they were."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.artifact import Artifact
from models.decided_case import DecidedCase
from models.left_out import LeftOut, request_of
from models.record import to_json_line
from tests.training.conftest import Town
from training.dataset import DataRefused, Dataset, read_cases
from training.train import Settings, train

SOME = 450


def written(folder: Path, town: Town, cases: list[DecidedCase], *told: str) -> Path:
    """An export with some lines after its cases."""
    file = folder / "decisions.jsonl"
    file.write_text("\n".join([*(to_json_line(town.area, case) for case in cases), *told]) + "\n", "utf-8")
    return file


@pytest.mark.parametrize(
    "line",
    ['{"left_out": 3}', '{"left_out": {"cases": {}}}', '{"left_out": {"cases": {"lyst": []}, "others": {}}}',
     '{"left_out": {"cases": {"training": [7]}, "others": {}}}'],
)  # fmt: skip
def test_a_line_of_another_form_stops_it_all(tmp_path: Path, town: Town, data: Dataset, line: str) -> None:
    with pytest.raises(DataRefused, match="left_out"):
        read_cases(town.area, (written(tmp_path, town, list(data.cases[:3]), line),))


def test_when_everybody_said_no_there_is_nothing_to_learn_from(
    tmp_path: Path, town: Town, data: Dataset
) -> None:
    cases = list(data.cases[:3])
    said = LeftOut(others={"training": frozenset(map(request_of, cases))})
    with pytest.raises(DataRefused, match="every case is left out"):
        read_cases(town.area, (written(tmp_path, town, cases, said.to_json_line()),))


def test_what_is_said_comes_back_as_it_went() -> None:
    said = LeftOut(cases={"training": frozenset({"0999:a"})}, others={"objection": frozenset({"0999:b"})})
    line = said.to_json_line()

    assert line == '{"left_out":{"cases":{"training":["0999:a"]},"others":{"objection":["0999:b"]}}}'
    assert [said.reason_of(each) for each in ("0999:a", "0999:b", "0998:a")] == [
        "training",
        "objection",
        None,
    ]


def test_a_row_of_an_older_file_is_left_out_too_and_counted_once(
    tmp_path: Path, town: Town, data: Dataset
) -> None:
    cases = list(data.cases[:6])
    first, second, third = (request_of(case) for case in cases[:3])
    said = LeftOut(
        cases={"training": frozenset({first, "0999:not-in-any-file"})},
        others={"training": frozenset({second}), "objection": frozenset({third})},
    )
    read = read_cases(town.area, (written(tmp_path, town, cases, said.to_json_line()),))

    assert {request_of(case) for case in read.cases} == {request_of(case) for case in cases[3:]}
    assert read.left_out == {"objection": 1, "training": 3}


@pytest.fixture(scope="module")
def without_some(town: Town, data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """A version of cases that came with keys, two of which are left out."""
    cases = [replace(case, reference_key=f"{n:032x}") for n, case in enumerate(data.cases[:SOME])]
    gone = frozenset(request_of(case) for case in cases[:2])
    file = written(
        tmp_path_factory.mktemp("export"), town, cases, LeftOut(cases={"training": gone}).to_json_line()
    )
    return train(read_cases(town.area, (file,)), Settings(seed=7)).artifact


@pytest.mark.requirement("F-04")
def test_the_version_says_how_many_were_left_out_and_does_not_hold_them(without_some: Artifact) -> None:
    counts = without_some.manifest.counts

    assert (counts["read"], counts["left_out_training"]) == (SOME - 2, 2)
    assert not any(without_some.reference.holds(f"{n:032x}") for n in (0, 1))


def test_a_case_lies_under_the_key_it_came_with(without_some: Artifact) -> None:
    assert without_some.reference.holds(f"{SOME - 1:032x}")
    assert set(without_some.reference.all_keys()) <= {f"{n:032x}" for n in range(2, SOME)}
