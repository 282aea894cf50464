"""A version goes from udkast to drift one step at a time, and no step before what it needs is there."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Refused
from service.tables.governance import RegisterEntry
from service.workflow.registers.approval import (
    NEEDS,
    STATES,
    NotReady,
    is_escalated,
    missing_for,
    professions_of,
    state_of,
)
from service.workflow.registers.documents import asked
from tests.cast import NOW, Cast
from tests.register import (
    BASIS,
    MODEL,
    PEOPLE,
    VERSION,
    a_basis,
    approve,
    approved_for_operation,
    in_shadow,
    ready_for_shadow,
    standing,
    write,
)
from tests.rows import rows

LAW_LIST = {"liste": "lov", "svar": [f"{each}: opfyldt: sag 26/139" for each in asked("lov")]}


def state(cast: Cast, version: str = VERSION) -> str:
    """How far a version is approved in Fjordby."""
    return state_of(standing(cast.engine, cast.dan), version)


def refused(cast: Cast, trin: str, error: type[Exception] = NotReady, **changed: Any) -> str:
    """The step is refused, and no table has a row more or less; gives the sentence."""
    before, present = rows(cast.engine), state(cast)
    with pytest.raises(error) as caught:
        approve(cast.engine, cast.dan, trin, **changed)
    assert (rows(cast.engine), state(cast)) == (before, present)
    return str(caught.value)


def prepare(cast: Cast, but: str, **changed: Any) -> None:
    """Everything for the first step except one thing."""
    steps = {
        "dilemma": lambda: write(cast.engine, cast.dan, "dilemma", **changed.get("dilemma", {})),
        "involvement": lambda: write(cast.engine, cast.dan, "involvement", **changed.get("involvement", {})),
        "balance": lambda: write(cast.engine, cast.dan, "balance"),
        "principper": lambda: write(cast.engine, cast.dan, "checklist"),
        "lov": lambda: write(cast.engine, cast.dan, "checklist", **LAW_LIST),
        "juridisk": lambda: approve(cast.engine, cast.dan, "juridisk"),
        "etisk": lambda: approve(cast.engine, cast.dan, "etisk"),
    }
    for name, step in steps.items():
        if name != but:
            step()


@pytest.mark.requirement("K-01", "G-46", "F-02")
@pytest.mark.parametrize(
    ("but", "named"),
    [
        ("dilemma", "dilemma"),
        ("balance", "afvejning"),
        ("juridisk", "juridisk godkendelse"),
        ("etisk", "etisk"),
    ],
)
def test_no_version_goes_to_shadow_without_all_it_needs(cast: Cast, but: str, named: str) -> None:
    prepare(cast, but)
    assert named in refused(cast, "skygge")
    assert NotReady.status == 409

    if but in ("dilemma", "balance"):
        write(cast.engine, cast.dan, but)
    else:
        approve(cast.engine, cast.dan, but)
    approve(cast.engine, cast.dan, "skygge")
    assert state(cast) == "skygge"


@pytest.mark.requirement("G-36")
def test_two_professions_are_not_three_however_they_are_written(cast: Cast) -> None:
    two = [PEOPLE[0], {"fag": " fysioterapi ", "rolle": "leder"}, PEOPLE[1]]
    prepare(cast, "", dilemma={"deltagere": two}, involvement={"deltagere": two})
    assert "3 forskellige fag" in refused(cast, "skygge")

    write(cast.engine, cast.dan, "involvement", deltagere=[PEOPLE[2]])
    approve(cast.engine, cast.dan, "skygge")
    assert state(cast) == "skygge"


@pytest.mark.requirement("G-19")
def test_a_high_risk_asks_the_director_and_the_data_protection_officer(cast: Cast) -> None:
    prepare(cast, "balance")
    weighed = write(cast.engine, cast.dan, "balance", risikoprofil="hoej")
    assert "direktørens" in refused(cast, "skygge")
    approve(cast.engine, cast.dan, "direktoer")
    assert "direktørens" not in (said := refused(cast, "skygge"))
    assert "databeskyttelsesrådgiverens" in said

    approve(cast.engine, cast.dan, "dpo")
    assert not missing_for(standing(cast.engine, cast.dan), VERSION, "skygge")
    write(cast.engine, cast.dan, "balance", risikoprofil="lav", replaces=weighed.id)
    approve(cast.engine, cast.dan, "skygge")
    assert state(cast) == "skygge"


@pytest.mark.requirement("G-19")
@pytest.mark.parametrize("risk", ["lav", "mellem"])
def test_another_risk_does_not(cast: Cast, risk: str) -> None:
    prepare(cast, "balance")
    write(cast.engine, cast.dan, "balance", risikoprofil=risk)
    approve(cast.engine, cast.dan, "skygge")
    assert state(cast) == "skygge"


@pytest.mark.requirement("K-01")
def test_what_is_written_about_another_version_does_not_count(cast: Cast) -> None:
    ready_for_shadow(cast.engine, cast.dan, "v2")
    refused(cast, "skygge")


@pytest.mark.requirement("D-62")
def test_no_pilot_before_the_union_was_heard(cast: Cast) -> None:
    ready_for_shadow(cast.engine, cast.dan)
    approve(cast.engine, cast.dan, "skygge")
    approve(cast.engine, cast.dan, "faglig")
    assert "MED-udvalg" in refused(cast, "pilot")

    write(cast.engine, cast.dan, "involvement", gruppe="med_tr")
    in_shadow(cast.engine, cast.dan)
    approve(cast.engine, cast.dan, "pilot")
    assert state(cast) == "pilot"


@pytest.mark.requirement("G-40")
def test_no_pilot_before_somebody_of_the_profession_approved_the_version(cast: Cast) -> None:
    ready_for_shadow(cast.engine, cast.dan)
    approve(cast.engine, cast.dan, "skygge")
    write(cast.engine, cast.dan, "involvement", gruppe="med_tr")
    assert "faglig" in refused(cast, "pilot")

    approve(cast.engine, cast.dan, "faglig")
    in_shadow(cast.engine, cast.dan)
    approve(cast.engine, cast.dan, "pilot")
    assert state(cast) == "pilot"


@pytest.mark.requirement("R-01")
def test_no_operation_before_citizens_were_involved(cast: Cast) -> None:
    ready_for_shadow(cast.engine, cast.dan)
    for trin in ("skygge", "faglig"):
        approve(cast.engine, cast.dan, trin)
    write(cast.engine, cast.dan, "involvement", gruppe="med_tr")
    in_shadow(cast.engine, cast.dan)
    approve(cast.engine, cast.dan, "pilot")
    assert "borgere" in refused(cast, "drift")

    write(cast.engine, cast.dan, "involvement", gruppe="borgere")
    approve(cast.engine, cast.dan, "drift")
    assert state(cast) == "drift"


def test_no_step_is_left_out_and_none_is_taken_twice(cast: Cast) -> None:
    ready_for_shadow(cast.engine, cast.dan)
    for trin in ("pilot", "drift"):
        refused(cast, trin)
    approve(cast.engine, cast.dan, "skygge")
    refused(cast, "skygge")


@pytest.mark.requirement("G-47")
def test_an_escalated_version_stands_still_until_it_is_resolved(cast: Cast) -> None:
    ready_for_shadow(cast.engine, cast.dan)
    approve(cast.engine, cast.dan, "loeftet")
    assert "løftet" in refused(cast, "skygge")

    approve(cast.engine, cast.dan, "afklaret", now=NOW + timedelta(hours=1))
    approve(cast.engine, cast.dan, "skygge", now=NOW + timedelta(hours=2))
    assert state(cast) == "skygge"


def test_nothing_is_resolved_that_was_not_lifted(cast: Cast) -> None:
    refused(cast, "afklaret")


@pytest.mark.requirement("G-45")
@pytest.mark.parametrize("key", ["besluttet_af", "rolle", "dato"])
@pytest.mark.parametrize("trin", ["juridisk", "skygge", "loeftet"])
def test_every_step_names_who_decided_it_in_which_role_and_when(cast: Cast, trin: str, key: str) -> None:
    ready_for_shadow(cast.engine, cast.dan)
    assert key in refused(cast, trin, Refused, **{key: None})


def test_an_edit_does_not_turn_a_sign_off_into_a_step(cast: Cast) -> None:
    signed = approve(cast.engine, cast.dan, "juridisk")
    refused(cast, "skygge", Refused, replaces=signed.id)

    approve(cast.engine, cast.dan, "juridisk", replaces=signed.id, begrundelse="Bedre begrundet.")
    assert len(standing(cast.engine, cast.dan)) == 1


@pytest.mark.requirement("R-19")
@pytest.mark.parametrize(
    "law",
    ["Borgerens samtykke", "SAMTYKKE efter loven", "GDPR art. 6(1)(a)", "GDPR artikel 6, stk. 1, litra a",
     "Explicit consent"],
)  # fmt: skip
def test_consent_is_no_legal_basis(cast: Cast, law: str) -> None:
    before = rows(cast.engine)
    with pytest.raises(Refused, match="Samtykke"):
        a_basis(cast.engine, cast.dan, "skygge", lov=law)
    assert rows(cast.engine) == before


@pytest.mark.parametrize(
    "law", ["Sundhedsloven § 140", "art. 6(1)(e) og 9(2)(g)", "artikel 6, stk. 1, litra e"]
)
def test_a_law_is(cast: Cast, law: str) -> None:
    assert a_basis(cast.engine, cast.dan, "skygge", lov=law).content["lov"] == law


@pytest.mark.parametrize("key", ["lov", "omfang", "udloeber", "dokument"])
def test_a_legal_basis_is_whole(cast: Cast, key: str) -> None:
    before = rows(cast.engine)
    with pytest.raises(Refused, match=key):
        a_basis(cast.engine, cast.dan, "skygge", **{key: None})
    assert rows(cast.engine) == before


def test_a_legal_basis_is_of_a_phase_and_a_step_is_of_a_version(cast: Cast) -> None:
    before = rows(cast.engine)
    for subject, trin in (
        ("fase:pilot", "juridisk"),
        (MODEL, "retsgrundlag"),
        ("fase:oevelse", "retsgrundlag"),
    ):
        with pytest.raises(Refused):
            write(cast.engine, cast.dan, "approval", **{**BASIS, "subject": subject, "trin": trin})
    assert rows(cast.engine) == before


def test_all_the_way(cast: Cast) -> None:
    approved_for_operation(cast.engine, cast.dan)
    entries = standing(cast.engine, cast.dan)

    assert state_of(entries, VERSION) == "drift"
    assert state_of(entries, "v2") == "udkast"
    assert state_of(standing(cast.engine, cast.carla), VERSION) == "udkast"


STEPS = st.sampled_from(["juridisk", "etisk", "faglig", "skygge", "pilot", "drift", "loeftet", "afklaret"])


def entry(trin: str) -> RegisterEntry:
    """An approval that is only held in memory."""
    return RegisterEntry(
        at=NOW, municipality_id="m", kind="approval", subject=MODEL, content={"trin": trin}, recorded_by="x"
    )


@given(st.lists(STEPS, max_size=12))
def test_whatever_was_written_a_step_is_open_from_one_state_alone(trin: list[str]) -> None:
    entries = [entry(each) for each in trin]
    open_steps = [to for to in STATES[1:] if not missing_for(entries, VERSION, to)]

    assert len(open_steps) <= 1
    if is_escalated(entries, VERSION):
        assert open_steps == []
    assert all((before, to) in NEEDS for before, to in pairwise(STATES))


@given(st.lists(st.sampled_from(["Jura", "jura ", " JURA", "Sygepleje", "sygepleje"]), max_size=8))
def test_professions_are_counted_once_each(written: list[str]) -> None:
    held = RegisterEntry(
        at=NOW, municipality_id="m", kind="dilemma", subject=MODEL, recorded_by="x",
        content={"deltagere": [{"fag": each, "rolle": "r"} for each in written]},
    )  # fmt: skip

    assert professions_of([held]) == {each.strip().lower() for each in written}
