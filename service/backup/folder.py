"""The folder of a backup: made beside under another name, and renamed when all of it is on the disk."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from service.backup.errors import BackupRefused
from service.backup.manifest import kind_of
from service.config import Settings
from service.files import sync

UNFINISHED = ".unfinished-"
STAMP = "%Y-%m-%dT%H%M%S.%fZ"


@contextmanager
def building(out: Path, now: datetime) -> Generator[Path]:
    """An empty folder to fill, which afterwards is called `out/<UTC timestamp>`: all of it, or nothing.

    Raises BackupRefused while another backup is being made in `out`.
    """
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(out):
        for left in out.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        final = place(out, now)
        if final.exists():
            raise BackupRefused(f"{final} is there already.")
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=out))  # for its owner only
        try:
            yield unfinished
            _settle(unfinished)
            unfinished.rename(final)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)  # what is left of it is removed by the next backup
            raise
        sync(out)


def place(out: Path, now: datetime) -> Path:
    """Where a backup of this instant lies."""
    return out / now.astimezone(UTC).strftime(STAMP)


def refuse_near_keys(out: Path, settings: Settings) -> None:
    """Raise BackupRefused when the folder lies with the keys, or the keys with it.

    Whoever carries the one away would carry the other: what is sealed would then be sealed for nobody.
    """
    folders = [settings.secrets, settings.signer]
    keystore = make_url(settings.keystore_url)
    if keystore.get_backend_name() == "sqlite" and keystore.database:
        folders.append(Path(keystore.database).parent)
    here = out.resolve()
    for folder in (each.resolve() for each in folders):
        if here.is_relative_to(folder) or folder.is_relative_to(here):
            raise BackupRefused(f"{out} and the keys in {folder} lie in one folder. Keep them apart.")


def refuse_mixing(out: Path, own: str) -> None:
    """Raise BackupRefused unless all backups in the folder are of one kind, and it is no backup itself."""
    here = out.resolve()
    inside = [each for each in (here, *here.parents) if kind_of(each) is not None]
    if inside:
        raise BackupRefused(f"{inside[0]} is itself a backup.")
    others = [each for each in here.glob("*/") if kind_of(each) not in (None, own)]
    if others:
        raise BackupRefused(f"{out} holds backups of the {kind_of(others[0])}. Keep the two apart.")


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(f"Another backup is being made in {folder}.") from None
        yield
    finally:
        os.close(descriptor)  # which lets go of the lock


def _settle(folder: Path) -> None:
    """Everything in the folder is readable by its owner only, and on the disk."""
    for file in folder.iterdir():
        file.chmod(0o600)
        sync(file)
    sync(folder)
