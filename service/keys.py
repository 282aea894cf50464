"""The two secrets of an installation: the pepper that finds citizens, and the key that signs for the web.

They lie in files that only the service's own user can read. The pepper is made once: a new one in the
same database would make every citizen a stranger, so a missing one stops the service instead.
"""

import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

from service.config import Settings
from service.database import reading
from service.errors import UnsafeStart
from service.tables.intake import IdentityMap

KEY_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """Both secrets, 32 bytes each; never printed."""

    pepper: bytes = field(repr=False)
    web: bytes = field(repr=False)


def read_keys(settings: Settings) -> Keys:
    """Both secrets; raises UnsafeStart when one is missing, open to others or of the wrong size."""
    return Keys(pepper=_read(settings.secrets / "pepper"), web=_read(settings.secrets / "web"))


def create_keys(settings: Settings, engine: Engine) -> Keys:
    """Make the secrets that are not there yet and read both; never makes a pepper for a database in use."""
    settings.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    pepper = settings.secrets / "pepper"
    if not pepper.exists() and _knows_citizens(engine):
        raise UnsafeStart(
            f"{pepper} is missing, and the database was made with it. Restore it from the backup."
        )
    for path in (pepper, settings.secrets / "web"):
        if not path.exists():
            _create(path)
    return read_keys(settings)


def _knows_citizens(engine: Engine) -> bool:
    with reading(engine) as session:
        return session.exec(select(IdentityMap.citizen_id).limit(1)).first() is not None


def _create(path: Path) -> None:
    # Written beside and moved into place: a broken-off start leaves no half key.
    beside = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)  # unlike a rename, this never replaces a key another process made meanwhile
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _read(path: Path) -> bytes:
    if not path.exists():
        raise UnsafeStart(f"{path} is missing. Run: skoen database upgrade")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UnsafeStart(f"{path} can be read by others. Run: chmod 600 {path}")
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise UnsafeStart(f"{path} is damaged: it must hold {KEY_BYTES} bytes.")
    return key
