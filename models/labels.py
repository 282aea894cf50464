"""Which decided cases a model may learn from, and what each of them teaches."""

from dataclasses import dataclass

from models import areas
from models.decided_case import DecidedCase
from models.declaration import Area


@dataclass(frozen=True)
class Label:
    """The level a case teaches, or None; `rule` names why."""

    level: str | None
    rule: str


def label_of(case: DecidedCase) -> Label:
    """The label of a case of a registered area.

    It is the own judgement before evidence (J1). The decision (J2) counts only where it equals J1, or where
    its reason speaks of something the evidence did not show (new facts, the citizen's wish). Never a label:
    a level written by a robot or of unknown source, a case of the control arm (kept for evaluation),
    a judgement corrected after evidence was shown. An old record only tells
    the decision, which is then the label.
    """
    never = _never(case)
    if never is not None:
        return Label(None, never)
    area = areas.get(case.area)
    own, final = _level(area, case.own_level), _level(area, case.final_level)
    if case.origin == "history":
        return Label(final, "history_decision") if final is not None else Label(None, "no_level")
    if final is not None and final != own and case.reason_code in area.independent_reasons:
        return Label(final, f"decision_{case.reason_code}")
    return Label(own, "own_judgement") if own is not None else Label(None, "no_own_level")


def _never(case: DecidedCase) -> str | None:
    """The rule that keeps a case from being a label at all, or None."""
    if case.label_source == "robot":
        return "robot_written"
    if case.label_source != "human":
        return "unknown_source"
    if case.arm == "control":
        return "control_arm"
    return "corrected_after_evidence" if case.own_corrected_after_evidence else None


def _level(area: Area, choice: str | None) -> str | None:
    """A choice that is a level; another option teaches nothing."""
    return choice if choice in area.level_codes else None
