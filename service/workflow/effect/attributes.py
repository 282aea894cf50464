"""Which groups the citizens of some cases belong to: age, sex, need of an interpreter, postal code.

They are worked out from what lies sealed in the case, for counting alone, and are stored nowhere: no fact, no
model and no page about a case has them. Only counts behind the statistics' suppression leave.
"""

import re
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from service import log
from service.cpr import age_on
from service.errors import PartUnreadable
from service.tables.intake import Case, PersonalPart
from service.workflow.case_file import is_erased
from service.workflow.statistics.queries import AT_A_TIME

AGE, SEX, LANGUAGE, PLACE = "alder", "koen", "tolk", "sted"
AXES = (AGE, SEX, LANGUAGE, PLACE)
NOT_KNOWN = "ukendt"
BANDS = ((39, "under_40"), (66, "40_66"), (79, "67_79"))
OLDEST = "80_op"
AGES = (*(code for _, code in BANDS), OLDEST)
SEXES = ("kvinde", "mand")
YES_NO = ("ja", "nej")
POSTAL_CODE = re.compile(r"(?<!\d)(\d{4})(?= +[^\W\d])")

Groups = Mapping[str, str]
"""By axis, the group."""


def groups_of(session: Session, case_ids: Sequence[str]) -> dict[str, Groups]:
    """By case the groups of its citizen; of an erased case, or where it is not said, they are not known."""
    with_parts = select(Case, PersonalPart).join(
        PersonalPart, col(PersonalPart.id) == Case.part_id, isouter=True
    )
    found: dict[str, Groups] = {}
    for start in range(0, len(case_ids), AT_A_TIME):
        some = case_ids[start : start + AT_A_TIME]
        for case, _part in session.exec(with_parts.where(col(Case.id).in_(some))).all():
            found[case.id] = _groups(session, case)
    return found


def _groups(session: Session, case: Case) -> Groups:
    if is_erased(case):
        return dict.fromkeys(AXES, NOT_KNOWN)
    try:
        part = log.open_part(session, case)
    except PartUnreadable:
        return dict.fromkeys(AXES, NOT_KNOWN)
    cpr, said = part["identity"]["cpr"], part.get("operational", {}).get("tolk")
    place = POSTAL_CODE.search(part["identity"]["address"])
    return {
        AGE: age_group(age_on(cpr, case.received_on)),
        SEX: SEXES[int(cpr[-1]) % 2],
        LANGUAGE: said if said in YES_NO else NOT_KNOWN,
        PLACE: place[1] if place else NOT_KNOWN,
    }


def age_group(age: int) -> str:
    """The band of an age in whole years."""
    return next((code for last, code in BANDS if age <= last), OLDEST)
