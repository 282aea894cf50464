"""Draw a sample of look-ups: up to half of it by rule, the rest at random, the same again from the same seed.

The order of chance is HMAC-SHA256(seed, id of the look-up's first entry), lowest first. Whoever holds the
access log and the seed can compute it, and see that those drawn at random are the first that no rule drew.
"""

import hmac
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import zip_longest

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from service import log, policy
from service.clock import COPENHAGEN, local_date
from service.cpr import holds_cpr
from service.database import reading, writing
from service.errors import Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.oversight import LogSample
from service.workflow.log_control.look_ups import LookUp, look_ups
from service.workflow.log_control.rules import DAYS_AFTER, RANDOM, RULES, Surroundings, surroundings
from service.workflow.log_control.traces import traces

MOST, LONGEST_PERIOD = 200, timedelta(days=366)
SEED = re.compile(r"[A-Za-z0-9-]{4,40}")

Drawn = list[tuple[LookUp, str]]


def draw(
    engine: Engine, *, starts_on: date, ends_on: date, wanted: int, seed: str, now: datetime, by: Actor
) -> LogSample:
    """Draw a sample of the municipality's look-ups, store it and commit.

    The same period, number and seed give the sample that is there already: nobody draws the same twice.
    Raises Refused for a period that is not over, is too long or has no look-ups, for a number out of bounds
    and for a seed that is none.
    """
    policy.authorize(by, Action.CONTROL_LOG)
    refuse_unfit(starts_on, ends_on, wanted, seed, local_date(now))
    found = look_ups(engine, by.municipality_id, starts_on, ends_on)
    if not found:
        raise Refused("Der er ingen opslag i perioden.", field="starts_on")
    with reading(engine) as session:
        steps = traces(session, (one.case_id for one in found), before=known_until(ends_on))
    drawn = choose(found, surroundings(found, steps), seed, wanted)
    row = LogSample(
        at=now,
        municipality_id=by.municipality_id,
        starts_on=starts_on,
        ends_on=ends_on,
        seed=seed,
        wanted=wanted,
        eligible=len(found),
        lookups=[[one.shard, str(one.seq), why] for one, why in drawn],
        drawn_by=by.person_id,
    )
    with writing(engine) as session:
        same = _same(session, row)
        if same is not None:
            return same
        log.append(session, Event.ACCESS_SAMPLED, at=now, by=by, row=row)
        session.commit()
    return row


def choose(found: Sequence[LookUp], around: Surroundings, seed: str, wanted: int) -> Drawn:
    """The look-ups of a sample with the code of the rule that drew each, or "random", in the order of time.

    The rules take turns, so that none of them fills the sample; what they leave is drawn at random.
    """
    by_chance = sorted(found, key=lambda one: chance_of(seed, one.id))
    picked = [[one for one in by_chance if rule.picks(one, around)] for rule in RULES]
    chosen: dict[str, tuple[LookUp, str]] = {}
    for turn in zip_longest(*picked):
        for one, rule in zip(turn, RULES, strict=True):
            if one is not None and len(chosen) < wanted // 2:
                chosen.setdefault(one.id, (one, rule.code))
    for one in by_chance:
        if len(chosen) < wanted:
            chosen.setdefault(one.id, (one, RANDOM))
    return sorted(chosen.values(), key=lambda pair: (pair[0].at, pair[0].shard, pair[0].seq))


def chance_of(seed: str, entry_id: str) -> str:
    """Where an entry stands in the order of a seed, in hexadecimal: nobody can choose it."""
    return hmac.digest(seed.encode(), entry_id.encode(), "sha256").hex()


def newest_period(today: date) -> tuple[date, date]:
    """The last whole month that may be drawn from."""
    end = (today - timedelta(days=DAYS_AFTER)).replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


def refuse_unfit(starts_on: date, ends_on: date, wanted: int, seed: str, today: date) -> None:
    """Raise Refused, naming the field, for what cannot be drawn."""
    if ends_on < starts_on:
        raise Refused("Perioden slutter, før den begynder.", field="ends_on")
    if ends_on + timedelta(days=DAYS_AFTER) >= today:
        # Until then a step that explains a look-up may still come, and the same draw would give another.
        raise Refused(
            f"Perioden skal være slut for mere end {DAYS_AFTER} dage siden,"
            " så det kan ses, om opslagene førte til noget.",
            field="ends_on",
        )
    if ends_on - starts_on >= LONGEST_PERIOD:
        raise Refused("Perioden må højst være et år.", field="starts_on")
    if not 1 <= wanted <= MOST:
        raise Refused(f"Vælg mellem 1 og {MOST} opslag.", field="wanted")
    if not SEED.fullmatch(seed) or holds_cpr(seed):
        raise Refused("Frøet skal være 4 til 40 bogstaver, cifre eller bindestreger.", field="seed")


def known_until(ends_on: date) -> datetime:
    """The end of the last day whose steps count for a period: whoever draws it later sees no more."""
    after = ends_on + timedelta(days=DAYS_AFTER + 1)
    return datetime(after.year, after.month, after.day, tzinfo=COPENHAGEN)


def _same(session: Session, row: LogSample) -> LogSample | None:
    """The sample of the same municipality, period, number and seed, if it was drawn before."""
    query = select(LogSample).where(
        LogSample.municipality_id == row.municipality_id,
        LogSample.seed == row.seed,
        LogSample.wanted == row.wanted,
        LogSample.starts_on == row.starts_on,
        LogSample.ends_on == row.ends_on,
    )
    return session.exec(query.order_by(col(LogSample.at)).limit(1)).first()
