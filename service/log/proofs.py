"""Hold rows and their personal parts against the entries that prove them."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Engine, RowMapping, Select, Table, select
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import Session

from service.database import reading
from service.errors import PartUnreadable
from service.log import told
from service.log.append import ENTRIES
from service.log.canonical import described_columns, plain
from service.log.parts import commitment, parse, place, unsealed
from service.log.spelling import as_written, misspelt
from service.tables import METADATA
from service.tables.base import table_of
from service.tables.erasable import BLANKED, ERASED_SCHEME, blank
from service.tables.intake import PersonalPart
from service.tables.log import STEPS

PARTS = table_of(PersonalPart)
ERASURES: Table = METADATA.tables["erasures"]
UNREADABLE = (ValueError, TypeError, DBAPIError, StatementError)
"""What a damaged value may raise on its way out of the database."""


def check_rows(
    session: Session, shard: str, step: str, entries: Mapping[int, dict[str, Any]]
) -> Iterator[str]:
    """What does not fit between some entries of one step, by number, and the rows they prove."""
    table = METADATA.tables[STEPS[step]]
    try:
        rows = {row["log_seq"]: row for row in _rows(session, table, shard, min(entries), max(entries))}
    except UNREADABLE:
        rows = {}
    for seq, entry in entries.items():
        where = f"{shard} {seq}"
        try:
            row = rows.get(seq) or next(_rows(session, table, shard, seq, seq), None)
            if row is None:
                yield f"{where}: the row in {table.name} is missing"
                continue
            yield from (f"{where}: {what}" for what in _check_row(session, table, step, entry, row))
        except UNREADABLE:
            yield f"{where}: the row in {table.name} cannot be read"


def orphans(engine: Engine) -> Iterator[str]:
    """Rows without an entry, and personal parts without a row."""
    for step, name in STEPS.items():
        table = METADATA.tables[name]
        with reading(engine) as session:
            for shard, seq in session.execute(_without_entry(table, step)):
                yield f"{shard} {seq}: the row in {name} has no entry"
            if "part_id" in table.columns:
                for (part_id,) in session.execute(_without_row(table, step)):
                    yield f"personal_parts {part_id}: no row in {name} has this part"
    with reading(engine) as session:
        for (part_id,) in session.execute(select(PARTS.c.id).where(PARTS.c.step.not_in(STEPS))):
            yield f"personal_parts {part_id}: there is no such step"
        for (resource_id,) in session.execute(told.without_report()):
            yield f"{told.RESOURCES.name} {resource_id}: no report told it"


def _rows(session: Session, table: Table, shard: str, first: int, last: int) -> Iterator[RowMapping]:
    there = (table.c.shard == shard) & table.c.log_seq.between(first, last)
    query = select(*table.columns, *as_written(session.get_bind().dialect, table)).where(there)
    if "part_id" in table.columns:
        part = (column.label(f"part_{column.name}_there") for column in PARTS.columns)
        erased = ERASURES.c.subject_id.label("erased_there")
        query = (
            query.add_columns(*part, erased)
            .join(PARTS, PARTS.c.id == table.c.part_id, isouter=True)
            .join(ERASURES, ERASURES.c.subject_id == PARTS.c.subject_id, isouter=True)
        )
    yield from session.execute(query).mappings()


def _check_row(
    session: Session, table: Table, step: str, entry: Mapping[str, Any], row: RowMapping
) -> Iterator[str]:
    described = {name: plain(row[name]) for name in described_columns(table)}
    yield from misspelt(session.get_bind().dialect, table, row)
    if entry.get("id") != row["id"]:
        yield f"{table.name}.id is not the entry's id"
    case_id = row["id"] if table.name == "cases" else row.get("case_id")
    if case_id is not None and entry.get("case") != case_id:
        yield f"{table.name}.case_id is not the entry's case"
    if "part_id" not in table.columns:
        yield from _differences(table, described, entry.get("row"))
    elif row["part_id_there"] is None:
        yield f"the personal part of {table.name} is missing"
    elif row["erased_there"] is not None:
        yield from _not_erased(session, table, row)
    else:
        yield from _check_part(session, table, step, entry, row, described)


def _check_part(
    session: Session, table: Table, step: str, entry: Mapping[str, Any], row: RowMapping,
    described: Mapping[str, Any],
) -> Iterator[str]:  # fmt: skip
    if row["part_step_there"] != step:
        yield "personal_parts.step is another step"
    if row["part_subject_id_there"] != (entry.get("case") or row["id"]):
        yield "personal_parts.subject_id is another subject"
    try:
        salt, content = unsealed(
            session, row["part_citizen_id_there"], row["part_scheme_there"], place(step, row["id"]),
            row["part_nonce_there"], row["part_content_there"],
        )  # fmt: skip
        inner = parse(content)
    except PartUnreadable:
        yield f"the personal part of {table.name} cannot be opened, and no erasure says why"
        return
    if commitment(salt, content) != entry.get("commit"):
        yield f"the personal part of {table.name} does not fit the entry's commitment"
    if inner["citizen"] != row["part_citizen_id_there"]:
        yield "personal_parts.citizen_id is another citizen"
    yield from _differences(table, described, inner["row"])
    if table is told.REPORTS:
        yield from told.resources_that_differ(session, row["id"], content)


def _not_erased(session: Session, table: Table, row: RowMapping) -> Iterator[str]:
    """What an erasure should have blanked and did not."""
    if row["part_scheme_there"] != ERASED_SCHEME or row["part_content_there"] or row["part_nonce_there"]:
        yield f"the personal part of {table.name} was to be erased and is not"
    if row["part_citizen_id_there"]:
        yield "personal_parts.citizen_id was to be erased and is not"
    wanted = blank(table.name, row["id"]) if table.name in BLANKED else {}
    for name, value in wanted.items():
        if row[name] != value:
            yield f"{table.name}.{name} was to be erased and is not"
    if table is told.REPORTS and told.any_left(session, row["id"]):
        yield f"rows in {told.RESOURCES.name} were to be erased and are not"


def _differences(table: Table, described: Mapping[str, Any], proved: Any) -> Iterator[str]:
    if not isinstance(proved, dict):
        yield f"the log holds no description of the row in {table.name}"
        return
    for name in sorted({*described, *proved}):
        # A column that a later migration added is empty in the rows from before it.
        if described.get(name) != proved.get(name) or name not in described:
            yield f"{table.name}.{name} is not what the log proves"


def _without_entry(table: Table, step: str) -> Select[Any]:
    same = (ENTRIES.c.shard == table.c.shard) & (ENTRIES.c[f"{step}_seq"] == table.c.log_seq)
    joined = table.join(ENTRIES, same, isouter=True)
    return select(table.c.shard, table.c.log_seq).select_from(joined).where(ENTRIES.c.seq.is_(None))


def _without_row(table: Table, step: str) -> Select[Any]:
    joined = PARTS.join(table, table.c.part_id == PARTS.c.id, isouter=True)
    return select(PARTS.c.id).select_from(joined).where(PARTS.c.step == step, table.c.id.is_(None))
