"""What the test for bias looked at, as facts of the model card."""

from datetime import date
from typing import Any

from service.workflow.documents.fairness_facts import NONE, looked_at

SINCE = (date(2026, 1, 2), date(2026, 5, 29))


def facts(flips: dict[str, Any], measures: list[dict[str, Any]]) -> dict[str, Any]:
    record = {"flips": flips, "exploratory": {"measures": measures}}
    return {fact.key: fact for fact in looked_at(record, "prøven for skævhed", SINCE)}


def test_each_group_stands_with_its_difference_and_a_small_one_with_none() -> None:
    told = {"axis": "koen", "label": "Køn", "auc": 0.71, "by_chance": 0.56, "p": 0.01}
    flips = dict.fromkeys(("told_by_inputs", "told_by_contributions", "told_by_residuals"), (told,))
    gap = {"gap": -0.1, "low": -0.2, "high": -0.05, "detectable": 0.1}
    groups = [
        {"label": "Kvinde", "n": 200, "mean": 0.65, "gap": gap},
        {"label": "Mand", "n": 7, "mean": None, "gap": None},
        {"label": "Andet", "n": 30, "mean": 0.5, "gap": None},
    ]
    by = [{"label": "Køn", "groups": groups}]

    found = facts(flips, [{"code": "fast_stoerste", "by": by}, {"code": "begyndt", "by": by}])

    guess = "71,0 % af parrene; behov og tilfældet giver højst 56,0 %"
    assert found["model.told"].rows == (("Køn", guess, guess, guess),)
    rows = {row[0]: row[1:] for row in found["model.basis"].rows}
    number = rows["Køn: Kvinde"][0]
    assert (number.value, number.n, number.interval, number.window) == (-0.1, 200, (-0.2, -0.05), SINCE)
    assert (rows["Køn: Mand"][0], rows["Køn: Andet"][0]) == ("under 20 sager", "–")
    assert {cell for row in rows.values() for cell in row[1:]} == {"–"}


def test_where_no_group_was_large_enough_it_says_so() -> None:
    ways = ("told_by_inputs", "told_by_contributions", "told_by_residuals")
    flips: dict[str, Any] = dict.fromkeys(ways, ())

    assert {fact.lines for fact in facts(flips, []).values()} == {(NONE,)}
