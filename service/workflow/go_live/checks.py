"""How each point of the gate is answered: from a row, an entry of a register, or the code itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models import areas
from models.instants import day_text
from service.clock import local_date
from service.tables.governance import RegisterEntry, Stop
from service.tables.organisation import Membership, MembershipEnd, Unit
from service.workflow import competence, governance
from service.workflow.governance.stop_all import DRILL
from service.workflow.registers import basis
from service.workflow.registers.documents import BIAS, DOCUMENT, PASSED, RESTORED
from service.workflow.registers.shapes import BY_PROFESSION, CITIZENS, GROUPS, UNION

A_YEAR = timedelta(days=365)
LEAST_TRAINED = 0.9
CHANGE_OF_2027 = date(2027, 1, 1)
REGIONAL = "rehabilitering"
"""The plan type that belongs to the regions from 2027."""


@dataclass(frozen=True)
class Ground:
    """What an answer may look at: the database, and the newest version of every register entry."""

    session: Session
    municipality_id: str
    now: datetime
    entries: Sequence[RegisterEntry]

    @property
    def today(self) -> date:
        """The Danish day."""
        return local_date(self.now)


@dataclass(frozen=True)
class Answer:
    """Whether a point is met, what that rests on or what is wrong with it, and the entries it names."""

    met: bool
    evidence: tuple[str, ...] = ()
    entries: tuple[RegisterEntry, ...] = ()


MISSING = Answer(False)


def document(kind: str) -> Callable[[Ground], Answer]:
    """A check that a document of a kind stands in the register; the newest one counts."""

    def check(ground: Ground) -> Answer:
        found = _documents(ground, kind)
        return Answer(True, (_said(found[-1]),), (found[-1],)) if found else MISSING

    return check


def legal_basis(ground: Ground) -> Answer:
    """A basis for operation that holds today; one that has run out is there, and does not count."""
    written = basis.bases_of(ground.session, ground.municipality_id, "drift")
    held = basis.in_force(written, ground.today)
    if held is not None:
        until = day_text(date.fromisoformat(held.content["udloeber"]))
        return Answer(True, (f"{held.content['lov']}, gælder til og med {until}",), (held,))
    return Answer(False, ("Retsgrundlaget gælder ikke i dag.",), tuple(written)) if written else MISSING


def involvement(ground: Ground) -> Answer:
    """The profession, citizens, and the employees' committee have each been involved."""
    wanted = (BY_PROFESSION, CITIZENS, UNION)
    found = {e.content["gruppe"]: e for e in ground.entries if e.kind == "involvement"}
    lacking = [GROUPS[group] for group in wanted if group not in found]
    there = tuple(found[group] for group in wanted if group in found)
    if lacking:
        return Answer(False, (f"Ikke inddraget: {', '.join(lacking)}.",) if there else (), there)
    return Answer(True, tuple(f"{GROUPS[e.content['gruppe']]}, {_day(e)}" for e in there), there)


def bias(ground: Ground) -> Answer:
    """The model in use, and no other, was tested for bias and passed."""
    models = [found for name in areas.names() if (found := governance.active_model(ground.session, name))]
    documents = _documents(ground, BIAS)
    if not models:
        return Answer(False, ("Der er ingen model i brug.",)) if documents else MISSING
    subjects = {f"model:{model.version}" for model in models}
    newest = {each.subject: each for each in documents}
    about = tuple(newest[subject] for subject in sorted(subjects) if subject in newest)
    if not documents:
        return MISSING
    if len(about) < len(subjects):
        return Answer(False, ("Undersøgelsen handler om en anden version end den, der er i brug.",))
    failed = [each for each in about if not each.content[PASSED]]
    said = tuple(_said(each) for each in about)
    return (
        Answer(False, ("Ikke bestået: " + _said(failed[0]),), about) if failed else Answer(True, said, about)
    )


def trained(ground: Ground) -> Answer:
    """Nine of ten caseworkers have passed the quiz on the limits of the evidence, in every area."""
    people = _caseworkers(ground)
    if not people:
        return MISSING
    passed = sum(all(_has_passed(ground, person, name) for name in areas.names()) for person in people)
    told = (f"{passed} af {len(people)} har bestået prøven om grundlagets grænser.",)
    return Answer(passed >= LEAST_TRAINED * len(people), told)


def drilled(ground: Ground) -> Answer:
    """The stop button of every unit was pressed as a drill within a year."""
    drills = (
        select(Stop)
        .join(Unit, col(Unit.id) == Stop.unit_id)
        .where(
            Unit.municipality_id == ground.municipality_id, Stop.stopped, col(Stop.reason).startswith(DRILL)
        )
        .order_by(col(Stop.at).desc())
    )
    newest = ground.session.exec(drills.limit(1)).first()
    if newest is None:
        return MISSING
    said = (f"Øvet {day_text(local_date(newest.at))}.",)
    return Answer(ground.now - newest.at <= A_YEAR, said)


def restored(ground: Ground) -> Answer:
    """A restore was tried within a year, and worked."""
    found = _documents(ground, RESTORED)
    if not found:
        return MISSING
    newest = found[-1]
    recent = ground.today - date.fromisoformat(newest.content["dato"]) <= A_YEAR
    return Answer(recent and newest.content[PASSED], (_said(newest),), (newest,))


def envelope_of_2027(ground: Ground) -> Answer:
    """The lawful answers change on 1 January 2027, as the law does; asked of the rules themselves."""
    changed = [name for name in areas.names() if _leaves_the_municipality(name)]
    if not changed:
        return MISSING
    return Answer(True, ("Specialiseret rehabilitering hører fra da til regionerne og kan ikke vælges.",))


def _leaves_the_municipality(area_name: str) -> bool:
    area = areas.get(area_name)
    if REGIONAL not in {kind.code for kind in area.plan_types}:
        return False
    before, after = (
        {option.code for option in area.options(REGIONAL, day)}
        for day in (CHANGE_OF_2027 - timedelta(days=1), CHANGE_OF_2027)
    )
    return REGIONAL in before and REGIONAL not in after


def _documents(ground: Ground, kind: str) -> list[RegisterEntry]:
    """Documents of a kind, by their date."""
    found = [e for e in ground.entries if e.kind == "document" and e.content[DOCUMENT] == kind]
    return sorted(found, key=lambda entry: str(entry.content["dato"]))


def _said(entry: RegisterEntry) -> str:
    return f"{entry.content['titel']}, {_day(entry)}. Findes: {entry.content['findes']}."


def _day(entry: RegisterEntry) -> str:
    return day_text(date.fromisoformat(entry.content["dato"]))


def _caseworkers(ground: Ground) -> list[str]:
    """Everybody who judges cases in the municipality today."""
    ended = select(MembershipEnd.membership_id).where(MembershipEnd.valid_to < ground.today)
    statement = (
        select(Membership.person_id)
        .join(Unit, col(Unit.id) == Membership.unit_id)
        .where(Unit.municipality_id == ground.municipality_id, Membership.role == "visitator")
        .where(Membership.valid_from <= ground.today, col(Membership.id).not_in(ended))
        .distinct()
    )
    return list(ground.session.exec(statement))


def _has_passed(ground: Ground, person_id: str, area: str) -> bool:
    return competence.standing_of(ground.session, person_id, ground.municipality_id, area, ground.now).passed
