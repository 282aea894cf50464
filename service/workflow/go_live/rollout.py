"""Go on: a municipality into a phase, a model into use, and only as far as the registers carry it."""

from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, select

from models import areas
from models.artifact import Artifact, ArtifactRefused
from service.clock import local_date
from service.identity import Actor
from service.tables.governance import PHASES, Admission, Phase, RegisterEntry
from service.tables.organisation import Municipality
from service.workflow import go_live, governance
from service.workflow.go_live import fact_gate, fairness_gate, rollback_gate, rule_gate
from service.workflow.go_live.invented import refuse_invented
from service.workflow.model_in_use import admission
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers import basis, practice_change, tasks
from service.workflow.registers.approval import DRAFT, STATES, NotReady, is_escalated, state_of
from service.workflow.registers.book import standing

SHADOW = "skygge"


def enter_phase(
    session: Session, municipality_id: str, phase: str, *, legal_basis: str, approved_by: str,
    valid_from: date, now: datetime, by: Actor | None,
) -> Phase:  # fmt: skip
    """Enter a phase, and commit. Beyond practice a legal basis must stand in the register of approvals.

    Law and approver are taken from there when they are not given. From `skygge` on, every model in use must
    be approved that far. The data catalogue must be assessed as it is. Raises NotReady, and what
    `governance.change_phase` raises.
    """
    law, approver = legal_basis.strip(), approved_by.strip()
    if phase != governance.PRACTICE:
        basis.refuse_consent(law, field="legal_basis")
        held = _basis(session, municipality_id, phase, valid_from)
        tasks.refuse_unassessed(standing(session, municipality_id))
        law = law or held.content["lov"]
        approver = approver or f"{held.content['besluttet_af']}, {held.content['rolle']}"
        _refuse_unapproved_models(session, municipality_id, phase)
        _refuse_unready(session, municipality_id, phase, now)
    return governance.change_phase(
        session, municipality_id, phase, legal_basis=law, approved_by=approver, valid_from=valid_from,
        now=now, by=by,
    )  # fmt: skip


def promote(
    session: Session, shelf: ModelShelf, version: str, *, approver: str, note: str, now: datetime,
    by: Actor | None,
) -> Admission:  # fmt: skip
    """`admission.promote`, for a version that the registers, its changes and its test for bias let on."""
    refuse_unapproved(session, version, local_date(now))
    found = shelf.open(version)
    first_day = found.manifest.data_window[0]
    practice_change.refuse_older_practice(session, first_day, version, local_date(now))
    refuse_invented(session, found, local_date(now))
    rule_gate.refuse_hidden_change(session, found, local_date(now))
    fact_gate.refuse_needless_facts(session, found, local_date(now))
    record = fairness_gate.refuse_unfair(session, found, shelf.path(version), local_date(now))
    return admission.promote(
        session, shelf, version, approver=approver, note=note, now=now, by=by, audit=record
    )


def check_promotion(
    session: Session, found: Artifact, version: str, *, folder: Path, approver: str, note: str, now: datetime
) -> None:
    """Raise what `promote` raises for an artifact that was opened from a folder."""
    admission.check_promotion(session, found, version, approver=approver, note=note)
    refuse_unapproved(session, version, local_date(now))
    _refuse_unfit(session, found, version, folder, now)


def check_challenge(
    session: Session, found: Artifact, version: str, municipality_id: str, *, folder: Path, approver: str,
    note: str, now: datetime,
) -> None:  # fmt: skip
    """Raise what keeps a version from being computed in shadow: as for use, but `skygge` is enough."""
    admission.check_promotion(session, found, version, approver=approver, note=note)
    phase = governance.phase_of(session, municipality_id, local_date(now))
    _refuse(session, municipality_id, version, SHADOW if phase in PHASES[1:] else DRAFT)
    _refuse_unfit(session, found, version, folder, now)


