"""Files of commands: on the disk whole or not there, also after a full disk, Ctrl-C or a cut of power."""

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import TextIO

from service.errors import SkoenError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when there is no room: the disk, the user's share of it, or the largest file."""


class NoRoom(SkoenError):
    """The disk is full; the sentence says where, and what became of the work."""


@contextmanager
def whole(path: Path) -> Generator[TextIO]:
    """A text file beside the wanted one, readable by its owner only, that takes its place at the end.

    When this ends the file is on the disk under its name. Whatever is raised inside leaves nothing, and an
    older file as it was. Raises OSError.
    """
    descriptor, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    file, beside = os.fdopen(descriptor, "w", encoding="utf-8", newline=""), Path(name)
    try:
        yield file
        settle(file)
        beside.replace(path)
        sync(path.parent)
    finally:
        with suppress(OSError):  # what did not fit the first time; after `settle` there is nothing left
            file.close()
        beside.unlink(missing_ok=True)


def settle(file: TextIO) -> None:
    """What was written to the file is on the disk when this returns. Raises OSError."""
    file.flush()
    os.fsync(file.fileno())


def sync(path: Path) -> None:
    """What stands in the file, or was made, renamed or removed in the folder, is on the disk after this."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def room_in(folder: Path, outcome: str) -> Generator[None]:
    """Work that writes to `folder`: a full disk becomes NoRoom, which tells the `outcome` as well."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoom(f"There is no room left in {error.filename or folder}. {outcome}") from error
