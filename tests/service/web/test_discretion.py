"""Nothing on the way to a decision leans on her: not order, effort, options, nor what is left out."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from service.database import writing
from service.workflow import governance
from tests.answered import an_answered_case
from tests.builders import a_case, an_admission
from tests.cast import NOW, TODAY, Cast, passes_quiz
from tests.parts.web import Visitor
from tests.payloads import a_payload, a_similar_case
from tests.shelves import DamagedShelf, FixedShelf, WrongSumShelf

Visit = Callable[[str], Visitor]
FORM = re.compile(r'<section class="panel decision".*?</section>', re.S)
HERS = re.compile(
    r'<p class="decision__judgement">.*?</p>|value="[^"]*"|action="[^"]*"|data-draft="[^"]*"', re.S
)
OFFERED = re.compile(r'name="choice" value="([^"]+)"')


def pointing_at(level: str, most: int = 13) -> FixedShelf:
    """A shelf whose evidence is `most` of 20 for a level, with one case of the other beside it."""
    other = {"basal": "avanceret", "avanceret": "basal"}[level]
    payload = a_payload(model_level=level, headline=f"Grundlaget peger mod {level} niveau.")
    levels = [level] * most + [other] * (20 - most)
    payload["similar"] |= {
        "reference_level": level,
        "cases": [a_similar_case(rank, each) for rank, each in enumerate(levels, start=1)],
        "counter_example": a_similar_case(most + 1, other) if most < 20 else None,
        "spread": [
            {"level": each, "label": f"{each.title()}t niveau", "count": levels.count(each), "outcomes": []}
            for each in (level, other)
        ],
    }
    return FixedShelf(payload)


def page(engine: Engine, cast: Cast, visit: Visit, number: int, **case: Any) -> str:
    """The page after the judgement of a new case."""
    return visit("alma").get(f"/sag/{an_answered_case(engine, cast, number=number, **case).id}/grundlag").text


def form_of(html: str) -> str:
    """The decision form without what differs between any two cases: addresses, tokens and her own words."""
    found = FORM.search(html)
    assert found is not None
    return HERS.sub("", found[0])


@pytest.mark.requirement("SK-02", "SK-06")
def test_the_options_are_the_same_in_order_and_look_whatever_the_evidence_says(
    engine: Engine, visit: Visit, cast: Cast
) -> None:
    said: list[dict[str, Any]] = [
        {"shelf": pointing_at(level, most)} for level in ("basal", "avanceret") for most in (11, 16, 20)
    ]
    said += [{"shelf": DamagedShelf()}, {"shelf": WrongSumShelf()}, {"wants_evidence": False}]
    said += [{"choice": choice} for choice in ("basal", "kan_ikke_afgoeres", "retur")]
    pages = [page(engine, cast, visit, number, **case) for number, case in enumerate(said, start=1)]
    with writing(engine) as session:
        governance.set_mode(session, cast.alma.unit_id, "forslag", now=NOW, by=cast.tove)
    passes_quiz(engine, cast.alma)
    pages.append(page(engine, cast, visit, 90))
    with writing(engine) as session:
        governance.stop(session, cast.alma.unit_id, reason="En prøve.", now=NOW, by=cast.tove)
    pages.append(page(engine, cast, visit, 91))

    assert "peger mod" in pages[-2] and "slået fra" in pages[-1]
    assert len({form_of(each) for each in pages}) == 1
    for each in pages:
        assert OFFERED.findall(each) == ["basal", "avanceret", "kan_ikke_afgoeres", "retur"]
        assert " checked" not in each and " selected" not in each


@pytest.mark.requirement("SK-03")
@pytest.mark.parametrize("choice", ["basal", "avanceret", "retur"])
def test_every_decision_asks_for_the_same(choice: str, engine: Engine, visit: Visit, cast: Cast) -> None:
    alma = visit("alma")
    path = f"/sag/{an_answered_case(engine, cast).id}"
    alma.get(f"{path}/grundlag")
    answer = alma.post(f"{path}/beslutning", {"choice": choice, "key": "k"})

    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#[^"]*">([^<]+)</a>', answer.text) == [
        "Vælg, hvad du lagde mest vægt på."
    ]


@pytest.mark.requirement("SK-05", "SK-07")
@pytest.mark.parametrize("level", ["basal", "avanceret"])
@pytest.mark.parametrize("most", [11, 15])
def test_where_similar_cases_differ_both_sides_are_there(
    level: str, most: int, engine: Engine, visit: Visit, cast: Cast
) -> None:
    shown = page(engine, cast, visit, 1, shelf=pointing_at(level, most))

    assert "Lignende sag med et andet forløb" in shown
    for each in (f"{most} af 20", f"{20 - most} af 20", "Mod basalt niveau", "Mod avanceret niveau"):
        assert each in shown
    assert "De tidligere sager viser, hvad der blev besluttet. De viser ikke, om det var rigtigt." in shown


@pytest.mark.requirement("SK-05")
def test_she_is_asked_for_what_the_system_does_not_know_and_told_what_it_left_out(
    engine: Engine, visit: Visit, cast: Cast
) -> None:
    shown = page(engine, cast, visit, 1)
    reasons = re.findall(r'name="reason_code" value="([^"]+)"', shown)

    assert reasons[0] == "oplysning_mangler" and "Oplysninger, som systemet ikke har" in shown
    left_out = shown[shown.index("Det ved beregningen ikke") :]
    for each in ("din samtale med borgeren", "hjemmebesøg", "netværk", "Ganghjælpemiddel"):
        assert each in left_out


@pytest.mark.requirement("SK-08")
def test_the_inbox_is_ordered_by_deadline_whatever_model_is_in_use(
    engine: Engine, visit: Visit, cast: Cast
) -> None:
    days = [5, 1, 3, 2]
    cases = [
        a_case(engine, request_id=f"request-{day}", discharged_on=TODAY - timedelta(days=day)) for day in days
    ]
    by_deadline = [case.id for case in sorted(cases, key=lambda case: case.due_on)]
    seen = []
    for version in (None, "v1", "v2"):
        if version is not None:
            an_admission(engine, cast.dan, version=version, manifest_hash=version[-1] * 64)
        html = visit("alma").get("/indbakke?vis=team").text
        seen.append(list(dict.fromkeys(re.findall(r'href="/sag/([0-9a-f]{32})"', html))))

    assert seen == [by_deadline] * 3
