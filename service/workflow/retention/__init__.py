"""What the schedule says is over goes: citizens, shards of the log, and what was never meant to stay.

Nothing is remembered between runs. What is over follows from the rows, every step is safe to break off, and
a run after a run finds nothing to do.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, func, select

from service.clock import local_date
from service.config import Settings
from service.database import reading
from service.errors import NotFound
from service.log.erasure_ledger import ledger_file
from service.tables import METADATA
from service.workflow import erasure
from service.workflow.citizens import Holding, holding
from service.workflow.erasure import ErasureRefused, grounds
from service.workflow.erasure.freed_pages import NotSwept
from service.workflow.erasure.rows import Order
from service.workflow.retention import passing, retirement
from service.workflow.retention.clock_doubt import refuse_doubtful
from service.workflow.retention.retirement import STEPS_WITH_PARTS, NotYet, RetirementRefused
from service.workflow.retention.schedule import Schedule

REASON = "Opbevaringsfristen er udløbet."
AT_A_TIME = 20
"""Citizens in one step: their erasures stand together in the log and cannot be told apart by their time."""
CONTROL = ("log_reviews", "erasure_refusals")
"""Steps in a case that are no casework: to look at the log does not keep a citizen's data longer."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What a run would do.

    `citizens` are random ids, `waiting` the numbers of open cases that keep somebody whose time is over,
    `held_back` why a shard stays though its time is over, `passing` rows and files by line.
    """

    as_of: date
    citizens: tuple[str, ...] = ()
    waiting: tuple[int, ...] = ()
    shards: tuple[str, ...] = ()
    held_back: Mapping[str, str] = field(default_factory=dict)
    passing: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.citizens or self.shards or any(self.passing.values()))


@dataclass
class Done:
    """What a run did: rows by kind, shards, and what it could not do, in sentences."""

    counts: Counter[str] = field(default_factory=Counter)
    shards: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def plan(engine: Engine, settings: Settings, schedule: Schedule, *, now: datetime, as_of: date) -> Plan:
    """Everything whose time is over on a day."""
    over = _over(engine, schedule, as_of)
    ended = [held for held in over if not held.open_serials]
    going = {subject for held in ended for subject in held.subjects}
    stays = _shards(engine, settings, schedule, now, as_of, going)
    with reading(engine) as session:
        counts = passing.count(session, settings.var, schedule, as_of)
    return Plan(
        as_of,
        citizens=tuple(held.citizen_id for held in ended),
        waiting=tuple(sorted(serial for held in over for serial in held.open_serials)),
        shards=tuple(shard for shard, why in stays.items() if not why),
        held_back={shard: why.sentence for shard, why in stays.items() if why},
        passing=counts,
    )


def run(
    engine: Engine, settings: Settings, schedule: Schedule, *, now: datetime, as_of: date, operator: str,
    clock_is_right: bool = False, tell: Tell = lambda line: None,
) -> Done:  # fmt: skip
    """Do what the plan says, in small steps.

    Raises ScheduleRefused for a schedule nobody approved, and ClockDoubted when the clock may be ahead.
    """
    schedule.require_approval()
    refuse_doubtful(engine, now, as_of, clock_is_right=clock_is_right)
    done, ledger = Done(), ledger_file(settings)
    done.counts.update(erasure.resume(engine, ledger, now=now, operator=operator).counts)
    try:
        retirement.remove_entry_tiles(engine, settings.seals)
        done.counts.update(passing.remove(engine, settings.var, schedule, as_of))
    except (RetirementRefused, NotSwept) as obstacle:
        done.problems.append(obstacle.sentence)
    order = Order(grounds.RETENTION, REASON, erasure.RETENTION, operator)
    wanted = [held.citizen_id for held in _over(engine, schedule, as_of) if not held.open_serials]
    for some in _some(wanted):
        done.counts.update(_erase(engine, ledger, some, order, now))
        tell(f"{done.counts['citizens']} of {len(wanted)} citizens erased")
    swept = erasure.resume(engine, ledger, now=now, operator=operator)
    done.problems += [swept.not_swept] if swept.not_swept else []
    _retire(engine, settings, schedule, as_of, order, now, done, tell)
    return done


def last_entries(engine: Engine) -> dict[str, date]:
    """The Danish day of the newest logged step about each citizen, in any case or report."""
    parts, newest = METADATA.tables["personal_parts"], dict[str, datetime]()
    for table in STEPS_WITH_PARTS:
        if table.name in CONTROL:
            continue
        query = (
            select(parts.c.citizen_id, func.max(table.c.at))
            .join(table, table.c.part_id == parts.c.id)
            .where(parts.c.citizen_id != "")
            .group_by(parts.c.citizen_id)
        )
        with reading(engine) as session:
            for citizen_id, at in session.execute(query):
                newest[citizen_id] = max(at, newest.get(citizen_id, at))
    return {citizen_id: local_date(at) for citizen_id, at in newest.items()}


def _over(engine: Engine, schedule: Schedule, as_of: date) -> list[Holding]:
    """Whoever's time is over, by random id."""
    found = last_entries(engine)
    ids = sorted(each for each, last in found.items() if schedule.ends("citizens", last) <= as_of)
    held = []
    for some in _some(ids):
        with reading(engine) as session:
            held += [holding(session, each) for each in some]
    return held


def _shards(
    engine: Engine, settings: Settings, schedule: Schedule, now: datetime, as_of: date,
    going: Collection[str] = (),
) -> dict[str, RetirementRefused | None]:  # fmt: skip
    """The shards whose time is over, oldest first, each with why it stays, if it does."""
    with reading(engine) as session:
        due = retirement.due(session, schedule, as_of=as_of)
    reasons: dict[str, RetirementRefused | None] = {}
    for shard in due:
        with reading(engine) as session:
            reasons[shard] = retirement.why_not(
                session, settings, shard, schedule, now=now, as_of=as_of, going=going
            )
    return reasons


def _some(citizens: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(citizens), AT_A_TIME):
        yield citizens[start : start + AT_A_TIME]


def _erase(
    engine: Engine, ledger: Path, some: Sequence[str], order: Order, now: datetime
) -> Mapping[str, int]:
    """Erase some together; where one of them has got an open case meanwhile, the others by themselves."""
    try:
        return erasure.erase(engine, ledger, some, order, now=now, sweeps=False).counts
    except (ErasureRefused, NotFound):
        if len(some) == 1:
            return {}
        return sum((Counter(_erase(engine, ledger, [each], order, now)) for each in some), Counter())


def _retire(
    engine: Engine, settings: Settings, schedule: Schedule, as_of: date, order: Order, now: datetime,
    done: Done, tell: Tell,
) -> None:  # fmt: skip
    reasons = _shards(engine, settings, schedule, now, as_of)
    for why in reasons.values():
        if isinstance(why, NotYet):
            tell(why.sentence)
        elif why is not None:
            done.problems.append(why.sentence)
    ready = [shard for shard, why in reasons.items() if not why]
    try:
        if ready:
            retirement.refuse_damaged(engine)
        for shard in ready:
            retirement.retire(
                engine, settings, shard, reason=order.reason, schedule=schedule, operator=order.operator,
                now=now, as_of=as_of, verified=True,
            )  # fmt: skip
            done.shards.append(shard)
            tell(f"{shard} retired")
    except (RetirementRefused, NotSwept) as obstacle:
        done.problems.append(obstacle.sentence)
