"""PostgreSQL's part of backup and restore: COPY, for the rows of each table."""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table
from sqlmodel import Session

from service.backup.errors import RestoreRefused
from service.backup.manifest import Manifest

CHUNK = 1 << 20
ENDING = ".copy"
EXACT = ("SET LOCAL TimeZone = 'UTC'", "SET LOCAL DateStyle = 'ISO'", "SET LOCAL bytea_output = 'hex'")
"""What decides how COPY writes values: spelt out, so that no server's own settings do."""

ESCAPED = re.compile(r"\\(.)")
ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def copy_out(session: Session, folder: Path, tables: Sequence[Table]) -> dict[str, list[str]]:
    """Write the rows of each table, as the session sees them, into `<table>.copy`.

    Gives the columns by table. What the database computes by itself is left out.
    """
    connection = raw(session.connection())
    columns = {table.name: [c.name for c in table.columns if c.computed is None] for table in tables}
    for setting in EXACT:
        connection.execute(setting.encode())
    for table in tables:
        query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
            names(columns[table.name]),
            sql.Identifier(table.name),
            names(c.name for c in table.primary_key.columns),
        )
        with (folder / f"{table.name}{ENDING}").open("xb") as file, connection.cursor().copy(query) as rows:
            for data in rows:
                file.write(data)
    return columns


def copy_in(session: Session, folder: Path, manifest: Manifest) -> None:
    """Read the files of a backup into empty tables, and check every key; no commit.

    Raises RestoreRefused when a file is not the one that the manifest names.
    """
    connection = raw(session.connection())
    for table, columns in manifest.columns.items():
        name, digest, size = f"{table}{ENDING}", sha256(), 0
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names(columns))
        with (folder / name).open("rb") as file, connection.cursor().copy(query) as rows:
            while data := file.read(CHUNK):
                digest.update(data)
                size += len(data)
                rows.write(data)
        if manifest.files[name] != {"sha256": digest.hexdigest(), "size": size}:
            raise RestoreRefused(f"{folder / name} changed while it was read.")
    connection.execute(b"SET CONSTRAINTS ALL IMMEDIATE")


def sizes(session: Session) -> dict[str, int]:
    """The size of each shard of the log."""
    return dict(raw(session.connection()).execute(b"SELECT shard, size FROM log_heads").fetchall())


def rows_of(file: Path) -> Iterator[list[str | None]]:
    """The rows of a file that COPY wrote, as text."""
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield [_value(field) for field in line.rstrip("\n").split("\t")]


def bytes_of(text: str) -> bytes:
    r"""The bytes that COPY writes as `\x…`."""
    return bytes.fromhex(text.removeprefix("\\x"))


def raw(connection: Connection) -> "psycopg.Connection[Any]":
    """psycopg's own connection, in the transaction that SQLAlchemy began on it."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def names(columns: Any) -> sql.Composed:
    """A list of identifiers."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _value(field: str) -> str | None:
    return None if field == "\\N" else ESCAPED.sub(lambda found: ESCAPES.get(found[1], found[1]), field)
