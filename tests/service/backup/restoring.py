"""What tests of a restore share: how one is made, and what its new epoch says."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import text

from service.database import reading
from tests.service.backup.installation import Installation

WHY = ("--reason", "En disk gik i stykker.", "--name", "Ada Friis", "--name", "Tove Dam")
DECISIONS, ACCESS = "decisions/2026", "access/2026Q4"


def restored(place: Installation, made: Path, *more: str) -> str:
    """A restore that succeeds; gives what it printed."""
    said = place.ok("restore", "--from", made, *WHY, *more)
    place.engine.dispose()
    return said


def first_entry(place: Installation, shard: str, seq: int = 0) -> dict[str, Any]:
    """One of the first entries of a shard."""
    with reading(place.engine) as session:
        query = text("SELECT entry FROM log_entries WHERE shard = :shard AND seq = :seq")
        entry = session.execute(query, {"shard": shard, "seq": seq}).scalar_one()
    found: dict[str, Any] = json.loads(entry)
    return found


def proven(place: Installation) -> list[object]:
    """Whether each new epoch says that what came back was held against what was signed."""
    return [first_entry(place, f"{base}/2")["proven"] for base in (ACCESS, DECISIONS)]
