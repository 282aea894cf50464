"""The self-test: is this installation fit to save anything?

It runs when a process starts, and again while it serves (`watch`). A check is a function from an
`Installation` to a `Finding`. To add one, add its line here, and its title in
`service.web.governance.operations`.
"""

import sqlite3
from collections.abc import Iterable

import structlog
from sqlalchemy.exc import DBAPIError

from service.selftest import contacts, database, erasures, log, monitoring, signer, surroundings
from service.selftest.findings import Check, Finding, Installation, Report, State, fault

__all__ = [
    "CHECKS", "OF_A_WEB_PROCESS", "Check", "Finding", "Installation", "Report", "State", "Unanswered", "run",
]  # fmt: skip

CHECKS: dict[str, Check] = {
    "disk": surroundings.disk,
    "version": database.version,
    "triggers": database.triggers,
    "settings": database.settings,
    "role": database.role,
    "keystore": surroundings.keystore,
    "signer": signer.signer,
    "signing_key": signer.signing_key,
    "log": log.log,
    "erasures": erasures.erasures,
    "contacts": contacts.contacts,
    "monitoring": monitoring.monitored,
    "search": surroundings.search,
}
"""By name, in the order in which they are made."""
OF_A_WEB_PROCESS = frozenset({"signing_key"})
"""Checks that say something about the process that makes them, and nothing about an operator's."""
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
AWAY = ("08", "53", "57")  # PostgreSQL: no connection, out of resources, shutting down

logger = structlog.get_logger()


class Unanswered(Exception):
    """The database does not answer just now: that is no verdict on the installation."""


def run(place: Installation, names: Iterable[str] | None = None) -> Report:
    """Every check, or those named, each with an answer; raises Unanswered when the database gives none."""
    return Report(place.now, {name: _answer(name, place) for name in names or CHECKS})


def _answer(name: str, place: Installation) -> Finding:
    try:
        return CHECKS[name](place)
    except Exception as error:
        if isinstance(error, DBAPIError) and _is_away(error):
            raise Unanswered from error
        # A check that cannot be made is a fault; whatever the reason, the process goes on.
        logger.exception("selftest:check_failed", reason=name)
        return fault(
            f"The check could not be made ({type(error).__name__}).",
            "Noget, som Skøn skal kunne kontrollere, kan ikke kontrolleres.",
            where=name,
        )


def _is_away(error: DBAPIError) -> bool:
    """Whether the database is locked or gone, as opposed to damaged or not as it should be."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", 0) & 0xFF in BUSY
    state = getattr(original, "sqlstate", None)
    return state is None or state[:2] in AWAY
