"""`skoen keystore restore`: what was lost comes back, whole or not at all, and nothing newer goes."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from service.backup.errors import RestoreRefused
from service.backup.keystore import Restored, restore_keystore
from service.backup.make import back_up_keystore
from service.keys import read_keys
from service.log.keystore import Keystore
from service.log.vault import Vault, vault_of
from tests.parts.steps import CITIZEN
from tests.service.backup.clock import now
from tests.service.backup.installation import Installation
from tests.service.backup.killing import AFTER, Point, killed

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def keys(place: Installation) -> Path:
    """A backup of its keystore."""
    place.ok("keystore", "backup", "--out", place.keys_out)
    return max(place.keys_out.iterdir())


def wrapped_keys(place: Installation) -> dict[str, bytes | None]:
    """Every key in the keystore."""
    return {each: place.keystore.find(each) for each in place.keystore.ids()}


def make_keys(place: Installation, *citizens: str) -> None:
    """Keys for citizens."""
    for citizen in citizens:
        vault_of(place.engine).make_key(citizen)


def refused(place: Installation, folder: Path, why: str) -> None:
    """The restore is refused, and the keystore is as it was."""
    before = wrapped_keys(place)
    result = place.run("keystore", "restore", "--from", folder)
    assert result.exit_code == 1
    assert why in result.output
    assert wrapped_keys(place) == before


def test_a_backup_of_the_casework_is_refused(place: Installation) -> None:
    refused(place, place.backup(), "skoen restore")


def test_a_spoilt_backup_is_refused(place: Installation, keys: Path) -> None:
    file = keys / "content.db"
    file.write_bytes(file.read_bytes()[:-1] + b"?")

    refused(place, keys, "is not as it was made")


def test_keys_that_another_key_of_keys_wrapped_are_refused(place: Installation, keys: Path) -> None:
    (place.settings.secrets / "kek").write_bytes(secrets.token_bytes(32))

    refused(place, keys, "wrapped by another secrets/kek")


def test_a_damaged_keystore_is_to_be_moved_away_first(place: Installation, keys: Path) -> None:
    file = Path(str(place.keystore.engine.url.database))
    place.keystore.engine.dispose()
    file.write_bytes(b"no database at all" * 1000)

    result = place.run("keystore", "restore", "--from", keys)

    assert "move it away" in result.output
    assert file.read_bytes() == b"no database at all" * 1000


def test_with_nothing_lost_nothing_changes_and_newer_keys_stay(place: Installation, keys: Path) -> None:
    make_keys(place, "newer")
    before = wrapped_keys(place)

    said = place.ok("keystore", "restore", "--from", keys)

    assert "0 keys came back, 0 were mended, 1 were there already" in said
    assert wrapped_keys(place) == before


def test_a_damaged_key_is_mended_and_a_lost_one_comes_back(place: Installation) -> None:
    make_keys(place, "lost", "whole")
    before = wrapped_keys(place)
    place.ok("keystore", "backup", "--out", place.keys_out)
    place.keystore.remove([CITIZEN, "lost"])
    place.keystore.add(CITIZEN, b"damaged" * 9)

    said = place.ok("keystore", "restore", "--from", max(place.keys_out.iterdir()))

    assert "1 keys came back, 1 were mended, 1 were there already" in said
    assert wrapped_keys(place) == before


@pytest.mark.parametrize(
    "point",
    [
        Point(AFTER, "service.backup.keystore._keys_of"),
        Point(AFTER, "service.backup.keystore._opens", 2),
        Point(AFTER, "service.backup.keystore._bring_back"),
    ],
    ids=str,
)
def test_a_restore_that_is_killed_brings_back_all_or_nothing(place: Installation, point: Point) -> None:
    make_keys(place, "a", "b", "c")
    before = wrapped_keys(place)
    place.ok("keystore", "backup", "--out", place.keys_out)
    made = max(place.keys_out.iterdir())
    place.keystore.remove(before)
    place.keystore.engine.dispose()

    assert killed(place.environment, ("keystore", "restore", "--from", str(made)), point)

    assert wrapped_keys(place) == {}
    place.ok("keystore", "restore", "--from", made)
    assert wrapped_keys(place) == before


@pytest.mark.postgres
def test_a_keystore_on_postgresql_is_backed_up_and_restored_alike(
    place: Installation, postgres_url: str
) -> None:
    settings, secret = replace(place.settings, keystore_url=postgres_url), read_keys(place.settings)
    store = Keystore(postgres_url)
    store.create()
    vault = Vault(store, secret.kek)
    opened = {citizen: vault.make_key(citizen) for citizen in ("a", "b", "c")}
    made = back_up_keystore(
        store.engine, place.keys_out, origin=settings.origin, pepper=secret.pepper, now=now()
    )
    store.remove(["a", "b"])

    assert restore_keystore(settings, secret, made, None) == Restored(added=2, mended=0, kept=1, erased=0)
    assert {citizen: vault.key_of(citizen) for citizen in store.ids()} == opened
    assert restore_keystore(place.settings, secret, made, None).added == 3  # and on another engine too
    with pytest.raises(RestoreRefused, match="another secrets/kek"):
        restore_keystore(settings, replace(secret, kek=bytes(32)), made, None)
    store.engine.dispose()
