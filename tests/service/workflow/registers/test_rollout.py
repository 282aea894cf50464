"""No phase and no model goes further than the registers carry it, and a basis that is over switches off."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from service.database import reading, writing
from service.errors import Refused
from service.log import Event
from service.tables.log import LogEntry
from service.workflow import governance
from service.workflow.go_live import rollout
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers.approval import NotReady
from tests.builders import an_admission
from tests.cast import NOW, TODAY, Cast
from tests.parts.tree import complaints, files_in
from tests.register import (
    VERSION,
    a_basis,
    approve,
    approved_for_operation,
    ready_for_operation,
    ready_for_shadow,
    write,
)
from tests.rows import rows

LAST_DAY = date(2026, 12, 31)


def enter(cast: Cast, phase: str, **changed: Any) -> None:
    """Fjordby enters a phase."""
    given = {"legal_basis": "", "approved_by": "", "valid_from": TODAY, **changed}
    with writing(cast.engine) as session:
        rollout.enter_phase(session, cast.ada.municipality_id, phase, now=NOW, by=cast.ada, **given)


def refused(cast: Cast, phase: str, error: type[Exception] = NotReady, **changed: Any) -> str:
    """The phase is refused, and no table has a row more or less; gives the sentence."""
    before = rows(cast.engine)
    with pytest.raises(error) as caught:
        enter(cast, phase, **changed)
    assert rows(cast.engine) == before
    return str(caught.value)


def phase_on(cast: Cast, day: date) -> str | None:
    """Fjordby's phase on a day."""
    with reading(cast.engine) as session:
        return governance.phase_of(session, cast.ada.municipality_id, day)


@pytest.mark.requirement("K-18", "R-12")
@pytest.mark.parametrize("phase", ["udvikling", "skygge", "pilot", "drift"])
def test_no_phase_beyond_practice_without_a_basis_in_the_register(cast: Cast, phase: str) -> None:
    an_admission(cast.engine, cast.dan, version=VERSION)
    approved_for_operation(cast.engine, cast.dan)
    assert "retsgrundlag" in refused(cast, phase, legal_basis="SUL § 140", approved_by="Ida Vest")

    a_basis(cast.engine, cast.dan, phase)
    ready_for_operation(cast)
    enter(cast, phase)
    assert phase_on(cast, TODAY) == phase


def test_law_and_approver_come_from_the_register(cast: Cast) -> None:
    a_basis(cast.engine, cast.dan, "udvikling")
    enter(cast, "udvikling")
    with reading(cast.engine) as session:
        record = governance.phase_record(session, cast.ada.municipality_id, TODAY)

    assert record is not None
    assert (record.legal_basis, record.approved_by) == ("Sundhedsloven § 140", "Ida Vest, direktør")


@pytest.mark.requirement("R-19")
def test_consent_is_refused_here_too(cast: Cast) -> None:
    a_basis(cast.engine, cast.dan, "udvikling")
    refused(cast, "udvikling", Refused, legal_basis="Borgerens samtykke")


@pytest.mark.parametrize("day", [date(2026, 5, 31), LAST_DAY + timedelta(days=1)])
def test_a_basis_counts_only_within_its_dates(cast: Cast, day: date) -> None:
    a_basis(cast.engine, cast.dan, "udvikling")
    refused(cast, "udvikling", valid_from=day)


def test_a_basis_that_runs_out_switches_off_by_itself(cast: Cast) -> None:
    a_basis(cast.engine, cast.dan, "udvikling")
    enter(cast, "udvikling")

    assert phase_on(cast, LAST_DAY) == "udvikling"
    assert phase_on(cast, LAST_DAY + timedelta(days=1)) is None


def test_a_basis_that_is_cut_short_switches_off_and_a_new_one_on_again(cast: Cast) -> None:
    first = a_basis(cast.engine, cast.dan, "udvikling")
    enter(cast, "udvikling")
    a_basis(cast.engine, cast.dan, "udvikling", replaces=first.id, udloeber="2026-06-29")
    assert phase_on(cast, TODAY) is None

    a_basis(cast.engine, cast.dan, "udvikling", lov="Sundhedsloven § 42 d")
    assert phase_on(cast, TODAY) == "udvikling"


@pytest.mark.parametrize("phase", ["skygge", "pilot", "drift"])
def test_no_phase_further_than_the_model_in_use_is_approved(cast: Cast, phase: str) -> None:
    a_basis(cast.engine, cast.dan, phase)
    assert "ingen model i brug" in refused(cast, phase)

    an_admission(cast.engine, cast.dan, version=VERSION)
    assert "udkast" in refused(cast, phase)


