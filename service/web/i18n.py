"""The language of the pages: Danish is the source, other languages are translations of it."""

from flask import Flask
from flask_babel import Babel

LANGUAGES = ("da",)


def install(app: Flask) -> None:
    """Set up gettext in templates and Danish formats; English joins LANGUAGES with its catalogue."""
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[0]
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Copenhagen"
    Babel(app)
