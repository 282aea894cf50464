"""A small invented municipality and a model version trained on it, made once for the tests of training/."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from models import areas
from models.artifact import Artifact, load
from models.declaration import Area
from training.dataset import Dataset, Protected, read_cases
from training.synthesize import Order, synthesize
from training.train import Settings, Trained, train, write
from training.vault_reading import open_vault

AS_OF = date(2026, 6, 30)
CASES = 900


@dataclass(frozen=True)
class Town:
    """The files of the invented municipality."""

    folder: Path
    area: Area

    @property
    def history(self) -> Path:
        """Its decided cases."""
        return self.folder / "history.csv"

    @property
    def protected(self) -> Path:
        """The protected attributes, apart."""
        return self.vault / "protected.csv"

    @property
    def vault(self) -> Path:
        """The folder of the protected attributes."""
        return self.folder / "vault"


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A municipality of 900 decided cases."""
    area = areas.get("genoptraening")
    folder = tmp_path_factory.mktemp("town") / "files"
    synthesize(Order(area, CASES, 7, AS_OF, referrals=40, reports=12), folder)
    return Town(folder, area)


@pytest.fixture(scope="session")
def data(town: Town) -> Dataset:
    """Its decided cases, read."""
    return read_cases(town.area, (town.history,))


@pytest.fixture(scope="session")
def protected(town: Town) -> Protected:
    """Its protected attributes, read."""
    return open_vault(town.area, town.vault)


@pytest.fixture(scope="session")
def trained(data: Dataset) -> Trained:
    """A version learned from them, not yet written."""
    return train(data, Settings(seed=7))


@pytest.fixture(scope="session")
def shelf(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shelf with that version on it."""
    folder = tmp_path_factory.mktemp("shelf")
    write(trained, folder)
    return folder


@pytest.fixture(scope="session")
def version(shelf: Path) -> Artifact:
    """The version as whoever serves it opens it."""
    return load(next(shelf.iterdir()))
