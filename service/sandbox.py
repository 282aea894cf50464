"""Keeps the web processes away from the signing key, whatever user they run as (Linux's Landlock).

Landlock lets a process give up rights for good. It can only allow, so everything beside the path to the
signer's folder is allowed, and the folder itself is not. What is made directly in a folder on that path
afterwards is out of reach too: hence the signer's folder lies beside `var`, never in it.
"""

import ctypes
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from service.config import Settings
from service.errors import UnsafeStart

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION, RULE_PATH_BENEATH = 1, 1
SET_DEATH_SIGNAL, SET_NO_NEW_PRIVS = 1, 38
SCOPE_SIGNAL = 1 << 1

WRITE_FILE, READ_FILE, TRUNCATE = 1 << 1, 1 << 2, 1 << 14
REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
REFER = 1 << 13
OF_FILES = WRITE_FILE | READ_FILE | TRUNCATE
# Listing folders stays allowed: Python looks for modules in folders that lie on the path.
RIGHTS = {1: WRITE_FILE | READ_FILE | REMOVE_AND_MAKE, 2: REFER, 3: TRUNCATE}
"""What each version of Landlock added that we handle."""

KEY = "key"


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """The kernel's version of Landlock; 0 without it."""
    try:
        return _call(CREATE_RULESET, None, 0, ASK_VERSION)
    except OSError:
        return 0


def shut_out(settings: Settings) -> bool:
    """Give up, for this process and those it starts, all access to the signer's folder.

    Also gives up sending signals to processes outside, so that the signer cannot be stopped. False, and
    nothing given up, where the kernel has no Landlock. Raises UnsafeStart when the service's own files lie
    on the path to the folder, OSError when the kernel refuses.
    """
    refuse_mixing(settings)
    available = version()
    if not available:
        return False
    handled = sum(rights for since, rights in RIGHTS.items() if available >= since)
    wanted = _Ruleset(handled, 0, SCOPE_SIGNAL if available >= 6 else 0)
    length = ctypes.sizeof(wanted) if available >= 6 else 8
    ruleset = _call(CREATE_RULESET, ctypes.byref(wanted), length, 0)
    try:
        for path in beside(settings.signer.resolve()):
            _allow(ruleset, path, handled)
        _library().prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return True


def refuse_mixing(settings: Settings) -> None:
    """Raise UnsafeStart when new files of the service would lie on the path to the signer's folder."""
    signer = settings.signer.resolve()
    for folder in _written_by_the_web(settings):
        if signer.is_relative_to(folder.resolve()):
            raise UnsafeStart(
                f"SKOEN_SIGNER, {settings.signer}, lies in {folder}, where the web writes. Put it beside."
            )


def beside(folder: Path) -> Iterator[Path]:
    """Everything that lies beside the path to a folder, at each step of it; links are only names."""
    for step in (folder, *folder.parents[:-1]):
        if step.parent.is_dir():
            yield from (entry for entry in step.parent.iterdir() if entry != step and not entry.is_symlink())


def is_key_out_of_reach(settings: Settings) -> bool:
    """Whether this process cannot read the signing key; found out by trying."""
    try:
        with (settings.signer / KEY).open("rb"):
            return False
    except OSError:
        return True


def die_with_parent(number: int) -> None:
    """Let the kernel send this process a signal when the one that started it is gone. Linux only."""
    _library().prctl(SET_DEATH_SIGNAL, number, 0, 0, 0)


def _written_by_the_web(settings: Settings) -> Iterator[Path]:
    yield settings.var
    for url in (settings.database_url, settings.keystore_url):
        parts = make_url(url)
        if parts.get_backend_name() == "sqlite" and parts.database:
            yield Path(parts.database).parent


def _allow(ruleset: int, path: Path, handled: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return  # gone since the folder was listed
    try:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        rule = _PathBeneath(handled if is_folder else handled & OF_FILES, descriptor)
        _call(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)


def _call(number: int, *arguments: object) -> int:
    """A system call; raises OSError."""
    result: int = _library().syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
