"""The vault: what is sealed opens only in its place and under its key, and a key that is gone is gone."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from service import log
from service.config import Settings
from service.database import make_engine, reading, upgrade, writing
from service.errors import LogUnavailable, PartUnreadable, UnsafeStart
from service.keys import create_keys
from service.log import Event
from service.log.keystore import Keystore
from service.log.vault import Vault, create_keystore, key_in, keys_at_hand, open_engine, vault_of
from service.tables.intake import Case
from tests.cast import Cast
from tests.parts.steps import CITIZEN, a_case, one_of_everything, put
from tests.parts.vaults import KEK, keystore_file
from tests.rows import rows

PLACE = "part:decision:1"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault with an empty keystore."""
    keystore = Keystore(f"sqlite:///{tmp_path / 'keys.db'}")
    keystore.create()
    return Vault(keystore, KEK)


@pytest.fixture
def installation(tmp_path: Path) -> Settings:
    """Settings of an installation in a folder of its own, with nothing in it yet."""
    return Settings.from_environment({"SKOEN_VAR": str(tmp_path / "var")})


SPARE = Vault(Keystore("sqlite:////nowhere/keys.db"), KEK)
"""For sealing alone, which asks no keystore."""


@given(content=st.binary(max_size=2000), flipped=st.integers(min_value=0))
@settings(max_examples=200)
def test_what_is_sealed_opens_again_and_one_flipped_bit_keeps_it_shut(content: bytes, flipped: int) -> None:
    nonce, sealed = SPARE.seal(KEK, PLACE, content)
    assert SPARE.open(KEK, PLACE, nonce, sealed) == content
    at = flipped % (8 * len(sealed))
    damaged = bytearray(sealed)
    damaged[at // 8] ^= 1 << at % 8
    with pytest.raises(PartUnreadable):
        SPARE.open(KEK, PLACE, nonce, bytes(damaged))


@pytest.mark.parametrize(
    ("key", "place"), [(KEK, "part:decision:2"), (KEK, "part:planning:1"), (bytes(32), PLACE)]
)
def test_it_opens_nowhere_else_and_under_no_other_key(key: bytes, place: str) -> None:
    nonce, sealed = SPARE.seal(KEK, PLACE, b"Ane")
    with pytest.raises(PartUnreadable):
        SPARE.open(key, place, nonce, sealed)


def test_a_citizen_keeps_one_key_and_it_lies_wrapped(vault: Vault) -> None:
    key = vault.make_key("a")

    assert vault.key_of("a") == key
    with pytest.raises(LogUnavailable):
        vault.make_key("a")
    assert vault.key_of("a") == key
    wrapped = vault.keystore.find("a")
    assert wrapped is not None and key not in wrapped


def test_wrapped_keys_cannot_change_places(vault: Vault) -> None:
    vault.make_key("a")
    vault.make_key("b")
    swapped = vault.keystore.find("a")
    with vault.keystore.engine.begin() as connection:
        connection.execute(text("UPDATE keys SET wrapped = :w WHERE key_id = 'b'"), {"w": swapped})

    with pytest.raises(PartUnreadable):
        vault.key_of("b")


def test_a_removed_key_is_gone_from_every_byte_of_the_keystore(vault: Vault, tmp_path: Path) -> None:
    for number in range(50):
        vault.make_key(f"citizen {number}")
    gone = [f"citizen {number}" for number in range(0, 50, 2)]
    wrapped = [vault.keystore.find(each) for each in gone]

    assert vault.keystore.remove(gone) == 25

    vault.keystore.engine.dispose()
    raw = b"".join(file.read_bytes() for file in tmp_path.glob("keys.db*"))
    assert not [each for each in wrapped if each is None or each in raw]
    assert not [each for each in gone if each.encode() + b"\x00" in raw or vault.keystore.find(each)]
    assert vault.keystore.count() == 25


def test_nothing_personal_lies_in_clear_in_the_database(engine: Engine, tmp_path: Path) -> None:
    one_of_everything(engine)
    engine.dispose()

    raw = b"".join(file.read_bytes() for file in tmp_path.glob("skoen.db*"))
    for word in ("Ane Ærø", "Kan gå 20 meter", "svær", "13 af 20", "Hvad synes du"):
        assert word.encode() not in raw, word


def test_a_lost_key_is_not_papered_over_by_a_new_one(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        put(session, Event.CASE_RECEIVED, a_case(cast.alma))
        session.commit()
    vault_of(engine).keystore.remove([CITIZEN])
    before = rows(engine)

    with writing(engine) as session, pytest.raises(PartUnreadable):
        put(session, Event.CASE_RECEIVED, a_case(cast.alma, serial=2))

    assert vault_of(engine).keystore.count() == 0
    assert rows(engine) == before
    assert any("no erasure says why" in problem for problem in log.verify(engine).problems)


def test_without_a_keystore_nothing_is_saved(engine: Engine, cast: Cast) -> None:
    keystore_file(engine).unlink()
    sqlite3.connect(keystore_file(engine)).close()
    before = rows(engine)

    with writing(engine) as session, pytest.raises(LogUnavailable):
        put(session, Event.CASE_RECEIVED, a_case(cast.alma))

    assert rows(engine) == before


def test_an_engine_without_a_vault_seals_nothing(engine: Engine, cast: Cast) -> None:
    bare, before = make_engine(str(engine.url)), rows(engine)

    with writing(bare) as session, pytest.raises(UnsafeStart, match="keystore"):
        put(session, Event.CASE_RECEIVED, a_case(cast.alma))

    assert rows(engine) == before


def test_a_new_installation_gets_its_keystore_for_the_owner_only(installation: Settings) -> None:
    engine = make_engine(installation.database_url)
    upgrade(engine)
    create_keys(installation, engine)

    with pytest.raises(UnsafeStart, match="no keystore"):
        open_engine(installation)
    create_keystore(installation, engine)
    vault_of(open_engine(installation)).check()

    assert (installation.var / "keystore.db").stat().st_mode & 0o777 == 0o600


def test_a_lost_keystore_is_not_made_anew_for_a_database_in_use(installation: Settings) -> None:
    engine = make_engine(installation.database_url)
    upgrade(engine)
    create_keys(installation, engine)
    create_keystore(installation, engine)
    one_of_everything(open_engine(installation))
    (installation.var / "keystore.db").unlink()

    with pytest.raises(UnsafeStart, match="own backup"):
        create_keystore(installation, engine)

    assert not (installation.var / "keystore.db").exists()


def test_another_key_of_keys_does_not_open_the_keystore(vault: Vault) -> None:
    vault.make_key("a")

    with pytest.raises(UnsafeStart, match="do not fit"):
        Vault(vault.keystore, bytes(32)).check()
    vault.check()


def test_the_keystore_must_be_a_database_of_its_own(installation: Settings) -> None:
    same = Settings.from_environment(
        {"SKOEN_VAR": str(installation.var), "SKOEN_KEYSTORE_URL": installation.database_url}
    )
    with pytest.raises(UnsafeStart, match="another database"):
        open_engine(same)


def test_a_key_is_read_once_in_a_session_and_anew_in_the_next(engine: Engine) -> None:
    _, written = one_of_everything(engine)
    with reading(engine) as session:
        case = session.get_one(Case, written["received"].id)
        assert log.open_part(session, case)["name"] == "Ane Ærø"

    vault_of(engine).keystore.remove([CITIZEN])

    with reading(engine) as session, pytest.raises(PartUnreadable):
        log.open_part(session, session.get_one(Case, written["received"].id))


def test_keys_are_read_together_and_a_damaged_or_lost_one_is_refused_as_by_itself(engine: Engine) -> None:
    vault = vault_of(engine)
    made = {citizen: vault.make_key(citizen) for citizen in ("anna", "bo")}
    vault.keystore.add("carl", b"damaged")

    with reading(engine) as session:
        keys_at_hand(session, [*made, "carl", "nobody"])
        vault.keystore.remove(["anna"])
        assert {citizen: key_in(session, citizen) for citizen in made} == made
        for citizen in ("carl", "nobody"):
            with pytest.raises(PartUnreadable):
                key_in(session, citizen)
    with reading(engine) as session:
        keys_at_hand(session, ["anna"])
        with pytest.raises(PartUnreadable):
            key_in(session, "anna")
