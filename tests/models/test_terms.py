"""Every fact says what the citizen has of it, on what law it is held, for what, and who answers for it."""

import pytest

from models import areas
from models.declaration import Area, Question
from models.terms import Duty, Use

EVERY_QUESTION = [
    pytest.param(area, question, id=f"{area.name}-{question.name}")
    for area in map(areas.get, areas.names())
    for question in (*area.questions, *area.kept_apart)
]
LONGEST_SENTENCE = 20
PROMISES = ("sikrer", "garanterer", "altid bedre", "bedst mulig")


@pytest.mark.requirement("D-25")
@pytest.mark.parametrize(("area", "question"), EVERY_QUESTION)
def test_a_fact_says_what_the_citizen_has_of_it_and_promises_nothing(area: Area, question: Question) -> None:
    sentences = question.benefit.removesuffix(".").split(". ")

    assert question.benefit.endswith(".")
    assert all(3 < len(sentence.split()) <= LONGEST_SENTENCE for sentence in sentences)
    assert not any(promise in question.benefit.casefold() for promise in PROMISES)


@pytest.mark.requirement("D-34")
@pytest.mark.parametrize(("area", "question"), EVERY_QUESTION)
def test_a_fact_names_a_law_an_owner_and_a_use_that_the_area_knows(area: Area, question: Question) -> None:
    assert question.purpose
    assert area.law_of(question).says.endswith(".")
    assert area.owner_of(question)
    assert question.terms.uses


def test_a_fact_that_the_citizen_may_refuse_rests_on_the_law_that_says_so() -> None:
    area = areas.get("genoptraening")
    voluntary = {q.name for q in area.questions if q.terms.duty is Duty.VOLUNTARY}

    assert voluntary == {"hjemmepleje", "boligform"}
    assert all("sige nej" in area.law_of(area.by_name[name]).says for name in voluntary)


@pytest.mark.requirement("R-14")
@pytest.mark.parametrize(("area", "question"), EVERY_QUESTION)
def test_nothing_may_go_to_others_and_what_is_kept_apart_serves_bias_tests_alone(
    area: Area, question: Question
) -> None:
    apart = question in area.kept_apart

    assert Use.OUTSIDE not in question.terms.uses
    assert (question.terms.uses == {Use.BIAS_TESTS}) == apart
    assert (Use.LEARNING in question.terms.uses) == question.learned
