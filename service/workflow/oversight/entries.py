"""The entries about one case in the log of decisions, and the rows that belong to it, found from both sides.

An entry is found by what it says, a row by its case; so neither can be taken away without the other telling.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import RowMapping, or_
from sqlmodel import Session, col, select

from service.log.append import ENTRIES
from service.log.proofs import UNREADABLE
from service.log.shards import base_of, epoch_of
from service.tables.assessment import Assessment, Consultation, ConsultationAnswer
from service.tables.base import Logged
from service.tables.citizen import (
    CitizenCode,
    CitizenCodeUse,
    FactReport,
    FactReportAnswer,
    Letter,
    Representation,
)
from service.tables.decision import Decision, Planning
from service.tables.double_review import ReviewDraw, SecondJudgement
from service.tables.exploration import Exploration
from service.tables.intake import Case, CaseClosure, CaseTaking, FactsVersion, ReturnAnswer
from service.tables.log import LogHead
from service.tables.oversight import Erasure, ErasureRefusal, LogReview, Retirement
from service.tables.restricted import LayerOpening
from service.tables.rights import RightRequest, RightStep
from service.tables.suggestion import Suggestion
from service.tables.trial import TrialAllocation

Place = tuple[str, int]
"""A shard and a number there."""

ROWS: dict[str, type[Logged]] = {
    "received": Case, "facts": FactsVersion, "taken": CaseTaking, "assessment": Assessment,
    "consultation": Consultation, "consultation_answer": ConsultationAnswer, "suggestion": Suggestion,
    "exploration": Exploration,
    "decision": Decision, "planning": Planning, "returned_answer": ReturnAnswer, "closed": CaseClosure,
    "representation": Representation, "citizen_code": CitizenCode, "citizen_code_use": CitizenCodeUse,
    "fact_report": FactReport, "fact_report_answer": FactReportAnswer,
    "right_request": RightRequest, "right_step": RightStep,
    "letter": Letter, "log_review": LogReview, "erasure_refusal": ErasureRefusal, "erasure": Erasure,
    "layer_opening": LayerOpening, "review_draw": ReviewDraw, "second_judgement": SecondJudgement,
    "trial_allocation": TrialAllocation,
}  # fmt: skip
"""By step, the rows that can be about a case."""

COLUMNS = ENTRIES.select().with_only_columns(
    ENTRIES.c.shard, ENTRIES.c.seq, ENTRIES.c.event, ENTRIES.c.step, ENTRIES.c.entry, ENTRIES.c.leaf_hash
)


@dataclass(frozen=True)
class Found:
    """One place in the log: the entry as it stands there, None when it is gone, and its row if it has one.

    `retired`: the text of the entry was removed by schedule, and its number and leaf hash are what is left.
    """

    shard: str
    seq: int
    entry: RowMapping | None
    row: Logged | None
    retired: bool

    @property
    def text(self) -> bytes:
        """The entry's exact bytes."""
        return str(self.entry["entry"]).encode() if self.entry is not None else b""


def found_of(session: Session, case_id: str) -> list[Found]:
    """Every place that says something about a case, in the order of the log."""
    entries = {(row["shard"], row["seq"]): row for row in _entries(session, case_id)}
    rows = dict(_rows(session, case_id))
    for place in set(rows) - set(entries):
        if (entry := _entry_at(session, place)) is not None:
            entries[place] = entry
    for place, entry in entries.items():
        if place not in rows and (row := _row_at(session, entry["step"], place)) is not None:
            rows[place] = row
    places = sorted({*entries, *rows}, key=_order)
    retired = set(session.exec(select(Retirement.retired_shard)).all())
    return [
        Found(*place, entry, rows.get(place), retired=_is_emptied(entry) and place[0] in retired)
        for place in places
        for entry in (entries.get(place),)
    ]


def _is_emptied(entry: RowMapping | None) -> bool:
    return entry is not None and entry["entry"] == ""


def _order(place: Place) -> tuple[str, int, int]:
    """Shards of one log follow each other by year, and then by epoch."""
    shard, seq = place
    return base_of(shard), epoch_of(shard), seq


def _entries(session: Session, case_id: str) -> Iterator[RowMapping]:
    shards = session.exec(select(LogHead.shard).where(col(LogHead.shard).startswith("decisions/"))).all()
    mentions = [ENTRIES.c.entry.contains(f'"{name}":"{case_id}"') for name in ("case", "subject_id")]
    there = COLUMNS.where(ENTRIES.c.shard.in_(shards), or_(*mentions))
    yield from session.connection().execute(there).mappings()


def _entry_at(session: Session, place: Place) -> RowMapping | None:
    """The entry of a row that does not name the case: emptied by schedule, or tampered with."""
    there = COLUMNS.where(ENTRIES.c.shard == place[0], ENTRIES.c.seq == place[1])
    return session.connection().execute(there).mappings().first()


def _rows(session: Session, case_id: str) -> Iterator[tuple[Place, Logged]]:
    for table in ROWS.values():
        owner = "id" if table is Case else "subject_id" if table is Erasure else "case_id"
        if not hasattr(table, owner):
            continue
        try:
            for row in session.exec(select(table).where(getattr(table, owner) == case_id)).all():
                yield (row.shard, row.log_seq), row
        except UNREADABLE:
            continue  # the entry is found all the same, and says that its row cannot be read


def _row_at(session: Session, step: str | None, place: Place) -> Logged | None:
    table = ROWS.get(step or "")
    if table is None:
        return None
    here = (col(table.shard) == place[0]) & (col(table.log_seq) == place[1])
    try:
        return session.exec(select(table).where(here)).first()
    except UNREADABLE:
        return None
