"""Restore the keystore: what is missing comes back, and no key that an erasure destroyed ever does."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import DBAPIError

from service.backup import check, contents, postgresql
from service.backup.errors import RestoreRefused
from service.backup.manifest import KEYSTORE, Manifest
from service.config import Settings
from service.errors import PartUnreadable
from service.keys import Keys
from service.log import erasure_ledger
from service.log.keystore import KEYS, Keystore
from service.log.vault import Vault
from service.workflow import erasure


@dataclass(frozen=True)
class Restored:
    """How many keys came back, were mended, were there already, and stay destroyed or were destroyed now."""

    added: int
    mended: int
    kept: int
    erased: int


def restore_keystore(settings: Settings, keys: Keys, folder: Path, casework: Engine | None) -> Restored:
    """Bring back the keys of a backup that the keystore does not have, without those that were erased.

    A key that is there and can be opened stays: it may be newer than the backup. `casework` is the database,
    None while that is lost too. All of it or nothing. Raises RestoreRefused.
    """
    manifest = Manifest.read(folder)
    if manifest.of != KEYSTORE:
        raise RestoreRefused(f"{folder} is a backup of the {manifest.of}: skoen restore")
    for problem in check.problems(folder, manifest, keys.pepper):
        raise RestoreRefused(f"{folder} is not as it was made: {problem}.")
    vault = Vault(Keystore(settings.keystore_url), keys.kek)
    with erasure_ledger.alone(erasure_ledger.ledger_file(settings)) as held:
        if casework is not None and erasure.gaps(casework, held.path):
            raise RestoreRefused("The erasure ledger lacks lines that the log names. Bring a copy back.")
        try:
            vault.keystore.create()
            with vault.keystore.engine.begin() as connection:
                found = _bring_back(connection, vault, folder, manifest, set(held.ledger.erased))
            destroyed = vault.keystore.remove(
                each for each in vault.keystore.ids() if erasure_ledger.key_of(each) in held.ledger.erased
            )
        except DBAPIError as error:
            raise RestoreRefused(
                "The keystore cannot be read or written. If its file is damaged, move it away and try again."
            ) from error
        finally:
            vault.keystore.engine.dispose()
    return Restored(found.added, found.mended, found.kept, found.erased + destroyed)


def _bring_back(
    connection: Connection, vault: Vault, folder: Path, manifest: Manifest, erased: set[str]
) -> Restored:
    present = dict(connection.execute(select(KEYS.c.key_id, KEYS.c.wrapped)).all())
    added = mended = kept = gone = 0
    for key_id, wrapped in _keys_of(folder, manifest):
        if erasure_ledger.key_of(key_id) in erased:
            gone += 1
            continue
        if not _opens(vault, key_id, wrapped):
            raise RestoreRefused("The keys in the backup were wrapped by another secrets/kek.")
        if key_id in present and _opens(vault, key_id, present[key_id]):
            kept += 1
            continue
        if key_id in present:
            connection.execute(delete(KEYS).where(KEYS.c.key_id == key_id))
            mended += 1
        else:
            added += 1
        connection.execute(insert(KEYS).values(key_id=key_id, wrapped=wrapped))
    return Restored(added, mended, kept, gone)


def _keys_of(folder: Path, manifest: Manifest) -> Iterator[tuple[str, bytes]]:
    for key_id, wrapped in contents.rows(folder, manifest, KEYS.name, ("key_id", "wrapped"), "key_id"):
        yield key_id, wrapped if isinstance(wrapped, bytes) else postgresql.bytes_of(wrapped)


def _opens(vault: Vault, key_id: str, wrapped: bytes) -> bool:
    try:
        vault.unwrap(key_id, wrapped)
    except PartUnreadable:
        return False
    return True
