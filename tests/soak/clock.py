"""The clock of the machine is set back and forth while people work: order, sign-in and drafts hold."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Engine, func, select

from service.database import reading
from service.log import Event
from service.log.append import ENTRIES
from tests.soak.caseworker import Caseworker
from tests.soak.figures import Figure
from tests.soak.findings import Findings, examine
from tests.soak.gunicorn_hooks import CLOCK
from tests.soak.installation import Installation, on_each_engine
from tests.soak.serving import serving

HOUR, DAY, HALF_A_YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=183)
MOVES = (timedelta(0), -HOUR, -DAY, timedelta(0), HALF_A_YEAR, timedelta(0))
"""How far the clock is ahead, one after the other: an hour and a day behind, right, half a year ahead."""
DECISIONS = 3
SIGN_IN_WITHIN = 60.0


@dataclass
class Moved:
    """What came of the moves. `kept` sessions lived on over a step back; each sign-in took some seconds."""

    moves: int = 0
    steps_back: int = 0
    kept: int = 0
    sign_ins: list[float] = field(default_factory=list)
    drafts: int = 0
    backwards: list[str] = field(default_factory=list)
    anomalies: int = 0
    findings: Findings | None = None

    @property
    def met(self) -> bool:
        """Whether order held, everybody could go on, and the log says that the clock went back."""
        went_on = self.kept == self.steps_back and self.drafts == self.moves
        in_time = max(self.sign_ins) < SIGN_IN_WITHIN
        is_clean = self.findings is not None and self.findings.clean and not self.backwards
        return is_clean and went_on and in_time and self.anomalies > 0


def move_clock(at: Installation, folder: Path) -> Moved:
    """Work through every move of the clock with one caseworker who never leaves her desk."""
    came, file, before = Moved(), folder / "clock" / "ahead", timedelta(0)
    file.parent.mkdir()  # beside the installation, and there before the workers shut themselves out
    _set(file, before)
    with serving(at, **{CLOCK: str(file)}) as served:
        alma = Caseworker("alma", served.port, Random(1))
        came.sign_ins.append(_sign_in(alma))
        for number, ahead in enumerate(MOVES):
            case_id = at.receive("alma", f"clock-{number}")
            alma.insist("GET", f"/sag/{case_id}", None, 200)
            _set(file, ahead)
            came.moves += 1
            if ahead < before:
                came.steps_back += 1
                came.kept += _is_signed_in(alma)
            came.sign_ins.append(_sign_in(alma))
            came.drafts += _keeps_draft(alma, case_id)
            for more in range(DECISIONS):
                next_id = at.receive("alma", f"clock-{number}-{more}")
                alma.judge(next_id)
                alma.decide(next_id)
            before = ahead
    came.backwards = list(backwards(at.engine))
    came.anomalies = _anomalies(at.engine)
    came.findings = examine(at.engine, [alma.book])
    return came


def _set(file: Path, ahead: timedelta) -> None:
    beside = file.with_suffix(".new")
    beside.write_text(str(ahead.total_seconds()), "ascii")
    beside.replace(file)


def _sign_in(by: Caseworker) -> float:
    began = time.monotonic()
    by.sign_in()
    return time.monotonic() - began


def _is_signed_in(by: Caseworker) -> bool:
    return by.browser.get("/indbakke").status == 200


def _keeps_draft(by: Caseworker, case_id: str) -> bool:
    """Whether what she types into a case she has open comes back when she opens it again."""
    by.insist("GET", f"/sag/{case_id}", None, 200)
    by.insist("POST", f"/sag/{case_id}/kladde", {"oplysning.funk_krop": "3"}, 303)
    page = by.insist("GET", f"/sag/{case_id}", None, 200).page
    return 'name="oplysning.funk_krop" value="3" checked' in page


def backwards(engine: Engine) -> Iterator[str]:
    """Entries whose `t` is earlier than the one before in their shard."""
    last: dict[str, str] = {}
    with reading(engine) as session:
        columns = ENTRIES.c.shard, ENTRIES.c.seq, ENTRIES.c.entry
        for shard, seq, entry in session.execute(select(*columns).order_by(*columns[:2])):
            at = json.loads(entry)["t"]
            if at < last.get(shard, ""):
                yield f"{shard} {seq}"
            last[shard] = at


def _anomalies(engine: Engine) -> int:
    with reading(engine) as session:
        noted = select(func.count()).select_from(ENTRIES).where(ENTRIES.c.event == Event.CLOCK_ANOMALY.value)
        return int(session.execute(noted).scalar_one())


def measure(share: float) -> list[Figure]:
    """The figure on both engines; it has one size."""
    return [_figure(engine, move_clock(at, folder)) for engine, at, folder in on_each_engine()]


def _figure(engine: str, came: Moved) -> Figure:
    return Figure(
        "the clock set back by an hour and a day, and ahead by half a year and back",
        engine,
        f"{came.moves} moves, {came.findings.decisions if came.findings else 0} decisions",
        f"{len(came.backwards)} entries earlier than the one before, {came.anomalies} steps back noted;"
        f" {came.kept} of {came.steps_back} sessions lived on; sign-in took {max(came.sign_ins):.1f} s;"
        f" {came.drafts} drafts kept; {came.findings}",
        "0 backwards, noted, sessions and drafts live on, sign-in in < 60 s, 0 lost",
        came.met,
    )
