"""`skoen keystore backup`: the keys and nothing else, and none of them for long."""

from datetime import timedelta
from pathlib import Path

import pytest

from service.backup import expiry
from service.backup.errors import BackupRefused
from service.backup.make import back_up_keystore
from service.backup.manifest import Manifest
from tests.parts.steps import CITIZEN
from tests.service.backup.clock import now
from tests.service.backup.installation import Installation

PEPPER = b"p" * 32


def key_backup(place: Installation, days_ago: float) -> Path:
    """A backup of the keystore as it would have been made some days ago."""
    then = now() - timedelta(days=days_ago)
    return back_up_keystore(place.keystore.engine, place.keys_out, origin="o", pepper=PEPPER, now=then)


def test_an_older_backup_of_the_keystore_may_not_be_kept_for_longer(place: Installation) -> None:
    result = place.run("keystore", "backup", "--out", place.keys_out, "--keep-days", "31")

    assert result.exit_code == 2
    assert not place.keys_out.exists()


def test_without_a_keystore_nothing_is_backed_up(place: Installation) -> None:
    place.environment["SKOEN_KEYSTORE_URL"] = f"sqlite:///{place.out.parent / 'other' / 'keys.db'}"

    assert "There is no keystore" in place.run("keystore", "backup", "--out", place.keys_out).output
    assert not place.keys_out.exists()


def test_the_keys_are_in_it_wrapped_and_the_key_of_keys_is_not(place: Installation) -> None:
    said = place.ok("keystore", "backup", "--out", place.keys_out)

    made = max(place.keys_out.iterdir())
    content = b"".join(file.read_bytes() for file in made.iterdir())
    wrapped = place.keystore.find(CITIZEN)
    assert wrapped is not None and wrapped in content
    for name in ("kek", "pepper", "web"):
        secret = (place.settings.secrets / name).read_bytes()
        assert secret not in content and secret.hex().encode() not in content
    assert "printed or in a safe" in said
    assert Manifest.read(made).of == "keystore"
    assert "is whole" in place.ok("backup", "check", made)


def test_backups_that_are_too_old_go_and_nothing_else(place: Installation) -> None:
    old, young = key_backup(place, 31), key_backup(place, 29)
    strange = place.keys_out / "notes"
    strange.mkdir()

    said = place.ok("keystore", "backup", "--out", place.keys_out)

    assert "1 older backups of the keystore were removed" in said
    left = sorted(place.keys_out.iterdir())
    assert (old in left, young in left, strange in left, len(left)) == (False, True, True, 3)


def test_a_removal_that_is_broken_off_leaves_no_half_backup(
    place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_backup(place, 31)

    def fail(folder: Path) -> None:
        (folder / "manifest.json").unlink()
        raise OSError("the power went")

    with monkeypatch.context() as broken, pytest.raises(OSError, match="the power went"):
        broken.setattr(expiry.shutil, "rmtree", fail)
        expiry.remove_older(place.keys_out, days=30, now=now())

    place.ok("keystore", "backup", "--out", place.keys_out)
    assert len(list(place.keys_out.iterdir())) == 1


def test_a_backup_that_does_not_say_when_it_was_made_is_kept_and_named(place: Installation) -> None:
    made = key_backup(place, 1)
    manifest = Manifest.read(made)
    Manifest(**{**vars(manifest), "made_at": "once"}).write(made, PEPPER)

    with pytest.raises(BackupRefused, match="does not say when it was made"):
        expiry.remove_older(place.keys_out, days=30, now=now())
    assert made.exists()
