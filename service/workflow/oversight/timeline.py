"""One case as a timeline: what happened, in the order of the log, and what the log proves of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from service.errors import NotFound
from service.identity import Actor
from service.log import Event
from service.tables.assessment import Assessment
from service.tables.base import Logged
from service.tables.intake import Case
from service.tables.suggestion import Suggestion
from service.workflow.case_file import find_row, is_erased
from service.workflow.oversight.entries import Found, found_of
from service.workflow.oversight.proof import Content, Proof, SealsOf, prove


@dataclass(frozen=True)
class Moment:
    """One entry about the case, with its row where it has one. Numbers count from 1 in the order of the log.

    `at` and who (`person_id`, `unit_id`, `role`, `operator`) are what the entry says; they are empty where it
    cannot be read. `judged_first`: the log proves that this judgement came before any evidence was shown.
    """

    number: int
    shard: str
    seq: int
    at: datetime | None
    event: str
    row: Logged | None
    person_id: str
    unit_id: str
    role: str
    operator: str
    proof: Proof
    replaces: int | None = None
    replaced_by: int | None = None
    judged_first: bool = False


@dataclass(frozen=True)
class Timeline:
    """A case and everything the log of decisions says about it."""

    case: Case
    erased: bool
    moments: tuple[Moment, ...]

    @property
    def broken(self) -> tuple[Moment, ...]:
        """The moments that do not fit."""
        return tuple(moment for moment in self.moments if not moment.proof.holds)

    @property
    def sealed(self) -> int:
        """How many entries a checkpoint covers."""
        return sum(moment.proof.seal is not None for moment in self.moments)

    @property
    def judged_first(self) -> bool:
        """Whether evidence was shown, and the log proves that the judgement it answers came before it."""
        shown = next((moment for moment in self.moments if is_shown(moment)), None)
        if shown is None or not isinstance(shown.row, Suggestion) or not is_whole(shown):
            return False
        answered = shown.row.assessment_id
        return any(
            moment.judged_first and moment.row is not None and moment.row.id == answered
            for moment in self.moments
        )


def find_by_serial(session: Session, serial: int, by: Actor) -> Case:
    """The case of a number in the actor's municipality, also an erased one; any other is not found."""
    case = session.exec(select(Case).where(Case.serial == serial)).first()
    if case is None or case.municipality_id != by.municipality_id:
        raise NotFound
    return case


def timeline_of(session: Session, case_id: str, seals: SealsOf) -> Timeline:
    """Every entry about a case with its proof; NotFound when there is no such case."""
    case = find_row(session, case_id)
    erased = is_erased(case)
    moments = []
    for number, found in enumerate(found_of(session, case_id), start=1):
        said, proof = prove(session, found, seals, erased=erased)
        moments.append(
            Moment(
                number=number, shard=found.shard, seq=found.seq, at=_at(said, found),
                event=_event(said, found), row=found.row, person_id=str(said.get("actor", "")),
                unit_id=str(said.get("unit", "")), role=str(said.get("role", "")),
                operator=str(said.get("operator", "")), proof=proof,
            )
        )  # fmt: skip
    return Timeline(case, erased, judged_first(_corrected(moments)))


def _corrected(moments: Sequence[Moment]) -> list[Moment]:
    """Each moment with the number of the one it replaces, and of the one that replaced it."""
    numbers = {moment.row.id: moment.number for moment in moments if moment.row is not None}
    replaces = {
        moment.number: numbers[old]
        for moment in moments
        if (old := getattr(moment.row, "replaces", None)) in numbers
    }
    replaced_by = {old: new for new, old in replaces.items()}
    return [
        replace(
            moment, replaces=replaces.get(moment.number), replaced_by=replaced_by.get(moment.number)
        )
        for moment in moments
    ]  # fmt: skip


def judged_first(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Mark the judgements that the order of the log proves to have come before any evidence.

    Judgement and evidence must both fit and be what the log says they are: a row that was changed proves
    nothing, and neither does one that is erased.
    """
    shown = [moment for moment in moments if is_shown(moment)]
    answered = {
        moment.row.assessment_id
        for moment in shown
        if isinstance(moment.row, Suggestion) and is_whole(moment)
    }
    first = min((moment.number for moment in shown), default=0)
    return tuple(
        replace(
            moment,
            judged_first=isinstance(moment.row, Assessment)
            and moment.row.id in answered
            and moment.number < first
            and is_whole(moment)
            and not moment.row.evidence_seen_before,
        )
        for moment in moments
    )


def is_shown(moment: Moment) -> bool:
    """Whether evidence was shown, by the entry or by the row: it is enough that one of them says so."""
    by_row = isinstance(moment.row, Suggestion) and moment.row.outcome == "shown"
    return moment.event == Event.SUGGESTION_SHOWN or by_row


def is_whole(moment: Moment) -> bool:
    """Whether entry, row and part all fit, and no seal says otherwise."""
    return moment.proof.holds and moment.proof.content is Content.FITS


def _event(said: Mapping[str, Any], found: Found) -> str:
    """What the entry calls it; where that cannot be read, what stands beside it."""
    beside = found.entry["event"] if found.entry is not None else ""
    return str(said.get("type", beside))


def _at(said: Mapping[str, Any], found: Found) -> datetime | None:
    """The entry's instant; the row's own where the text was removed by schedule."""
    if found.retired and found.row is not None:
        return found.row.at
    try:
        return datetime.fromisoformat(str(said.get("t")))
    except ValueError:
        return None
