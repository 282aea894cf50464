"""What the access log tells a citizen: when, what for, from where and in which role, and never who."""

import json
from dataclasses import asdict

import pytest
from sqlalchemy import Engine

from service import log
from service.database import reading, writing
from service.log import Event
from service.tables.intake import Case
from service.workflow.oversight.citizen_layer import CitizenLayer, Whose, citizen_layer
from tests.cast import Cast
from tests.look_ups import at, cases, look
from tests.service.signer.bench import tampered


def layer(engine: Engine, case: Case) -> CitizenLayer:
    """What the citizen of a case is told."""
    with reading(engine) as session:
        return citizen_layer(session, case.citizen_id)


def enter(engine: Engine, event: Event, case: Case, day: int, **fields: str) -> None:
    """An entry about a case that nobody of the staff has made."""
    with writing(engine) as session:
        log.append(session, event, at=at(day), by=None, case_id=case.id, **fields)
        session.commit()


@pytest.mark.requirement("R-21")
def test_it_tells_day_purpose_unit_and_role_and_nothing_of_who(engine: Engine, cast: Cast) -> None:
    (case,) = cases(engine, 1)
    look(engine, cast.alma, case, at(4), at(4, 11))
    look(engine, cast.bent, case, at(4, 12))
    look(engine, cast.dorte, case, at(5), purpose="klage")

    told = layer(engine, case).looks
    assert [(look.on.day, look.times, look.purpose, look.unit, look.role) for look in told] == [
        (5, 1, "klage", "Træning Nord", "tilsyn"),
        (4, 3, "sagsbehandling", "Træning Nord", "visitator"),
    ]
    assert {look.authority for look in told} == {"Fjordby Kommune"}
    document = json.dumps([asdict(look) for look in told], default=str, ensure_ascii=False)
    for person in cast.people.values():
        for secret in (person.person_id, f'"{person.username}"', person.display_name):
            assert secret not in document


def test_what_she_opened_herself_is_hers_and_a_command_is_neither_hers_nor_a_persons(
    engine: Engine, cast: Cast
) -> None:
    (case,) = cases(engine, 1)
    enter(engine, Event.CITIZEN_OPENED, case, 4, purpose="egen_indsigt")
    enter(engine, Event.EXPORTED, case, 5, what="log")
    look(engine, cast.alma, case, at(6))

    assert [(look.whose, look.unit, look.role) for look in layer(engine, case).looks] == [
        (Whose.STAFF, "Træning Nord", "visitator"), (Whose.COMMAND, "", ""), (Whose.HERS, "", ""),
    ]  # fmt: skip


def test_only_her_own_cases_are_told_of(engine: Engine, cast: Cast) -> None:
    case, *others = cases(engine, 3)
    for each in (case, *others):
        look(engine, cast.alma, each, at(4))
    hers = {one.id for one in (case, *others) if one.citizen_id == case.citizen_id}

    assert {look.case_id for look in layer(engine, case).looks} == hers


def test_an_entry_that_does_not_fit_is_counted_and_not_told(engine: Engine, cast: Cast) -> None:
    (case,) = cases(engine, 1)
    (receipt,) = look(engine, cast.alma, case, at(4))
    tampered(
        engine,
        "UPDATE log_entries SET entry = replace(entry, 'visitator', 'tilsyn')"
        " WHERE shard = :shard AND seq = :seq",
        shard=receipt.shard, seq=receipt.seq,
    )  # fmt: skip
    told = layer(engine, case)

    assert (told.looks, told.damaged) == ((), 1)
