"""The vault: seals what is personal under a key per citizen, each key wrapped by the key of keys.

AES-256-GCM throughout; what is sealed is bound to its place, so that it opens nowhere else. A key is made
for a citizen who has nothing sealed yet, and never again: a lost key must not be papered over by a new one.
"""

import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine
from sqlmodel import Session

from service.config import Settings
from service.database import make_engine
from service.errors import PartUnreadable, UnsafeStart
from service.keys import Keys, knows_citizens, read_keys
from service.log.keystore import Keystore

NONCE_BYTES, KEY_BYTES = 12, 32
OPTION, CACHE = "skoen_vault", "skoen_keys"


@dataclass(frozen=True)
class Vault:
    """The key of keys (32 bytes) and the keystore. One per process and database."""

    keystore: Keystore
    kek: bytes = field(repr=False)

    def seal(self, key: bytes, place: str, content: bytes) -> tuple[bytes, bytes]:
        """A fresh nonce (12 bytes) and the sealed content with its tag (16 bytes more than the content)."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce, AESGCM(key).encrypt(nonce, content, place.encode())

    def open(self, key: bytes, place: str, nonce: bytes, sealed: bytes) -> bytes:
        """The content; raises PartUnreadable when it was sealed elsewhere, under another key, or damaged."""
        try:
            return AESGCM(key).decrypt(nonce, sealed, place.encode())
        except (InvalidTag, ValueError) as damage:
            raise PartUnreadable from damage

    def key_of(self, citizen_id: str) -> bytes:
        """The citizen's key; raises PartUnreadable when there is none (any more)."""
        wrapped = self.keystore.find(citizen_id) if citizen_id else None
        if wrapped is None:
            raise PartUnreadable
        return self.unwrap(citizen_id, wrapped)

    def unwrap(self, citizen_id: str, wrapped: bytes) -> bytes:
        """The key within a wrapped one; raises PartUnreadable for another citizen's, or a damaged one."""
        return self.open(self.kek, f"key:{citizen_id}", wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:])

    def make_key(self, citizen_id: str) -> bytes:
        """A new key for a citizen who has none, kept before anything is sealed with it."""
        key = secrets.token_bytes(KEY_BYTES)
        self.keystore.add(citizen_id, b"".join(self.seal(self.kek, f"key:{citizen_id}", key)))
        return key

    def check(self) -> None:
        """Raise UnsafeStart when there is no keystore, or its keys are not wrapped by this key of keys."""
        self.keystore.require()
        some = self.keystore.any()
        if some is not None:
            try:
                self.key_of(some[0])
            except PartUnreadable:
                raise UnsafeStart("The keystore and the key of keys (secrets/kek) do not fit.") from None


def open_engine(settings: Settings, keys: Keys | None = None) -> Engine:
    """The engine of the service's own database with its vault; raises UnsafeStart when either is unfit."""
    engine = engine_with_vault(settings, keys)
    vault_of(engine).keystore.require()
    return engine


def engine_with_vault(settings: Settings, keys: Keys | None = None) -> Engine:
    """The same for a process that tests its keystore itself, and without one goes on and saves nothing."""
    if settings.keystore_url == settings.database_url:
        raise UnsafeStart("The keystore must be another database than the casework's: SKOEN_KEYSTORE_URL.")
    engine = make_engine(settings.database_url, settings.sqlite_journal)
    return attach(engine, Vault(Keystore(settings.keystore_url), (keys or read_keys(settings)).kek))


def create_keystore(settings: Settings, engine: Engine) -> None:
    """Make the keystore of a new installation; raises UnsafeStart for a database that had one and lost it."""
    keystore = Keystore(settings.keystore_url)
    if knows_citizens(engine):
        keystore.require()
    keystore.create()
    keystore.engine.dispose()


def attach(engine: Engine, vault: Vault) -> Engine:
    """Let an engine carry its vault; every session on it then can seal and open."""
    engine.update_execution_options(**{OPTION: vault})
    return engine


def vault_of(engine: Engine) -> Vault:
    """The vault an engine carries; raises UnsafeStart for an engine that was opened without one."""
    found = engine.get_execution_options().get(OPTION)
    if not isinstance(found, Vault):
        raise UnsafeStart("The database was opened without its keystore.")
    return found


def key_in(session: Session, citizen_id: str) -> bytes:
    """The citizen's key, read once in a session, which is short. Raises PartUnreadable."""
    known: dict[str, bytes] = session.info.setdefault(CACHE, {})
    if citizen_id not in known:
        known[citizen_id] = vault_in(session).key_of(citizen_id)
    return known[citizen_id]


def keys_at_hand(session: Session, citizen_ids: Collection[str]) -> None:
    """Read the keys of some citizens in one statement; what is damaged is left for `key_in` to refuse."""
    known: dict[str, bytes] = session.info.setdefault(CACHE, {})
    vault = vault_in(session)
    for citizen_id, wrapped in vault.keystore.find_all(sorted(set(citizen_ids) - set(known))).items():
        with suppress(PartUnreadable):
            known[citizen_id] = vault.unwrap(citizen_id, wrapped)


def vault_in(session: Session) -> Vault:
    """The vault of a session's engine."""
    bind = session.get_bind()
    return vault_of(bind if isinstance(bind, Engine) else bind.engine)


def seal(session: Session, citizen_id: str, place: str, content: bytes) -> tuple[bytes, bytes]:
    """Nonce and sealed content of what belongs to a known citizen; raises PartUnreadable without a key."""
    return vault_in(session).seal(key_in(session, citizen_id), place, content)


def unseal(session: Session, citizen_id: str, place: str, nonce: bytes, sealed: bytes) -> bytes:
    """What `seal` sealed in the same place; raises PartUnreadable."""
    return vault_in(session).open(key_in(session, citizen_id), place, nonce, sealed)
