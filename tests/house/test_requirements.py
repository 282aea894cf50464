"""The list of requirements, and the tests that say they prove them."""

from pathlib import Path

from service.workflow.documents.proofs import marks
from tests.requirements import discretion, requirements, table_of


def test_there_are_two_hundred_each_with_an_id_of_its_own() -> None:
    ids = [each.id for each in requirements()]

    assert (len(ids), len(set(ids))) == (200, 200)
    assert [each.id for each in discretion()] == [f"SK-{number:02d}" for number in range(1, 19)]


def test_no_test_names_a_requirement_that_does_not_exist() -> None:
    assert set(marks()) - {each.id for each in (*requirements(), *discretion())} == set()


def test_every_requirement_is_proved_or_says_why_it_is_open() -> None:
    assert [each.id for each in requirements() if not each.proved_by and not each.open_because] == []


def test_marks_are_found_on_functions_classes_and_modules(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_one.py").write_text(
        "import pytest\n"
        "pytestmark = [pytest.mark.slow, pytest.mark.requirement('K-01')]\n"
        "@pytest.mark.requirement('K-02', 'K-03')\n"
        "def test_a(): ...\n"
        "@pytest.mark.requirement('K-02')\n"
        "class TestB: ...\n"
        "def test_c(): 'K-04'\n"
    )

    assert marks(folder) == {
        "K-01": ["tests/test_one.py"],
        "K-02": ["tests/test_one.py::test_a", "tests/test_one.py::TestB"],
        "K-03": ["tests/test_one.py::test_a"],
    }


def test_the_table_counts_what_is_proved() -> None:
    proved = [each for each in requirements() if each.proved_by]

    assert proved
    assert f"{len(proved)} proved by tests" in str(table_of(requirements()).title)
