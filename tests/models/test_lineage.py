"""Every feature of a model is followed to the source it comes from, and says the truth about it."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Annotated, Any

import pytest

from models import areas
from models.declaration import Area, Arrival, Kind, Question, Source
from models.lineage import ARRIVAL, LineageBroken, lineage
from tests.models.workbench import REPAIR, repair_codebook

AREA = areas.get("genoptraening")
COMPUTED = [question.name for question in AREA.questions if question.computed]
TRIES = 400


def an_answer(question: Question, chance: Random) -> Any:
    """A random answer of a question, or none."""
    if chance.random() < 0.15:
        return None
    match question.kind:
        case Kind.COUNT:
            return chance.randint(question.low or 0, question.high or 0)
        case Kind.SET:
            return frozenset(code for code in question.code_values if chance.random() < 0.3)
        case Kind.TERM:
            return chance.choice(("DS721", "DI639", "DM170", "DC509"))
        case Kind.DATE:
            return date(2026, 6, chance.randint(1, 28))
        case _:
            return chance.choice(question.code_values)


def an_arrival(chance: Random) -> Arrival:
    """Random dates of a plan."""
    days = [date(2026, 6, 1) + timedelta(days=chance.randint(0, 40)) for _ in range(5)]
    return Arrival(days[0], days[1], days[2], min(days[3:]), max(days[3:]))


def inputs_that_matter() -> dict[str, set[str]]:
    """By computed fact, every question and date that changed it when it alone was changed."""
    found, chance = defaultdict[str, set[str]](set), Random(7)
    asked = [question for question in AREA.questions if not question.computed]
    for _ in range(TRIES):
        answers, arrival = {q.name: an_answer(q, chance) for q in asked}, an_arrival(chance)
        before = AREA.derive(answers, arrival)
        others = {name: {**answers, name: an_answer(AREA.by_name[name], chance)} for name in answers}
        tried = [(name, AREA.derive(each, arrival)) for name, each in others.items()]
        for name in ARRIVAL:
            moved = getattr(arrival, name) + timedelta(days=chance.choice((-1, 1, 3)))
            tried.append((name, AREA.derive(answers, replace(arrival, **{name: moved}))))
        for name, after in tried:
            for fact in COMPUTED:
                if before[fact] != after[fact]:
                    found[fact].add(name)
    return found


@pytest.mark.requirement("D-49")
def test_every_feature_of_every_area_is_followed_to_a_source() -> None:
    for area in map(areas.get, areas.names()):
        strands = lineage(area, [question.name for question in area.learned])

        assert [strand.feature.name for strand in strands] == [question.name for question in area.learned]
        assert all(strand.fields for strand in strands)
        assert Source.COMPUTED not in {source for strand in strands for source in strand.sources}


@pytest.mark.requirement("D-49")
def test_a_computed_fact_is_drawn_from_exactly_what_changes_it() -> None:
    assert inputs_that_matter() == {
        name: {field.name for field in lineage(AREA, [name])[0].fields} for name in COMPUTED
    }


def test_a_fact_that_is_not_computed_comes_from_its_own_field() -> None:
    (strand,) = lineage(AREA, ["boligform"])

    assert [(field.name, field.label, field.source) for field in strand.fields] == [
        ("boligform", "Boligform", Source.MUNICIPALITY)
    ]


def test_a_model_of_another_area_is_followed_as_well() -> None:
    names = repair_codebook().names

    assert [strand.feature.name for strand in lineage(REPAIR, names)] == list(names)


def drawn(*names: str) -> Area:
    """The area with another account of what the diagnosis group is drawn from."""
    question = replace(AREA.by_name["diagnosegruppe"], name="", drawn_from=names)
    facts = type("Facts", (AREA.facts,), {"__annotations__": {"diagnosegruppe": Annotated[str, question]}})
    return replace(AREA, facts=facts)


@pytest.mark.parametrize(
    "area", [drawn(), drawn("diagnosegruppe"), drawn("findes_ikke")], ids=["none", "itself", "unknown"]
)
def test_a_feature_that_leads_nowhere_is_refused(area: Area) -> None:
    with pytest.raises(LineageBroken):
        lineage(area, ["diagnosegruppe"])
