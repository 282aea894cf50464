"""One-time codes: printed with the letter or read out, kept as a keyed hash, used once, forgotten by time."""

import hmac
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from service import log, policy, throttle
from service.clock import local_date
from service.database import writing
from service.errors import Refused
from service.identity import Actor
from service.log import Event
from service.log.shards import base_of, newest_epoch
from service.policy import Action
from service.tables.citizen import CitizenCode, CitizenCodeUse
from service.tables.intake import Case
from service.tables.log import LogHead
from service.workflow.case_file import find_case, find_row, is_erased, newest
from service.workflow.citizen_page import representation
from service.workflow.citizen_page.speaker import Speaker

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No signs that look alike on paper or sound alike on the phone."""
SIGNS, GROUP = 16, 4
ENTROPY = SIGNS * math.log2(len(ALPHABET))
"""Bits: 78. Guessing is hopeless also for somebody who has stolen the hashes and the key."""
VALID = timedelta(days=30)
"""A letter by post takes up to a week, and people wait with letters."""


class CodeRefused(Refused):
    """The code opens nothing. Why is not told: it would help somebody who guesses."""

    sentence = (
        "Koden passer ikke. Er den brugt, for gammel eller skrevet forkert? Ring til os, så får du en ny."
    )


@dataclass(frozen=True)
class Opened:
    """What a code has opened: whose case, and who has come."""

    case_id: str
    speaker: Speaker


def issue(
    session: Session, case_id: str, *, key: bytes, representation_id: str | None = None, now: datetime,
    by: Actor,
) -> str:  # fmt: skip
    """Make a code for the citizen, or for her representative, and commit. It is told here and never again.

    Codes issued before for the case open nothing from now on. Raises Refused when nobody (any more) has the
    power of attorney that is named.
    """
    case = find_case(session, case_id)
    policy.authorize(by, Action.ASSIST_CITIZEN, case)
    if representation_id is not None:
        representation.require(session, case_id, representation_id, local_date(now))
    code = "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))
    row = CitizenCode(
        at=now, case_id=case_id, issued_by=by.person_id, representation_id=representation_id,
        lookup=lookup_of(code, key), expires_at=now + VALID,
    )  # fmt: skip
    log.append(
        session, Event.CITIZEN_CODE_ISSUED, at=now, by=by, row=row, citizen_id=case.citizen_id,
        speaker=Speaker(representation_id=representation_id).kind,
    )  # fmt: skip
    session.commit()
    return spaced(code)


def redeem(engine: Engine, typed: str, *, key: bytes, address: str, now: datetime) -> Opened:
    """Use a code up and say what it opens.

    Raises TooManyAttempts before anything is evaluated, and CodeRefused, which leaves an entry.
    """
    who = f"borgerkode {address}"
    with writing(engine) as session:
        throttle.admit(session, who, address, now)
        session.commit()
    with writing(engine) as session:
        row = session.exec(select(CitizenCode).where(CitizenCode.lookup == lookup_of(typed, key))).first()
        why = _why_not(session, row, now)
        if row is None or why is not None:
            log.append(
                session, Event.CITIZEN_REFUSED, at=now, by=None, case_id=row.case_id if row else None, why=why
            )
            session.commit()
            raise CodeRefused(field="kode")
        case = find_row(session, row.case_id)
        speaker = Speaker(representation_id=row.representation_id)
        use = CitizenCodeUse(at=now, case_id=case.id, code_id=row.id)
        log.append(
            session, Event.CITIZEN_CODE_USED, at=now, by=None, row=use, citizen_id=case.citizen_id,
            speaker=speaker.kind,
        )  # fmt: skip
        throttle.clear(session, who)
        session.commit()
    return Opened(case.id, speaker)


def lookup_of(typed: str, key: bytes) -> str:
    """The keyed hash of a code, however it was spaced and in small letters or large."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return hmac.digest(key, f"citizen code:{plain}".encode(), "sha256").hex()


def spaced(code: str) -> str:
    """A code in groups, as people read it."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _is_from_before_a_restore(session: Session, row: CitizenCode) -> bool:
    """A backup may have forgotten that the code was used, so no code outlives a restore."""
    shards = session.exec(
        select(LogHead.shard).where(col(LogHead.shard).startswith(base_of(row.shard)))
    ).all()
    return newest_epoch(base_of(row.shard), shards) != row.shard


def _why_not(session: Session, row: CitizenCode | None, now: datetime) -> str | None:
    """Why a code opens nothing, as the log tells it; None when it opens."""
    if row is None:
        return "unknown"
    case: Case = find_row(session, row.case_id)
    if is_erased(case):
        return "erased"
    if session.exec(select(CitizenCodeUse.id).where(CitizenCodeUse.code_id == row.id)).first() is not None:
        return "used"
    if _is_from_before_a_restore(session, row):
        return "restored"
    current = newest(session, CitizenCode, row.case_id)
    if current is None or current.id != row.id:
        return "replaced"
    if now >= row.expires_at:
        return "expired"
    power = row.representation_id
    if power is not None and not representation.holds(session, row.case_id, power, local_date(now)):
        return "no_power"
    return None
