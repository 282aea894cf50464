"""The gate's arithmetic: what in a record or an evaluation refuses a version, and what leaves a doubt."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from models.promotion import FAILED, PASSED, TOO_LITTLE, verdict
from tests.panels import HONEST
from tests.parts.audits import UNDER, a_doubtful_record, an_axis, an_honest_record
from tests.parts.trained import GIVES_NOBODY_AWAY

VERSION: Any = SimpleNamespace(
    manifest=SimpleNamespace(version="v1", area="genoptraening"), manifest_hash="ab" * 32
)


REFUSING: dict[str, dict[str, Any]] = {
    "gruppe": {"axes": [an_axis("koen", 0.01, {"mand": {"under_gap": {**UNDER, "detectable": 0.1}}})]},
    "gruppetab": {"axes": [
        an_axis("koen", groups={"mand": {"better_than_prior": {"gap": -0.1, "low": -0.2, "high": -0.01}}}),
    ]},
    "kalibrering": {"axes": [
        an_axis("koen", groups={"mand": {"calibration": {"gap": 0.12, "low": 0.08, "high": 0.16}}}),
    ]},
    "stedfortraeder": {"flips": {"direct": [], "through": [
        {"axis_label": "Køn", "label": "Boligform", "excess": 0.03, "clinical": False},
    ]}},
    "beskyttet_input": {"flips": {"direct": ["koen"], "through": []}},
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

    said = verdict(an_honest_record(VERSION, flips={"direct": [], "through": through}), HONEST)

    assert said.status == PASSED


def test_too_few_to_show_likeness_leaves_a_doubt_and_no_refusal() -> None:
    said = verdict(a_doubtful_record(VERSION), HONEST)

    assert (said.status, said.findings) == (TOO_LITTLE, ())
    assert "85 år og over" in said.doubts[0].words
