"""The secrets of an installation: the pepper that finds citizens, the web's key, and the key of keys.

They lie in files that only the service's own user can read, and in no database. Pepper and key of keys are
made once: a new pepper would make every citizen a stranger, a new key of keys every record unreadable, so a
missing one stops the service instead.
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
from service.tables.intake import IdentityMap, PersonalPart

KEY_BYTES = 32
NAMES = ("pepper", "web", "kek")
MADE_ONCE = ("pepper", "kek")


@dataclass(frozen=True)
class Keys:
    """32 bytes each; never printed. `kek` wraps the citizens' keys in the keystore."""

    pepper: bytes = field(repr=False)
    web: bytes = field(repr=False)
    kek: bytes = field(repr=False)


def read_keys(settings: Settings) -> Keys:
    """Every secret; raises UnsafeStart when one is missing, open to others or of the wrong size."""
    pepper, web, kek = (_read(settings.secrets / name) for name in NAMES)
    return Keys(pepper, web, kek)


def create_keys(settings: Settings, engine: Engine) -> Keys:
    """Make the secrets that are not there yet and read all of them.

    Raises UnsafeStart instead of making a pepper or a key of keys for a database in use.
    """
    settings.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in NAMES:
        path = settings.secrets / name
        if path.exists():
            continue
        if name in MADE_ONCE and knows_citizens(engine):
            raise UnsafeStart(
                f"{path} is missing, and the database was made with it. Restore it from the backup."
            )
        _create(path)
    return read_keys(settings)


def knows_citizens(engine: Engine) -> bool:
    """Whether the database holds anything that a pepper or a key was made for."""
    with reading(engine) as session:
        known = session.exec(select(IdentityMap.citizen_id).limit(1)).first()
        return (known or session.exec(select(PersonalPart.id).limit(1)).first()) is not None


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
