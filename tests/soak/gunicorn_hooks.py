"""What a trial adds to the gunicorn of `skoen serve`: a model whose answer is known, and who is at work.

`tests.soak.launch` has gunicorn read this in place of the service's own configuration, which is kept in full.
A trial may also give the workers less patience with a locked database, or a clock that is moved meanwhile.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from service.clock import utc_now
from service.database import make_engine
from service.log.vault import attach, vault_of
from service.selftest.watch import Watch
from service.web_process import on_starting, post_fork
from tests.shelves import FixedShelf

__all__ = ["on_starting", "post_fork", "post_worker_init"]

READY, PATIENCE, CLOCK, SHELF = "TRIAL_READY", "TRIAL_PATIENCE", "TRIAL_CLOCK", "TRIAL_SHELF"
"""Variables: the folder where each worker lays a file named by its id when it is ready; the seconds it waits
for its turn to write; the file with the seconds that its clock is ahead (or, less than 0, behind); and OWN
for the service's own shelf of models, or "module:name" of what makes another."""
OWN = "own"


def post_worker_init(worker: Any) -> None:
    """Called by gunicorn in a worker that has loaded the application."""
    app, environ = worker.wsgi, os.environ
    found = app.extensions["skoen"]
    engine = impatient(found.engine, int(environ[PATIENCE])) if PATIENCE in environ else found.engine
    clock = moved_clock(Path(environ[CLOCK])) if CLOCK in environ else found.clock
    watch = Watch(found.settings, engine, clock)
    watch.look()
    changed = replace(
        found, shelf=shelf_named(environ.get(SHELF, ""), found.shelf), engine=engine, clock=clock, watch=watch
    )
    app.extensions["skoen"] = app.session_interface.runtime = changed
    Path(environ[READY], str(worker.pid)).touch()


def shelf_named(name: str, own: Any) -> Any:
    """The shelf that the worker takes its models from: one whose answer is known, unless told otherwise."""
    if name == OWN:
        return own
    module, _, maker = name.partition(":")
    return getattr(import_module(module), maker)() if maker else FixedShelf()


def impatient(engine: Engine, seconds: int) -> Engine:
    """An engine on the same database and vault that waits no longer than so for its turn."""
    url = engine.url.render_as_string(hide_password=False)
    return attach(make_engine(url, busy_seconds=seconds), vault_of(engine))


def moved_clock(file: Path) -> Callable[[], datetime]:
    """The wall clock, moved by the seconds that stand in a file."""
    return lambda: utc_now() + timedelta(seconds=float(file.read_text("ascii")))
