"""Puts the application together: wires its parts, in order, and does nothing else."""

from importlib import import_module

from flask import Flask

from service.clock import utc_now
from service.config import Settings
from service.database import make_engine
from service.runtime import Clock, Runtime
from service.web import ROOMS, assets, errors, formatting, guard, i18n, security, sessions
from service.workflow.shelf import ModelShelf

LARGEST_FORM = 1_000_000
"""Bytes; a judgement with a long text is a few thousand."""


def create_app(settings: Settings | None = None, clock: Clock = utc_now) -> Flask:
    """The application for one process; without settings they are read from the environment."""
    settings = settings or Settings.from_environment()
    app = Flask("service.web")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    app.extensions["skoen"] = Runtime(
        settings=settings,
        engine=make_engine(settings.database_url),
        shelf=ModelShelf(settings.models),
        clock=clock,
    )
    security.install(app)
    sessions.install(app, settings)
    i18n.install(app)
    formatting.install(app)
    assets.install(app)
    guard.install(app)
    errors.install(app)
    for room in ROOMS:
        app.register_blueprint(import_module(room).blueprint)
    return app
