"""What the service stands on besides its database: room on the disk, the keystore and its key."""

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from models.engines import fastest
from service.config import Settings
from service.errors import LogUnavailable, UnsafeStart
from service.log.vault import vault_of
from service.selftest.findings import Finding, Installation, fault, in_order, warning

LEAST, SCARCE = 0.10, 0.20
"""What must be free of a disk, and below what somebody should make room."""
PLENTY = 10 * 2**30
"""Bytes that are room enough, however small a share of a large disk they are."""


def disk(place: Installation) -> Finding:
    """There is room to write on every disk that we write to; the fullest counts."""
    rooms = [(room_on(folder), folder) for folder in _folders(place.settings)]
    (share, free), folder = min(rooms, key=lambda each: each[0])
    percent, gigabytes = round(share * 100), free / 2**30
    english = f"{percent} % ({gigabytes:.1f} GiB) of the disk with {folder} is free"
    danish = f"{percent} % af disken er ledig"
    if share > SCARCE or free >= PLENTY:
        return in_order(f"{english}.", f"{danish}.")
    if share > LEAST:
        return warning(f"{english}. Make room.", f"Kun {danish}.", where=str(folder))
    return fault(
        f"{english}; at least {LEAST:.0%} or {PLENTY >> 30} GiB is needed to be safe. Make room.",
        f"Disken er næsten fuld: kun {danish}.",
        where=str(folder),
    )


def keystore(place: Installation) -> Finding:
    """The keystore answers, and its keys are wrapped by the key of keys that this process has."""
    try:
        vault_of(place.engine).check()
    except (UnsafeStart, LogUnavailable) as error:
        return fault(error.sentence, "Nøglerne til borgernes oplysninger kan ikke bruges.")
    return in_order("The keystore opens.", "Nøglerne til borgernes oplysninger kan bruges.")


def search(place: Installation) -> Finding:
    """Which engine finds the similar cases: each finds the same, the compiled one sooner."""
    name = fastest().name
    if name == "numpy":
        return in_order("NumPy finds similar cases. `make kernel` compiles a faster search.",
                        "Den almindelige søgning er i brug. En hurtigere kan bygges.")  # fmt: skip
    return in_order(f"Compiled code ({name}) finds similar cases.", "Den hurtige søgning er i brug.")


def room_on(folder: Path) -> tuple[float, int]:
    """The free share and the free bytes of the disk that a folder lies on, as they are for ordinary users."""
    found = os.statvfs(folder)
    share = found.f_bavail / found.f_blocks if found.f_blocks else 1.0
    return share, found.f_bavail * found.f_frsize


def _folders(settings: Settings) -> Iterator[Path]:
    """Where we write: a folder that is not made yet counts as the one it will lie in."""
    files = [make_url(url) for url in (settings.database_url, settings.keystore_url)]
    homes = [Path(url.database or "").parent for url in files if url.get_backend_name() == "sqlite"]
    for folder in (settings.var, settings.seals, *homes):
        yield next(each for each in (folder, *folder.parents) if each.exists())
