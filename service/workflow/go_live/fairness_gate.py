"""The gate of bias at promotion: reads the record beside a version, and never the vault.

There is no way round it. An exception is a dated ethics decision in the registers of every municipality that
uses the service, and lets the overview be shown, never a headline.
"""

from datetime import date
from pathlib import Path

from sqlmodel import Session, col, select

from models import audit
from models.artifact import Artifact
from models.audit import Audit, AuditRefused
from models.promotion import Found, verdict
from service.tables.organisation import Municipality
from service.workflow import governance
from service.workflow.registers import fairness
from service.workflow.registers.approval import NotReady
from service.workflow.registers.book import standing


def refuse_unfair(session: Session, found: Artifact, folder: Path, on: date) -> str:
    """The hash of the record that lets a version be taken into use; raises NotReady with what would.

    `folder` is where the artifact lies, and its record beside it.
    """
    version = found.manifest.version
    record = _record(folder, found)
    findings = verdict(record.content, found.evaluation).findings
    for place in session.exec(select(Municipality).order_by(col(Municipality.code))):
        if findings and governance.phase_of(session, place.id, on) is not None:
            allowed = fairness.excepted(standing(session, place.id), version, on)
            _refuse(version, [each for each in findings if each.code not in allowed])
    return record.sha256


def _record(folder: Path, found: Artifact) -> Audit:
    try:
        return audit.load(folder, found.manifest.version, found.manifest_hash)
    except AuditRefused as refused:
        raise NotReady(str(refused)) from refused


def _refuse(version: str, findings: list[Found]) -> None:
    if findings:
        told = " ".join(f"{number}. {each}" for number, each in enumerate(findings, start=1))
        raise NotReady(f"Version {version} har ikke bestået prøven for skævhed. {told}")
