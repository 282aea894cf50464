"""What the request at hand stands in: the process's runtime, the instant, the Danish date."""

from datetime import date, datetime

from flask import current_app, g

from service.clock import local_date
from service.runtime import Runtime


def runtime() -> Runtime:
    """The runtime of this process."""
    found: Runtime = current_app.extensions["skoen"]
    return found


def now() -> datetime:
    """The instant of the request, in UTC: one and the same from its beginning to its end."""
    if "now" not in g:
        g.now = runtime().clock()
    instant: datetime = g.now
    return instant


def today() -> date:
    """The date in Denmark."""
    return local_date(now())
