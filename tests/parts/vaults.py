"""Engines with a vault, for tests: the keystore lies beside an SQLite file, or in a folder of its own."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect, Engine

from service.database import make_engine
from service.log.keystore import Keystore
from service.log.vault import Vault, attach
from tests.cast import PEPPER

KEK = bytes(range(32))
ELSEWHERE = Path(tempfile.gettempdir(), "skoen-test-keystores")
DIALECTS: dict[str, Dialect] = {}
COMPILED: dict[Any, Any] = {}
"""What SQLAlchemy has compiled, by dialect and statement: each test's own engine would compile it anew."""


def remember_statements(engine: Engine) -> Engine:
    """Let an engine share what the engines of other tests have compiled."""
    engine.dialect = DIALECTS.setdefault(engine.dialect.name, engine.dialect)
    engine.update_execution_options(compiled_cache=COMPILED)
    return engine


def sealed_engine(url: str, **options: Any) -> Engine:
    """An engine that can seal and open; two of them on one database share its keystore."""
    engine = remember_statements(make_engine(url, **options))
    keystore = Keystore(f"sqlite:///{keystore_file(engine)}")
    keystore.create()
    remember_statements(keystore.engine)
    return attach(engine, Vault(keystore, KEK))


def keystore_file(engine: Engine) -> Path:
    """Where the keystore of a test's database lies."""
    if engine.dialect.name == "sqlite" and engine.url.database:
        name = engine.url.database.removeprefix("file:").partition("?")[0]
        return Path(name).with_suffix(".keys.db")
    socket = str(engine.url.query.get("host", "")).strip("/").replace("/", "-")
    return ELSEWHERE / f"{socket}-{engine.url.database}.db"


def copy_database(source: Path, target: Path) -> None:
    """A closed SQLite database with its keystore, copied."""
    shutil.copyfile(source, target)
    keys = source.with_suffix(".keys.db")
    if keys.exists():
        shutil.copyfile(keys, target.with_suffix(".keys.db"))


def plant_kek(secrets: Path) -> None:
    """Let an installation use the key of keys that test engines use."""
    _plant(secrets / "kek", KEK)


def plant_pepper(secrets: Path) -> None:
    """Let an installation find the citizens that were received before it was made."""
    _plant(secrets / "pepper", PEPPER[:32])


def _plant(file: Path, secret: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_bytes(secret)
    file.chmod(0o600)
