"""History that was accepted: joined with the outcomes that are reported, kept under its content hash."""

import csv
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from models import areas
from models.cells import cell
from models.decided_case import OUTCOME_COLUMNS
from models.record import Outcome, columns
from service.database import reading, writing
from service.intake_formats.history import StagedHistory, private
from service.tables.organisation import Municipality
from service.workflow import delivery
from service.workflow.in_force import reference_key

AT_A_TIME = 200


def keep_history(
    history: StagedHistory,
    folder: Path,
    engine: Engine,
    *,
    record: Callable[..., None],
    with_outcomes: bool,
) -> Path | None:
    """Keep the file in `folder` and log that; None when the very same content is kept already.

    The file is whole on the disk before it gets its name, and gets it in the transaction of the entry.
    """
    beside = history.path.with_suffix(".joined")
    try:
        digest = _join(history, beside, engine, with_outcomes)
        kept = folder / f"{digest}.csv"
        if kept.exists():
            return None
        with writing(engine) as session:
            record(session, history=digest, rows=str(history.rows))
            beside.replace(kept)
            try:
                session.commit()
            except BaseException:
                kept.unlink()
                raise
        return kept
    finally:
        beside.unlink(missing_ok=True)


def _join(history: StagedHistory, into: Path, engine: Engine, with_outcomes: bool) -> str:
    """Write the joined rows to `into`, safely on the disk, and give the SHA-256 of what was written."""
    names = columns(areas.get(history.area), companions=True)
    with reading(engine) as session, private(into) as target:
        writer = csv.DictWriter(target, names, lineterminator="\n")
        writer.writeheader()
        for rows in _some(history.path):
            told = _joined(session, rows) if with_outcomes else rows
            writer.writerows(_keyed(session, told))
        target.flush()
        os.fsync(target.fileno())
    with into.open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()


def _some(path: Path) -> Iterator[list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as staged:
        rows: list[dict[str, str]] = []
        for row in csv.DictReader(staged):
            rows.append(row)
            if len(rows) == AT_A_TIME:
                yield rows
                rows = []
        if rows:
            yield rows


def _joined(session: Session, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows, with what the reports know in place of what the file said; what they do not know stays."""
    known: dict[tuple[str, str], Outcome] = {}
    for code in {row["municipality"] for row in rows}:
        municipality = session.exec(select(Municipality).where(Municipality.code == code)).first()
        if municipality is not None:
            ids = [row["request_id"] for row in rows if row["municipality"] == code]
            found = delivery.outcome_of(session, ids, municipality_id=municipality.id)
            known |= {(code, request_id): outcome for request_id, outcome in found.items()}
    return [{**row, **_cells(known.get((row["municipality"], row["request_id"])))} for row in rows]


def _keyed(session: Session, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows with the keys under which only we can find them again, should a citizen say no."""
    return [
        {**row, "reference_key": reference_key(session, row["municipality"], row["request_id"])}
        for row in rows
    ]


def _cells(outcome: Outcome | None) -> dict[str, str]:
    if outcome is None:
        return {}
    values: dict[str, Any] = dict(zip(OUTCOME_COLUMNS, astuple(outcome), strict=True))
    return {name: cell(value) for name, value in values.items() if value is not None}
