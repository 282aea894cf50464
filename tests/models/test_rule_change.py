"""A rule has changed when a fact that weighs much weighs otherwise, beyond what fitting again gives."""

from typing import Any

import pytest

from models import areas
from models.rule_change import ReportUnread, changed_facts

AREA = areas.get("genoptraening")
NAMES = AREA.learned[:8]


def fact(place: int, before: float, now: float, spread: float = 0.01, turned: bool = False) -> dict[str, Any]:
    return {"name": NAMES[place].name, "before": before, "now": now, "spread_before": spread,
            "spread_now": spread, "turned": turned}  # fmt: skip


def changed(*facts: dict[str, Any]) -> list[str]:
    return [each.name for each in changed_facts({"facts": list(facts)}, AREA)]


USUAL = [fact(n, 0.1, 0.1) for n in range(1, 6)]


@pytest.mark.parametrize(
    ("moved", "found"),
    [
        (fact(0, 0.10, 0.16), True),
        (fact(0, 0.16, 0.10), True),
        (fact(0, 0.00, 0.12), True),
        (fact(0, 0.12, 0.00), True),
        (fact(0, 0.10, 0.149), False),
        (fact(0, 0.10, 0.16, spread=0.02), False),
        (fact(0, 0.10, 0.10, turned=True), True),
        (fact(0, 0.01, 0.06), False),
    ],
    ids=["more", "less", "new", "gone", "little", "by chance", "turned", "small"],
)
def test_a_strong_fact_that_moved_far_and_beyond_chance_is_told(moved: dict[str, Any], found: bool) -> None:
    assert changed(moved, *USUAL) == [moved["name"]] * found


@pytest.mark.requirement("G-09")
@pytest.mark.parametrize("share", [0.12, 0.04])
def test_a_strong_fact_that_is_left_out_or_taken_in_is_told_whatever_fitting_again_gives(
    share: float,
) -> None:
    gone = fact(0, share, 0.0, spread=0.2) | {"used_now": False}
    new = fact(6, 0.0, share, spread=0.2) | {"used_before": False}
    told = changed_facts({"facts": [gone, new, *USUAL[1:4]]}, AREA)

    if share < 0.05:
        assert told == ()
        return
    assert {each.name for each in told} == {gone["name"], new["name"]}
    words = {each.name: each.words for each in told}
    assert words[gone["name"]] == f"{NAMES[0].label} bruges ikke mere, vejede før 12 %"
    assert words[new["name"]] == f"{NAMES[6].label} vejer 12 %, blev ikke brugt før"


def test_the_words_say_before_and_now_and_a_turned_direction() -> None:
    (told,) = changed_facts({"facts": [fact(0, 0.07, 0.2, turned=True), *USUAL]}, AREA)

    assert told.words == f"{NAMES[0].label} vejer 20 %, før 7 %, og trækker den anden vej"


@pytest.mark.parametrize(
    "report",
    [None, {}, {"facts": [{}]}, {"facts": [fact(0, float("nan"), 0.1)]}, {"facts": [fact(0, -0.1, 0.1)]},
     {"facts": [{**fact(0, 0.1, 0.1), "turned": "no"}]}, {"facts": 7},
     {"facts": [{**fact(0, 0.1, 0.1), "used_now": "no"}]}],
)  # fmt: skip
def test_a_report_that_cannot_be_read_is_no_answer(report: Any) -> None:
    with pytest.raises(ReportUnread):
        changed_facts(report, AREA)
