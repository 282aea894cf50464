"""History that was accepted: joined with the outcomes that are reported, kept under its content hash."""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from models import areas
from models.cells import cell
from models.decided_case import OUTCOME_COLUMNS
from models.record import Outcome, columns
from service.database import reading, writing
from service.files import settle, sync
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
    count: Callable[[int], None] = lambda rows: None,
) -> Path | None:
    """Keep the file in `folder` and log that; None when the very same content is kept already.

    The file is whole on the disk before it gets its name, and gets it in the transaction of the entry.
    `count` is told of rows as they are written. Raises OSError when the disk is full.
    """
    beside = history.path.with_suffix(".joined")
    try:
        digest = _join(history, beside, engine, with_outcomes, count)
        kept = folder / f"{digest}.csv"
        if kept.exists():
            return None
        with writing(engine) as session:
            record(session, history=digest, rows=str(history.rows))
            beside.replace(kept)
            try:
                sync(folder)
                session.commit()
            except BaseException:
                kept.unlink()
                raise
        return kept
    finally:
        beside.unlink(missing_ok=True)


def _join(
    history: StagedHistory, into: Path, engine: Engine, with_outcomes: bool, count: Callable[[int], None]
) -> str:
    """Write the joined rows to `into`, safely on the disk, and give the SHA-256 of what was written.

    Some rows at a time, each in a reading transaction of its own: nobody waits to write until a long file is
    read.
    """
    place = {name: at for at, name in enumerate(columns(areas.get(history.area), companions=True))}
    with history.path.open(encoding="utf-8", newline="") as staged, private(into) as target:
        rows, writer = csv.reader(staged), csv.writer(target, lineterminator="\n")
        writer.writerow(next(rows))
        while some := list(islice(rows, AT_A_TIME)):
            with reading(engine) as session:
                if with_outcomes:
                    _join_outcomes(session, some, place)
                for row in some:
                    key = reference_key(session, row[place["municipality"]], row[place["request_id"]])
                    row[place["reference_key"]] = key
            writer.writerows(some)
            count(len(some))
        settle(target)
    with into.open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()


def _join_outcomes(session: Session, rows: Sequence[list[str]], place: Mapping[str, int]) -> None:
    """Put what the reports know in place of what the file said; what they do not know stays."""
    by_code: dict[str, list[list[str]]] = defaultdict(list)
    for row in rows:
        by_code[row[place["municipality"]]].append(row)
    for code, some in by_code.items():
        municipality = session.exec(select(Municipality).where(Municipality.code == code)).first()
        if municipality is None:
            continue
        ids = [row[place["request_id"]] for row in some]
        known = delivery.outcome_of(session, ids, municipality_id=municipality.id)
        for row, request_id in zip(some, ids, strict=True):
            told = astuple(known.get(request_id, Outcome()))
            for name, value in zip(OUTCOME_COLUMNS, told, strict=True):
                if value is not None:
                    row[place[name]] = cell(value)
