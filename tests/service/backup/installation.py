"""An installation of a test's own: database, keystore and secrets, and its commands."""

import json
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import Engine, select, text, update
from sqlmodel import select as rows_of

from service.commands import groups
from service.config import Settings
from service.database import reading
from service.keys import create_keys
from service.log.append import ENTRIES, HEADS
from service.log.canonical import canonical
from service.log.checkpoint import Checkpoint, open_checkpoint
from service.log.keystore import Keystore
from service.log.merkle import append, leaf_hash
from service.log.vault import Vault, attach, vault_of
from service.program import assemble
from service.signer.key import published_vkeys
from service.signer.ledger import signers_engine
from service.signer.report import Status
from service.signer.seal import seal
from service.tables import METADATA
from service.tables.base import Logged
from service.tables.decision import Decision
from tests.cast import Cast
from tests.journeys.a_day import one_case
from tests.parts.steps import one_of_everything
from tests.parts.tampering import defenceless
from tests.parts.vaults import plant_kek
from tests.service.backup.clock import now


@dataclass(frozen=True)
class Furnished:
    """An installation that is closed, to be copied: its folder, who is in it, and its rows by step."""

    folder: Path
    cast: Cast
    rows: dict[str, Logged]


class Installation:
    """A database with one row of every step; `out` and `keys_out` are where its backups may go."""

    def __init__(self, engine: Engine, folder: Path, twin: Furnished | None = None) -> None:
        """Empty but for its tables; or the copy of a `twin`, whose rows are in the database already."""
        self.engine = engine
        self.keystore = vault_of(engine).keystore
        self.out, self.keys_out = folder / "backups", folder / "key-backups"
        self.environment = {
            "SKOEN_VAR": str(folder / "var"),
            "SKOEN_DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "SKOEN_KEYSTORE_URL": f"sqlite:///{folder / 'keys' / 'keystore.db'}",
        }
        self.settings = Settings.from_environment(self.environment)
        self._move_keystore(folder / "keys" / "keystore.db")
        if twin is not None:
            self.cast, self.rows = Cast(engine, twin.cast.people), twin.rows
            return
        plant_kek(self.settings.secrets)
        create_keys(self.settings, engine)
        self.cast, self.rows = one_of_everything(engine)

    def run(self, *arguments: object) -> Result:
        """One command."""
        words = [str(each) for each in arguments]
        return CliRunner(env=self.environment).invoke(assemble([groups()]), words)

    def ok(self, *arguments: object) -> str:
        """One command that succeeds; gives what it printed."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.output

    def backup(self) -> Path:
        """A new backup; gives its folder."""
        self.ok("backup", "--out", self.out)
        return max(self.out.iterdir())

    def seal(self) -> Status:
        """One round of the signer, with an engine of its own."""
        engine = signers_engine(self.settings)
        try:
            return seal(self.settings, engine, now())
        finally:
            engine.dispose()

    def sealed(self, shard: str) -> Checkpoint:
        """The public checkpoint of a shard."""
        note = (self.settings.seals / shard / "checkpoint").read_bytes()
        return open_checkpoint(note, published_vkeys(self.settings), f"{self.settings.origin}/{shard}")

    def sizes(self) -> dict[str, int]:
        """How far each shard has come."""
        with reading(self.engine) as session:
            return {head.shard: head.size for head in session.execute(select(HEADS))}

    def decide(self, key: str) -> None:
        """One more case, from arrival to planning."""
        one_case(self.engine, self.cast.alma, key, "basal")

    def decided(self) -> set[str]:
        """The keys of the decisions that are there."""
        with reading(self.engine) as session:
            return set(session.exec(rows_of(Decision.idempotency_key)).all())

    def content(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table, in the order of its key."""
        ordered = {table.name: select(table).order_by(*table.primary_key) for table in METADATA.sorted_tables}
        with reading(self.engine) as session:
            return {name: [tuple(row) for row in session.execute(query)] for name, query in ordered.items()}

    def public(self) -> dict[str, bytes]:
        """Every file among the seals and in the signer's memory that has something in it."""
        folders = (self.settings.seals, self.settings.signer)
        files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
        return {str(file): file.read_bytes() for file in files if file.stat().st_size}

    def left_over(self) -> bool:
        """Whether anything is left of a restored database that was built beside."""
        if self.engine.dialect.name == "sqlite":
            return any(Path(str(self.engine.url.database)).parent.glob("*.restoring*"))
        with reading(self.engine) as session:
            query = text("SELECT 1 FROM pg_namespace WHERE nspname = 'skoen_restoring'")
            return session.execute(query).first() is not None

    def lose_database(self) -> None:
        """What a broken disk leaves: nothing."""
        self.engine.dispose()
        if self.engine.dialect.name == "sqlite":
            Path(str(self.engine.url.database)).unlink()
            return
        with self.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))

    def rewrite(self, shard: str, seq: int) -> None:
        """Exchange an entry, as somebody does who puts leaf hash and head right too."""
        with self.engine.connect() as connection:
            defenceless(connection)
            there = ENTRIES.c.shard == shard
            texts = list(
                connection.execute(select(ENTRIES.c.entry).where(there).order_by(ENTRIES.c.seq)).scalars()
            )
            texts[seq] = canonical({**json.loads(texts[seq]), "changed": True}).decode()
            frontier: list[bytes] = []
            for number, entry in enumerate(texts):
                frontier = append(number, frontier, leaf_hash(entry.encode()))
            changed = {"entry": texts[seq], "leaf_hash": leaf_hash(texts[seq].encode())}
            connection.execute(update(ENTRIES).where(there, ENTRIES.c.seq == seq).values(**changed))
            connection.execute(
                update(HEADS).where(HEADS.c.shard == shard).values(frontier=b"".join(frontier))
            )
            connection.commit()
            connection.invalidate()

    def close(self) -> None:
        """Let go of database and keystore."""
        self.engine.dispose()
        self.keystore.engine.dispose()

    def _move_keystore(self, file: Path) -> None:
        self.keystore.engine.dispose()
        self.keystore = Keystore(f"sqlite:///{file}")
        self.keystore.create()
        attach(self.engine, Vault(self.keystore, vault_of(self.engine).kek))
