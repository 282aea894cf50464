"""Remove backups of the keystore when they are too old: an erased citizen's key lives on in them."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from service.backup.errors import BackupRefused
from service.backup.folder import UNFINISHED
from service.backup.manifest import KEYSTORE, Manifest


def remove_older(out: Path, *, days: int, now: datetime) -> list[Path]:
    """Remove the backups of the keystore in `out` that were made more than `days` ago; gives their folders.

    Nothing else is touched. Raises BackupRefused for a backup that does not say when it was made.
    """
    removed = []
    for folder in sorted(out.glob("*/")):
        if folder.name.startswith(UNFINISHED) or not _is_too_old(folder, now - timedelta(days=days)):
            continue
        # Renamed first: what is broken off halfway is no backup any more, and goes with the next one made.
        leaving = folder.rename(out / f"{UNFINISHED}{folder.name}")
        shutil.rmtree(leaving)
        removed.append(folder)
    return removed


def _is_too_old(folder: Path, limit: datetime) -> bool:
    try:
        manifest = Manifest.read(folder)
    except BackupRefused:
        return False  # not ours
    if manifest.of != KEYSTORE:
        return False
    try:
        return datetime.fromisoformat(manifest.made_at) < limit
    except ValueError:
        raise BackupRefused(f"{folder} does not say when it was made.") from None
