"""Puts the application together: wires its parts, in order, and does nothing else."""

from importlib import import_module

from flask import Flask

from service import logging
from service.clock import utc_now
from service.config import Settings
from service.database import make_engine, require_current
from service.keys import read_keys
from service.runtime import Clock, Runtime
from service.web import ROOMS, assets, errors, formatting, frame, guard, i18n, security, sessions
from service.workflow.shelf import ModelShelf


def create_app(settings: Settings | None = None, clock: Clock = utc_now) -> Flask:
    """The application for one process; without settings they are read from the environment."""
    settings = settings or Settings.from_environment()
    logging.configure()
    engine = make_engine(settings.database_url, settings.sqlite_journal)
    require_current(engine)
    app = Flask("service.web")
    app.extensions["skoen"] = Runtime(
        settings=settings,
        keys=read_keys(settings),
        engine=engine,
        shelf=ModelShelf(settings.models),
        clock=clock,
    )
    security.install(app, settings)
    sessions.install(app, app.extensions["skoen"])
    i18n.install(app)
    formatting.install(app)
    assets.install(app)
    frame.install(app)
    guard.install(app)
    errors.install(app)
    for room in ROOMS:
        app.register_blueprint(import_module(room).blueprint)
    return app
