"""An installation of a test's own: database, keystore and secrets, and its commands."""

from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import Engine

from service.commands import groups
from service.config import Settings
from service.keys import create_keys
from service.log.keystore import Keystore
from service.log.vault import Vault, attach, vault_of
from service.program import assemble
from tests.parts.steps import one_of_everything
from tests.parts.vaults import plant_kek


class Installation:
    """A database with one row of every step; `out` and `keys_out` are where its backups may go."""

    def __init__(self, engine: Engine, folder: Path) -> None:
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

    def close(self) -> None:
        """Let go of the keystore."""
        self.keystore.engine.dispose()

    def _move_keystore(self, file: Path) -> None:
        self.keystore.engine.dispose()
        self.keystore = Keystore(f"sqlite:///{file}")
        self.keystore.create()
        attach(self.engine, Vault(self.keystore, vault_of(self.engine).kek))