@pytest.mark.requirement("G-47")
def test_an_escalated_model_takes_no_municipality_on_and_cannot_be_promoted(cast: Cast) -> None:
    an_admission(cast.engine, cast.dan, version=VERSION)
    ready_for_shadow(cast.engine, cast.dan)
    approve(cast.engine, cast.dan, "skygge")
    approve(cast.engine, cast.dan, "loeftet")
    a_basis(cast.engine, cast.dan, "skygge")
    assert "løftet" in refused(cast, "skygge")
    with reading(cast.engine) as session, pytest.raises(NotReady, match="løftet"):
        rollout.refuse_unapproved(session, VERSION, TODAY)

    approve(cast.engine, cast.dan, "afklaret", now=NOW + timedelta(hours=1))
    enter(cast, "skygge")
    assert phase_on(cast, TODAY) == "skygge"


@pytest.mark.requirement("K-01")
def test_a_new_version_is_not_taken_into_use_where_it_is_not_approved(cast: Cast) -> None:
    an_admission(cast.engine, cast.dan, version=VERSION)
    ready_for_shadow(cast.engine, cast.dan)
    approve(cast.engine, cast.dan, "skygge")
    a_basis(cast.engine, cast.dan, "skygge")
    with reading(cast.engine) as session:
        rollout.refuse_unapproved(session, "v2", TODAY)  # in practice anybody may try one
    enter(cast, "skygge")
    with reading(cast.engine) as session, pytest.raises(NotReady) as caught:
        rollout.refuse_unapproved(session, "v2", TODAY)
    assert caught.value.status == 409

    ready_for_shadow(cast.engine, cast.dan, "v2")
    approve(cast.engine, cast.dan, "skygge", version="v2")
    with reading(cast.engine) as session:
        rollout.refuse_unapproved(session, "v2", TODAY)


@pytest.mark.requirement("G-20")
def test_in_the_log_every_approval_stands_before_the_first_use(cast: Cast) -> None:
    """Whenever somebody tries, only the try after the last approval gets in."""
    an_admission(cast.engine, cast.dan, version=VERSION)
    a_basis(cast.engine, cast.dan, "skygge")
    refused(cast, "skygge")
    ready_for_shadow(cast.engine, cast.dan)
    refused(cast, "skygge")
    approve(cast.engine, cast.dan, "skygge")
    enter(cast, "skygge")
    wanted = {Event.REGISTER_WRITTEN, Event.PHASE_CHANGED}
    with reading(cast.engine) as session:
        entries = session.exec(select(LogEntry.entry).order_by(LogEntry.seq)).all()  # type: ignore[arg-type]
    told = [each for each in map(json.loads, entries) if each["type"] in wanted]

    assert told[-1]["row"]["phase"] == "skygge"
    steps = [each["row"]["content"].get("trin") for each in told if each["type"] == Event.REGISTER_WRITTEN]
    assert {"juridisk", "etisk", "skygge"} <= set(steps)
    assert [each["row"]["phase"] for each in told if each["type"] == Event.PHASE_CHANGED].count("skygge") == 1


@pytest.mark.requirement("G-47")
def test_nobody_goes_back_to_an_escalated_version_either(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = an_admission(cast.engine, cast.dan, version=VERSION)
    monkeypatch.setattr(rollout.admission, "check_rollback", lambda *_, **__: before)
    approve(cast.engine, cast.dan, "loeftet")
    with reading(cast.engine) as session, pytest.raises(NotReady, match="løftet"):
        rollout.check_rollback(
            session, ModelShelf(Path("x")), "genoptraening", approver="D", note="N", now=NOW
        )


def test_nothing_of_the_service_enters_a_phase_or_promotes_past_the_registers() -> None:
    """`governance.change_phase` and `admission.promote` ask the registers nothing."""
    may = {
        "service/workflow/go_live/rollout.py", "service/workflow/governance/__init__.py",
        "service/demo/town.py", "service/demo/prepare.py", "service/workflow/model_in_use/admission.py",
    }  # fmt: skip

    def past(file: Any, text: str) -> Any:
        for number, line in enumerate(text.splitlines(), start=1):
            if "change_phase(" in line or "admission.promote(" in line or "admission.rollback(" in line:
                yield number, "goes past the registers"

    assert complaints(past, [f for f in files_in("service") if f.as_posix() not in may]) == []
    assert complaints(past, files_in("service"))


def test_a_dilemma_without_a_version_opens_nothing(cast: Cast) -> None:
    write(cast.engine, cast.dan, "dilemma", subject="system:skoen")
    a_basis(cast.engine, cast.dan, "skygge")
    an_admission(cast.engine, cast.dan, version=VERSION)
    refused(cast, "skygge")
