"""What the statistics say of reasons: queues of learning, and how often they repeat each other."""

import pytest
from flask import Flask

from models import areas
from service.web.statistics.breakdowns import lesson_counts, lessons_of
from service.web.statistics.words import repeated_sentences
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import practice
from tests.service.workflow.statistics.planted import some
from tests.service.workflow.statistics.test_practice import hip_and_knee

AREA, Q3 = areas.get("genoptraening"), Period(2026, 3)


@pytest.mark.requirement("G-03")
def test_lessons_are_the_sums_of_the_reasons_that_are_told(app: Flask) -> None:
    quarter = practice(hip_and_knee(), Q3)

    # 11 wished for something else and 5 had no offer.
    assert lesson_counts(AREA.lessons, quarter) == {
        "oplysninger": 0, "beregning": 0, "praksis": 5, "oensker": 11, "sagen": 0,
    }  # fmt: skip
    with app.test_request_context():
        assert [(line.label, line.cells) for line in lessons_of(AREA, quarter)][2:4] == [
            ("Praksis er en anden", ("5",)), ("Borgerens ønsker", ("11",)),
        ]  # fmt: skip
    few = [
        *some(30), *some(7, choice="basal", reason="kapacitet"), *some(2, choice="basal", reason="sparring"),
    ]  # fmt: skip
    told = lesson_counts(AREA.lessons, practice(few, Q3))
    assert told["praksis"] is None, "two asked a colleague, and the seven beside them would tell it"


@pytest.mark.requirement("F-27")
def test_how_reasons_repeat_each_other_is_told_of_the_unit_alone(app: Flask) -> None:
    with app.test_request_context():
        assert repeated_sentences({"b": None, "a": 20}, {"a": "Nord", "b": "Syd"}) == (
            "Nord: omkring 20 % ligner en anden næsten ord for ord.",
            "Syd: skjult, færre end 10 begrundelser eller for få medarbejdere.",
        )
