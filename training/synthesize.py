"""A municipality that does not exist, written as the files a real one would bring.

The same arguments give the same bytes, on any day and any machine.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from models.declaration import Area
from models.record import columns, protected_columns, to_row
from training import vault
from training.assumptions import FOLDER, assumptions_of
from training.municipality import Municipality, invent

FORMAT = "skoen-synthetic/1"
VAULT = "vault"
Progress = Callable[[str], None]


class SynthesisRefused(ValueError):
    """Arguments or a folder that cannot be used; nothing was written."""


@dataclass(frozen=True)
class Order:
    """What to invent. Counts left at None follow from the assumptions; `reports` counts courses."""

    area: Area
    cases: int
    seed: int
    as_of: date
    referrals: int | None = None
    reports: int | None = None

    def arguments(self) -> dict[str, Any]:
        """The arguments as the manifest keeps them."""
        return {
            "area": self.area.name,
            "cases": self.cases,
            "seed": self.seed,
            "as_of": self.as_of.isoformat(),
            "referrals": self.referrals,
            "reports": self.reports,
        }


def synthesize(
    order: Order, out: Path, progress: Progress = lambda step: None, folder: Path = FOLDER
) -> Path:
    """Write a municipality into an empty or new folder, and return its manifest.

    Raises SynthesisRefused, with nothing written, when the folder holds anything.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise SynthesisRefused(f"{out} is not an empty folder; name another one")
    assumed = assumptions_of(order.area, folder)
    progress("Inventing citizens")
    municipality = invent(
        assumed, order.cases, order.seed, order.as_of, referrals=order.referrals, reports=order.reports
    )
    hashes = {}
    for name, content in _files(order.area, municipality, progress):
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        hashes[name] = hashlib.sha256(content).hexdigest()
    vault.shut(out / VAULT)
    manifest = {
        "format": FORMAT,
        "arguments": order.arguments(),
        "counts": municipality.counts(),
        "sha256": hashes,
    }
    written = out / "manifest.json"
    written.write_bytes(_json(manifest))
    return written


def _files(area: Area, municipality: Municipality, progress: Progress) -> Iterator[tuple[str, bytes]]:
    progress("Writing history")
    history = [to_row(area, case) for case in municipality.history]
    yield "history.csv", _csv(columns(area), history)
    attributes = _csv(protected_columns(area), list(municipality.protected))
    yield f"{VAULT}/{vault.ATTRIBUTES}", attributes
    yield f"{VAULT}/{vault.ABOUT}", vault.about(area, hashlib.sha256(attributes).hexdigest())
    progress("Writing referrals")
    for referral in municipality.referrals:
        yield f"referrals/{referral.file_name}", _json(referral.content)
    yield (
        "simulation.json",
        _json({each.content["request_id"]: each.simulation for each in municipality.referrals}),
    )
    progress("Writing delivery reports")
    for name, bundle in municipality.reports:
        yield f"reports/{name}", _json(bundle)


def _csv(names: tuple[str, ...], rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
