"""The rejects file: every problem as one row, CSV or JSON lines by the file's ending."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from service.files import whole
from service.intake_formats.problem import Problem
from service.spreadsheet import harmless

COLUMNS = ("file", "where", "field", "reason", "found")


def write_rejects(problems: Iterable[Problem], path: Path) -> None:
    """Write the problems to `path`, which only its owner can read, whole or not at all.

    An older file there is replaced. Raises OSError.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with whole(path) as target:
        if path.suffix == ".csv":
            writer = csv.DictWriter(target, COLUMNS, lineterminator="\n", quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(
                {name: harmless(cell) for name, cell in each.cells().items()} for each in problems
            )
        else:
            target.writelines(json.dumps(each.cells(), ensure_ascii=False) + "\n" for each in problems)
