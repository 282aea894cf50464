"""Personal parts of one case, opened for the party to it: salt and content, as the entry commits to them."""

from collections.abc import Iterator

from sqlalchemy import Engine, Table, or_, select

from service.database import reading
from service.errors import PartUnreadable
from service.log.append import ENTRIES
from service.log.canonical import canonical
from service.log.export.choice import Numbers
from service.log.export.errors import ExportRefused
from service.log.parts import commitment, place, unsealed
from service.tables import METADATA
from service.tables.base import table_of
from service.tables.intake import PersonalPart
from service.tables.log import STEPS
from service.tables.suggestion import SEALED_REASONS

PARTS = table_of(PersonalPart)
ERASURES = METADATA.tables["erasures"]


def opened_parts(engine: Engine, case_id: str, numbers: Numbers) -> Iterator[tuple[str, bytes]]:
    """(entry id, content of its file) for each chosen entry that has a personal part of this case.

    Raises ExportRefused when the case is erased, or when a part does not open or is not what the log proves.
    """
    _refuse_erased(engine, case_id)
    for step, name in STEPS.items():
        table = METADATA.tables[name]
        if "part_id" in table.columns:
            for shard, chosen in numbers.items():
                yield from _of_step(engine, case_id, step, table, shard, chosen or [])


def _refuse_erased(engine: Engine, case_id: str) -> None:
    with reading(engine) as session:
        query = select(ERASURES.c.id).where(ERASURES.c.subject_id == case_id)
        if session.execute(query).first() is not None:
            raise ExportRefused("The case is erased: nothing personal is left to open.")


def _of_step(
    engine: Engine, case_id: str, step: str, table: Table, shard: str, chosen: list[int]
) -> Iterator[tuple[str, bytes]]:
    query = (
        select(table.c.id, table.c.log_seq, PARTS)
        .join(PARTS, PARTS.c.id == table.c.part_id)
        .where(table.c.shard == shard, table.c.log_seq.in_(chosen), PARTS.c.subject_id == case_id)
        .order_by(table.c.log_seq)
    )
    if step == "suggestion":  # what nobody may see before the seal is broken is not opened for a party either
        query = query.where(or_(table.c.reason.is_(None), table.c.reason.not_in(SEALED_REASONS)))
    with reading(engine) as session:
        for row_id, seq, _, citizen_id, _, _, nonce, content, scheme in session.execute(query).all():
            try:
                salt, opened = unsealed(session, citizen_id, scheme, place(step, row_id), nonce, content)
            except PartUnreadable as error:
                raise ExportRefused(f"{shard} {seq}: the personal part cannot be opened.") from error
            where = (ENTRIES.c.shard == shard) & (ENTRIES.c.seq == seq)
            entry = session.execute(select(ENTRIES.c.entry).where(where)).scalar_one()
            if f'"commit":"{commitment(salt, opened)}"' not in entry:
                raise ExportRefused(f"{shard} {seq}: the personal part is not what the log proves.")
            yield row_id, canonical({"salt": salt.hex(), "content": opened.decode()})
