"""The course of a case as its rows tell it: each judgement, answer, decision, plan, and what it replaces."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlmodel import Session, col, select

from models.declaration import label_in
from service import log
from service.tables.assessment import Assessment
from service.tables.base import CaseStep
from service.tables.citizen import Letter
from service.tables.decision import Decision, Planning
from service.tables.intake import ReturnAnswer
from service.tables.organisation import Person
from service.tables.suggestion import Suggestion
from service.web.assessment.case_page import confidence_words
from service.web.assessment.remarks import Remark, remarks_in
from service.web.danish import day_in_words, listed
from service.web.labels import option_label
from service.web.suggestion.withheld import withheld
from service.workflow.case_file import CaseFile, all_of


@dataclass(frozen=True)
class Entry:
    """A row in words. `replaces` is the number of the entry it corrects, `shown_id` opens what was shown."""

    number: int
    at: datetime
    title: str
    said: str
    details: tuple[str, ...]
    by: str
    log_place: str
    replaces: int | None
    replaced: bool
    shown_id: str


@dataclass(frozen=True)
class _Told:
    """A row and its words, before it has a number."""

    row: CaseStep
    title: str
    said: str
    details: tuple[str, ...] = ()
    by: str = ""
    shown_id: str = ""


def history_of(session: Session, file: CaseFile) -> tuple[Entry, ...]:
    """Every step of a case in the order of the log; nothing that was corrected is left out."""
    case_id = file.case.id
    told = [
        *(_judgement(session, file, row) for row in all_of(session, Assessment, case_id)),
        *(_answer(row) for row in all_of(session, Suggestion, case_id)),
        *(_decision(session, file, row) for row in all_of(session, Decision, case_id)),
        *(_plan(file, row) for row in all_of(session, Planning, case_id)),
        *(_letter(row) for row in all_of(session, Letter, case_id)),
        *(_told_since(session, remark) for remark in remarks_in(session, file)),
    ]
    told.sort(key=lambda one: (one.row.shard, one.row.log_seq))
    numbers = {one.row.id: number for number, one in enumerate(told, start=1)}
    replaced = {getattr(one.row, "replaces", None) for one in told}
    names = _names(session, {one.by for one in told})
    return tuple(
        Entry(
            number=numbers[one.row.id],
            at=one.row.at,
            title=one.title,
            said=one.said,
            details=one.details,
            by=names.get(one.by, ""),
            log_place=f"{one.row.shard} nr. {one.row.log_seq}",
            replaces=numbers.get(getattr(one.row, "replaces", None) or ""),
            replaced=one.row.id in replaced,
            shown_id=one.shown_id,
        )
        for one in told
    )


def _judgement(session: Session, file: CaseFile, row: Assessment) -> _Told:
    seen = (
        gettext("Skrevet, efter at grundlag var vist.")
        if row.evidence_seen_before
        else gettext("Skrevet, før noget var vist.")
    )
    said = f"{option_label(file, row)}, {dict(confidence_words())[row.confidence].lower()}"
    thought = log.open_part(session, row).get("reflection", "")
    details = (seen, gettext("For og imod: %(text)s", text=thought)) if thought else (seen,)
    return _Told(row, gettext("Vurdering"), said, details, row.person_id)


def _answer(row: Suggestion) -> _Told:
    if row.outcome == "withheld":
        return _Told(row, gettext("Grundlag ikke vist"), withheld(row.reason or "").sentence)
    said = gettext(
        "Model %(model)s, skabelon %(template)s", model=row.model_version, template=row.template_version
    )
    return _Told(row, gettext("Grundlag vist"), said, shown_id=row.id)


def _decision(session: Session, file: CaseFile, row: Decision) -> _Told:
    codes = [code for code in (row.reason_code, row.second_reason_code) if code]
    weighed = listed([label_in(file.area.reasons, code).lower() for code in codes])
    details = [gettext("Lagt vægt på: %(reasons)s.", reasons=weighed)]
    said = log.open_part(session, row)
    if said.get("text"):
        details.append(gettext("Begrundelse: %(text)s", text=said["text"]))
    if said.get("citizens_view"):
        details.append(gettext("Borgeren selv: %(text)s", text=said["citizens_view"]))
    return _Told(row, gettext("Beslutning"), option_label(file, row), tuple(details), row.person_id)


def _plan(file: CaseFile, row: Planning) -> _Told:
    area = file.area
    forms = listed([label_in(area.forms, form).lower() for form in row.forms])
    first = day_in_words(row.first_date) if row.first_date else gettext("ikke aftalt")
    details = (
        gettext("Team: %(team)s. Sted: %(place)s.", team=label_in(area.teams, row.team),
                place=label_in(area.places, row.place)),
        gettext("%(status)s. Første aftale: %(day)s.", status=label_in(area.start_statuses, row.start_status),
                day=first),
    )  # fmt: skip
    return _Told(row, gettext("Planlægning"), forms[:1].upper() + forms[1:], details, row.planned_by)


def _letter(row: Letter) -> _Told:
    said = {
        "shown": gettext("Fortæller, at lignende sager var vist"),
        "other_than_most": gettext("Fortæller, at de fleste lignende sager blev besluttet på en anden måde"),
        "not_shown": gettext("Fortæller, at der ikke var vist noget"),
        "control_arm": gettext("Fortæller, at sagen var med i stikprøven uden grundlag"),
    }[row.variant]
    return _Told(row, gettext("Brev til borgeren"), said, by=row.written_by)


def _told_since(session: Session, remark: Remark) -> _Told:
    answered = select(ReturnAnswer.answered_by).where(ReturnAnswer.facts_id == remark.row.id)
    return _Told(
        remark.row,
        remark.heading,
        remark.text or gettext("Uden bemærkning"),
        by=session.exec(answered).first() or "",
    )


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    people = session.exec(select(Person).where(col(Person.id).in_(ids))).all()
    return {person.id: person.display_name for person in people}
