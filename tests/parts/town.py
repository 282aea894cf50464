"""A database with casework in it, an erasure ledger, and somebody who erases."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from service import log
from service.commands import groups
from service.config import Settings
from service.database import reading, writing
from service.identity import Actor
from service.keys import create_keys
from service.log import Event
from service.log.checkpoint import Checkpoint
from service.log.sealed import sealed_state
from service.log.vault import vault_of
from service.program import assemble
from service.signer.loop import Signer
from service.signer.report import OK
from service.tables import METADATA
from service.workflow import erasure
from service.workflow.erasure.rows import Order
from tests.builders import an_admission
from tests.cast import NOW, gather
from tests.parts.citizens import PEPPER, STEP, Planted, early, plant
from tests.parts.vaults import plant_kek
from tests.rows import rows

LATER = NOW + 30 * STEP
ORDER = Order("unlawful", "Planen hørte til en anden kommune.", "request", "uid:0")


class Town:
    """A database with casework in it, its ledger, and somebody who erases."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.ledger = engine, folder / "seals" / "erasures.jsonl"
        self.environment = {
            "SKOEN_VAR": str(folder / "var"),
            "SKOEN_SEALS": str(folder / "seals"),
            "SKOEN_DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "SKOEN_KEYSTORE_URL": vault_of(engine).keystore.engine.url.render_as_string(hide_password=False),
        }
        self._plant_secrets()
        cast = gather(engine)
        an_admission(engine, cast.dan)
        self.alma: Actor = cast.alma

    @property
    def settings(self) -> Settings:
        """The installation around the database."""
        return Settings.from_environment(self.environment)

    def run(self, *arguments: object, typed: str | None = None) -> Result:
        """One command of the program."""
        words = [str(each) for each in arguments]
        return CliRunner(env=self.environment).invoke(assemble([groups()]), words, input=typed)

    def ok(self, *arguments: object, typed: str | None = None) -> str:
        """One command that succeeds; gives what it printed."""
        result = self.run(*arguments, typed=typed)
        assert result.exit_code == 0, result.output
        return result.output

    def plant(self, number: int, now: datetime = NOW) -> Planted:
        return plant(self.engine, self.alma, number, now=now)

    def erase(self, *citizen_ids: str, **changes: Any) -> erasure.Erased:
        order = Order(**{**vars(ORDER), **{k: changes.pop(k) for k in set(changes) & set(vars(ORDER))}})
        return erasure.erase(self.engine, self.ledger, citizen_ids, order, now=LATER, **changes)

    def seal(self) -> None:
        """One round of the signer, which must have nothing against it."""
        signer = Signer(self.settings, lambda: LATER)
        status = signer.round()
        signer.engine.dispose()
        assert status.state == OK, status.why

    def sealed(self, shard: str) -> tuple[Checkpoint, bytes]:
        """The newest checkpoint of a shard, and the signed note."""
        found = sealed_state(self.settings.seals, self.settings.origin, shard)
        assert found is not None
        return found

    def looked(self, year: int, times: int = 3) -> str:
        """Look-ups in the first quarter of a year; gives the shard."""
        with writing(self.engine) as session:
            for number in range(times):
                at = early(year) + timedelta(minutes=number)
                log.append(session, Event.SIGNED_IN, at=at, by=self.alma)
            session.commit()
        return f"access/{year}Q1"

    def finish(self) -> erasure.Erased:
        return erasure.resume(self.engine, self.ledger, now=LATER, operator="uid:0")

    def unfinished(self) -> int:
        return erasure.unfinished(self.engine, self.ledger)

    def _plant_secrets(self) -> None:
        plant_kek(self.settings.secrets)
        pepper = self.settings.secrets / "pepper"
        pepper.write_bytes(PEPPER)
        pepper.chmod(0o600)
        create_keys(self.settings, self.engine)

    def close(self) -> None:
        """Let go of the database and the keystore."""
        self.engine.dispose()
        vault_of(self.engine).keystore.engine.dispose()

    def state(self) -> tuple[object, ...]:
        """Everything that an erasure may change."""
        lines = self.ledger.read_bytes() if self.ledger.exists() else b""
        return rows(self.engine), vault_of(self.engine).keystore.ids(), lines

    def left_of(self, person: Planted) -> list[str]:
        """What the database and the keystore still say of somebody, by looking through every table."""
        found = [person.citizen_id] if person.citizen_id in vault_of(self.engine).keystore.ids() else []
        texts = [*person.words(), *person.ids()]
        with reading(self.engine) as session:
            for name in METADATA.tables:
                for row in session.execute(text(f"SELECT * FROM {name}")):
                    found += [f"{name}: {each}" for each in texts if any(each in str(cell) for cell in row)]
        return found


@pytest.fixture
def town(engine: Engine, tmp_path: Path) -> Town:
    """A town on SQLite."""
    return Town(engine, tmp_path)


@pytest.fixture
def any_town(any_engine: Engine, tmp_path: Path) -> Town:
    """A town on each of the two databases."""
    return Town(any_engine, tmp_path)
