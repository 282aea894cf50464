"""Make a backup of the casework's database, or of the keystore, while both are in use."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, Table, inspect, select
from sqlmodel import Session

from service.backup import check, postgresql, sqlite
from service.backup.errors import BackupRefused
from service.backup.folder import building, place
from service.backup.manifest import DATABASE, KEYSTORE, Manifest, measured
from service.database import reading
from service.log import keystore, merkle
from service.log.append import HEADS, split_frontier
from service.tables import METADATA

LEFT_OUT = (
    "web_sessions", "sign_in_attempts", "drafts", "practice_rounds", "survey_tallies", "trust_tallies",
)  # fmt: skip
"""Who is signed in, and what somebody is typing, is of the moment; what she practised is hers: no backup
holds it. Nor the tallies of the surveys: between two backups one person may have answered."""


def back_up_database(engine: Engine, out: Path, *, origin: str, pepper: bytes, now: datetime) -> Path:
    """Write a backup of the casework into a folder of `out`; gives that folder. Raises BackupRefused."""
    tables = METADATA.sorted_tables
    with building(out, now) as folder, reading(engine) as session:
        _refuse_strangers(session, tables)
        shards = _heads(session)  # on SQLite this first look also fixes the moment that is copied
        revision = MigrationContext.configure(session.connection()).get_current_revision()
        columns = _copy(session, folder, tables, LEFT_OUT)
        _finish(folder, pepper, Manifest(
            of=DATABASE, engine=engine.dialect.name, revision=revision, made_at=_instant(now), origin=origin,
            files=_measured(folder), columns=columns, shards=shards,
        ))  # fmt: skip
    return place(out, now)


def back_up_keystore(engine: Engine, out: Path, *, origin: str, pepper: bytes, now: datetime) -> Path:
    """Write a backup of the keystore into a folder of `out`; gives that folder. Raises BackupRefused."""
    with building(out, now) as folder, reading(engine) as session:
        columns = _copy(session, folder, keystore.METADATA.sorted_tables, ())
        _finish(folder, pepper, Manifest(
            of=KEYSTORE, engine=engine.dialect.name, revision=None, made_at=_instant(now), origin=origin,
            files=_measured(folder), columns=columns,
        ))  # fmt: skip
    return place(out, now)


def _copy(
    session: Session, folder: Path, tables: Sequence[Table], without: Sequence[str]
) -> dict[str, list[str]]:
    if session.get_bind().dialect.name == "sqlite":
        sqlite.copy_out(session, folder / sqlite.FILE, without)
        return {}
    return postgresql.copy_out(session, folder, [table for table in tables if table.name not in without])


def _finish(folder: Path, pepper: bytes, manifest: Manifest) -> None:
    """Write the manifest, and look at the backup as somebody will who needs it."""
    manifest.write(folder, pepper)
    for file in folder.iterdir():
        file.chmod(0o600)
    for problem in check.problems(folder, Manifest.read(folder), pepper):
        raise BackupRefused(f"The backup does not fit what was read, and is not kept: {problem}.")


def _refuse_strangers(session: Session, tables: Sequence[Table]) -> None:
    """A table that is not ours would be left out on PostgreSQL, in silence."""
    known = {"alembic_version", *(table.name for table in tables)}
    for name in sorted(set(inspect(session.connection()).get_table_names()) - known):
        raise BackupRefused(f"The database holds a table that is not Skøn's: {name}. Move it elsewhere.")


def _heads(session: Session) -> dict[str, dict[str, Any]]:
    heads = session.execute(select(HEADS.c.shard, HEADS.c.size, HEADS.c.frontier))
    return {
        shard: {"size": size, "root": merkle.root_of(split_frontier(frontier)).hex()}
        for shard, size, frontier in heads
    }


def _measured(folder: Path) -> dict[str, dict[str, Any]]:
    return {file.name: measured(file) for file in sorted(folder.iterdir())}


def _instant(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
