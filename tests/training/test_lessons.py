"""What decisions against the evidence may teach, for those who make the next version."""

from dataclasses import replace

import pytest

from models import areas
from models.lesson import Lesson, by_lesson
from tests.training.conftest import Town
from training.dataset import Dataset
from training.lessons import lessons_in

AREA = areas.get("genoptraening")
LESSONS = (Lesson("a", "A", ("one", "two")), Lesson("b", "B", ("three",)))


def test_a_hidden_reason_hides_its_queue_and_a_reason_nobody_gave_counts_as_none() -> None:
    assert by_lesson(LESSONS, {"one": 3}) == {"a": 3, "b": 0}
    assert by_lesson(LESSONS, {"one": 3, "two": None, "three": 2}) == {"a": None, "b": 2}


@pytest.mark.requirement("G-03")
def test_every_reason_is_in_one_queue() -> None:
    assert sorted(code for lesson in AREA.lessons for code in lesson.reasons) == sorted(
        reason.code for reason in AREA.reasons
    )


@pytest.mark.requirement("G-03")
def test_only_what_was_decided_otherwise_than_most_is_counted(town: Town, data: Dataset) -> None:
    otherwise = replace(
        data.cases[0], origin="skoen", shown=True, reference_level="basal", final_level="avanceret",
        reason_code="faglig_viden",
    )  # fmt: skip
    cases = [
        *[otherwise] * 2,
        *[replace(otherwise, reason_code=code) for code in ("oplysning_mangler", "sparring", "kapacitet")],
        replace(otherwise, final_level="basal"),
        replace(otherwise, reference_level=None),
        replace(otherwise, shown=False),
        replace(otherwise, final_level="retur"),
    ]
    found = lessons_in(town.area, cases)

    assert (found["compared"], found["otherwise"]) == (6, 5)
    assert {each["code"]: each["cases"] for each in found["lessons"]} == {
        "oplysninger": 1, "beregning": 2, "praksis": 2, "oensker": 0, "sagen": 0,
    }  # fmt: skip
    assert next(each for each in found["lessons"] if each["code"] == "praksis")["reasons"] == [
        "Sparring med kollega eller specialist: 1", "Tilbud eller kapacitet: 1",
    ]  # fmt: skip
