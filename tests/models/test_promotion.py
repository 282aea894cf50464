"""The gate's arithmetic: what in a record or an evaluation refuses a version, and what leaves a doubt."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from models.audit import FLIP_PARTS
from models.promotion import FAILED, PASSED, TOO_LITTLE, verdict
from tests.panels import HONEST
from tests.parts.audits import UNDER, a_doubtful_record, an_axis, an_honest_record
from tests.parts.trained import GIVES_NOBODY_AWAY

VERSION: Any = SimpleNamespace(
    manifest=SimpleNamespace(version="v1", area="genoptraening"), manifest_hash="ab" * 32
)


def swaps(**changed: Any) -> dict[str, Any]:
    """Swaps in which nothing was found, with some parts changed."""
    return {**{name: [] for name in FLIP_PARTS}, **changed}


REFUSING: dict[str, dict[str, Any]] = {
    "gruppe": {"axes": [an_axis("koen", 0.01, {"mand": {"under_gap": {**UNDER, "detectable": 0.1}}})]},
    "gruppetab": {"axes": [
        an_axis("koen", groups={"mand": {"better_than_prior": {"gap": -0.1, "low": -0.2, "high": -0.01}}}),
    ]},
    "kalibrering": {"axes": [
        an_axis("koen", groups={"mand": {"calibration": {"gap": 0.12, "low": 0.08, "high": 0.16}}}),
    ]},
    "stedfortraeder": {"flips": swaps(through=[
        {"axis_label": "Køn", "label": "Boligform", "excess": 0.03, "clinical": False},
    ])},
    "beskyttet_input": {"flips": swaps(direct=["koen"])},
    "akse": {"axes": [{
        "name": "koen", "label": "Køn", "large": True, "status": "ikke_til_raadighed", "reason": "",
        "groups": [],
    }]},
    "tal": {"objects": [{"code": code} for code in "SED"]},
}  # fmt: skip
"""By the code of the finding, what in a record makes it."""


@pytest.mark.requirement("G-18")
@pytest.mark.parametrize("code", REFUSING)
def test_each_finding_refuses_and_says_what_would_make_it_pass(code: str) -> None:
    said = verdict(an_honest_record(VERSION, **REFUSING[code]), HONEST)

    assert (said.status, {each.code for each in said.findings}) == (FAILED, {code})
    assert all(each.words and each.cure for each in said.findings)


ROBOT = {"source": "legacy_robot", "learned_from": 1}
FEW = {"sources": [], "whole_cases": 200.0}
WORSE = {"value": -0.1, "standard_error": 0.01}
BEHIND = {"value": 0.1, "standard_error": 0.01}

WORSE_THAN_LOGISTIC = {
    "chosen": {"name": "pairwise", "better_than_prior": HONEST["chosen"]["better_than_prior"]},
    "candidates": [
        {"name": "logistic", "behind_best": {"value": 0.0, "standard_error": 0.0}},
        {"name": "pairwise", "behind_best": BEHIND},
    ],
}
WOULD_PASS = {
    "grundlinje": r"træn igen|Vælg den bedste kandidat",
    "oprindelse": r"label_source|Tag dem ud, og træn igen",
    "praksisskift": r"Vent, til der er 300, og træn igen",
    "privatliv": r"Træn igen|til det er højst 55 %|til mindst 5 deler det|Saml flere sager",
    "tal": r"Træn og prøv versionen igen",
}
"""By the code of a finding, what its cure says would make the version pass."""


def told_apart(auc: float, low: float) -> dict[str, Any]:
    """An attack on membership, from the lower end of its interval on."""
    return {**GIVES_NOBODY_AWAY, "membership": {"auc": auc, "interval": [low, 0.6]}}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"chosen": {"name": "logistic", "better_than_prior": WORSE}}, "grundlinje"),
        ({"candidates": [{"name": "logistic", "behind_best": BEHIND}]}, "grundlinje"),
        (WORSE_THAN_LOGISTIC, "grundlinje"),
        ({"label_sources": {}}, "oprindelse"),
        ({"label_sources": {"legacy_human": 599}}, "oprindelse"),
        ({"label_rules": None}, "oprindelse"),
        ({"label_weights": {"sources": [ROBOT], "whole_cases": 480.0}}, "oprindelse"),
        (
            {"label_rules": {"history_decision": 200, "older_practice": 400}, "label_weights": FEW},
            "praksisskift",
        ),
        ({"privacy": None}, "privatliv"),
        (
            {"privacy": told_apart(0.56, 0.5501)},
            "privatliv",
        ),
        ({"privacy": {**GIVES_NOBODY_AWAY, "shown": {"fewest": 4}}}, "privatliv"),
        ({"privacy": {**GIVES_NOBODY_AWAY, "shown": {"fewest": None}}}, "privatliv"),
        (
            {"privacy": told_apart(float("nan"), 0.5)},
            "tal",
        ),
        ({"privacy": {"shown": {"fewest": 5}}}, "tal"),
        ({"candidates": []}, "tal"),
        ({"label_weights": None}, "tal"),
    ],
)
def test_a_worse_model_and_unknown_labels_are_refused(changed: dict[str, Any], code: str) -> None:
    record = an_honest_record(VERSION)

    assert verdict(record, HONEST).status == PASSED
    findings = verdict(record, {**HONEST, **changed}).findings
    assert [each.code for each in findings] == [code]
    assert all(re.search(WOULD_PASS[code], each.cure) for each in findings)


def test_an_uncalibrated_model_is_refused() -> None:
    overall = {
        "n": 400, "calibration": {"gap": 0.0, "low": -0.02, "high": 0.02},
        "calibration_error": {"value": 0.15, "by_chance": 0.04},
    }  # fmt: skip

    said = verdict(an_honest_record(VERSION, overall=overall), HONEST)

    assert [each.code for each in said.findings] == ["kalibrering"]
    assert "Kalibrér" in said.findings[0].cure


def test_a_proxy_that_is_a_professional_criterion_may_change_the_suggestion() -> None:
    through = [{"axis_label": "Alder", "label": "Gang", "excess": 0.03, "clinical": True}]

    said = verdict(an_honest_record(VERSION, flips=swaps(through=through)), HONEST)

    assert said.status == PASSED


MADE_OLDER = {"from_label": "40–66 år", "to_label": "85 år og over"}


@pytest.mark.parametrize(
    ("gap", "low", "high", "refused"),
    [(-0.2, -0.3, -0.11, True), (0.2, 0.11, 0.3, True), (-0.2, -0.3, -0.09, False), (0.05, 0.0, 0.1, False)],
    ids=["lower", "higher", "unsure", "within the margin"],
)
def test_a_suggestion_that_goes_by_age_with_the_same_function_is_refused(
    gap: float, low: float, high: float, refused: bool
) -> None:
    moved = {**MADE_OLDER, "gap": gap, "low": low, "high": high}

    found = verdict(an_honest_record(VERSION, flips=swaps(by_age=[moved])), HONEST).findings

    assert [each.code for each in found] == ["stedfortraeder"] * refused
    assert all("som for 85 år og over og ikke som for 40–66 år" in each.words for each in found)
    assert all("Tag de oplysninger ud, der følger alderen" in each.cure for each in found)


@pytest.mark.parametrize(
    ("changed", "cure"),
    [
        ({"kappa": {"value": -0.2, "low": -0.3, "high": -0.01}}, "Skaf flere sager"),
        ({"worse_than_active": {"gap": 0.1, "low": 0.07, "high": 0.13}}, "behold den, der er i brug"),
        ({"kappa_behind": {"gap": 0.15, "low": 0.1, "high": 0.2}}, "behold den, der er i brug"),
    ],
)
def test_the_worst_group_may_not_lose_to_no_model_nor_to_the_one_in_use(
    changed: dict[str, Any], cure: str
) -> None:
    record = an_honest_record(VERSION, axes=[an_axis("koen", groups={"mand": changed})])

    found = verdict(record, HONEST).findings

    assert [each.code for each in found] == ["gruppetab"]
    assert "Køn: Mand" in found[0].words
    assert cure in found[0].cure


def test_a_group_that_loses_less_than_the_margin_to_the_one_in_use_passes() -> None:
    near = {
        "worse_than_active": {"gap": 0.03, "low": 0.02, "high": 0.04},
        "kappa_behind": {"gap": 0.08, "low": 0.05, "high": 0.11},
    }

    record = an_honest_record(VERSION, axes=[an_axis("koen", groups={"mand": near})])

    assert verdict(record, HONEST).status == PASSED


def test_the_worst_of_many_groups_must_lie_further_off_than_a_single_one() -> None:
    worse, alike = (
        {"worse_than_active": {"gap": gap, "low": gap - 0.05, "high": gap + 0.05}} for gap in (0.1, 0)
    )
    one, many = (
        [an_axis("koen", groups={"mand": worse, "kvinde": others}), *(
            an_axis(name, groups=dict.fromkeys(("40_66", "85_op", "nej", "ja"), others))
            for name in ("aldersgruppe", "tolkebehov")
        )] for others in ({}, alike)
    )  # fmt: skip

    single, among = (verdict(an_honest_record(VERSION, axes=axes), HONEST).findings for axes in (one, many))

    assert ([each.code for each in single], among) == (["gruppetab"], ())


@pytest.mark.parametrize("n", [99, 100])
def test_calibration_of_a_group_counts_from_a_hundred_cases(n: int) -> None:
    off = {"n": n, "calibration": {"gap": 0.12, "low": 0.08, "high": 0.16}}
    axes = [an_axis("koen"), an_axis("aldersgruppe"), an_axis("tolkebehov", groups={"ja": off})]

    found = verdict(an_honest_record(VERSION, axes=axes), HONEST).findings

    assert [each.code for each in found] == ["kalibrering"] * (n >= 100)


@pytest.mark.parametrize(
    ("p", "low", "refused"), [(0.01, 0.04, False), (0.2, 0.19, False), (0.01, 0.06, True)]
)
def test_a_gap_must_be_shown_and_matter(p: float, low: float, refused: bool) -> None:
    """Significant and small, or large and by chance: neither is a finding."""
    gap = {**UNDER, "shrunk_low": low, "detectable": 0.1}
    axes = [an_axis("koen"), an_axis("aldersgruppe"), an_axis("tolkebehov", p, {"ja": {"under_gap": gap}})]

    found = verdict(an_honest_record(VERSION, axes=axes), HONEST).findings

    assert [each.code for each in found] == ["gruppe"] * refused


def test_an_older_record_lacks_what_is_judged_now_and_is_refused() -> None:
    old = an_honest_record(VERSION, flips={"direct": [], "through": []})

    assert [each.code for each in verdict(old, HONEST).findings] == ["tal"]


def test_too_few_to_show_likeness_leaves_a_doubt_and_no_refusal() -> None:
    said = verdict(a_doubtful_record(VERSION), HONEST)

    assert (said.status, said.findings) == (TOO_LITTLE, ())
    assert "85 år og over" in said.doubts[0].words
