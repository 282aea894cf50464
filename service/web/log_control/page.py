"""What the pages of the log control show, put together from samples, the access log and the rows of cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from service import log
from service.clock import local_date
from service.errors import PartUnreadable
from service.identity import Actor
from service.tables.intake import Case
from service.tables.organisation import Person, Unit
from service.tables.oversight import LogReview, LogSample
from service.web.log_control.words import (
    OWN,
    purpose_words,
    rule_words,
    said_at,
    said_on,
    sentence_of,
    time_of_day,
)
from service.workflow.log_control import LookUp, Overview, Tally, reviews_of, states_of, tally_of
from service.workflow.log_control.look_ups import beginnings
from service.workflow.log_control.overview import OPEN, samples_of, years_of
from service.workflow.log_control.reviews import place_of, why_drawn
from service.workflow.log_control.rules import DAYS_AFTER, DAYS_BEFORE
from service.workflow.log_control.traces import traces


@dataclass(frozen=True)
class SampleLine:
    """One sample in the list, and how far it has come."""

    sample: LogSample
    drawn_by: str
    tally: Tally


@dataclass(frozen=True)
class LookUpLine:
    """One look-up of a sample. `state` is a finding, "open", "own" (one's own, open) or "gone"."""

    number: int
    at: datetime | None
    who: str
    unit: str
    role: str
    purpose: str
    serial: int | None
    why: str
    state: str


@dataclass(frozen=True)
class SamplePage:
    """A sample with all its look-ups. `next` is the number of the first that waits for whoever looks."""

    sample: LogSample
    drawn_by: str
    tally: Tally
    lines: tuple[LookUpLine, ...]
    next: int | None


@dataclass(frozen=True)
class Reviewed:
    """The newest review of a look-up. `note` is None when its words are gone or cannot be read."""

    id: str
    finding: str
    at: datetime
    by: str
    note: str | None


@dataclass(frozen=True)
class LookUpPage:
    """One look-up: who, when, what for, what was done in the case, and what has been found."""

    sample: LogSample
    line: LookUpLine
    rule: str
    case_id: str
    times: int
    last_at: str
    that_day: tuple[str, ...]
    around: tuple[str, ...]
    review: Reviewed | None
    is_own: bool
    before: int | None
    after: int | None


@dataclass(frozen=True)
class OverviewPage:
    """A year in numbers, with the years that there are."""

    overview: Overview
    years: tuple[int, ...]
    by_rule: tuple[tuple[str, Tally], ...]


def sample_lines(session: Session, by: Actor) -> tuple[SampleLine, ...]:
    """Every sample of the municipality, newest first."""
    samples = samples_of(session, by.municipality_id)
    names = _names(session, {sample.drawn_by for sample in samples})
    return tuple(SampleLine(one, names[one.drawn_by], tally_of(session, one)) for one in samples)


def sample_page(session: Session, sample: LogSample, by: Actor) -> SamplePage:
    """A sample as a list."""
    lines = _lines(session, sample, by)
    return SamplePage(
        sample=sample,
        drawn_by=_names(session, {sample.drawn_by})[sample.drawn_by],
        tally=tally_of(session, sample),
        lines=lines,
        next=next_open(lines, 0),
    )


def next_open(lines: Iterable[LookUpLine], after: int) -> int | None:
    """The next look-up that waits for a review, round the end of the list and back; None when none does."""
    waiting = [line.number for line in lines if line.state == OPEN]
    return next((number for number in waiting if number > after), waiting[0] if waiting else None)


def waiting_after(session: Session, sample: LogSample, number: int, by: Actor) -> int | None:
    """The look-up to go on with after one of a sample."""
    return next_open(_lines(session, sample, by), number)


def look_up_page(session: Session, sample: LogSample, number: int, look_up: LookUp, by: Actor) -> LookUpPage:
    """One look-up with what was done in the case on that day and around it."""
    until = datetime.combine(
        look_up.day + timedelta(days=DAYS_AFTER + 1), datetime.min.time(), look_up.at.tzinfo
    )
    hers = [
        trace
        for trace in traces(session, [look_up.case_id], before=until)
        if trace.person_id == look_up.person_id
        and local_date(trace.at) >= look_up.day - timedelta(days=DAYS_BEFORE)
    ]
    review = reviews_of(session, sample).get((look_up.shard, look_up.seq))
    count = len(sample.lookups)
    return LookUpPage(
        sample=sample,
        line=_lines(session, sample, by)[number - 1],
        rule=sentence_of(why_drawn(sample, number)),
        case_id=look_up.case_id,
        times=len(look_up.times),
        last_at=time_of_day(look_up.times[-1]),
        that_day=tuple(said_at(one) for one in hers if local_date(one.at) == look_up.day),
        around=tuple(said_on(one) for one in hers if local_date(one.at) != look_up.day),
        review=_reviewed(session, review) if review else None,
        is_own=look_up.person_id == by.person_id,
        before=number - 1 if number > 1 else None,
        after=number + 1 if number < count else None,
    )


def overview_page(session: Session, found: Overview, by: Actor) -> OverviewPage:
    """The numbers of a year, with words for each way of drawing."""
    years = {found.year, *years_of(session, by.municipality_id)}
    return OverviewPage(
        overview=found,
        years=tuple(sorted(years, reverse=True)),
        by_rule=tuple((rule_words()[code], tally) for code, tally in found.by_rule),
    )


def _lines(session: Session, sample: LogSample, by: Actor) -> tuple[LookUpLine, ...]:
    places = [place_of(sample, number) for number in range(1, len(sample.lookups) + 1)]
    begun = beginnings(session, places)
    names = _names(session, {one.person_id for one in begun.values()})
    units = _units(session, {one.unit_id for one in begun.values()})
    serials = _serials(session, {one.case_id for one in begun.values()})
    lines = []
    for number, (place, (why, state)) in enumerate(zip(places, states_of(session, sample), strict=True), 1):
        one = begun.get(place)
        is_own = one is not None and one.person_id == by.person_id and state == OPEN
        lines.append(
            LookUpLine(
                number=number,
                at=one.at if one else None,
                who=names[one.person_id] if one else "",
                unit=units[one.unit_id] if one else "",
                role=one.role if one else "",
                purpose=purpose_words().get(one.purpose, one.purpose) if one else "",
                serial=serials.get(one.case_id) if one else None,
                why=rule_words()[why],
                state=OWN if is_own else state,
            )
        )
    return tuple(lines)


def _reviewed(session: Session, row: LogReview) -> Reviewed:
    try:
        note = log.open_part(session, row)["note"]
    except PartUnreadable:
        note = None
    by = _names(session, {row.reviewed_by})[row.reviewed_by]
    return Reviewed(row.id, row.finding, row.at, by, note)


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    people = session.exec(select(Person).where(col(Person.id).in_(ids))).all()
    return {person.id: person.display_name for person in people}


def _units(session: Session, ids: set[str]) -> dict[str, str]:
    return dict(session.exec(select(Unit.id, Unit.name).where(col(Unit.id).in_(ids))).all())


def _serials(session: Session, ids: set[str]) -> dict[str, int]:
    return dict(session.exec(select(Case.id, Case.serial).where(col(Case.id).in_(ids))).all())
