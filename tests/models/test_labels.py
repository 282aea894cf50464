"""Which cases teach, and what."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from models.areas import get
from models.labels import Label, label_of
from models.record import DecidedCase
from tests.models.strategies import decided_cases
from tests.models.test_record import ROW, from_row

GENOPTRAENING = get("genoptraening")


def a_case(**change: Any) -> DecidedCase:
    """A case of our own in which the judgement was basal and the decision avanceret."""
    case = from_row(GENOPTRAENING, ROW)
    told = {"origin": "skoen", "arm": "evidence", "own_level": "basal", "final_level": "avanceret",
            "shown": True, "phase": "pilot", "label_source": "own_judgement"}  # fmt: skip
    return replace(case, **{**told, **change})


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"label_source": "legacy_robot"}, Label(None, "robot_written")),
        ({"label_source": "legacy_robot", "origin": "history"}, Label(None, "robot_written")),
        ({"label_source": "unknown", "origin": "history"}, Label(None, "unknown_source")),
        ({"arm": "control"}, Label(None, "control_arm")),
        ({"phase": None}, Label(None, "no_legal_basis")),
        ({"own_corrected_after_evidence": True}, Label(None, "corrected_after_evidence")),
        ({}, Label("basal", "own_judgement")),
        ({"reason_code": "praksis"}, Label("basal", "own_judgement")),
        ({"reason_code": "oplysning_mangler"}, Label("avanceret", "decision_oplysning_mangler")),
        ({"reason_code": "borgerens_maal"}, Label("avanceret", "decision_borgerens_maal")),
        ({"final_level": "basal", "reason_code": "borgerens_maal"}, Label("basal", "own_judgement")),
        ({"final_level": "retur", "reason_code": "borgerens_maal"}, Label("basal", "own_judgement")),
        ({"own_level": "kan_ikke_afgoeres"}, Label(None, "no_own_level")),
        ({"own_level": "kan_ikke_afgoeres", "reason_code": "oplysning_mangler"}, Label(None, "no_own_level")),
        ({"own_level": None, "shown": False}, Label(None, "no_own_level")),
        ({"own_level": None, "origin": "history"}, Label("avanceret", "history_decision")),
        ({"final_level": None, "origin": "history"}, Label(None, "no_level")),
    ],
    ids=repr,
)  # fmt: skip
def test_what_a_case_teaches(change: dict[str, Any], label: Label) -> None:
    assert label_of(a_case(**change)) == label


@pytest.mark.requirement("G-31")
@given(decided_cases(GENOPTRAENING))
def test_no_label_comes_of_robots_control_or_afterthought(case: DecidedCase) -> None:
    label = label_of(case)
    assert label.rule
    if (
        case.label_source in ("legacy_robot", "unknown", "control_arm")
        or case.arm == "control"
        or case.own_corrected_after_evidence
    ):
        assert label.level is None
    elif case.origin == "skoen" and label.level is not None and label.level != case.own_level:
        assert label.level == case.final_level
        assert case.reason_code in GENOPTRAENING.independent_reasons
