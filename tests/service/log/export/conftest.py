"""A sealed log with a row of every step and some look-ups, and somebody who exports it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from service import log
from service.database import writing
from service.log import Event
from service.log.export import Choice, Exported, Whole, export
from service.signer.key import published_vkeys
from service.tables.base import Logged
from tests.cast import Cast
from tests.parts.offline import Verdict, judged
from tests.parts.steps import LATER, one_of_everything
from tests.service.signer.bench import Bench, settings_of


@dataclass
class Archive:
    """The log of a test: its signer, the rows by step, and what was recorded of each export."""

    bench: Bench
    cast: Cast
    rows: dict[str, Logged]
    folder: Path
    recorded: list[Exported] = field(default_factory=list)

    @property
    def engine(self) -> Engine:
        return self.bench.engine

    @property
    def case_id(self) -> str:
        return self.rows["received"].id

    @property
    def vkeys(self) -> list[str]:
        return [key.vkey for key in published_vkeys(self.bench.settings)]

    @property
    def shards(self) -> list[str]:
        seals = self.bench.settings.seals
        return sorted(path.parent.relative_to(seals).as_posix() for path in seals.rglob("checkpoint"))

    def look(self, times: int) -> None:
        """Somebody opens the case, and somebody another one."""
        with writing(self.engine) as session:
            for number in range(times):
                case_id = self.case_id if number % 2 else "f" * 32
                log.append(
                    session,
                    Event.CASE_OPENED,
                    at=LATER,
                    by=self.cast.alma,
                    case_id=case_id,
                    purpose="visitation",
                )
            session.commit()

    def export(self, name: str = "export.zip", choice: Choice | None = None, **options: Any) -> Path:
        """An export; gives its file."""
        out = self.folder / name
        settings = self.bench.settings
        options = {"record": self.recorded.append, "now": LATER, **options}
        export(self.engine, settings.seals, settings.origin, out, choice=choice or Whole(), **options)
        return out

    def verdict(self, file: Path, *held: Path) -> Verdict:
        """What the offline verifier says, with the signer's key pinned."""
        return judged(file, held=held, vkeys=self.vkeys)

    def held(self, shard: str) -> Path:
        """The newest checkpoint of a shard, kept outside."""
        path = self.folder / "held.txt"
        path.write_bytes((self.bench.settings.seals / shard / "checkpoint").read_bytes())
        return path

    def left(self) -> list[str]:
        """Every file in the folder, hidden ones too."""
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> Archive:
    """Everything sealed, on SQLite."""
    return archive_on(engine, tmp_path)


def archive_on(engine: Engine, tmp_path: Path) -> Archive:
    """Everything sealed: a row of every step, and twelve look-ups."""
    (tmp_path / "var").mkdir()
    (tmp_path / "out").mkdir()
    cast, rows = one_of_everything(engine)
    made = Archive(Bench(engine, settings_of(engine, tmp_path)), cast, rows, tmp_path / "out")
    made.look(12)
    made.bench.seal()
    return made
