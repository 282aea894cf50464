"""What a person found about a drawn look-up. A later review names the one it replaces; the newest counts."""

from datetime import datetime

from sqlmodel import Session, col, select

from service import log, policy
from service.errors import CaseErased, Conflict, Forbidden, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.oversight import FINDINGS, LogReview, LogSample
from service.workflow.case_file import find_row, is_erased
from service.workflow.log_control.look_ups import LookUp, Place, beginnings

IN_ORDER = "in_order"
MOST_CHARACTERS = 2000


class OwnLookUp(Forbidden):
    """Somebody would review her own look-up."""

    sentence = "Du kan ikke gennemgå dit eget opslag. Det gør en kollega."


def find_sample(session: Session, sample_id: str, by: Actor) -> LogSample:
    """A sample of the actor's municipality; raises NotFound for any other."""
    policy.authorize(by, Action.CONTROL_LOG)
    sample = session.get(LogSample, sample_id)
    if sample is None or sample.municipality_id != by.municipality_id:
        raise NotFound
    return sample


def place_of(sample: LogSample, number: int) -> Place:
    """Where the look-up of a number (from 1) stands in the log; raises NotFound."""
    if not 1 <= number <= len(sample.lookups):
        raise NotFound
    shard, seq, _ = sample.lookups[number - 1]
    return shard, int(seq)


def why_drawn(sample: LogSample, number: int) -> str:
    """The code of the rule that drew the look-up of a number, or "random"."""
    return sample.lookups[number - 1][2]


def review(
    session: Session, sample_id: str, number: int, *, finding: str, note: str, replaces: str | None,
    now: datetime, by: Actor,
) -> LogReview:  # fmt: skip
    """Record what was found about a look-up, and commit.

    `replaces` is the review that the form showed; Conflict is raised when there is another by now. The very
    same again gives the one that is there. Raises OwnLookUp, CaseErased when the case's key is gone and no
    note can be sealed, and Refused for an unknown finding or a missing note.
    """
    sample = find_sample(session, sample_id, by)
    place = place_of(sample, number)
    look_up = beginnings(session, [place]).get(place)
    if look_up is None:
        raise NotFound
    if look_up.person_id == by.person_id:
        raise OwnLookUp
    _refuse_incomplete(finding, note)
    current = reviews_of(session, sample).get((look_up.shard, look_up.seq))
    if current is not None and _is_same(session, current, finding, note, by):
        return current
    if replaces != (current.id if current else None):
        raise Conflict("En anden har gennemgået opslaget imens. Se gennemgangen, før du gemmer.")
    return _store(session, sample, look_up, finding, note, current, now, by)


def reviews_of(session: Session, sample: LogSample) -> dict[Place, LogReview]:
    """The newest review of each look-up of a sample that has one, by its place in the log."""
    query = (
        select(LogReview)
        .where(LogReview.sample_id == sample.id)
        .order_by(col(LogReview.shard), col(LogReview.log_seq))
    )
    return {(row.looked_shard, row.looked_seq): row for row in session.exec(query)}


def _store(
    session: Session, sample: LogSample, look_up: LookUp, finding: str, note: str, current: LogReview | None,
    now: datetime, by: Actor,
) -> LogReview:  # fmt: skip
    case = find_row(session, look_up.case_id)
    if is_erased(case):
        raise CaseErased
    row = LogReview(
        at=now, sample_id=sample.id, case_id=case.id, looked_shard=look_up.shard, looked_seq=look_up.seq,
        finding=finding, reviewed_by=by.person_id, replaces=current.id if current else None,
    )  # fmt: skip
    log.append(
        session, Event.ACCESS_REVIEWED, at=now, by=by, row=row, citizen_id=case.citizen_id, case_id=case.id,
        personal={"note": note.strip()}, sample=sample.id, looked=f"{row.looked_shard}:{row.looked_seq}",
        replaces=row.replaces,
    )  # fmt: skip
    session.commit()
    return row


def _refuse_incomplete(finding: str, note: str) -> None:
    if finding not in FINDINGS:
        raise Refused("Vælg, hvad du fandt.", field="finding")
    if finding != IN_ORDER and not note.strip():
        raise Refused("Skriv, hvad der skal undersøges, eller hvad du fandt.", field="note")
    if len(note) > MOST_CHARACTERS:
        raise Refused(f"Noten må højst være på {MOST_CHARACTERS} tegn.", field="note")


def _is_same(session: Session, current: LogReview, finding: str, note: str, by: Actor) -> bool:
    is_hers = current.finding == finding and current.reviewed_by == by.person_id
    return is_hers and log.open_part(session, current)["note"] == note.strip()
