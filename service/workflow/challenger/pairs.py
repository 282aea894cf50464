"""The cases of a comparison: judged before evidence, and computed by both versions from stored facts."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from sqlmodel import Session, col, select

from models.artifact import Artifact
from models.declaration import Area
from models.tables import Floats
from service.tables.decision import Decision
from service.tables.intake import Case
from service.workflow import in_force
from service.workflow.challenger.comparison import Both
from service.workflow.monitoring.cases import Judged, codes_of, judged_cases, shares_of
from service.workflow.statistics.periods import midnight

JUDGED, DECIDED = "eget skøn", "beslutning"


def pairs(
    session: Session, area: Area, municipality_id: str, start: date, end: date, *, challenger: Artifact,
    champion: Artifact,
) -> Mapping[str, Both]:  # fmt: skip
    """What both versions say of the cases judged from a day until another (not included), by yardstick.

    Left out: a case that is erased, or in which the citizen has said no to the system; and for each
    yardstick, one whose answer is no level.
    """
    stopped = in_force.stopped_cases(session)
    cases = [
        each
        for each in judged_cases(session, municipality_id, area, start, end)
        if each.case_id not in stopped
    ]
    ours, theirs = (_shares(area, each, cases) for each in (challenger, champion))
    judged = {case.case_id: (case.caseworker, case.choice) for case in cases}
    answers = {JUDGED: judged, DECIDED: _decided(session, municipality_id, area, start)}
    return {name: _both(area, cases, ours, theirs, answer) for name, answer in answers.items()}


def _shares(area: Area, version: Artifact, cases: Sequence[Judged]) -> Floats:
    if not cases:
        return np.empty((0, len(area.level_codes)))
    return shares_of(version, codes_of(version, cases))


def _both(
    area: Area, cases: Sequence[Judged], challenger: Floats, champion: Floats,
    answers: Mapping[str, tuple[str, str]],
) -> Both:  # fmt: skip
    """The cases with an answer that is a level, each with who gave it."""
    places = {code: place for place, code in enumerate(area.level_codes)}
    found = [answers.get(case.case_id, ("", "")) for case in cases]
    rows = np.array([choice in places for _, choice in found], dtype=bool)
    kept = [(person, places[choice]) for person, choice in found if choice in places]
    given = np.array([place for _, place in kept], dtype=np.int64)
    return Both(tuple(person for person, _ in kept), given, challenger[rows], champion[rows])


def _decided(session: Session, municipality_id: str, area: Area, start: date) -> dict[str, tuple[str, str]]:
    """By case, who decided and what, as it stands; a correction takes the place of what it corrects."""
    replaced = select(Decision.replaces).where(col(Decision.replaces).is_not(None))
    rows = session.exec(
        select(Decision.case_id, Decision.person_id, Decision.choice)
        .join(Case, col(Case.id) == Decision.case_id)
        .where(Case.municipality_id == municipality_id, Case.area == area.name)
        .where(Decision.at >= midnight(start), col(Decision.id).not_in(replaced))
    )
    return {case_id: (person, choice) for case_id, person, choice in rows}
