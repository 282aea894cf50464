"""Addresses of static files that change when the file does, so that a browser may keep them."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask

ONE_DAY = 86_400


def install(app: Flask) -> None:
    """Give templates `asset(name)` and let browsers keep static files for a day."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = ONE_DAY
    static = Path(str(app.static_folder))

    @cache
    def version(name: str) -> str:
        return hashlib.sha256((static / name).read_bytes()).hexdigest()[:12]

    def asset(name: str) -> str:
        """The address of a static file; a file that is not there raises FileNotFoundError."""
        # Not url_for: an error page must stand also when no route could be found for the request.
        return f"{app.static_url_path}/{name}?v={version(name)}"

    app.jinja_env.globals["asset"] = asset
