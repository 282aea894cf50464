"""Files that are whole or not there, also after a cut of power, and one signer at a time."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from service.files import sync

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
PUBLIC_FOLDER, PUBLIC_FILE = 0o755, 0o644


def write_durably(path: Path, data: bytes, mode: int) -> None:
    """Replace the file in one step; when this returns it is on the disk. Raises OSError."""
    beside = path.with_name(f".{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), mode)  # whatever the umask
        os.fsync(file.fileno())
    beside.replace(path)
    sync(path.parent)


def make_folders(path: Path, mode: int) -> None:
    """Make a folder and those above it that are missing, each of them on the disk."""
    if path.is_dir():
        return
    make_folders(path.parent, mode)
    path.mkdir(mode, exist_ok=True)  # private from its first moment on
    path.chmod(mode)  # whatever the umask
    sync(path.parent)


@contextmanager
def alone(folder: Path) -> Generator[None]:
    """Wait until no other signer works with the folder, and keep others out; a dead one holds nothing."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
