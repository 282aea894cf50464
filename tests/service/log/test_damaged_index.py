"""An index that says something else than its table hides a row from whoever asks by it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service import log
from tests.parts.steps import one_of_everything


@pytest.mark.parametrize("table", ["reported_resources", "decisions", "personal_parts"])
def test_a_letter_changed_in_an_index_alone_is_found(engine: Engine, table: str) -> None:
    one_of_everything(engine)
    file = Path(str(engine.url.database))
    engine.dispose()
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        named = "SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NULL"
        page = raw.execute(named, (table,)).fetchone()[0]
        size = raw.execute("PRAGMA page_size").fetchone()[0]
        own_id = raw.execute(f"SELECT id FROM {table}").fetchone()[0].encode()
    content = bytearray(file.read_bytes())
    at = content.index(own_id, (page - 1) * size, page * size)
    content[at + 7] ^= 0x10
    file.write_bytes(content)

    assert any(line.startswith(f"{table}: ") for line in log.verify(engine).problems)
