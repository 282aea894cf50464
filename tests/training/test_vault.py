"""The vault: written for its owner alone, refused by everything that learns, read by tests of bias."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from models.audit import beside
from tests.training.conftest import Town
from training.commands import groups
from training.dataset import DataRefused, read_cases
from training.vault import VaultClosed, closed, in_vault
from training.vault_reading import open_vault


def skoen(*words: Any) -> Result:
    """A verb of the workshop, in this process."""
    return CliRunner().invoke(groups(), [str(word) for word in words])


@pytest.fixture
def vault(town: Town, tmp_path: Path) -> Path:
    """A vault that a test may spoil."""
    return Path(shutil.copytree(town.vault, tmp_path / "vault"))


def test_only_the_owner_can_open_it(town: Town) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in (town.vault, *town.vault.iterdir())}

    assert modes == {"vault": 0o700, "protected.csv": 0o600, "vault.json": 0o600}


def test_nothing_learns_from_a_file_in_it_however_it_is_reached(town: Town, tmp_path: Path) -> None:
    link = tmp_path / "history.csv"
    link.symlink_to(town.protected)
    for path in (town.protected, link):
        with pytest.raises(DataRefused, match="lies in the vault"):
            read_cases(town.area, (town.history, path))

        result = skoen("model", "train", town.history, path, "--out", tmp_path / "shelf")
        assert (result.exit_code, "lies in the vault" in result.output) == (1, True)
    assert not (tmp_path / "shelf").exists()


def test_a_copy_of_it_is_refused_for_what_it_holds(town: Town, tmp_path: Path) -> None:
    copy = tmp_path / "other.csv"
    copy.write_bytes(town.protected.read_bytes())

    with pytest.raises(DataRefused, match="ukendt kolonne"):
        read_cases(town.area, (copy,))


def test_training_cannot_be_given_it(town: Town, tmp_path: Path) -> None:
    for verb in ("train", "evaluate"):
        result = skoen(
            "model", verb, town.history, "--protected", town.protected, "--out", tmp_path / "shelf"
        )

        assert result.exit_code == 2
        assert "No such option" in result.output


def test_while_it_is_closed_no_line_of_code_can_open_it(town: Town) -> None:
    with closed():
        for path in (town.protected, town.vault / "vault.json"):
            with pytest.raises(VaultClosed, match="lies in the vault"):
                path.read_bytes()
        assert town.history.read_bytes()

    assert town.protected.read_bytes()


def test_training_runs_with_it_closed(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def peeking(*_: Any) -> None:
        town.protected.read_bytes()

    monkeypatch.setattr("training.train.train", peeking)

    result = skoen("model", "train", town.history, "--out", tmp_path / "shelf", "--json")

    assert isinstance(result.exception, VaultClosed)


def test_a_vault_that_others_can_read_is_not_opened(town: Town, vault: Path) -> None:
    (vault / "protected.csv").chmod(0o644)

    with pytest.raises(DataRefused, match="chmod -R go="):
        open_vault(town.area, vault)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("protected.csv", "request_id\n", "not as vault.json says"),
        ("vault.json", "{", "not a vault's"),
        ("vault.json", '{"format": "other/1", "area": "genoptraening", "sha256": ""}', "not of a vault"),
    ],
)
def test_a_damaged_vault_is_refused_and_nothing_is_written(
    town: Town, vault: Path, shelf: Path, name: str, content: str, told: str
) -> None:
    (vault / name).write_text(content, "utf-8")
    folder = next(path for path in shelf.iterdir() if path.is_dir())

    result = skoen("model", "audit", folder, town.history, "--vault", vault, "--draws", 199)

    assert (result.exit_code, told in result.output) == (1, True)
    assert not beside(folder).exists()


def test_a_folder_that_is_no_vault_is_refused(town: Town) -> None:
    assert not in_vault(town.history)
    with pytest.raises(DataRefused, match="is missing"):
        open_vault(town.area, town.folder)


def test_a_municipality_makes_a_vault_of_its_own_file(town: Town, tmp_path: Path) -> None:
    source, made = tmp_path / "attributes.csv", tmp_path / "made"
    source.write_bytes(town.protected.read_bytes())

    result = skoen("data", "vault", source, "--out", made)

    assert result.exit_code == 0, result.output
    assert f"Delete {source}" in result.stdout
    assert open_vault(town.area, made) == open_vault(town.area, town.vault)
    assert {path.stat().st_mode & 0o077 for path in (made, *made.iterdir())} == {0}


@pytest.mark.parametrize(
    "spoiled", ["request_id,koen\nr1,x\n", "request_id,navn\nr1,Bo\n", "request_id,cpr\nr1,2\n"]
)
def test_a_file_that_cannot_be_a_vault_leaves_nothing(tmp_path: Path, spoiled: str) -> None:
    source, made = tmp_path / "attributes.csv", tmp_path / "made"
    source.write_text(spoiled, "utf-8")

    assert skoen("data", "vault", source, "--out", made).exit_code == 1
    assert not made.exists()


def test_a_vault_is_never_written_over(town: Town, vault: Path) -> None:
    before = (vault / "protected.csv").read_bytes()

    result = skoen("data", "vault", town.protected, "--out", vault)

    assert (result.exit_code, "is there already" in result.output) == (1, True)
    assert (vault / "protected.csv").read_bytes() == before
