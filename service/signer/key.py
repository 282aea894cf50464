"""The signing key: made once, readable by the signer alone, and every vkey there ever was, newest last.

The public list lies with the seals. The signer goes by its own copy: others may write to the public one.
"""

import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.config import Settings
from service.cpr import holds_cpr
from service.errors import UnsafeStart
from service.files import sync
from service.log.notes import NoteMalformed, VerifierKey, public_of
from service.log.sealed import VKEYS, published_keys
from service.signer.files import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    PUBLIC_FILE,
    PUBLIC_FOLDER,
    make_folders,
    write_durably,
)

KEY, NEXT = "key", "key.next"
KEY_BYTES = 32


def ensure_key(settings: Settings) -> Ed25519PrivateKey:
    """The signing key, made when this installation never had one; its vkey is listed and published.

    Raises UnsafeStart when the key is lost, damaged or open to others: a new key in an old one's place
    would look to every auditor like a forgery.
    """
    prepare_folder(settings.signer)
    path = settings.signer / KEY
    if not path.exists():
        if published_vkeys(settings) or any(settings.signer.glob("*.json")):
            raise UnsafeStart(
                f"{path} is missing, and checkpoints were signed with it. Restore it from its backup. "
                "If it is lost for good: skoen signer rotate-key --lost"
            )
        write_new_key(path, settings.origin)
    key = read_key(path)
    list_vkey(settings, public_of(settings.origin, key))
    return key


def prepare_folder(folder: Path) -> None:
    """Make the signer's folder; raises UnsafeStart when others can look into it."""
    make_folders(folder, PRIVATE_FOLDER)
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        raise UnsafeStart(f"{folder} is open to others. Run: chmod 700 {folder}")


def write_new_key(path: Path, origin: str) -> None:
    """Make a key; whole or not there."""
    key = Ed25519PrivateKey.generate()
    while holds_cpr(public_of(origin, key).vkey):  # once in a million the log would refuse to name it
        key = Ed25519PrivateKey.generate()
    write_durably(path, key.private_bytes_raw(), PRIVATE_FILE)


def read_key(path: Path) -> Ed25519PrivateKey:
    """Read a key; raises UnsafeStart when it is open to others or not 32 bytes."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UnsafeStart(f"{path} can be read by others. Run: chmod 600 {path}")
    seed = path.read_bytes()
    if len(seed) != KEY_BYTES:
        raise UnsafeStart(f"{path} is damaged: it must hold {KEY_BYTES} bytes.")
    return Ed25519PrivateKey.from_private_bytes(seed)


def own_vkeys(settings: Settings) -> list[VerifierKey]:
    """Every key that this signer has signed with, newest last."""
    return _keys_in(settings.signer)


def published_vkeys(settings: Settings) -> list[VerifierKey]:
    """The public list, newest last; empty before the first key."""
    return _keys_in(settings.seals)


def list_vkey(settings: Settings, *new: VerifierKey) -> None:
    """Add vkeys to the signer's own list, and let the public list be the same."""
    known = own_vkeys(settings)
    listed = [*known, *(key for key in new if key not in known)]
    text = "".join(f"{key.vkey}\n" for key in listed).encode()
    make_folders(settings.seals, PUBLIC_FOLDER)
    for path, mode in ((settings.signer / VKEYS, PRIVATE_FILE), (settings.seals / VKEYS, PUBLIC_FILE)):
        if not path.exists() or path.read_bytes() != text:
            write_durably(path, text, mode)


def prepare_next(settings: Settings) -> VerifierKey:
    """The key to change to, made beside the one in use; one left by a broken-off change is taken up again."""
    path = settings.signer / NEXT
    if not path.exists():
        write_new_key(path, settings.origin)
    return public_of(settings.origin, read_key(path))


def change_to_next(settings: Settings) -> None:
    """Let the prepared key be the key; the old private key is gone, and its vkey stays listed."""
    path = settings.signer / NEXT
    list_vkey(settings, public_of(settings.origin, read_key(path)))
    path.replace(settings.signer / KEY)
    sync(settings.signer)


def _keys_in(folder: Path) -> list[VerifierKey]:
    try:
        return published_keys(folder)
    except NoteMalformed as error:
        raise UnsafeStart(f"{folder / VKEYS} is damaged: each line must be a vkey.") from error
