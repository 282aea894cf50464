"""Change the signing key: the old key seals the entry that names the new one, so that the chain holds."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from service.config import Settings
from service.errors import UnsafeStart
from service.log.notes import VerifierKey
from service.signer.files import alone
from service.signer.key import (
    KEY,
    change_to_next,
    list_vkey,
    prepare_folder,
    prepare_next,
    published_vkeys,
)
from service.signer.report import OK, Status
from service.signer.seal import seal_alone

Announce = Callable[[str], None]
"""Writes the new vkey to the logs, and commits."""


class NotSealed(Exception):
    """The log could not be sealed, so the key stays as it is."""

    def __init__(self, status: Status) -> None:
        super().__init__(" ".join(en for _, en in status.why))


def rotate(settings: Settings, engine: Engine, announce: Announce, now: datetime) -> VerifierKey:
    """Change to a new key; gives it. Broken off anywhere, it can be started again.

    Raises NotSealed when the log is in doubt, and whatever `announce` raises; the old key then stays.
    """
    prepare_folder(settings.signer)
    with alone(settings.signer):
        _require_sealed(seal_alone(settings, engine, now))
        new = prepare_next(settings)
        announce(new.vkey)
        _require_sealed(seal_alone(settings, engine, now))
        change_to_next(settings)
    return new


def replace_lost(settings: Settings, engine: Engine, announce: Announce, now: datetime) -> VerifierKey:
    """Begin with a new key when the old one is lost for good; what it signed stays believed.

    No old key vouches for the new one: every auditor has to be told. Raises UnsafeStart when the key is
    there, NotSealed when the log does not go on from what the old key signed.
    """
    prepare_folder(settings.signer)
    with alone(settings.signer):
        if (settings.signer / KEY).exists():
            raise UnsafeStart("The signing key is there. Change it with: skoen signer rotate-key")
        list_vkey(settings, *published_vkeys(settings))
        new = prepare_next(settings)
        announce(new.vkey)
        change_to_next(settings)
        _require_sealed(seal_alone(settings, engine, now))
    return new


def _require_sealed(status: Status) -> None:
    if status.state != OK:
        raise NotSealed(status)
