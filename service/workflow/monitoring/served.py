"""Is what was served what the model says? A sample of suggestions, computed again from what was stored.

Wording may change with the program, so figures, codes and cases are compared and sentences are not. A case
that cannot be computed again, since a right was used or practice was declared changed after it, is set aside.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models import facts as case_facts
from models.artifact import ArtifactRefused
from models.declaration import Area
from service import log
from service.clock import local_date
from service.digest import digest
from service.errors import CaseErased, PartUnreadable
from service.tables.assessment import Assessment
from service.tables.governance import RegisterEntry
from service.tables.intake import Case, FactsVersion
from service.tables.rights import RightRequest, RightStep
from service.tables.suggestion import Suggestion
from service.workflow import in_force
from service.workflow.case_file import facts_of, open_file
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers import practice_change
from service.workflow.statistics.periods import midnight
from service.workflow.suggestion.searched import wanted_cases

SAMPLE = 25
OWN = ("facts", "model_level", "uncertainty", "manifest_hash")
"""The parts of a payload that no other case enters into."""
WORDS = frozenset({"headline", "caveats", "not_in_calculation", "not_used", "missing", "unseen"})


@dataclass(frozen=True)
class Served:
    """How many stored suggestions were computed again, how many came out the same, and how many were not."""

    same: int
    different: int
    set_aside: int


def served_again(
    session: Session, shelf: ModelShelf, municipality_id: str, area: Area, start: date, end: date
) -> Served:
    """A sample of what was computed from a day until another (not included), held against itself."""
    found = [_again(session, shelf, area, row) for row in _sample(session, municipality_id, area, start, end)]
    return Served(found.count(True), found.count(False), found.count(None))


def figures(payload: Any) -> Any:
    """A payload without its sentences and labels."""
    if isinstance(payload, Mapping):
        return {
            key: figures(value)
            for key, value in payload.items()
            if key not in WORDS and not key.endswith(("label", "sentence", "sentences"))
        }
    return [figures(each) for each in payload] if isinstance(payload, list | tuple) else payload


def _sample(session: Session, municipality_id: str, area: Area, start: date, end: date) -> list[Suggestion]:
    """The same rows each time, and no row likelier than another."""
    rows = session.exec(
        select(Suggestion)
        .join(Case, col(Case.id) == Suggestion.case_id)
        .where(Case.municipality_id == municipality_id, Case.area == area.name)
        .where(Suggestion.at >= midnight(start), Suggestion.at < midnight(end))
        .where(col(Suggestion.payload_hash).is_not(None))
    ).all()
    return sorted(rows, key=lambda row: hashlib.sha256(row.id.encode()).hexdigest())[:SAMPLE]


def _again(session: Session, shelf: ModelShelf, area: Area, row: Suggestion) -> bool | None:
    """Whether a payload is what was hashed, and what the model says of the stored facts; None if unclear."""
    try:
        stored = log.open_part(session, row)["payload"]
        computed = _computed(session, shelf, area, row)
    except (PartUnreadable, CaseErased, ArtifactRefused):
        return None
    whole = digest(stored) == row.payload_hash
    if whole and figures(stored) == figures(computed):
        return True
    excused = whole and _may_differ(session, row.at) and _same_model(stored, computed)
    return None if excused else False


def _same_model(stored: Mapping[str, Any], computed: Mapping[str, Any]) -> bool:
    """Whether all that no other case enters into is the same; the facts alone where either kept silent."""
    silent = stored["abstained"] or computed["abstained"]
    return all(figures(stored[key]) == figures(computed[key]) for key in (OWN[:1] if silent else OWN))


def _computed(session: Session, shelf: ModelShelf, area: Area, row: Suggestion) -> Mapping[str, Any]:
    assessment = session.get_one(Assessment, row.assessment_id)
    facts = facts_of(session, area, session.get_one(FactsVersion, assessment.facts_id))
    file = open_file(session, row.case_id)
    changed = practice_change.changed_on(session, file.case.municipality_id, local_date(row.at), area)
    wanted = wanted_cases(file, in_force.kept_from_others(session), changed, row.at)
    evidence = shelf.suggester(row.model_version or "", row.manifest_hash or "").suggest(
        case_facts.values(facts),
        own_level=assessment.choice if assessment.choice in area.level_codes else None,
        wanted=wanted,
        received_on=file.case.received_on,
        sources={name: fact.source for name, fact in facts.items()},
    )
    return evidence.payload()


def _may_differ(session: Session, at: datetime) -> bool:
    """Whether somebody used a right, or a change of practice was written down, since an instant."""
    asked = select(RightRequest.id).where(RightRequest.at > at).limit(1)
    answered = select(RightStep.id).where(RightStep.at > at).limit(1)
    declared = select(RegisterEntry.id).where(
        RegisterEntry.kind == practice_change.KIND, RegisterEntry.at > at
    )
    return any(session.exec(each).first() for each in (asked, answered, declared.limit(1)))
