"""What sealed evidence of a period adds up to: one count for the municipality, or none when it is small."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from service import log
from service.errors import PartUnreadable
from service.tables.assessment import Assessment
from service.tables.intake import Case
from service.tables.suggestion import Suggestion
from service.workflow.statistics.periods import midnight

LEAST_CASES, LEAST_PEOPLE, MOST_OF_ONE = 5, 3, 0.7


@dataclass(frozen=True)
class Counted:
    """How many cases could be compared, and in how many the own judgement was what most similar cases got.

    Both are None when the count is too small, or too much one person's, to be told.
    """

    cases: int | None
    same: int | None


def counted(session: Session, municipality_id: str, starts_on: date, ends_on: date) -> Counted:
    """The count of a period, both days included; what was erased is left out."""
    rows = session.exec(
        select(Suggestion, Assessment)
        .join(Assessment, col(Assessment.id) == Suggestion.assessment_id)
        .join(Case, col(Case.id) == Suggestion.case_id)
        .where(Case.municipality_id == municipality_id, Suggestion.reason == "shadow")
        .where(Suggestion.at >= midnight(starts_on), Suggestion.at < midnight(ends_on + timedelta(days=1)))
    ).all()
    compared = [
        (judged.person_id, judged.choice == reference)
        for answer, judged in rows
        if (reference := _reference(session, answer)) is not None
    ]
    people = [person for person, _ in compared]
    most = max((people.count(person) for person in set(people)), default=0)
    if len(compared) < LEAST_CASES or len(set(people)) < LEAST_PEOPLE or most > MOST_OF_ONE * len(compared):
        return Counted(None, None)
    return Counted(len(compared), sum(same for _, same in compared))


def _reference(session: Session, answer: Suggestion) -> str | None:
    try:
        payload = log.open_part(session, answer)["payload"]
    except PartUnreadable:
        return None
    similar = payload.get("similar") if payload else None
    return similar["reference_level"] if similar else None
