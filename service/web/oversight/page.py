"""What the pages of the oversight show, put together from a timeline and the access log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlmodel import Session, col, select

from service.log import Event
from service.tables.organisation import Person, Unit
from service.tables.suggestion import Suggestion
from service.web.formatting import role_word
from service.web.log_control.words import purpose_words, time_of_day
from service.web.oversight.words import Said, misfit_words, said_of
from service.web.purposes import PURPOSES
from service.workflow.intake.responsible import Responsible, responsible_for
from service.workflow.oversight import Look, Looks, Moment, Timeline
from service.workflow.oversight.proof import Content, Difference

GONE = (Content.ERASED, Content.RETIRED)
"""Of these nothing is left to hold against the log."""


@dataclass(frozen=True)
class Line:
    """One moment as the page shows it. `state` is fits, differs, erased or retired.

    `before` is what the moment that this one replaces said; `shown_id` opens what was shown as it was,
    `version` is the model version that it came from.
    """

    number: int
    at: datetime | None
    said: Said
    who: str
    state: str
    misfits: tuple[str, ...]
    differences: tuple[Difference, ...]
    place: str
    leaf_hash: str
    sealed_size: int | None
    sealed_on: date | None
    seal_broken: bool
    judged_first: bool
    replaces: int | None
    before: Said | None
    replaced_by: int | None
    shown_id: str
    version: str


@dataclass(frozen=True)
class LookLine:
    """One look at the case: when, how often that day, by whom, what for, and where the first entry stands."""

    at: datetime
    times: int
    until: str
    who: str
    what: str
    purpose: str
    place: str


@dataclass(frozen=True)
class OversightPage:
    """A case as a timeline. `gone` counts the lines of which nothing is left to check.

    `retired` are the parts of the access log that are deleted, `damaged` the places of entries there that do
    not fit.
    """

    case_id: str
    serial: int
    erased: bool
    purpose: str
    authority: Responsible
    lines: tuple[Line, ...]
    broken: tuple[int, ...]
    gone: int
    sealed: int
    judged_first: bool
    looks: tuple[LookLine, ...]
    retired: tuple[str, ...]
    damaged: tuple[str, ...]


def oversight_page(session: Session, timeline: Timeline, looks: Looks, purpose: str) -> OversightPage:
    """The page of one case."""
    people, units = _names(session, timeline.moments, looks)
    said = {moment.number: said_of(session, timeline.case, moment) for moment in timeline.moments}
    return OversightPage(
        case_id=timeline.case.id,
        serial=timeline.case.serial,
        erased=timeline.erased,
        purpose=PURPOSES[purpose],
        authority=responsible_for(session, timeline.case),
        lines=tuple(_line(moment, said, people, units) for moment in timeline.moments),
        broken=tuple(moment.number for moment in timeline.broken),
        gone=sum(moment.proof.holds and moment.proof.content in GONE for moment in timeline.moments),
        sealed=timeline.sealed,
        judged_first=timeline.judged_first,
        looks=tuple(_look(look, people, units, named=False) for look in looks.looks),
        retired=looks.retired,
        damaged=tuple(gettext("%(shard)s nr. %(seq)s", shard=shard, seq=seq) for shard, seq in looks.damaged),
    )


def _line(moment: Moment, said: Mapping[int, Said], people: dict[str, str], units: dict[str, str]) -> Line:
    proof = moment.proof
    shown = isinstance(moment.row, Suggestion) and moment.row.outcome == "shown"
    return Line(
        number=moment.number,
        at=moment.at,
        said=said[moment.number],
        who=_who(moment, people, units),
        state="differs" if not proof.holds else proof.content.value,
        misfits=tuple(dict.fromkeys(misfit_words(finding) for finding in proof.findings)),
        differences=proof.differences,
        place=gettext("%(shard)s nr. %(seq)s", shard=moment.shard, seq=moment.seq),
        leaf_hash=proof.leaf_hash,
        sealed_size=proof.seal.size if proof.seal else None,
        sealed_on=proof.seal.on if proof.seal else None,
        seal_broken=proof.seal_broken,
        judged_first=moment.judged_first,
        replaces=moment.replaces,
        before=said[moment.replaces] if moment.replaces else None,
        replaced_by=moment.replaced_by,
        shown_id=moment.row.id if shown and moment.row and proof.content not in GONE else "",
        version=moment.row.model_version or "" if isinstance(moment.row, Suggestion) else "",
    )


def look_lines(session: Session, looks: Looks, *, named: bool) -> tuple[LookLine, ...]:
    """Look-ups for a page; who it was is told by role and unit, and by name only where it is opened."""
    people, units = _names(session, (), looks)
    return tuple(_look(look, people, units, named=named) for look in looks.looks)


def _look(look: Look, people: dict[str, str], units: dict[str, str], *, named: bool) -> LookLine:
    return LookLine(
        at=look.times[0],
        times=len(look.times),
        until=time_of_day(look.times[-1]),
        who=_who(look, people if named else None, units),
        what=_look_words().get(look.event, look.event),
        purpose=purpose_words().get(look.purpose, look.purpose),
        place=gettext("%(shard)s nr. %(seq)s", shard=look.shard, seq=look.seq),
    )


def _look_words() -> dict[str, str]:
    return {
        Event.CASE_OPENED: gettext("Åbnet"),
        Event.CASE_FOUND: gettext("Set i en søgning"),
        Event.EXPORTED: gettext("Eksporteret"),
    }


def _who(one: Moment | Look, people: dict[str, str] | None, units: dict[str, str]) -> str:
    """Name, role and unit, as far as they are known; who ran a command; else nobody.

    Without `people` nobody is named.
    """
    if one.person_id:
        name = people.get(one.person_id, gettext("Ukendt medarbejder")) if people is not None else ""
        return ", ".join(each for each in (name, _role(one.role), units.get(one.unit_id, "")) if each)
    operator = one.operator or getattr(getattr(one, "row", None), "operator", "")
    if operator:
        return gettext("Kommandolinjen (%(operator)s)", operator=operator)
    return gettext("Uden for Skøn")


def _role(role: str) -> str:
    try:
        return role_word(role)
    except KeyError:
        return role


def _names(
    session: Session, moments: Iterable[Moment], looks: Looks
) -> tuple[dict[str, str], dict[str, str]]:
    every: tuple[Moment | Look, ...] = (*moments, *looks.looks)
    ids, unit_ids = {one.person_id for one in every}, {one.unit_id for one in every}
    people = select(Person.id, Person.display_name).where(col(Person.id).in_(ids))
    units = select(Unit.id, Unit.name).where(col(Unit.id).in_(unit_ids))
    return dict(session.exec(people).all()), dict(session.exec(units).all())
