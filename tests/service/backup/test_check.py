"""`skoen backup check`: whatever happened to a backup where it lay is noticed before it is needed."""

import json
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from service.backup.check import problems
from service.backup.errors import BackupRefused
from service.backup.manifest import NAME, Manifest
from service.database import upgrade
from tests.parts.vaults import sealed_engine
from tests.service.backup.installation import Installation


def wrong_with(place: Installation, made: Path) -> str:
    """What the check prints of a backup with something wrong."""
    result = place.run("backup", "check", made)
    assert result.exit_code == 1
    assert "is not as it was made" in result.output
    return result.output


def test_a_folder_that_is_no_backup_is_refused(place: Installation) -> None:
    assert "is no backup" in place.run("backup", "check", place.settings.secrets).output


def test_a_manifest_of_another_format_is_refused(place: Installation, made: Path) -> None:
    content = json.loads((made / NAME).read_text())
    (made / NAME).write_text(json.dumps({**content, "format": "skoen-backup/9"}))

    assert "of another format" in place.run("backup", "check", made).output


@pytest.mark.parametrize("name", ["../secrets/kek", "/etc/passwd", "x.txt"])
def test_a_manifest_that_names_files_elsewhere_is_refused(place: Installation, made: Path, name: str) -> None:
    content = json.loads((made / NAME).read_text())
    (made / NAME).write_text(json.dumps({**content, "files": {name: {"sha256": "", "size": 0}}}))

    assert "describes no backup" in place.run("backup", "check", made).output


def test_a_file_too_few_or_too_many_is_noticed(place: Installation, made: Path) -> None:
    name = max(Manifest.read(made).files)
    (made / name).rename(made / "other.db")

    found = wrong_with(place, made)

    assert f"{name} is missing" in found
    assert "other.db does not belong to the backup" in found


def test_files_that_others_can_read_are_noticed(place: Installation, made: Path) -> None:
    (made / NAME).chmod(0o644)

    assert f"{NAME} can be read by others" in wrong_with(place, made)


def test_a_changed_file_with_a_manifest_made_to_fit_is_noticed(place: Installation, made: Path) -> None:
    manifest = Manifest.read(made)
    manifest.write(made, b"another pepper, of somebody else's")

    assert "another secrets/pepper" in wrong_with(place, made)


def test_a_log_that_is_not_the_manifests_is_noticed(place: Installation, made: Path) -> None:
    manifest = Manifest.read(made)
    shards = {shard: {**each, "size": each["size"] + 1} for shard, each in manifest.shards.items()}

    found = problems(made, Manifest(**{**vars(manifest), "shards": shards}), None)

    assert found == [f"the log of {shard} is not the one that was backed up" for shard in sorted(shards)]


def test_without_the_service_its_files_and_its_log_are_checked_all_the_same(
    place: Installation, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(place.environment, "SKOEN_DATABASE_URL", "sqlite:////nowhere/at/all.db")

    assert "is whole" in place.ok("backup", "check", made, "--elsewhere")
    assert place.run("backup", "check", made).exit_code == 1


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Path, bytes]]:
    """An SQLite backup to spoil again and again, and the pepper of its installation."""
    folder = tmp_path_factory.mktemp("finished")
    engine: Engine = sealed_engine(f"sqlite:///{folder / 'skoen.db'}")
    upgrade(engine)
    place = Installation(engine, folder)
    made = place.backup()
    yield made, (place.settings.secrets / "pepper").read_bytes()
    place.close()
    engine.dispose()


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_every_flipped_bit_is_noticed(finished: tuple[Path, bytes], data: st.DataObject) -> None:
    made, pepper = finished
    spoilt = made.with_name("spoilt")
    shutil.rmtree(spoilt, ignore_errors=True)
    shutil.copytree(made, spoilt)
    file = spoilt / data.draw(st.sampled_from(sorted(each.name for each in made.iterdir())))
    content = bytearray(file.read_bytes())
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    file.write_bytes(content)

    try:
        found = problems(spoilt, Manifest.read(spoilt), pepper)
    except BackupRefused:
        return
    assert found
