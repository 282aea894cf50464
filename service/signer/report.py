"""The signer's own report, `status.json` beside the seals: whoever looks after the service reads it there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from service.log.canonical import instant
from service.signer.files import PUBLIC_FILE, PUBLIC_FOLDER, make_folders, write_durably
from service.signer.refusals import Refusal
from service.signer.state import Sealed

FILE = "status.json"
OK, REFUSED, WAITING = "ok", "refused", "waiting"


@dataclass(frozen=True)
class Status:
    """How the last round went.

    `state` is ok, refused (the log does not go on from what was sealed, and nothing is signed) or waiting
    (database, disk or key cannot be used). `why` has one pair of sentences for each reason, (Danish,
    English); in the file they are joined. `shards` gives size, sealed_at and root of each shard as it was
    last signed.
    """

    at: str
    state: str
    why: tuple[tuple[str, str], ...] = ()
    shards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    codes: tuple[str, ...] = ()


def status_of(now: datetime, shards: Mapping[str, Sealed], refusals: tuple[Refusal, ...] = ()) -> Status:
    """The report of a round that could be made."""
    return Status(
        at=instant(now),
        state=REFUSED if refusals else OK,
        why=tuple((refusal.da, refusal.en) for refusal in refusals),
        shards={
            shard: {"size": sealed.size, "sealed_at": sealed.sealed_at, "root": sealed.root.hex()}
            for shard, sealed in sorted(shards.items())
        },
        codes=tuple(refusal.code for refusal in refusals),
    )


def waiting(now: datetime, da: str, en: str, before: Status | None) -> Status:
    """The report of a round that could not be made; what was sealed before still is."""
    return Status(instant(now), WAITING, ((da, en),), before.shards if before else {})


def write_status(seals: Path, status: Status) -> None:
    """Put the report beside the seals. Raises OSError."""
    content = {
        "at": status.at,
        "state": status.state,
        "why": " ".join(en for _, en in status.why),
        "why_da": " ".join(da for da, _ in status.why),
        "codes": list(status.codes),
        "shards": status.shards,
    }
    make_folders(seals, PUBLIC_FOLDER)
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    write_durably(seals / FILE, text.encode(), PUBLIC_FILE)


def read_status(seals: Path) -> Status | None:
    """The last report, or None when there is none; raises ValueError for one that is damaged."""
    path = seals / FILE
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_bytes())
        why = ((found["why_da"], found["why"]),) if found["why"] else ()
        return Status(found["at"], found["state"], why, found["shards"], tuple(found["codes"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is no report of the signer's") from error
