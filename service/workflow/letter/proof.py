"""What the log proves about the order of a case: her own judgement before the similar cases, or not.

The database keeps the order when it writes. A letter does not take its word: it asks the entries, and holds
each against its row and its part. Anything that does not fit means that the letter says less.
"""

import json

from sqlmodel import Session

from service.log import merkle
from service.log.proofs import check_rows
from service.log.shards import base_of, epoch_of
from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.tables.log import LogEntry
from service.tables.suggestion import Suggestion
from service.workflow.case_file import all_of

Place = tuple[str, int, int]
"""Where an entry stands: shard without its epoch, epoch, number. In this order they were written."""


def judged_first(session: Session, decision: Decision) -> bool:
    """Whether whoever decided had written down her own judgement before any similar case was shown.

    True only when the log proves it: the judgement that the decision rests on is hers, its entry stands
    before every entry of evidence shown in the case, and each of them fits its row and its personal part.
    """
    shown = session.get_one(Suggestion, decision.suggestion_id)
    judged = session.get_one(Assessment, shown.assessment_id)
    if judged.person_id != decision.person_id or judged.case_id != decision.case_id:
        return False
    evidence = [row for row in all_of(session, Suggestion, decision.case_id) if row.outcome == "shown"]
    if shown not in evidence or not _is_proved(session, judged, "assessment"):
        return False
    if not all(_is_proved(session, row, "suggestion") for row in evidence):
        return False
    return _place(judged) < min(_place(row) for row in evidence)


def _place(row: Assessment | Suggestion) -> Place:
    return base_of(row.shard), epoch_of(row.shard), row.log_seq


def _is_proved(session: Session, row: Assessment | Suggestion, step: str) -> bool:
    """Whether the entry of a row is whole, is about it, and fits the row and its part."""
    stored = session.get(LogEntry, (row.shard, row.log_seq))
    if stored is None or merkle.leaf_hash(stored.entry.encode()) != stored.leaf_hash:
        return False
    try:
        entry = json.loads(stored.entry)
    except ValueError:
        return False
    said = (entry.get("log"), entry.get("seq"), entry.get("step"), entry.get("type"))
    if said != (row.shard, str(row.log_seq), step, stored.event):
        return False
    return not list(check_rows(session, row.shard, step, {row.log_seq: entry}))
