"""The judgement that was made before any evidence: J1."""

from sqlmodel import Session

from service.tables.assessment import Assessment


def blind_judgement(session: Session, assessment: Assessment) -> Assessment:
    """The newest judgement of the case that was made before any evidence was shown.

    Raises LookupError when a judgement names one that is not there.
    """
    while assessment.evidence_seen_before and assessment.replaces is not None:
        before = session.get(Assessment, assessment.replaces)
        if before is None:
            raise LookupError(f"assessment {assessment.id} replaces one that is not there")
        assessment = before
    return assessment
