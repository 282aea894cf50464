"""Which decided cases a model may learn from, what each of them teaches, and how much it weighs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from models import areas
from models.decided_case import DecidedCase
from models.declaration import Area
from models.instants import local_date

HALF_LIFE_DAYS = 730
"""A record from before Skøn weighs half as much for every two years it is older than the newest case."""
SHORTEST_HALF_LIFE = 30
OLDER_PRACTICE = "older_practice"


@dataclass(frozen=True)
class Label:
    """The level a case teaches, or None; `rule` names why."""

    level: str | None
    rule: str


@dataclass(frozen=True)
class LabelRules:
    """How much a label weighs; `changed_on` is the first day of the practice that holds now, if any."""

    half_life_days: int = HALF_LIFE_DAYS
    changed_on: date | None = None

    def __post_init__(self) -> None:
        if self.half_life_days < SHORTEST_HALF_LIFE:
            raise ValueError(f"a half-life is at least {SHORTEST_HALF_LIFE} days")

    def weight(self, case: DecidedCase, as_of: date) -> float:
        """1 for a label made in Skøn, less for an older record, 0 for one of an older practice."""
        day = labelled_on(case)
        if self.changed_on is not None and day < self.changed_on:
            return 0.0
        if case.origin != "history":
            return 1.0
        return float(0.5 ** (max((as_of - day).days, 0) / self.half_life_days))

    def to_json(self) -> dict[str, Any]:
        """The rules as a manifest keeps them."""
        changed = None if self.changed_on is None else self.changed_on.isoformat()
        return {"half_life_days": self.half_life_days, "changed_on": changed}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """The rules of `to_json`; raises KeyError, TypeError or ValueError for anything else."""
        changed = told["changed_on"]
        return cls(int(told["half_life_days"]), None if changed is None else date.fromisoformat(changed))


USUAL = LabelRules()


TOLD_BY = (
    "area", "label_source", "arm", "origin", "phase", "own_corrected_after_evidence", "own_level",
    "final_level", "reason_code",
)  # fmt: skip
"""What `label_of` looks at: cases that are alike in it have the same label."""


def labelled_on(case: DecidedCase) -> date:
    """The day the label was made: of the own judgement where it is known, else of the decision."""
    return local_date(case.judged_at or case.decided_at)


def label_of(case: DecidedCase) -> Label:
    """The label of a case of a registered area.

    It is the own judgement before evidence (J1). The decision (J2) counts only where there is such a
    judgement, and it equals J1 or its reason speaks of something the evidence did not show (new facts, the
    citizen's wish). Never a label: a level written by a robot or of unknown source, a case of the control arm
    (kept for evaluation), a case of Skøn without a phase (no legal basis), a judgement corrected after
    evidence was shown, a decision by somebody who had not judged the level first. An old record only tells
    the decision, which is then the label.
    """
    never = _never(case)
    if never is not None:
        return Label(None, never)
    area = areas.get(case.area)
    own, final = _level(area, case.own_level), _level(area, case.final_level)
    if case.origin == "history":
        return Label(final, "history_decision") if final is not None else Label(None, "no_level")
    if own is None:
        return Label(None, "no_own_level")
    if _decision_counts(area, own, final, case.reason_code):
        return Label(final, f"decision_{case.reason_code}")
    return Label(own, "own_judgement")


def source_of(area: Area, case: DecidedCase) -> str:
    """Where the label of a case comes from, if a person wrote it: one of `decided_case.LABEL_SOURCES`."""
    if case.origin == "history":
        return "legacy_human"
    if case.arm == "control":
        return "control_arm"
    own, final = _level(area, case.own_level), _level(area, case.final_level)
    if own is not None and not _decision_counts(area, own, final, case.reason_code):
        return "own_judgement"
    return "decision_after_evidence" if case.shown else "decision_without_evidence"


def _never(case: DecidedCase) -> str | None:
    """The rule that keeps a case from being a label at all, or None."""
    if case.label_source == "legacy_robot":
        return "robot_written"
    if case.label_source == "unknown":
        return "unknown_source"
    if case.arm == "control" or case.label_source == "control_arm":
        return "control_arm"
    if case.origin == "skoen" and case.phase is None:
        return "no_legal_basis"
    return "corrected_after_evidence" if case.own_corrected_after_evidence else None


def _decision_counts(area: Area, own: str, final: str | None, reason: str | None) -> bool:
    return final is not None and final != own and reason in area.independent_reasons


def _level(area: Area, choice: str | None) -> str | None:
    """A choice that is a level; another option teaches nothing."""
    return choice if choice in area.level_codes else None
