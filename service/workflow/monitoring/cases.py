"""The cases of a period as they were when somebody judged them, before any evidence was shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from sqlmodel import Session, col, func, select

from models import facts as case_facts
from models.answers import FactValue
from models.artifact import Artifact
from models.coding import Codes
from models.declaration import Area
from models.facts import Fact
from models.tables import Floats
from service.errors import PartUnreadable
from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.tables.intake import Case, FactsVersion, PersonalPart
from service.workflow.case_file import facts_of
from service.workflow.statistics.periods import midnight
from service.workflow.statistics.suppression import may_show

A_DAY = timedelta(days=1)
AT_A_TIME = 400


@dataclass(frozen=True)
class Judged:
    """One case judged before evidence. `age` is the median age of its facts in days, None without any.

    `caseworker` serves the rule of small groups alone and is never printed; nor is `case_id`.
    """

    caseworker: str = field(repr=False)
    choice: str
    values: Mapping[str, FactValue | None] = field(repr=False)
    received_on: date
    age: float | None
    case_id: str = field(default="", repr=False)


@dataclass(frozen=True)
class Compared:
    """One decided case that had a most common level beside it, and whether another was decided."""

    caseworker: str = field(repr=False)
    override: bool


def judged_cases(session: Session, municipality_id: str, area: Area, start: date, end: date) -> list[Judged]:
    """The newest judgement before evidence of each case, from a day until another (not included).

    A case whose facts are erased or cannot be read is left out.
    """
    statement = (
        select(Assessment, Case)
        .join(Case, col(Case.id) == Assessment.case_id)
        .where(Case.municipality_id == municipality_id, Case.area == area.name)
        .where(Assessment.at >= midnight(start), Assessment.at < midnight(end))
        .where(col(Assessment.evidence_seen_before).is_(False))
        .order_by(col(Assessment.at), col(Assessment.id))
    )
    newest = {assessment.case_id: (assessment, case) for assessment, case in session.exec(statement)}
    facts = _facts(session, area, [assessment.facts_id for assessment, _ in newest.values()])
    return [
        Judged(
            assessment.person_id, assessment.choice, case_facts.values(facts[assessment.facts_id]),
            case.received_on, _age(facts[assessment.facts_id], assessment), case.id,
        )
        for assessment, case in newest.values()
        if assessment.facts_id in facts
    ]  # fmt: skip


def count_judged(session: Session, municipality_id: str, area: Area, start: date, end: date) -> int:
    """How many cases were judged before evidence in a period; nothing is opened."""
    statement = (
        select(func.count(func.distinct(Assessment.case_id)))
        .join(Case, col(Case.id) == Assessment.case_id)
        .where(Case.municipality_id == municipality_id, Case.area == area.name)
        .where(Assessment.at >= midnight(start), Assessment.at < midnight(end))
        .where(col(Assessment.evidence_seen_before).is_(False))
    )
    return int(session.exec(statement).one())


def compared_cases(
    session: Session, municipality_id: str, area: Area, start: date, end: date
) -> list[Compared]:
    """The decisions of a period that could be compared with similar cases; a correction takes their place."""
    replaced = select(Decision.replaces).where(col(Decision.replaces).is_not(None))
    rows = session.exec(
        select(Decision.person_id, Decision.agreement)
        .join(Case, col(Case.id) == Decision.case_id)
        .where(Case.municipality_id == municipality_id, Case.area == area.name)
        .where(Decision.at >= midnight(start), Decision.at < midnight(end))
        .where(col(Decision.id).not_in(replaced), col(Decision.agreement).in_(("agreement", "override")))
    )
    return [Compared(person, agreement == "override") for person, agreement in rows]


def mixed(cases: Sequence[Judged] | Sequence[Compared]) -> bool:
    """Whether a group is of enough caseworkers to be shown, as everywhere in the statistics."""
    return may_show([each.caseworker for each in cases], range(len(cases)))


def codes_of(version: Artifact, cases: Sequence[Judged]) -> Codes:
    """The cases in the codes of a version, a row each."""
    return version.codebook.encode_many([c.values for c in cases], [c.received_on for c in cases])


def shares_of(version: Artifact, codes: Codes) -> Floats:
    """What a version says of each level (n, K), held against later cases as it is when shown."""
    return version.uncertainty.shares(version.tables.scores(codes))


def unseen_in(version: Artifact, cases: Sequence[Judged]) -> int:
    """In how many cases an answer is known that the version has never learned."""
    return sum(bool(version.codebook.unseen(case.values, case.received_on)) for case in cases)


def missing_in(version: Artifact, cases: Sequence[Judged]) -> list[float]:
    """The share of the answers a version uses that each case lacks, but for those that are computed."""
    asked = [question.name for question in version.codebook.asked]
    return [sum(case.values.get(name) is None for name in asked) / max(len(asked), 1) for case in cases]


def _facts(session: Session, area: Area, ids: Sequence[str]) -> dict[str, dict[str, Fact]]:
    found = {}
    for version in _versions(session, ids):
        try:
            found[version.id] = facts_of(session, area, version)
        except PartUnreadable:
            continue
    return found


def _versions(session: Session, ids: Sequence[str]) -> Iterator[FactsVersion]:
    """The versions with their parts, read together and not one by one."""
    with_parts = select(FactsVersion, PersonalPart).join(
        PersonalPart, col(PersonalPart.id) == FactsVersion.part_id, isouter=True
    )
    for first in range(0, len(ids), AT_A_TIME):
        some = ids[first : first + AT_A_TIME]
        for version, _part in session.exec(with_parts.where(col(FactsVersion.id).in_(some))).all():
            yield version


def _age(facts: Mapping[str, Fact], assessment: Assessment) -> float | None:
    known = [
        (assessment.at - fact.known_at) / A_DAY
        for fact in facts.values()
        if fact.known is not None and fact.known_at is not None
    ]
    return median(known) if known else None
