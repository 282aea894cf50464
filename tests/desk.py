"""The desk where files come in: an installation with the cast, a folder of files, and the command."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import Engine
from sqlmodel import select

from service.commands.data import data
from service.database import reading
from service.tables.intake import Case
from service.workflow.case_file import CaseState, open_file
from tests.rows import rows_beside_runs, runs

REFERRAL: dict[str, Any] = {
    "format": "skoen-referral/1", "request_id": "request-1", "municipality": "0999", "unit": "Træning Nord",
    "received_on": "2022-05-23", "discharged_on": "2022-05-24", "plan_type": "almen",
    "citizen": {"cpr": "7102479995", "name": "Agnes Prøve"},
    "facts": {
        "aktionsdiagnose_sks": {"value": "DS721", "source": "plan_coded", "known_at": "2022-05-22T09:00:00Z"}
    },
    "sections": {"helbred": "Faldet hjemme."},
}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """An installation with the cast, a folder of files to import, and the command."""

    engine: Engine
    folder: Path
    var: Path

    def run(self, *arguments: Any) -> Result:
        return CliRunner().invoke(data, [str(each) for each in arguments], catch_exceptions=False)

    def take(self, *arguments: Any) -> Result:
        return self.run("import", "--municipality", "0999", *arguments)

    def refuses(self, *paths: Path) -> list[dict[str, str]]:
        """Import, which must be refused whole: gives the rejects, and proves that nothing was written."""
        before, kept, run_before = rows_beside_runs(self.engine), self.files(), runs(self.engine)
        result = self.take("--rejects", self.folder / "rejects.jsonl", *paths)
        assert result.exit_code == 3
        rejects = [
            json.loads(line) for line in (self.folder / "rejects.jsonl").read_text("utf-8").splitlines()
        ]
        lines = [line for line in result.stderr.splitlines() if line]
        assert lines == [
            "{file}: {where}: {field}: {reason} (fandt {found})".format(**each) for each in rejects
        ]
        assert (rows_beside_runs(self.engine), runs(self.engine)) == (before, run_before + 1)
        assert self.files() == kept
        return rejects

    def files(self) -> list[Path]:
        """What is kept of history, leftovers of staging included."""
        folder = self.var / "history"
        return sorted(folder.iterdir()) if folder.exists() else []


def cases(engine: Engine) -> list[Case]:
    with reading(engine) as session:
        return list(session.exec(select(Case).order_by(Case.request_id)))


def state_of(engine: Engine, case: Case) -> CaseState:
    with reading(engine) as session:
        return open_file(session, case.id).state
