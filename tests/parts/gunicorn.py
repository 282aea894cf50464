"""The service as it runs in production, gunicorn and all, on an installation with the cast in it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service import sessions
from service.config import Settings
from service.database import make_engine, writing
from service.identity import Actor
from service.keys import create_keys
from service.log import open_engine
from service.passwords import hash_password
from service.tables.organisation import Credential
from tests.cast import LONG_AGO, Cast, acknowledges
from tests.parts.vaults import copy_database, plant_kek
from tests.parts.web import COOKIE

SKOEN = Path(sys.executable).with_name("skoen")
PASSWORD = "skoen-demo"
PATIENCE = 30.0


@dataclass(frozen=True)
class Front:
    """A service on the air: where it answers, what lies behind it, and what it has said on standard error."""

    port: int
    engine: Engine
    cast: Cast
    said: Path

    def connect(self, timeout: float = PATIENCE) -> socket.socket:
        """A plain connection, over which anything can be sent."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def send(self, request: bytes) -> bytes:
        """Send these very bytes and nothing after; gives everything that comes back."""
        with self.connect() as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return read_all(connection)

    def get(self, path: str, *headers: str) -> bytes:
        """An ordinary request, with further header lines."""
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close", *headers]
        return self.send("\r\n".join([*lines, "", ""]).encode())

    def cookie_of(self, name: str) -> str:
        """The header line of a browser in which somebody of the cast is signed in."""
        with writing(self.engine) as session:
            person_id = self.cast.people[name].person_id
            token = sessions.create(session, now=datetime.now(UTC), content={}, person_id=person_id)
            session.commit()
        return f"Cookie: {COOKIE}={token}"


def read_all(connection: socket.socket) -> bytes:
    """What comes until the other end closes."""
    pieces = []
    while True:
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            piece = b""
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


@pytest.fixture(scope="module")
def serve_cast(
    gathered: tuple[Path, dict[str, Actor]], tmp_path_factory: pytest.TempPathFactory
) -> Generator[Callable[..., Front]]:
    """`serve_cast(SKOEN_PROXIES="1")`: the cast's installation served with two workers, for one module."""
    running: list[subprocess.Popen[bytes]] = []

    def serve(**settings: str) -> Front:
        var = tmp_path_factory.mktemp("front")
        copy_database(gathered[0], var / "skoen.db")
        keystore = f"sqlite:///{var / 'skoen.keys.db'}"
        environment = {"SKOEN_VAR": str(var), "SKOEN_KEYSTORE_URL": keystore, **settings}
        engine = _installed(Settings.from_environment(environment), gathered[1])
        front = Front(_free_port(), engine, Cast(engine, gathered[1]), var / "said")
        running.append(_start(front, environment))
        _wait(front, running[-1])
        return front

    yield serve
    for server in running:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=PATIENCE)


@pytest.fixture(scope="module")
def front(serve_cast: Callable[..., Front]) -> Front:
    """One server for all tests of a module."""
    return serve_cast()


def _installed(settings: Settings, people: dict[str, Actor]) -> Engine:
    plant_kek(settings.secrets)
    bare = make_engine(settings.database_url)
    create_keys(settings, bare)
    bare.dispose()
    engine = open_engine(settings)
    with writing(engine) as session:
        hashed = hash_password(PASSWORD)
        session.add(Credential(person_id=people["alma"].person_id, password_hash=hashed, created_at=LONG_AGO))
        session.commit()
    now = datetime.now(UTC)
    if now - LONG_AGO > timedelta(days=364):  # the server runs by the real clock, and the cast's year is over
        for actor in people.values():
            acknowledges(engine, actor, now)
    return engine


def _start(front: Front, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SKOEN_")}
    with front.said.open("wb") as said:
        return subprocess.Popen(
            [str(SKOEN), "serve", "--no-signer", "--port", str(front.port)],
            env={**kept, **environment}, stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _wait(front: Front, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, front.said.read_text()
        try:
            if front.get("/sundhed"):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing answered within {PATIENCE:.0f} s: {front.said.read_text()}")
