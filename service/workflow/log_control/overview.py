"""How the control went, in numbers: for the yearly report. No person is counted, compared or named."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from service.clock import local_date
from service.tables.intake import Case
from service.tables.oversight import FINDINGS, LogSample
from service.workflow.log_control.look_ups import Place, beginnings
from service.workflow.log_control.reviews import reviews_of
from service.workflow.log_control.rules import RANDOM, RULES

GONE = "gone"
OPEN = "open"


@dataclass(frozen=True)
class Tally:
    """Counts of drawn look-ups. `gone` cannot be reviewed any more: the case, or that log, was deleted."""

    drawn: int = 0
    in_order: int = 0
    to_examine: int = 0
    breach: int = 0
    open: int = 0
    gone: int = 0

    @property
    def reviewed(self) -> int:
        """Those that somebody has looked at."""
        return self.in_order + self.to_examine + self.breach


@dataclass(frozen=True)
class Overview:
    """A year's control: the look-ups of the periods drawn from, each sample, and each way of drawing."""

    year: int
    eligible: int
    total: Tally
    samples: tuple[tuple[LogSample, Tally], ...]
    by_rule: tuple[tuple[str, Tally], ...]


def overview(session: Session, municipality_id: str, year: int) -> Overview:
    """The samples that a municipality drew in a Danish calendar year, newest first, and what came of them."""
    samples = [
        sample for sample in samples_of(session, municipality_id) if local_date(sample.at).year == year
    ]
    states = {sample.id: states_of(session, sample) for sample in samples}
    every = [state for found in states.values() for state in found]
    codes = (*(rule.code for rule in RULES), RANDOM)
    return Overview(
        year=year,
        eligible=sum(sample.eligible for sample in samples),
        total=_tally(state for _, state in every),
        samples=tuple((sample, _tally(state for _, state in states[sample.id])) for sample in samples),
        by_rule=tuple((code, _tally(state for why, state in every if why == code)) for code in codes),
    )


def samples_of(session: Session, municipality_id: str) -> list[LogSample]:
    """Every sample of a municipality, newest first."""
    newest = select(LogSample).where(LogSample.municipality_id == municipality_id)
    return list(session.exec(newest.order_by(col(LogSample.at).desc(), col(LogSample.log_seq).desc())))


def years_of(session: Session, municipality_id: str) -> list[int]:
    """The years in which samples were drawn, newest first."""
    return sorted({local_date(one.at).year for one in samples_of(session, municipality_id)}, reverse=True)


def tally_of(session: Session, sample: LogSample) -> Tally:
    """How far one sample has come."""
    return _tally(state for _, state in states_of(session, sample))


def states_of(session: Session, sample: LogSample) -> list[tuple[str, str]]:
    """For each look-up of a sample, in its order: why it was drawn, and its finding, "open" or "gone"."""
    reviewed = reviews_of(session, sample)
    there = reviewable(session, sample)
    return [
        (why, reviewed[place].finding if place in reviewed else OPEN if place in there else GONE)
        for place, why in (((shard, int(seq)), why) for shard, seq, why in sample.lookups)
    ]


def reviewable(session: Session, sample: LogSample) -> set[Place]:
    """The places of a sample whose entry and whose case are still there to look at."""
    begun = beginnings(session, ((shard, int(seq)) for shard, seq, _ in sample.lookups))
    wanted = {one.case_id for one in begun.values()}
    kept = set(session.exec(select(Case.id).where(col(Case.id).in_(wanted), Case.citizen_id != "")))
    return {place for place, one in begun.items() if one.case_id in kept}


def _tally(states: Iterable[str]) -> Tally:
    counted = Counter(states)
    return Tally(
        drawn=counted.total(), open=counted[OPEN], gone=counted[GONE],
        **{finding: counted[finding] for finding in FINDINGS},
    )  # fmt: skip
