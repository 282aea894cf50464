"""What governs the evidence: the phase and its legal basis, a unit's mode, the stop button, the model in use.

Every rule is read from the newest row at the time of asking, so a change counts from the next request on.
"""

from datetime import date, datetime

from sqlmodel import Session, col, select

from service import log, policy
from service.errors import Forbidden, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.governance import PHASES, Phase, Stop, UnitSetting
from service.tables.organisation import Municipality, Unit
from service.tables.suggestion import MODES
from service.workflow.model_in_use.admission import ActiveModel, active_model, history, promote, rollback
from service.workflow.registers.basis import has_run_out, refuse_consent

__all__ = [
    "ActiveModel",
    "active_model",
    "change_phase",
    "history",
    "is_stopped",
    "mode_of",
    "phase_of",
    "phase_record",
    "promote",
    "release",
    "rollback",
    "set_mode",
    "stop",
]

PRACTICE = "oevelse"
"""The only phase that needs no legal basis: it knows synthetic cases alone."""

DEFAULT_MODE = "overblik"


def phase_record(session: Session, municipality_id: str, on: date) -> Phase | None:
    """The record of the phase in force on a day: of those valid by then, the one written last."""
    newest_first = (
        select(Phase)
        .where(Phase.municipality_id == municipality_id, Phase.valid_from <= on)
        .order_by(col(Phase.at).desc(), col(Phase.log_seq).desc())
    )
    return session.exec(newest_first.limit(1)).first()


def phase_of(session: Session, municipality_id: str, on: date) -> str | None:
    """The code of the phase in force, or None where none is recorded or its legal basis is missing or over.

    None means that no evidence may be computed or shown.
    """
    record = phase_record(session, municipality_id, on)
    if record is None or record.phase == PRACTICE:
        return record.phase if record else None
    if not (record.legal_basis.strip() and record.approved_by.strip()):
        return None
    return None if has_run_out(session, municipality_id, record.phase, on) else record.phase


def change_phase(
    session: Session,
    municipality_id: str,
    phase: str,
    *,
    legal_basis: str,
    approved_by: str,
    valid_from: date,
    now: datetime,
    by: Actor | None,
) -> Phase:
    """Record that a municipality enters a phase; beyond practice only with a legal basis and an approver."""
    if phase not in PHASES:
        raise Refused(f"Fasen “{phase}” findes ikke. Vælg en af: {', '.join(PHASES)}.", field="phase")
    if session.get(Municipality, municipality_id) is None:
        raise NotFound
    if phase != PRACTICE and not legal_basis.strip():
        raise Refused(f"Fasen {phase} kræver en henvisning til retsgrundlaget.", field="legal_basis")
    refuse_consent(legal_basis, field="legal_basis")
    if phase != PRACTICE and not approved_by.strip():
        raise Refused(f"Fasen {phase} kræver navnet på den, der har godkendt den.", field="approved_by")
    row = Phase(
        at=now,
        municipality_id=municipality_id,
        phase=phase,
        legal_basis=legal_basis.strip(),
        approved_by=approved_by.strip(),
        valid_from=valid_from,
    )
    log.append(session, Event.PHASE_CHANGED, at=now, by=by, row=row)
    session.commit()
    return row


def mode_of(session: Session, unit_id: str) -> str:
    """How a unit is shown evidence; "overblik" until it has chosen otherwise."""
    setting = _newest_setting(session, unit_id)
    return DEFAULT_MODE if setting is None else setting.mode


def set_mode(session: Session, unit_id: str, mode: str, *, now: datetime, by: Actor) -> UnitSetting | None:
    """Choose how a unit is shown evidence; None, and nothing written, when it is so already.

    Raises Forbidden for a role that may not choose, and for another unit than one's own.
    """
    if mode not in MODES:
        raise Refused(f"Visningen “{mode}” findes ikke. Vælg en af: {', '.join(MODES)}.", field="mode")
    _refuse_stranger(session, unit_id, by, Action.SET_MODE)
    if mode_of(session, unit_id) == mode:
        return None
    row = UnitSetting(at=now, unit_id=unit_id, mode=mode, set_by=by.person_id)
    log.append(session, Event.UNIT_SET, at=now, by=by, row=row)
    session.commit()
    return row


def is_stopped(session: Session, unit_id: str) -> bool:
    """Whether the unit's stop button is pressed."""
    newest = newest_stop(session, unit_id)
    return newest is not None and newest.stopped


def stop(session: Session, unit_id: str, *, reason: str, now: datetime, by: Actor) -> Stop | None:
    """Press the stop button; no evidence is shown in the unit from the next request on.

    None, and nothing written, when it is pressed already. Raises Forbidden for a role that may not press it,
    and for another unit than one's own, unless one may stop them all.
    """
    return _press(session, unit_id, True, reason, now, by)


def release(session: Session, unit_id: str, *, reason: str, now: datetime, by: Actor) -> Stop | None:
    """Release the stop button; None, and nothing written, when it is not pressed."""
    return _press(session, unit_id, False, reason, now, by)


def newest_stop(session: Session, unit_id: str) -> Stop | None:
    """The last time the unit's button was pressed or released."""
    newest_first = (
        select(Stop).where(Stop.unit_id == unit_id).order_by(col(Stop.at).desc(), col(Stop.log_seq).desc())
    )
    return session.exec(newest_first.limit(1)).first()


def _press(
    session: Session, unit_id: str, stopped: bool, reason: str, now: datetime, by: Actor
) -> Stop | None:
    if not reason.strip():
        raise Refused("Skriv kort hvorfor.", field="reason")
    _refuse_stranger(session, unit_id, by, Action.PRESS_STOP if stopped else Action.RELEASE_STOP)
    if is_stopped(session, unit_id) == stopped:
        return None
    row = Stop(at=now, unit_id=unit_id, stopped=stopped, reason=reason.strip(), pressed_by=by.person_id)
    log.append(session, Event.STOP_PRESSED if stopped else Event.STOP_RELEASED, at=now, by=by, row=row)
    session.commit()
    return row


def _refuse_stranger(session: Session, unit_id: str, by: Actor, action: Action) -> None:
    """Raise NotFound for a unit of another municipality, Forbidden for what the role or the place refuses."""
    unit = session.get(Unit, unit_id)
    if unit is None or unit.municipality_id != by.municipality_id:
        raise NotFound
    policy.authorize(by, action)
    if unit.id != by.unit_id and not policy.permits(by, Action.STOP_ALL_UNITS):
        raise Forbidden


def _newest_setting(session: Session, unit_id: str) -> UnitSetting | None:
    newest_first = (
        select(UnitSetting)
        .where(UnitSetting.unit_id == unit_id)
        .order_by(col(UnitSetting.at).desc(), col(UnitSetting.log_seq).desc())
    )
    return session.exec(newest_first.limit(1)).first()
