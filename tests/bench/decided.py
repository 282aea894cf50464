"""An installation with many decided cases: a few decided step by step, then copied under ids of their own.

Each copy is a case with a citizen, a key and rows of its own; its facts are sealed anew under that key, as an
export opens them. What no export reads is left out of the copies: log entries, and the parts of other steps.
"""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from service.config import Settings
from service.database import make_engine, reading, upgrade
from service.keys import Keys, create_keys
from service.log.parts import SCHEME, opened, place
from service.log.vault import Vault, create_keystore, engine_with_vault, vault_of
from service.tables.base import new_id
from service.tables.intake import FactsVersion
from tests.builders import an_admission
from tests.cast import gather
from tests.quarter import decide_case

TEMPLATES = 40
AT_A_TIME = 5_000
STEPS = ("cases", "facts_versions", "assessments", "suggestions", "decisions", "plannings")
FRESH = ("id", "case_id", "citizen_id", "facts_id", "assessment_id", "suggestion_id", "decision_id",
         "idempotency_key", "part_id")  # fmt: skip
"""Columns that name something of the case itself: a copy has its own."""
NUMBERED = ("log_seq", "serial")
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Template:
    """The rows of a decided case by table, and what its facts hold with their salt."""

    rows: Rows
    facts: bytes


def make_installation(folder: Path, cases: int) -> None:
    """Make an installation below `folder` that holds so many decided cases, or none."""
    settings = Settings.from_environment({"SKOEN_VAR": str(folder)})
    engine = engine_with_vault(settings, _keys(settings))
    create_keystore(settings, engine)
    cast = gather(engine)
    if not cases:
        engine.dispose()
        return
    an_admission(engine, cast.dan)
    for number, who in zip(range(TEMPLATES), cycle((cast.alma, cast.bent)), strict=False):
        decide_case(engine, who, number, own=("basal", "avanceret")[number % 3 == 0], reason="praksis")
    templates, vault = _templates(engine), vault_of(engine)
    engine.dispose()
    _copy(settings, templates, vault, cases - TEMPLATES)


def _keys(settings: Settings) -> Keys:
    engine = make_engine(settings.database_url)
    upgrade(engine)
    made = create_keys(settings, engine)
    engine.dispose()
    return made


def _templates(engine: Engine) -> list[Template]:
    with reading(engine) as session:
        facts = {
            version.id: b"".join(opened(session, version)) for version in session.exec(select(FactsVersion))
        }
    with sqlite3.connect(str(engine.url.database)) as plain:
        plain.row_factory = sqlite3.Row
        found = []
        for case in plain.execute("SELECT * FROM cases ORDER BY log_seq").fetchall():
            rows: Rows = {"cases": _written(case)}
            for step in ("assessments", "suggestions", "decisions", "plannings"):
                of_case = plain.execute(f"SELECT * FROM {step} WHERE case_id = ?", (case["id"],))
                rows[step] = _written(of_case.fetchone())
            judged = rows["assessments"]["facts_id"]
            version = plain.execute("SELECT * FROM facts_versions WHERE id = ?", (judged,)).fetchone()
            rows["facts_versions"] = _written(version)
            found.append(Template(rows, facts[judged]))
    return found


def _written(row: sqlite3.Row) -> dict[str, Any]:
    """The columns that are written; the name of the step is computed."""
    return {name: row[name] for name in row.keys() if name != "log_step"}  # noqa: SIM118 - no dict


def _copy(settings: Settings, templates: list[Template], vault: Vault, copies: int) -> None:
    database = settings.database_url.removeprefix("sqlite:///")
    keystore = settings.keystore_url.removeprefix("sqlite:///")
    made = (_copied(template, number, vault) for template, number in zip(cycle(templates), count(10**6)))
    made = islice(made, copies)
    with sqlite3.connect(database) as cases, sqlite3.connect(keystore) as keys:
        for each in (cases, keys):
            each.execute("PRAGMA journal_mode = OFF")
            each.execute("PRAGMA synchronous = OFF")
            each.execute("PRAGMA cache_size = -500000")
        while some := list(islice(made, AT_A_TIME)):
            for table in (*STEPS, "personal_parts"):
                _insert(cases, table, [rows[table] for rows, _ in some])
            _insert(keys, "keys", [key for _, key in some])
            cases.commit()
            keys.commit()


def _insert(connection: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    values = ", ".join(f":{name}" for name in names)
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"
    connection.executemany(statement, rows)


def _copied(template: Template, number: int, vault: Vault) -> tuple[Rows, dict[str, Any]]:
    """The rows of one copy, and its citizen's wrapped key."""
    new: dict[Any, str] = {}
    rows = {
        table: {
            name: new.setdefault(value, new_id()) if name in FRESH and value else
            number if name in NUMBERED else value
            for name, value in row.items()
        }
        for table, row in template.rows.items()
    }  # fmt: skip
    rows["cases"]["request_id"] = f"copy-{number}"
    rows["decisions"]["at"] = _later(rows["decisions"]["at"], number)
    citizen, version = rows["cases"]["citizen_id"], rows["facts_versions"]
    key = secrets.token_bytes(32)
    nonce, content = vault.seal(key, place("facts", version["id"]), template.facts)
    rows["personal_parts"] = {
        "id": version["part_id"], "citizen_id": citizen, "subject_id": rows["cases"]["id"], "step": "facts",
        "nonce": nonce, "content": content, "scheme": SCHEME,
    }  # fmt: skip
    return rows, {"key_id": citizen, "wrapped": b"".join(vault.seal(vault.kek, f"key:{citizen}", key))}


def _later(at: str, number: int) -> str:
    """Each copy is decided a second after the one before it, so that age and place go together as they do."""
    return (datetime.fromisoformat(at) + timedelta(seconds=number)).strftime("%Y-%m-%d %H:%M:%S.%f")
