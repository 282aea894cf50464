"""How long what is kept: a file that the municipality answers for, held against the least the law allows."""

import calendar
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from service.errors import SkoenError
from service.log.append import CODE
from service.log.shards import base_of

DEFAULT = Path(__file__).with_name("schedule.toml")
LONGEST = {"years": 100, "months": 1200, "days": 3660}


class ScheduleRefused(SkoenError):
    """The schedule cannot be used; the sentence names the line and what it may be."""

    status = 422


@dataclass(frozen=True)
class Rule:
    """The unit and the least of one line, and where the least comes from."""

    unit: str
    least: int
    source: str


RULES: Mapping[str, Rule] = {
    "citizens": Rule("years", 5, "BEK 1225/2021, patient records; archive rules come first"),
    "decisions": Rule("years", 5, "offentlighedsloven §§ 13 and 15; as long as the cases it proves"),
    "access": Rule("months", 6, "AI Act art. 19(1) and 26(6)"),
    "drafts": Rule("days", 14, "no law; a draft must outlast somebody's holiday"),
    "rejects": Rule("days", 7, "no law; somebody must have seen what was not imported"),
    "sessions": Rule("days", 1, "no law; a session lives for up to 8 hours"),
    "sign_in_attempts": Rule("days", 1, "no law; an attempt counts for 15 minutes"),
    "practice": Rule("days", 30, "no law; an exercise is hers, and she can delete it at once"),
}
"""What a schedule must say, in the order in which it is worked off. The DPO sets every one of them."""


@dataclass(frozen=True)
class Schedule:
    """A schedule that was read: its id, who approved it ("" for nobody), periods, and the file's SHA-256."""

    name: str
    approved_by: str
    periods: Mapping[str, int]
    sha256: str

    def require_approval(self) -> None:
        """Raise ScheduleRefused unless somebody stands by it."""
        if not self.approved_by:
            raise ScheduleRefused(
                f"The schedule {self.name} is approved by nobody, so nothing is erased by it. Copy {DEFAULT},"
                " let the DPO set every period, fill in approved_by, and point SKOEN_RETENTION at the copy."
            )

    def ends(self, line: str, day: date) -> date:
        """The first day on which the time of something from that day is over."""
        count, unit = self.periods[line], RULES[line].unit
        if unit == "days":
            return day + timedelta(days=count)
        return months_after(day, count * (12 if unit == "years" else 1))

    def shard_ends(self, shard: str) -> date:
        """The first day on which the time of a shard is over."""
        return self.ends(base_of(shard).split("/")[0], day_after(shard))


def read_schedule(path: Path | None) -> Schedule:
    """The schedule of a file, or the one that comes along; raises ScheduleRefused."""
    path = path or DEFAULT
    try:
        content = path.read_bytes()
        said = tomllib.loads(content.decode())
    except OSError as error:
        raise ScheduleRefused(f"The schedule {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ScheduleRefused(f"The schedule {path} is not TOML: {error}.") from error
    name, approved_by = said.pop("schedule", ""), said.pop("approved_by", "")
    if not isinstance(name, str) or not CODE.fullmatch(name) or not isinstance(approved_by, str):
        raise ScheduleRefused(
            'A schedule says schedule = "id" and approved_by = "name"; an id has no blanks.'
        )
    periods = {line: _period(line, said.pop(line, None)) for line in RULES}
    for unknown in said:
        raise ScheduleRefused(f"[{unknown}] is no line of a schedule. They are: {', '.join(RULES)}.")
    if periods["decisions"] < periods["citizens"]:
        raise ScheduleRefused(
            "[decisions] is shorter than [citizens]. The log is kept as long as the cases that it proves:"
            f" at least {periods['citizens']} years."
        )
    return Schedule(name, approved_by.strip(), periods, hashlib.sha256(content).hexdigest())


def _period(line: str, said: Any) -> int:
    rule = RULES[line]
    if not isinstance(said, dict) or set(said) != {rule.unit} or type(said[rule.unit]) is not int:
        raise ScheduleRefused(f"[{line}] must say {rule.unit} = a whole number.")
    count: int = said[rule.unit]
    if count < rule.least:
        raise ScheduleRefused(
            f"[{line}] {rule.unit} = {count} is too short: at least {rule.least} ({rule.source})."
        )
    if count > LONGEST[rule.unit]:
        raise ScheduleRefused(f"[{line}] {rule.unit} = {count} is longer than {LONGEST[rule.unit]}.")
    return count


def day_after(shard: str) -> date:
    """The day after the last of a shard's year or quarter."""
    period = base_of(shard).split("/")[1]
    year, _, quarter = period.partition("Q")
    month = 3 * int(quarter) + 1 if quarter else 13
    return date(int(year) + (month > 12), month - 12 if month > 12 else month, 1)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
