"""The tests' files in memory, where a machine has it to spare.

Each commit of the service waits for the disk, as it should, and a disk that honours it takes some 15 ms. No
test stages a machine that loses its power, so what a test commits need only outlive processes. What measures
a disk (tests/bench, tests/soak/run.py) starts no pytest, and stays where it is.
"""

import os
import re
import tempfile
from pathlib import Path

import pytest

DISK = os.environ.setdefault("TESTS_DISK", tempfile.gettempdir())  # a worker of pytest-xdist inherits both
MEMORY = Path("/dev/shm")
AVAILABLE = re.compile(r"^MemAvailable: +(\d+) kB$", re.MULTILINE)
ENOUGH = 4 << 30
"""Bytes: three workers with a PostgreSQL each hold about one gigabyte at the most."""


def lay_files_in_memory() -> None:
    """Let tempfile, pytest and every child process use it, unless somebody chose a folder."""
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def has_room(folder: Path) -> bool:
    """Whether it is there for us, programs in it may run (PostgreSQL's are copied), and enough is free."""
    if not os.access(folder, os.W_OK):
        return False
    room = os.statvfs(folder)
    can_run = not room.f_flag & os.ST_NOEXEC
    return can_run and min(room.f_bavail * room.f_frsize, free_memory()) > ENOUGH


def free_memory() -> int:
    """Bytes that programs can have without swapping; 0 where the kernel does not tell."""
    told = Path("/proc/meminfo")
    found = AVAILABLE.search(told.read_text("ascii")) if told.exists() else None
    return int(found[1]) * 1024 if found else 0


lay_files_in_memory()


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary files of this process on the disk all the same, for a test of what waiting for it costs."""
    monkeypatch.setattr(tempfile, "tempdir", DISK)
