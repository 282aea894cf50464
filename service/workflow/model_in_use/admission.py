"""Which model version is in use: admissions and rollbacks, one append-only row each, the newest counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.artifact import Artifact
from models.boundaries import AreaRefused, refuse_crossed
from service import log
from service.errors import Refused
from service.identity import Actor
from service.log import Event
from service.tables.governance import Admission
from service.workflow.model_in_use import gate
from service.workflow.model_in_use.shelf import ModelShelf


@dataclass(frozen=True)
class ActiveModel:
    """The model version in use, the hash its manifest must have, and since when."""

    version: str
    manifest_hash: str
    since: datetime


def active_model(session: Session, area: str) -> ActiveModel | None:
    """The model in use for an area, or None where none has been admitted."""
    rows = history(session, area)
    if not rows:
        return None
    return ActiveModel(version=rows[-1].version, manifest_hash=rows[-1].manifest_hash, since=rows[-1].at)


def history(session: Session, area: str) -> list[Admission]:
    """Every admission and rollback of an area, oldest first."""
    oldest_first = (
        select(Admission).where(Admission.area == area).order_by(col(Admission.at), col(Admission.log_seq))
    )
    return list(session.exec(oldest_first))


def promote(
    session: Session,
    shelf: ModelShelf,
    version: str,
    *,
    approver: str,
    note: str,
    now: datetime,
    by: Actor | None,
    audit: str | None = None,
) -> Admission:
    """Take a version on the shelf into use from the next request on, and commit.

    `audit` is the hash of the record of its test for bias; the log keeps it.

    Raises Refused without an approver or a note, when it is in use already, or when its evaluation says that
    it is worse than it may be; ArtifactRefused when it cannot be trusted. Nothing is computed here.
    """
    _needs_words(approver, note)
    found = shelf.open(version)
    check_promotion(session, found, version, approver=approver, note=note)
    row = Admission(
        at=now,
        area=found.manifest.area,
        version=version,
        manifest_hash=found.manifest_hash,
        kind="promotion",
        approver=approver.strip(),
        note=note.strip(),
    )
    log.append(session, Event.MODEL_PROMOTED, at=now, by=by, row=row, audit=audit)
    session.commit()
    return row


def check_promotion(session: Session, found: Artifact, version: str, *, approver: str, note: str) -> None:
    """Raise what `promote` raises when an opened artifact may not be taken into use under that name."""
    _needs_words(approver, note)
    if found.manifest.version != version:
        raise Refused(f"Mappen {version} indeholder modellen {found.manifest.version}.", field="version")
    try:
        refuse_crossed(found.area)
    except AreaRefused as refused:
        raise Refused(" ".join(refused.lines), field="version") from refused
    active = active_model(session, found.manifest.area)
    if active is not None and active.manifest_hash == found.manifest_hash:
        raise Refused(f"Modellen {version} er allerede i brug.", field="version")
    _needs_own_name(session, found.manifest.area, version, found.manifest_hash)
    gate.refuse_worse(found.evaluation, active.manifest_hash if active else None)


def rollback(
    session: Session,
    shelf: ModelShelf,
    area: str,
    *,
    approver: str,
    note: str,
    now: datetime,
    by: Actor | None,
) -> Admission:
    """Go back to the version that was in use before the present one, and commit.

    Raises Refused without an approver or a note, or when there is none before; ArtifactRefused when that
    version can no longer be trusted.
    """
    before = check_rollback(session, shelf, area, approver=approver, note=note)
    row = Admission(
        at=now,
        area=area,
        version=before.version,
        manifest_hash=before.manifest_hash,
        kind="rollback",
        approver=approver.strip(),
        note=note.strip(),
    )
    log.append(session, Event.MODEL_ROLLED_BACK, at=now, by=by, row=row)
    session.commit()
    return row


def check_rollback(session: Session, shelf: ModelShelf, area: str, *, approver: str, note: str) -> Admission:
    """The admission that would count again, when everything that `rollback` asks for holds."""
    _needs_words(approver, note)
    standing = in_use(history(session, area))
    if len(standing) < 2:
        raise Refused("Der er ingen tidligere model at gå tilbage til. Brug stopknappen i stedet.")
    shelf.open(standing[-2].version, standing[-2].manifest_hash)
    return standing[-2]


def in_use(rows: Sequence[Admission]) -> list[Admission]:
    """The admissions that still stand, the one in use last: each rollback takes the newest away."""
    standing: list[Admission] = []
    for row in rows:
        if row.kind == "rollback":
            standing.pop()
        else:
            standing.append(row)
    return standing


def _needs_words(approver: str, note: str) -> None:
    if not approver.strip():
        raise Refused("Skriv navnet på den, der har godkendt det.", field="approver")
    if not note.strip():
        raise Refused("Skriv kort og på dansk, hvad der er nyt.", field="note")


def _needs_own_name(session: Session, area: str, version: str, manifest_hash: str) -> None:
    """A version's name stands in every case it was used in, so it can never mean another model."""
    for row in history(session, area):
        if row.version == version and row.manifest_hash != manifest_hash:
            raise Refused(f"Navnet {version} er brugt til en anden model før.", field="version")
