"""The limits that no municipality and no unit may loosen, in one place, and what a local file tightens.

A local file (SKOEN_LIMITS) is TOML: values by name for the whole installation, and a part for each unit that
is stricter still. What would loosen a limit is refused by name, at the start and on the command line.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from service.errors import UnsafeStart


class Bound(Enum):
    """In which direction a limit may be moved: up, down, or not at all."""

    LEAST = "may only be raised"
    MOST = "may only be lowered"
    FIXED = "may not be changed"


@dataclass(frozen=True)
class Limit:
    """One limit with its central value; `extreme` is the strictest value that makes sense."""

    name: str
    danish: str
    value: int
    bound: Bound
    extreme: int

    def refuse_loosening(self, value: object, where: str, before: int) -> int:
        """The value when it is as strict as before or stricter; raises UnsafeStart with the limit named."""
        if isinstance(value, bool) != (self.bound is Bound.FIXED) or not isinstance(value, int):
            kind = "true or false" if self.bound is Bound.FIXED else "a whole number"
            raise UnsafeStart(f"{where}: {self.name} must be {kind}.")
        low, high = sorted((before, self.extreme))
        if not low <= value <= high:
            told, asked, least, most = (self._told(each) for each in (before, value, low, high))
            raise UnsafeStart(
                f"{where}: {self.name} {self.bound.value}. It is {told}, and {asked} is not allowed"
                f" (from {least} to {most})."
            )
        return int(value)

    def _told(self, value: int) -> str:
        return str(bool(value)).lower() if self.bound is Bound.FIXED else str(int(value))


CENTRAL = (
    Limit("least_cases", "Færrest sager i et tal, der må vises", 5, Bound.LEAST, 100),
    Limit("least_caseworkers", "Færrest sagsbehandlere bag et tal, der må vises", 3, Bound.LEAST, 20),
    Limit("largest_share_percent", "Mest, én sagsbehandler må have af sagerne bag et tal, i procent", 70,
          Bound.MOST, 40),
    Limit("access_days", "Dage, en sag er åben efter sin afslutning", 14, Bound.MOST, 1),
    Limit("rules_days", "Dage mellem, at reglerne for adgang læses", 365, Bound.MOST, 30),
    Limit("names_hours", "Timer, navnene i adgangsloggen er åbne", 24, Bound.MOST, 1),
    Limit("judgement_first", "Egen vurdering gemmes, før grundlaget vises", 1, Bound.FIXED, 1),
    Limit("purpose_asked", "Formål gemmes, før en sag vises", 1, Bound.FIXED, 1),
    Limit("two_open_names", "To personer skal åbne navnene i adgangsloggen", 1, Bound.FIXED, 1),
)  # fmt: skip
"""Every limit, in the order in which people read them."""
BY_NAME = {limit.name: limit for limit in CENTRAL}
UNITS = "unit"
PLACE = "municipality"


@dataclass(frozen=True)
class Limits:
    """What is in force: values by limit, and by unit (municipality code and name) where one is stricter.

    `sha256` is of the local file, "" where there is none.
    """

    values: Mapping[str, int] = field(default_factory=lambda: {each.name: each.value for each in CENTRAL})
    units: Mapping[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)
    sha256: str = ""

    def of(self, name: str, code: str = "", unit: str = "") -> int:
        """A limit as it is for a unit, or for the whole installation."""
        return self.units.get((code, unit), self.values)[name]

    def strictest(self, name: str) -> int:
        """A limit as it is for numbers in which the cases of several units stand together."""
        every = [self.values[name], *(values[name] for values in self.units.values())]
        return max(every) if BY_NAME[name].bound is Bound.LEAST else min(every)

    def tightened(self) -> dict[str, int]:
        """The limits of the whole installation that are stricter than the central ones."""
        return {name: value for name, value in self.values.items() if value != BY_NAME[name].value}


def read_limits(path: Path | None) -> Limits:
    """The limits with what a local file tightens; raises UnsafeStart for anything else that it says."""
    if path is None:
        return Limits()
    try:
        content = path.read_bytes()
        said = tomllib.loads(content.decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnsafeStart(f"{path} cannot be read as TOML: {error}") from error
    parts = said.pop(UNITS, [])
    central = {each.name: each.value for each in CENTRAL}
    values = _tightened(said, central, str(path))
    if not isinstance(parts, list):
        raise UnsafeStart(f"{path}: write each unit as [[{UNITS}]].")
    units = dict(_unit(part, values, path) for part in parts)
    return Limits(values, units, hashlib.sha256(content).hexdigest())


def _unit(part: Any, values: Mapping[str, int], path: Path) -> tuple[tuple[str, str], Mapping[str, int]]:
    name, code = (part.pop(key, None) if isinstance(part, dict) else None for key in ("name", PLACE))
    if not (isinstance(name, str) and isinstance(code, str)):
        raise UnsafeStart(f"{path}: each [[{UNITS}]] needs a {PLACE} (the four-digit code) and a name.")
    return (code, name), _tightened(part, values, f"{path}, {name}")


def _tightened(said: Mapping[str, object], before: Mapping[str, int], where: str) -> dict[str, int]:
    unknown = sorted(set(said) - set(before))
    if unknown:
        raise UnsafeStart(f"{where}: {unknown[0]} is no limit. The limits are: {', '.join(before)}.")
    stricter = {
        name: BY_NAME[name].refuse_loosening(value, where, before[name]) for name, value in said.items()
    }
    return {**before, **stricter}


class _InForce:
    """What counts in this process. It is set once, from the settings, before anything is answered."""

    limits = Limits()


def enforce(limits: Limits) -> None:
    """Put limits in force in this process."""
    _InForce.limits = limits


def in_force() -> Limits:
    """The limits in force in this process: the central ones until a local file tightens them."""
    return _InForce.limits
