"""Facts in versions: a version is added whole, never changed, and the newest one counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models import facts as case_facts
from models.declaration import Area, Source
from models.facts import Fact, FactValue
from service import log
from service.errors import Refused
from service.identity import Actor
from service.log import Event
from service.tables.intake import Case, FactsVersion
from service.workflow.case_file import arrival_of, newest


def add_version(
    session: Session, case: Case, area: Area, facts: Mapping[str, Fact], occasion: str, now: datetime,
    by: Actor | None, **personal: Any,
) -> FactsVersion:  # fmt: skip
    """Write one version of a case's facts with its log entry; the commit is the caller's."""
    asked = [question.name for question in area.questions if not question.computed]
    known = [name for name in asked if facts[name].value is not None]
    current = newest(session, FactsVersion, case.id)
    version = FactsVersion(
        at=now,
        case_id=case.id,
        version=1 if current is None else current.version + 1,
        occasion=occasion,
        fingerprint=case_facts.learned_fingerprint(area),
        prefilled=len(known) if current is None else current.prefilled,
        asked=len(asked),
        recorded_by=by.person_id if by else None,
    )
    log.append(
        session,
        Event.FACTS_RECORDED,
        at=now,
        by=by,
        row=version,
        citizen_id=case.citizen_id,
        case_id=case.id,
        personal={"facts": case_facts.to_json(facts), **personal},
        occasion=occasion,
    )
    return version


def newest_version(session: Session, case: Case) -> FactsVersion:
    """The version that counts; a case without one raises LookupError, for there is none."""
    version = newest(session, FactsVersion, case.id)
    if version is None:
        raise LookupError(f"case {case.id} has no facts")
    return version


def with_answers(
    area: Area, before: Mapping[str, Fact], answers: Mapping[str, FactValue | None], case: Case, now: datetime
) -> dict[str, Fact]:
    """The facts with the caseworker's answers put in and the computed ones computed again."""
    given = {name: fact for name, fact in before.items() if not area.by_name[name].computed}
    for name, value in answers.items():
        given[name] = Fact(value, _source_of_answer(area, name), now)
    return case_facts.complete(area, given, arrival_of(case), now)


def differs(fact: Fact | None, value: FactValue | None) -> bool:
    """Whether an answer says something else than the fact does."""
    if fact is None:
        return value is not None
    return fact.value != value or fact.marked_wrong


def _source_of_answer(area: Area, name: str) -> Source:
    question = area.by_name.get(name)
    if question is None or question.computed:
        raise Refused("Den oplysning kan ikke udfyldes her.", field=name)
    return question.source
