"""Python runs this when it starts, where a test puts it on the path: it notes what a process reaches for.

An audit hook cannot be taken out again, so nothing that the process loads later can hide from it.
"""

import os
import sys

REACHES_OUT = (
    "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
    "socket.gethostbyaddr", "urllib.Request", "http.client.connect", "smtplib.connect", "ftplib.connect",
)  # fmt: skip
RUNS_SOMETHING = (
    "pickle.find_class", "subprocess.Popen", "os.exec", "os.system", "os.posix_spawn", "os.spawn",
    "sqlite3.enable_load_extension", "sqlite3.load_extension",
)  # fmt: skip
WATCHED = frozenset((*REACHES_OUT, *RUNS_SOMETHING))


def watch(book: str) -> None:
    """Append every watched event to a file, one a line."""
    descriptor = os.open(book, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def hook(event: str, about: object) -> None:
        if event in WATCHED:
            os.write(descriptor, f"{event} {about!r}\n".encode()[:2000])

    sys.addaudithook(hook)
    os.write(descriptor, b"watching\n")


if "WATCHED_IN" in os.environ:
    watch(os.environ["WATCHED_IN"])
