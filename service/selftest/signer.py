"""What the signer says of itself: whether it signs, why not, and how far it has come."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from service.selftest.findings import Finding, Installation, fault, in_order, warning

STATUS = "status.json"
BEHIND = timedelta(minutes=5)
"""It seals every minute. After this long somebody should see why it does not."""


class StatusUnreadable(Exception):
    """The signer's report is there, and does not say what a report says."""


@dataclass(frozen=True)
class Sealed:
    """How far a shard is sealed, and since when; `at` is None for a seal that does not say."""

    size: int
    at: datetime | None


@dataclass(frozen=True)
class Status:
    """The signer's newest report. `why` is its own sentence, in English."""

    at: datetime
    refused: bool
    why: str
    shards: Mapping[str, Sealed] = field(default_factory=dict)


def status_in(seals: Path) -> Status | None:
    """The report, or None when the signer never wrote one; raises StatusUnreadable."""
    try:
        told = json.loads((seals / STATUS).read_bytes())
        return Status(
            at=_instant(told["at"]),
            refused=told["state"] != "ok",
            why=str(told.get("why") or ""),
            shards={
                str(shard): Sealed(int(each["size"]), _instant(each["sealed_at"]))
                for shard, each in told.get("shards", {}).items()
            },
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise StatusUnreadable from error


def signer(place: Installation) -> Finding:
    """The signer is at work, and has not refused to sign."""
    try:
        status = status_in(place.settings.seals)
    except StatusUnreadable:
        # What it says could be that it refused.
        return fault(
            f"The signer's report, {place.settings.seals / STATUS}, cannot be read.",
            "Det kan ikke læses, om hændelsesloggen bliver forseglet.",
        )
    if status is None:
        return warning(
            "The signer has never reported. Run: skoen signer", "Hændelsesloggen er ikke forseglet endnu."
        )
    if status.refused:
        return fault(
            f"The signer refuses to sign: {status.why or 'it gives no reason'}",
            "Hændelsesloggen passer ikke med det, der er forseglet.",
        )
    if abs(place.now - status.at) > BEHIND:
        return warning(
            f"The signer last reported at {status.at:%Y-%m-%d %H:%M} UTC.",
            "Forseglingen af hændelsesloggen er bagud.",
        )
    return in_order("The signer signs.", "Hændelsesloggen bliver forseglet.")


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return found
