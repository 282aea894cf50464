"""Puts the application together: wires its parts, in order, and does nothing else."""

from contextlib import suppress
from importlib import import_module

from flask import Flask
from sqlalchemy.exc import DBAPIError

from service import logging
from service.citizen_login import citizen_login
from service.clock import utc_now
from service.config import Settings
from service.database import require_version
from service.errors import SkoenError
from service.keys import read_keys
from service.limits import enforce
from service.log.vault import engine_with_vault
from service.runtime import Clock, Runtime
from service.selftest.watch import Watch
from service.web import (
    ROOMS,
    assets,
    errors,
    fields,
    formatting,
    frame,
    guard,
    i18n,
    read_only,
    security,
    sessions,
)
from service.workflow.governance.limits_log import note_limits
from service.workflow.model_in_use.shelf import ModelShelf


def create_app(settings: Settings | None = None, clock: Clock = utc_now) -> Flask:
    """The application for one process; without settings they are read from the environment."""
    settings = settings or Settings.from_environment()
    logging.configure()
    enforce(settings.limits)
    keys = read_keys(settings)
    engine = engine_with_vault(settings, keys)
    with suppress(DBAPIError):  # a database that is away is no reason to stay down; the watch asks again
        require_version(engine)
    watch = Watch(settings, engine, clock)
    watch.look()
    with suppress(DBAPIError, SkoenError):  # told at the next start; the limits themselves are in force
        note_limits(engine, settings.limits, clock())
    app = Flask("service.web")
    app.extensions["skoen"] = Runtime(
        settings=settings,
        keys=keys,
        engine=engine,
        shelf=ModelShelf(settings.models),
        clock=clock,
        watch=watch,
        citizen_login=citizen_login(settings),
    )
    security.install(app, settings)
    read_only.install(app)
    sessions.install(app, app.extensions["skoen"])
    i18n.install(app)
    formatting.install(app)
    assets.install(app)
    frame.install(app)
    guard.install(app)
    fields.install(app)
    errors.install(app)
    for room in ROOMS:
        app.register_blueprint(import_module(room).blueprint)
    return app
