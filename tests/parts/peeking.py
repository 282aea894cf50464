"""The application with one window more: an address that tries to open the signing key from inside."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from service.app import create_app
from service.config import Settings

Start = Callable[..., Any]


def attempts(settings: Settings) -> dict[str, Callable[[], object]]:
    """Ways to come to the signing key, or to disturb the signer."""
    key, signer = settings.signer / "key", int(os.environ["SIGNER_OF_THE_TEST"])
    return {
        "read": lambda: key.read_bytes(),
        "write": lambda: key.open("r+b").close(),
        "add": lambda: (settings.signer / "new").write_bytes(b""),
        "remove": lambda: key.unlink(),
        "take away": lambda: key.rename(settings.var / "key"),
        "link": lambda: os.link(key, settings.var / "key"),
        "another way": lambda: Path(f"/proc/{signer}/root{key}").read_bytes(),
        "memory": lambda: Path(f"/proc/{signer}/mem").open("rb").close(),
        "stop": lambda: os.kill(signer, 0),
    }


def create() -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """The application, with the window at /kig."""
    settings = Settings.from_environment()
    app = create_app(settings)

    def with_window(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/kig":
            return app(environ, start)
        done = []
        for name, attempt in attempts(settings).items():
            try:
                attempt()
                done.append(name)
            except OSError:
                continue
        start("200 OK", [("Content-Type", "text/plain")])
        return [f"uid {os.getuid()} did: {', '.join(done)}".encode()]

    return with_window
