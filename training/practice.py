"""What a municipality does once a level is chosen: form, team, place, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.declaration import Area, Code
from models.record import Outcome
from training.assumptions import Assumptions
from training.chance import Numbers, logistic, pick_one, stream

DRAWS = 16


@dataclass(frozen=True)
class Given:
    """What was offered in one case, and what came of it. `offset` is days from receipt to the first date."""

    forms: tuple[str, ...]
    team: str | None
    place: str | None
    outcome: Outcome
    offset: int


@dataclass(frozen=True)
class Practice:
    """The municipality's habits, and one row of chance for each case."""

    assumed: Assumptions
    chance: Numbers
    form_chance: Numbers

    def given(self, row: int, group: str, level: int, fitting: int, need: float, weeks_ago: float) -> Given:
        """What follows when a case gets `level` and its need points at `fitting`."""
        area, habits = self.assumed.area, self.assumed["practice"]
        u = self.chance[row]
        code = area.level_codes[level]
        teams = _shares(habits["teams"].get(group, {}), area.teams)
        places = _shares(habits["places"].get(code, {}), area.places)
        return Given(
            forms=_forms(area, habits["forms"].get(code, {}), self.form_chance[row]),
            team=_picked(area.teams, teams, u[0]),
            place=_picked(area.places, places, u[1]),
            outcome=_outcome(area, habits, u, level - fitting, need, weeks_ago),
            offset=_days_to_start(habits, u[9]),
        )


def practice_of(assumed: Assumptions, n: int, seed: int) -> Practice:
    """The habits of the assumed municipality, with chance for n cases."""
    rng = stream(seed, "practice")
    chance = rng.random((n, DRAWS))
    return Practice(assumed, chance, rng.random((n, max(len(assumed.area.forms), 1))))


def _shares(shares: Mapping[str, float], codes: tuple[Code, ...]) -> list[float]:
    if not shares:
        return [1.0] * len(codes)
    return [float(shares.get(code.code, 0.0)) for code in codes]


def _picked(codes: tuple[Code, ...], shares: list[float], point: float) -> str | None:
    return codes[pick_one(point, shares)].code if codes else None


def _forms(area: Area, chances: Mapping[str, float], points: Numbers) -> tuple[str, ...]:
    """Each form by its own chance; the likeliest when none was drawn."""
    if not area.forms:
        return ()
    codes = [form.code for form in area.forms]
    share = {code: float(chances.get(code, 0.0 if chances else 0.5)) for code in codes}
    chosen = tuple(code for code, point in zip(codes, points, strict=False) if point < share[code])
    return chosen or (max(codes, key=lambda code: share[code]),)


def _outcome(
    area: Area, habits: Mapping[str, Any], u: Numbers, missed_by: int, need: float, weeks_ago: float
) -> Outcome:
    """How it went, as far as it can be known `weeks_ago` weeks after the decision."""
    if not area.outcomes:
        return Outcome()
    called: Mapping[str, str] = habits["outcomes"]
    in_need = float(logistic(np.array([need]))[0])
    if u[2] < habits["never_started"] - habits["never_started_in_need"] * (in_need - 0.25):
        return Outcome(called.get("never_started"), None if weeks_ago < 6 else False, False)
    weeks = _between(habits["weeks"], u[3])
    sessions = max(1, weeks * _between(habits["contacts_per_week"], u[4]))
    changed = None if weeks_ago < 6 else bool(u[5] < _change_chance(habits, missed_by))
    days = _days_to_start(habits, u[9])
    if weeks_ago * 7 < days + weeks * 7:
        part = max(0, int(sessions * (weeks_ago * 7 - days) / (weeks * 7)))
        return Outcome(called.get("under_way"), changed, True, days, part)
    if u[6] < habits["interrupted"]:
        return Outcome(called.get("interrupted"), changed, True, days, max(1, int(sessions * u[7])))
    return Outcome(called.get("completed"), changed, True, days, sessions)


def _change_chance(habits: Mapping[str, Any], missed_by: int) -> float:
    if missed_by == 0:
        return float(habits["changed_when_met"])
    return float(habits["changed_when_too_low"] if missed_by < 0 else habits["changed_when_too_high"])


def _between(bounds: list[int], point: float) -> int:
    low, high = bounds
    return int(low + np.floor(point * (high - low + 1)))


def _days_to_start(habits: Mapping[str, Any], point: float) -> int:
    """Lognormal around the median; a normal quantile by its logistic approximation."""
    z = float(np.log(max(point, 1e-9) / max(1 - point, 1e-9))) / 1.702
    return max(1, round(habits["days_to_start_median"] * float(np.exp(habits["days_to_start_spread"] * z))))
