"""The made-up cases as they are declared, one file of them for an area."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models import areas
from models.answers import FactValue
from service.errors import NotFound

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Pull:
    """How one fact pulls in the evidence; `share` of the whole pull is text, as in a payload."""

    question: str
    toward: str
    strength: str
    share: str


@dataclass(frozen=True)
class Exercise:
    """A made-up case and the evidence that is shown for it.

    `case` is what the plan says and `evidence` what the calculation took where it took something else.
    `differences` name what the similar cases had. `carried` are the answers that the case can carry.
    """

    code: str
    team: str
    title: str
    plan: str
    goal: str
    case: Mapping[str, FactValue]
    evidence: Mapping[str, FactValue]
    spread: Mapping[str, int]
    likeness: str
    pulls: tuple[Pull, ...]
    likenesses: tuple[str, ...]
    differences: tuple[tuple[str, FactValue], ...]
    planted: bool
    carried: tuple[str, ...]
    told: str
    find: str


@cache
def of_area(area: str) -> tuple[Exercise, ...]:
    """The exercises of an area, in the order they are offered; none for an area without a file.

    Raises ValueError for one that names what the area does not know.
    """
    path = HERE / f"{area}.toml"
    if not path.exists():
        return ()
    found = tuple(_exercise(each) for each in tomllib.loads(path.read_text("utf-8"))["exercise"])
    for exercise in found:
        _refuse_unknown(area, exercise)
    return found


def named(area: str, code: str) -> Exercise:
    """One exercise; raises NotFound for any other code."""
    for exercise in of_area(area):
        if exercise.code == code:
            return exercise
    raise NotFound


def _exercise(found: Mapping[str, Any]) -> Exercise:
    return Exercise(
        **{
            **found,
            "pulls": tuple(Pull(**each) for each in found["pulls"]),
            "likenesses": tuple(found["likenesses"]),
            "differences": tuple((name, value) for name, value in found["differences"]),
            "carried": tuple(found["carried"]),
        }
    )


def _refuse_unknown(area_name: str, exercise: Exercise) -> None:
    area = areas.get(area_name)
    asked = {*exercise.case, *exercise.evidence, *exercise.likenesses}
    asked |= {name for name, _ in exercise.differences} | {pull.question for pull in exercise.pulls}
    learned = {question.name for question in area.learned}
    levels = {*exercise.spread, *(pull.toward for pull in exercise.pulls)}
    teams = {team.code for team in area.teams}
    if not asked <= learned or not levels <= set(area.level_codes) or exercise.team not in teams:
        raise ValueError(f"the exercise {exercise.code} names what {area_name} does not know")
