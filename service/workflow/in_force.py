"""Which of the citizens' rights are in force, and what they keep the system from.

It is asked anew for every answer. A right takes effect when it is asked for, and ends when it is refused,
taken back or lifted, never by itself.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlmodel import Session, col, select

from service.log.vault import vault_in
from service.tables.delivery import DeliveryReport, ReportedResource
from service.tables.intake import Case
from service.tables.organisation import Municipality
from service.tables.rights import RightRequest, RightStep

ENDING = ("refused", "withdrawn", "lifted")
STOPS_EVIDENCE = ("restriction", "objection", "without_system")
"""Strongest first. The kind is also the reason why nothing is shown."""
KEEPS_FROM_OTHERS = ("restriction", "objection", "similar_cases")
OTHER_SOURCES = "other_sources"
"""Her yes to facts from sources that are asked only after it."""
KEEPS_FROM_LEARNING = ("restriction", "objection", "training")
PURPOSE = b"skoen: keys of reference cases"
KEY_BYTES = 16
AT_A_TIME = 500
"""Values in one statement: an SQLite statement takes only so many parameters."""


def stops_evidence(session: Session, case_id: str) -> str | None:
    """The strongest right in force for which no evidence may be shown in a case, or None."""
    found = {row.kind for row in _in_force(session, STOPS_EVIDENCE, case_id)}
    return next((kind for kind in STOPS_EVIDENCE if kind in found), None)


def stopped_cases(session: Session) -> frozenset[str]:
    """The cases in which a right in force lets no evidence be computed for anybody to see."""
    return frozenset(row.case_id for row in _in_force(session, STOPS_EVIDENCE))


def kept_from_others(session: Session) -> frozenset[str]:
    """The keys of every case that nobody may be shown as a similar case, whatever artifact it lies in.

    The citizens' cases of today are among them, and those that were known when an erased one said no.
    """
    rows = _in_force(session, KEEPS_FROM_OTHERS)
    keys = {key for row in rows for key in row.reference_keys}
    for requests in requests_of(session, _citizens(session, rows)).values():
        keys |= {reference_key(session, *each) for each in requests}
    return frozenset(keys)


def kept_from_learning(session: Session) -> dict[str, str]:
    """By citizen, the strongest right in force for which no model may learn from the cases."""
    rows = _in_force(session, KEEPS_FROM_LEARNING)
    whose = _whose(session, rows)
    found: dict[str, str] = {}
    for kind in reversed(KEEPS_FROM_LEARNING):
        found |= {whose[row.case_id]: kind for row in rows if row.kind == kind and row.case_id in whose}
    return found


def may_ask_other_sources(session: Session, case_id: str) -> bool:
    """Whether facts may come into a case from sources that need the citizen's yes, and she has said it.

    While the use of her facts is restricted, none come.
    """
    return bool(_in_force(session, (OTHER_SOURCES,), case_id)) and not _in_force(
        session, ("restriction",), case_id
    )


def requests_of(session: Session, citizens: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """By citizen, the municipality's code and the sender's id of every request known, own or reported."""
    found: dict[str, set[tuple[str, str]]] = {each: set() for each in citizens}
    for some in _some(sorted(found)):
        own = (
            select(Case.citizen_id, Municipality.code, Case.request_id)
            .join(Municipality, col(Municipality.id) == col(Case.municipality_id))
            .where(col(Case.citizen_id).in_(some))
        )
        told = (
            select(DeliveryReport.citizen_id, Municipality.code, ReportedResource.request_id)
            .join(ReportedResource, col(ReportedResource.report_id) == col(DeliveryReport.id))
            .join(Municipality, col(Municipality.id) == col(DeliveryReport.municipality_id))
            .where(col(DeliveryReport.citizen_id).in_(some), ReportedResource.request_id != "")
        )
        for citizen_id, code, request_id in (*session.exec(own), *session.exec(told)):
            found[citizen_id].add((code, request_id))
    return found


def reference_key(session: Session, municipality_code: str, request_id: str) -> str:
    """The key under which a case travels to the workshop and lies in artifacts: 128 bits in hex.

    A keyed hash that only the service can compute, so that nobody with an artifact alone can say whose it is.
    """
    secret = hmac.digest(vault_in(session).kek, PURPOSE, "sha256")
    return hmac.digest(secret, f"{municipality_code}:{request_id}".encode(), "sha256")[:KEY_BYTES].hex()


def _in_force(session: Session, kinds: Sequence[str], case_id: str | None = None) -> list[RightRequest]:
    ended = select(RightStep.id).where(
        RightStep.request_id == RightRequest.id, col(RightStep.kind).in_(ENDING)
    )
    query = select(RightRequest).where(col(RightRequest.kind).in_(kinds), ~ended.exists())
    if case_id is not None:
        query = query.where(RightRequest.case_id == case_id)
    return list(session.exec(query))


def _citizens(session: Session, rows: Iterable[RightRequest]) -> set[str]:
    return set(_whose(session, rows).values())


def _whose(session: Session, rows: Iterable[RightRequest]) -> Mapping[str, str]:
    """By case, the citizen; an erased case is nobody's."""
    found: dict[str, str] = {}
    for some in _some(sorted({row.case_id for row in rows})):
        query = select(Case.id, Case.citizen_id).where(col(Case.id).in_(some), Case.citizen_id != "")
        found |= dict(session.exec(query).all())
    return found


def _some(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), AT_A_TIME):
        yield values[start : start + AT_A_TIME]
