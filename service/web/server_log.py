"""What gunicorn says about itself, through the same list as every other line, and never what it was sent.

Its own handler would write a request that it could not read, and so whatever somebody typed, as it came.
"""

import logging
from typing import Any

from gunicorn.glogging import Logger

from service.logging import configure

ABOUT_REQUESTS = ("Invalid request", "Error handling request")


class ServerLog(Logger):
    """Gunicorn's logger (`--logger-class`), without a stream of its own."""

    def setup(self, cfg: Any) -> None:
        """Hand the lines on to the root logger; the arbiter has no application that would set it up."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        if without_request not in self.error_log.filters:
            self.error_log.addFilter(without_request)
        configure()


def without_request(record: logging.LogRecord) -> bool:
    """Keep of a line about a request only what it is about; a filter that lets every line pass."""
    for subject in ABOUT_REQUESTS:
        if str(record.msg).startswith(subject):
            record.msg, record.args = subject, ()
    return True
