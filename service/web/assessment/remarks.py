"""What was told after the plan came: answers to a case that was sent back, and facts reported wrong."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlmodel import Session

from service import log
from service.tables.intake import FactsVersion
from service.workflow.case_file import CaseFile, all_of


@dataclass(frozen=True)
class Remark:
    """One thing told. `row` is the version of the facts it came with; `text` may be ""."""

    row: FactsVersion
    heading: str
    text: str

    @property
    def at(self) -> datetime:
        """When it was told."""
        return self.row.at


def remarks_in(session: Session, file: CaseFile) -> tuple[Remark, ...]:
    """Everything told about a case since it was opened, in the order of the log."""
    versions = all_of(session, FactsVersion, file.case.id)
    return tuple(
        _remark(session, file, row) for row in versions if row.occasion in ("answer", "marked_wrong")
    )


def _remark(session: Session, file: CaseFile, row: FactsVersion) -> Remark:
    part = log.open_part(session, row)
    heading = _heading(file, row, part.get("question", ""), part.get("speaker", ""))
    return Remark(row, heading, str(part.get("note", "")).strip())


def _heading(file: CaseFile, row: FactsVersion, question: str, told_by: str) -> str:
    if row.occasion == "answer":
        return gettext("Svar modtaget")
    asked = file.area.by_name.get(question)
    label = asked.label if asked else question
    if told_by:
        return gettext("Borgeren siger, at det er forkert: %(fact)s", fact=label)
    return gettext("Meldt forkert: %(fact)s", fact=label)
