"""An installation to test, what a signer would leave for it, and ways to make it unfit behind its back."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy import Engine, select, text

from service.config import Settings
from service.database import reading
from service.log import merkle
from service.log.append import ENTRIES
from service.log.checkpoint import Checkpoint, sign_checkpoint
from service.log.tiles import WIDTH, tiles_of
from service.selftest import Installation
from service.selftest.watch import EVERY
from tests.cast import NOW
from tests.parts.tampering import defenceless
from tests.parts.vaults import keystore_file

KEY = Ed25519PrivateKey.from_private_bytes(b"a signing key for the tests only")


def installation(engine: Engine, home: Path) -> Installation:
    """An installation around a test's database."""
    settings = Settings(
        database_url=engine.url.render_as_string(hide_password=False),
        var=home,
        models=home / "models",
        secrets=home / "secrets",
        keystore_url=f"sqlite:///{keystore_file(engine)}",
        seals=home / "seals",
        signer=home / "signer",
        origin="skoen.localhost",
        public_url="http://localhost",
        proxies=0,
        sqlite_journal="truncate",
        debug=False,
    )
    return Installation(settings, engine, NOW)


def seal(place: Installation, shard: str, size: int) -> Path:
    """Write the checkpoint and the tiles of a shard's first entries; gives its folder among the seals."""
    folder = place.settings.seals / shard
    query = select(ENTRIES.c.leaf_hash).where(ENTRIES.c.shard == shard).order_by(ENTRIES.c.seq).limit(size)
    with reading(place.engine) as session:
        levels = [list(session.execute(query).scalars())]
    assert len(levels[0]) == size, "the shard has not so many entries"
    while len(levels[-1]) >= WIDTH:
        full = range(WIDTH, len(levels[-1]) + 1, WIDTH)
        levels.append([merkle.root(levels[-1][at - WIDTH : at]) for at in full])
    for tile in tiles_of(size):
        assert tile.level is not None
        path, first = folder / tile.path, tile.index * WIDTH
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(levels[tile.level][first : first + tile.width]))
    checkpoint = Checkpoint(f"{place.settings.origin}/{shard}", size, merkle.root(levels[0]))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checkpoint").write_bytes(sign_checkpoint(checkpoint, KEY))
    return folder


def behind(engine: Engine, *statements: str, **values: object) -> None:
    """Run statements with the triggers and keys out of the way."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        defenceless(connection)
        for statement in statements:
            connection.execute(text(statement), values)
        connection.commit()
        connection.invalidate()


def pass_time(app: Flask) -> None:
    """Let so much time pass that the next to ask brings a new self-test about."""
    watch = app.extensions["skoen"].watch
    moment = watch.ticks() + EVERY
    watch.ticks = lambda: moment


def content_of(engine: Engine) -> list[str]:
    """Everything an SQLite database holds, as statements; the same before and after: nothing was written."""
    raw = engine.raw_connection()
    try:
        return list(raw.driver_connection.iterdump())  # type: ignore[union-attr]
    finally:
        raw.close()
