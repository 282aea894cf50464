"""Nothing of a citizen is destroyed unless the whole order is in order, and can be written down."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from service.database import guard, make_engine
from service.errors import LogUnavailable, NotFound, ReadOnly
from service.log.erasure_ledger import LedgerUnfit
from service.log.keystore import Keystore
from service.log.vault import Vault, attach, vault_of
from service.workflow.erasure import ErasureRefused
from service.workflow.erasure.grounds import UnknownGround
from tests.parts.citizens import receive
from tests.parts.town import Town
from tests.rows import rows


@pytest.mark.parametrize(
    ("changes", "refusal", "why"),
    [
        ({"ground": "because"}, UnknownGround, "The grounds are: no_longer_needed"),
        ({"ground": "duty_to_record"}, UnknownGround, "is no ground"),
        ({"reason": "  "}, ErasureRefused, "reason is missing"),
        ({"reason": "x" * 501}, ErasureRefused, "500"),
        ({"reason": "Borger 710247-9995 bad om det."}, ErasureRefused, "CPR"),
        ({"reason": "NAVNA00001 bad om det."}, ErasureRefused, "names the citizen"),
        ({"reason": "Bor på Vej00001 7, 9999 Fjordby."}, ErasureRefused, "names the citizen"),
    ],
    ids=["unknown", "refusal's", "none", "long", "cpr", "name", "address"],
)
def test_what_is_not_in_order_is_refused(
    town: Town, changes: dict[str, str], refusal: type[Exception], why: str
) -> None:
    person = town.plant(1)
    before = town.state()

    with pytest.raises(refusal, match=why):
        town.erase(person.citizen_id, **changes)
    assert town.state() == before
    assert town.left_of(person) != []


def test_a_citizen_nobody_knows_is_refused(town: Town) -> None:
    before = town.state()

    with pytest.raises(NotFound):
        town.erase("f" * 32)
    with pytest.raises(ValueError, match="nobody"):
        town.erase("")
    assert town.state() == before


def test_an_open_case_is_refused_by_its_number(town: Town) -> None:
    person = town.plant(1)
    case = receive(town.engine, 2, person=1)
    before = town.state()

    with pytest.raises(ErasureRefused, match=f"case {case.serial}. Somebody is waiting"):
        town.erase(person.citizen_id)
    assert town.state() == before

    town.erase(person.citizen_id, even_open=True)
    assert town.left_of(person) == []


def test_one_of_several_that_is_refused_spares_them_all(town: Town) -> None:
    person = town.plant(1)
    waiting = receive(town.engine, 2)
    before = town.state()

    with pytest.raises(ErasureRefused):
        town.erase(person.citizen_id, waiting.citizen_id)
    assert town.state() == before


def test_without_a_ledger_nothing_is_destroyed(town: Town) -> None:
    person = town.plant(1)
    town.ledger.parent.parent.joinpath("seals").write_text("in the way")
    before = rows(town.engine)

    with pytest.raises(LedgerUnfit, match="nothing was destroyed"):
        town.erase(person.citizen_id)
    assert rows(town.engine) == before
    assert vault_of(town.engine).key_of(person.citizen_id) == person.key


def test_while_nothing_may_be_saved_nothing_is_destroyed(town: Town) -> None:
    person = town.plant(1)
    before = town.state()

    def no() -> None:
        raise ReadOnly(["Loggen passer ikke."])

    guard(town.engine, no)
    with pytest.raises(ReadOnly):
        town.erase(person.citizen_id)
    assert town.state() == before


def test_without_a_log_nothing_is_destroyed(town: Town) -> None:
    person = town.plant(1)
    before = town.state()
    full = "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    with town.engine.begin() as connection:
        connection.exec_driver_sql(full)

    with pytest.raises(DBAPIError):
        town.erase(person.citizen_id)
    assert town.state() == before
    assert vault_of(town.engine).key_of(person.citizen_id) == person.key


@pytest.mark.postgres
def test_nor_on_the_other_database(postgres_engine: Engine, tmp_path: Path) -> None:
    town = Town(postgres_engine, tmp_path)
    person = town.plant(1)
    before = town.state()
    with town.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE log_entries ADD CHECK (event <> 'key:shredded')")

    with pytest.raises(DBAPIError):
        town.erase(person.citizen_id)
    assert town.state() == before


def test_without_a_keystore_that_takes_changes_nothing_is_destroyed(town: Town) -> None:
    person = town.plant(1)
    before = town.state()
    blocker = vault_of(town.engine).keystore.engine.connect()
    blocker.exec_driver_sql("SELECT 1")
    try:
        keys = Keystore(vault_of(town.engine).keystore.engine.url.render_as_string())
        keys.engine = make_engine(keys.engine.url.render_as_string(), busy_seconds=0)
        attach(town.engine, Vault(keys, vault_of(town.engine).kek))
        with pytest.raises(LogUnavailable, match="nothing was destroyed"):
            town.erase(person.citizen_id)
    finally:
        blocker.close()
    assert town.state() == before
