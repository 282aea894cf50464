"""Nothing of a citizen is destroyed unless the whole order is in order, and can be written down."""


import pytest

from service.database import guard
from service.errors import LogUnavailable, NotFound, ReadOnly
from service.log.erasure_ledger import LedgerUnfit
from service.log.vault import vault_of
from service.workflow.erasure import ErasureRefused
from service.workflow.erasure_grounds import UnknownGround
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


def test_without_a_log_nothing_is_destroyed(any_town: Town) -> None:
    person = any_town.plant(1)
    before = any_town.state()

    def cannot(session: object) -> None:
        raise LogUnavailable

    with pytest.raises(LogUnavailable):
        any_town.erase(person.citizen_id, record=cannot)
    assert any_town.state() == before
    assert vault_of(any_town.engine).key_of(person.citizen_id) == person.key
