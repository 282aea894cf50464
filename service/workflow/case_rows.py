"""Rows about a case that are found through others: advice by what was asked, reports by whether they wait."""

from sqlmodel import Session, col, select

from service.tables.assessment import Consultation, ConsultationAnswer
from service.tables.citizen import FactReport, FactReportAnswer


def advice(session: Session, case_id: str) -> tuple[ConsultationAnswer, ...]:
    """What colleagues answered, in the order of the log."""
    statement = (
        select(ConsultationAnswer)
        .join(Consultation, ConsultationAnswer.consultation_id == Consultation.id)  # type: ignore[arg-type]
        .where(Consultation.case_id == case_id)
        .order_by(ConsultationAnswer.shard, ConsultationAnswer.log_seq)  # type: ignore[arg-type]
    )
    return tuple(session.exec(statement).all())


def open_reports(session: Session, case_id: str) -> tuple[FactReport, ...]:
    """What the citizen says is wrong and nobody has looked at yet, in the order of the log."""
    looked = select(FactReportAnswer.report_id).where(FactReportAnswer.case_id == case_id)
    statement = (
        select(FactReport)
        .where(FactReport.case_id == case_id, col(FactReport.id).not_in(looked))
        .order_by(FactReport.shard, FactReport.log_seq)  # type: ignore[arg-type]
    )
    return tuple(session.exec(statement).all())
