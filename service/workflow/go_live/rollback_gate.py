"""What keeps an earlier version from coming back: it was let on once, and may not be used today.

A rollback is for haste, so nothing is trained or tested: files, registers and the record of the test for bias
are read. Every refusal says what would make it pass; the stop button needs none of it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from sqlmodel import Session, col, select

from models.artifact import Artifact, ArtifactRefused
from models.boundaries import AreaRefused, refuse_crossed
from service.tables.governance import RegisterEntry
from service.tables.organisation import Municipality
from service.workflow.go_live import fairness_gate
from service.workflow.go_live.invented import refuse_invented
from service.workflow.registers import fairness, practice_change
from service.workflow.registers.approval import NotReady, subject_of
from service.workflow.registers.book import standing

OLD_SCHEMA = frozenset({"unknown_format", "foreign_area", "fingerprint_differs"})
OR_STOP = "Haster det, så tryk på stopknappen: skoen stop."


def not_to_be_opened(version: str, refused: ArtifactRefused) -> NotReady:
    """The refusal of a version whose folder is not what was let on, or that this program cannot read."""
    if refused.reason in OLD_SCHEMA:
        cure = "Spørgsmålene eller formatet er nye siden. Træn den igen på sagerne, og tag den i brug."
    else:
        cure = "Læg mappen tilbage, som den var, fra en sikkerhedskopi."
    return NotReady(f"Version {version} kan ikke bruges igen ({refused}). {cure} {OR_STOP}")


def refuse_unusable(session: Session, found: Artifact, folder: Path, on: date) -> None:
    """Raise NotReady when a version that was in use before may not be used on a day."""
    version = found.manifest.version
    try:
        refuse_crossed(found.area)
    except AreaRefused as refused:
        raise NotReady(f"{' '.join(refused.lines)} Træn en version uden. {OR_STOP}") from refused
    practice_change.refuse_older_practice(session, found.manifest.data_window[0], version, on)
    refuse_invented(session, found, on)
    fairness_gate.refuse_unfair(session, found, folder, on)
    for place in session.exec(select(Municipality).order_by(col(Municipality.code))):
        against = list(_open_against(standing(session, place.id), version))
        if against:
            raise NotReady(
                f"{place.name} har noget åbent om version {version}: {'; '.join(against)}."
                f" Skriv i registret, hvad der blev gjort, og luk det. {OR_STOP}"
            )


def _open_against(entries: Iterable[RegisterEntry], version: str) -> Iterator[str]:
    """Findings and incidents about a version that nobody has closed."""
    about = [each for each in entries if each.subject == subject_of(version)]
    yield from (str(each.content["titel"]) for each in fairness.open_findings(about))
    for each in about:
        if each.kind == "incident" and not each.content.get("lukket"):
            yield str(each.content["titel"])
