"""An interrupted training goes on where it was, and gives what an uninterrupted one gives, byte for byte."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.tables import ScoreTables
from training import spread
from training.candidates import Fitted
from training.dataset import Dataset
from training.kept import Kept, forget, kept_for, work_of
from training.spread import Task
from training.train import Settings, shaped_by, train, write

SETTINGS = Settings(seed=7, rare=10)
CLASSES = ("basal", "avanceret")
FITTED = (
    ScoreTables(CLASSES, np.array([0.0, 0.1]), (np.array([[0.0, 0.0], [0.2, -1 / 3]]),), {}),
    {"rounds": 7, "learning_rate": 0.05, "never_falls": ["a"]},
)


@pytest.fixture(scope="module")
def few(data: Dataset) -> Dataset:
    """So few cases that they carry similar cases alone, which is quickly learned."""
    return replace(data, cases=data.cases[:250])


class Stop(Exception):
    """Somebody pulls the plug."""


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the fits that were made."""
    made: list[str] = []
    real = spread._fitted

    def counted(task: Task) -> Fitted:
        made.append(task.name)
        return real(task)

    monkeypatch.setattr(spread, "_fitted", counted)
    yield made


def test_a_training_goes_on_after_an_interruption_and_gives_the_same_bytes(
    few: Dataset, fits: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole, _ = write(train(few, SETTINGS), tmp_path / "whole")
    every = list(fits)
    kept = kept_for(tmp_path / "shelf", shaped_by(few, SETTINGS))
    fits.clear()
    _stopped_after(5, fits, few, kept, monkeypatch)
    assert not (tmp_path / "shelf").exists(), "nothing half-trained lies where versions lie"

    fits.clear()
    again, _ = write(train(few, SETTINGS, kept=kept), tmp_path / "shelf")

    assert fits == every[5:]
    assert _bytes(again) == _bytes(whole)
    forget(tmp_path / "shelf")
    assert not work_of(tmp_path / "shelf").exists()


def _stopped_after(
    count: int, fits: list[str], few: Dataset, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = spread._fitted

    def stopping(task: Task) -> Fitted:
        if len(fits) == count:
            raise Stop
        return counted(task)

    with monkeypatch.context() as patched:
        patched.setattr(spread, "_fitted", stopping)
        with pytest.raises(Stop):
            train(few, SETTINGS, kept=kept)


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "work" / "key")
    kept.write("a", FITTED)

    tables, said = kept.read("a", CLASSES) or pytest.fail("nothing was kept")

    assert said == FITTED[1]
    assert tables.base.tobytes() == FITTED[0].base.tobytes()
    assert tables.singles[0].tobytes() == FITTED[0].singles[0].tobytes()
    assert kept.folder is not None
    assert kept.folder.parent.stat().st_mode & 0o077 == 0, "tables that are not settled are nobody else's"


@pytest.mark.parametrize("left", [0, 10, 64, 300, -1])
def test_what_is_half_written_or_damaged_does_not_count(left: int, tmp_path: Path) -> None:
    kept = Kept(tmp_path / "key")
    kept.write("a", FITTED)
    file = tmp_path / "key" / "a"
    content = file.read_bytes()
    file.write_bytes(content[:left] if left >= 0 else content[:-1] + bytes([content[-1] ^ 1]))

    assert kept.read("a", CLASSES) is None
    assert kept.read("never", CLASSES) is None


def test_other_data_or_settings_begin_anew(few: Dataset, tmp_path: Path) -> None:
    other = replace(few, sha256={"history.csv": "0" * 64})
    shapes = [
        shaped_by(few, SETTINGS), shaped_by(other, SETTINGS), shaped_by(few, replace(SETTINGS, seed=8)),
    ]  # fmt: skip

    assert len({kept_for(tmp_path / "shelf", each).folder for each in shapes}) == 3
    assert kept_for(tmp_path / "shelf", shapes[0]) == kept_for(tmp_path / "shelf", shapes[0])


def _bytes(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
