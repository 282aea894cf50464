"""A citizen is erased altogether, whatever breaks off in the middle, and the log still verifies."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from service import log, sessions
from service.database import reading, writing
from service.errors import LogUnavailable
from service.log import erasure_ledger
from service.log.erasure_ledger import key_of
from service.log.vault import vault_of
from service.tables.intake import Case, Draft, IdentityMap
from service.tables.oversight import Erasure
from service.workflow import erasure
from service.workflow.citizens import holding
from service.workflow.erasure.freed_pages import NotSwept
from tests.parts.citizens import a_citizen, id_of, receive, report, request_of
from tests.parts.town import LATER, ORDER, Town


def test_everything_about_a_citizen_goes_and_nothing_about_another(any_town: Town) -> None:
    gone, stays = any_town.plant(1), any_town.plant(2)
    left_before = any_town.left_of(stays)

    done = any_town.erase(gone.citizen_id)

    assert dict(done.counts) == {
        "citizens": 1, "cases": 1, "delivery reports": 1, "reported resources": 2, "sealed parts": 11,
        "drafts": 1,
    }  # fmt: skip
    assert (done.keys, done.not_swept) == (1, "")
    assert any_town.left_of(gone) == []
    assert any_town.left_of(stays) == left_before
    assert log.verify(any_town.engine).problems == []
    with reading(any_town.engine) as session:
        case = session.get_one(Case, stays.case.id)
        assert log.open_part(session, case)["identity"]["name"] == stays.citizen.name
    assert any_town.unfinished() == 0


def test_the_log_says_that_and_why_but_not_whose(town: Town) -> None:
    person = town.plant(1)

    town.erase(person.citizen_id)

    with reading(town.engine) as session:
        found = list(session.exec(select(Erasure).order_by(Erasure.log_seq)))
        query = text("SELECT entry FROM log_entries WHERE event = 'key:shredded'")
        entries = "".join(session.execute(query).scalars())
    assert {each.subject_id for each in found} == {person.case.id, person.report_id}
    assert [each.subject_id for each in found] == sorted(each.subject_id for each in found)
    assert {(each.occasion, each.ground, each.reason) for each in found} == {
        ("request", ORDER.ground, ORDER.reason)
    }
    assert erasure_ledger.read(town.ledger).hashes[0] in entries
    assert not any(each in entries for each in (*person.words(), *person.ids(), key_of(person.citizen_id)))


def test_several_citizens_at_once_are_not_told_apart(town: Town) -> None:
    people = [town.plant(number) for number in range(3)]

    done = town.erase(*(person.citizen_id for person in people))

    assert (done.counts["citizens"], done.keys) == (3, 3)
    with reading(town.engine) as session:
        subjects = list(session.exec(select(Erasure.subject_id).order_by(Erasure.log_seq)))
    assert subjects == sorted(subjects)
    assert [town.left_of(person) for person in people] == [[], [], []]


def test_what_browsers_remember_of_a_search_goes_and_nobody_is_signed_out(town: Town) -> None:
    person = town.plant(1)
    with writing(town.engine) as session:
        content = {"csrf_token": "c", "soegning": person.citizen.name, "formaal": {person.case.id: "klage"}}
        token = sessions.create(session, now=LATER, content=content, person_id=town.alma.person_id)
        session.commit()

    town.erase(person.citizen_id)

    with reading(town.engine) as session:
        found = sessions.read(session, token, now=LATER)
    assert found is not None
    assert (found.content, found.person_id) == ({"csrf_token": "c"}, town.alma.person_id)


def test_the_same_citizen_may_come_again_as_somebody_new(any_town: Town) -> None:
    person = any_town.plant(1)
    any_town.erase(person.citizen_id)

    case = receive(any_town.engine, 1)
    again = report(any_town.engine, 1)

    assert case.citizen_id != person.citizen_id
    assert case.request_id == request_of(1)
    assert again != person.report_id
    with reading(any_town.engine) as session:
        assert id_of(session, a_citizen(1).cpr) == case.citizen_id
        assert holding(session, case.citizen_id).counts["delivery reports"] == 1  # type: ignore[index]
    assert log.verify(any_town.engine).problems == []
    assert any_town.unfinished() == 0


class Crash(BaseException):
    """The process dies here: nothing catches it."""


@pytest.mark.parametrize(
    ("place", "comes_after"),
    [
        ("service.workflow.erasure.erase_rows", False),
        ("service.workflow.erasure.erase_rows", True),
        ("service.workflow.erasure._destroy_keys", False),
        ("service.workflow.erasure._destroy_keys", True),
        ("service.workflow.erasure.sweep", False),
        ("service.workflow.erasure.sweep", True),
    ],
)
def test_broken_off_anywhere_it_is_finished_later(
    town: Town, place: str, comes_after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, stays = town.plant(1), town.plant(2)
    _crashing(monkeypatch, place, comes_after)
    with pytest.raises(Crash):
        town.erase(person.citizen_id)
    monkeypatch.undo()
    assert log.verify(town.engine).problems == []
    assert town.unfinished() == 1

    done = town.finish()

    assert done.not_swept == ""
    assert town.left_of(person) == []
    assert town.left_of(stays) != []
    assert log.verify(town.engine).problems == []
    assert town.unfinished() == 0
    before = town.state()
    assert town.finish() == erasure.Erased()
    assert town.state() == before


def test_a_disk_that_is_full_at_the_last_moment_is_told_and_finished_later(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = town.plant(1)
    original, calls = erasure.erase_rows, iter([True])

    def full(*args: Any, **kwargs: Any) -> Any:
        if next(calls, False):
            return original(*args, **kwargs)
        raise LogUnavailable

    monkeypatch.setattr(erasure, "erase_rows", full)
    with pytest.raises(
        LogUnavailable, match="The ledger names the citizen already, nothing is destroyed yet"
    ):
        town.erase(person.citizen_id)
    monkeypatch.undo()
    assert vault_of(town.engine).key_of(person.citizen_id) == person.key
    assert town.unfinished() == 1

    town.finish()

    assert (town.left_of(person), town.unfinished()) == ([], 0)


@pytest.mark.postgres
def test_on_the_other_database_too(
    postgres_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(postgres_engine, tmp_path)
    test_broken_off_anywhere_it_is_finished_later(
        town, "service.workflow.erasure._destroy_keys", False, monkeypatch
    )


def _crashing(monkeypatch: pytest.MonkeyPatch, place: str, comes_after: bool) -> None:
    module, _, name = place.rpartition(".")
    assert module == erasure.__name__
    original: Callable[..., object] = getattr(erasure, name)
    rehearsals = iter([True] if name == "erase_rows" else [])

    def crash(*args: Any, **kwargs: Any) -> object:
        if next(rehearsals, False):
            return original(*args, **kwargs)
        if comes_after:
            original(*args, **kwargs)
        raise Crash

    monkeypatch.setattr(erasure, name, crash)


def test_the_next_erasure_finishes_the_one_before(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = town.plant(1), town.plant(2)
    _crashing(monkeypatch, "service.workflow.erasure._destroy_keys", False)
    with pytest.raises(Crash):
        town.erase(first.citizen_id)
    monkeypatch.undo()

    town.erase(second.citizen_id)

    assert (town.left_of(first), town.left_of(second), town.unfinished()) == ([], [], 0)


def test_freed_pages_that_cannot_be_cleared_are_told_and_cleared_later(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = town.plant(1)

    def cannot(*_: object) -> None:
        raise NotSwept("Something is in the way.")

    monkeypatch.setattr(erasure, "sweep", cannot)
    assert town.erase(person.citizen_id).not_swept == "Something is in the way."
    assert town.unfinished() == 1
    monkeypatch.undo()

    assert town.finish().not_swept == ""
    assert town.unfinished() == 0


def test_whoever_a_backup_brought_back_goes_again(any_town: Town) -> None:
    person, stays = any_town.plant(1), any_town.plant(2)
    with erasure_ledger.alone(any_town.ledger) as held:  # as the ledger is when the rest is from before
        held.add(
            [erasure_ledger.erased_line(person.citizen_id, at=LATER, ground="unlawful", occasion="request")]
        )
        held.add([erasure_ledger.swept_line(LATER)])
    assert any_town.unfinished() == 1

    done = erasure.replay(any_town.engine, any_town.ledger, now=LATER, operator="uid:0")

    assert (done.counts["citizens"], done.counts["cases"], done.keys) == (1, 1, 1)
    with reading(any_town.engine) as session:
        assert set(session.exec(select(Erasure.occasion))) == {"replay"}
    assert (any_town.left_of(person), any_town.unfinished()) == ([], 0)
    assert any_town.left_of(stays) != []
    assert erasure.replay(any_town.engine, any_town.ledger, now=LATER, operator="uid:0") == erasure.Erased()


def test_a_key_that_a_backup_of_the_keystore_brought_back_goes_again(town: Town) -> None:
    person = town.plant(1)
    town.erase(person.citizen_id)
    vault_of(town.engine).keystore.add(person.citizen_id, person.wrapped)
    assert town.unfinished() == 1

    assert erasure.replay(town.engine, town.ledger, now=LATER, operator="uid:0").keys == 1
    assert vault_of(town.engine).keystore.find(person.citizen_id) is None


def test_lines_taken_out_of_the_ledger_are_missed_by_the_log(town: Town) -> None:
    person = town.plant(1)
    town.erase(person.citizen_id)
    assert erasure.gaps(town.engine, town.ledger) == 0

    town.ledger.unlink()

    assert erasure.gaps(town.engine, town.ledger) == 2


def test_a_citizen_known_by_number_alone_can_be_erased(town: Town) -> None:
    with writing(town.engine) as session:
        row = IdentityMap(municipality_id=town.alma.municipality_id, lookup="0" * 64)
        session.add(row)
        session.commit()

    assert dict(town.erase(row.citizen_id).counts)["citizens"] == 1
    with reading(town.engine) as session:
        assert session.exec(select(IdentityMap)).all() == []
        assert session.exec(select(Draft)).all() == []
