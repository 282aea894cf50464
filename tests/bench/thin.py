"""The thinnest services that answer with evidence: for the bench alone, each a gunicorn of its own.

`evidence` gives the evidence as JSON after one entry of our log has been committed; `obvious` is the same
route with the obvious pipeline in its place, and commits the same entry; `row` commits one row durably and
nothing else. They run as the product does: the same worker, the same threads, the same kind of database.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from models.artifact import load
from models.evidence import Suggester
from models.facts import FactValue
from service import log
from service.clock import utc_now
from service.config import Settings
from service.database import writing
from service.identity import Actor
from service.log import Event
from tests.soak.installation import engine_of

ROUTE, WORK = "BENCH_ROUTE", "BENCH_WORK"
"""Variables: which of the services this is, and the folder with what it is to work on (`Work`)."""
WORK_FILE = "work.json"
PATH = "/grundlag"
NEIGHBOURS = 25
CASE = "c" * 32


def lay(folder: Path, actor: Any, cases: list[dict[str, FactValue | None]]) -> None:
    """Write down what every service works on: who asks, and about which cases; no date is among the facts."""
    plain = [
        {name: sorted(each) if isinstance(each, frozenset) else each for name, each in case.items()}
        for case in cases
    ]
    (folder / WORK_FILE).write_text(json.dumps([vars(actor), plain]), encoding="utf-8")


def create_app() -> Flask:
    """The service that the environment names."""
    app = Flask("bench")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.add_url_rule(f"{PATH}/<int:number>", view_func=SERVICES[os.environ[ROUTE]]())
    return app


def _logged(answer: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Callable[[int], ResponseReturnValue]:
    """Answer about the case of a number, once it is in the log that somebody asked."""
    engine = engine_of(Settings.from_environment())
    person, plain = json.loads(Path(os.environ[WORK], WORK_FILE).read_text(encoding="utf-8"))
    actor = Actor(**person)
    cases = [
        {name: frozenset(each) if isinstance(each, list) else each for name, each in case.items()}
        for case in plain
    ]

    def view(number: int) -> ResponseReturnValue:
        said = answer(cases[number % len(cases)])
        with writing(engine) as session:
            log.append(
                session, Event.CASE_OPENED, at=utc_now(), by=actor, case_id=CASE, purpose="sagsbehandling"
            )
            session.commit()
        return jsonify(said)

    return view


def _evidence() -> Callable[[int], ResponseReturnValue]:
    suggester = Suggester(load(Path(os.environ[WORK], "version")))
    own = suggester.artifact.area.level_codes[0]
    return _logged(lambda known: suggester.suggest(known, own_level=own, k=NEIGHBOURS).payload())


def _obvious() -> Callable[[int], ResponseReturnValue]:
    from tests.bench.obvious import ObviousShelf  # what ours never loads, and must not be charged for

    shelf = ObviousShelf()
    return _logged(lambda known: shelf.suggest(known, own_level="basal").payload())


def _row() -> Callable[[int], ResponseReturnValue]:
    mine, file = threading.local(), Path(os.environ[WORK], "row.db")

    def view(number: int) -> ResponseReturnValue:
        if not hasattr(mine, "rows"):
            mine.rows = sqlite3.connect(file, isolation_level=None, timeout=30)
            mine.rows.execute("PRAGMA journal_mode = TRUNCATE")
            mine.rows.execute("PRAGMA synchronous = EXTRA")
            mine.rows.execute("CREATE TABLE IF NOT EXISTS rows (content TEXT)")
        mine.rows.execute("BEGIN IMMEDIATE")
        mine.rows.execute("INSERT INTO rows VALUES (?)", ("x" * 600,))
        mine.rows.execute("COMMIT")
        return jsonify(number=number)

    return view


SERVICES = {"evidence": _evidence, "obvious": _obvious, "row": _row}