def _refuse_unfit(session: Session, found: Artifact, version: str, folder: Path, now: datetime) -> None:
    """Raise NotReady for what a version is of itself, whatever it is approved for."""
    first_day = found.manifest.data_window[0]
    practice_change.refuse_older_practice(session, first_day, version, local_date(now))
    refuse_invented(session, found, local_date(now))
    rule_gate.refuse_hidden_change(session, found, local_date(now))
    fact_gate.refuse_needless_facts(session, found, local_date(now))
    fairness_gate.refuse_unfair(session, found, folder, local_date(now))


def rollback(
    session: Session, shelf: ModelShelf, area: str, *, approver: str, note: str, now: datetime,
    by: Actor | None,
) -> Admission:  # fmt: skip
    """`admission.rollback`, to a version that may still be used: see `rollback_gate`."""
    check_rollback(session, shelf, area, approver=approver, note=note, now=now)
    return admission.rollback(session, shelf, area, approver=approver, note=note, now=now, by=by)


def check_rollback(
    session: Session, shelf: ModelShelf, area: str, *, approver: str, note: str, now: datetime
) -> Admission:
    """The admission that would count again; raises what `rollback` raises."""
    try:
        before = admission.check_rollback(session, shelf, area, approver=approver, note=note)
    except ArtifactRefused as refused:
        earlier = admission.in_use(admission.history(session, area))[-2]
        raise rollback_gate.not_to_be_opened(earlier.version, refused) from refused
    refuse_unapproved(session, before.version, local_date(now))
    found = shelf.suggester(before.version, before.manifest_hash).artifact
    rollback_gate.refuse_unusable(session, found, shelf.path(before.version), local_date(now))
    return before


def refuse_unapproved(session: Session, version: str, on: date) -> None:
    """Raise NotReady when a version may not be taken into use.

    That is so while it is lifted anywhere, where a municipality is in a phase it is not approved for, and
    where one beyond practice has not assessed the catalogue as it is today.
    """
    for place in session.exec(select(Municipality).order_by(Municipality.code)):
        phase = governance.phase_of(session, place.id, on)
        _refuse(session, place.id, version, phase or DRAFT)


def _refuse_unapproved_models(session: Session, municipality_id: str, phase: str) -> None:
    if phase not in STATES:
        return
    active = [found for name in areas.names() if (found := admission.active_model(session, name))]
    if not active:
        raise NotReady(f"Der er ingen model i brug. Tag en i brug, før kommunen går ind i fasen {phase}.")
    for model in active:
        _refuse(session, municipality_id, model.version, phase)


def _refuse_unready(session: Session, municipality_id: str, phase: str, now: datetime) -> None:
    """Real use begins when the gate is open: every point it asks of the phase is met."""
    lacking = go_live.missing_for(session, municipality_id, phase, now)
    if lacking:
        named = "; ".join(f"{point.number}. {point.title}" for point in lacking)
        raise NotReady(f"Fasen {phase} kan ikke begynde. Det mangler: {named}.")


def _refuse(session: Session, municipality_id: str, version: str, phase: str) -> None:
    entries = standing(session, municipality_id)
    if is_escalated(entries, version):
        raise NotReady(f"Version {version} er løftet til et højere niveau og venter på at blive afklaret.")
    if phase in PHASES[1:]:
        tasks.refuse_unassessed(entries)
    state = state_of(entries, version)
    if phase in STATES and STATES.index(state) < STATES.index(phase):
        raise NotReady(
            f"Version {version} er godkendt til {state} og ikke til {phase}. Se: skoen register show"
        )


def _basis(session: Session, municipality_id: str, phase: str, on: date) -> RegisterEntry:
    held = basis.in_force(basis.bases_of(session, municipality_id, phase), on)
    if held is None:
        raise NotReady(
            f"Fasen {phase} mangler et retsgrundlag, der gælder {on.isoformat()}."
            " Indfør det i registret over godkendelser: skoen register add approval."
        )
    return held
