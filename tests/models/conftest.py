"""The tiny second area is known while the tests of models/ run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models import areas, artifact
from models.artifact import Artifact
from models.declaration import Area
from models.evidence import Suggester
from tests.models.workbench import REPAIR, repair_artifact


@pytest.fixture(scope="module", autouse=True)
def repair() -> Iterator[Area]:
    """The tiny area, registered."""
    with areas.registered(REPAIR) as area:
        yield area


@pytest.fixture(scope="module")
def version() -> Artifact:
    """A small model of the tiny area, not saved."""
    return repair_artifact()


@pytest.fixture(scope="module")
def suggester(version: Artifact) -> Suggester:
    """What answers for the small model."""
    return Suggester(version)


@pytest.fixture
def folder(tmp_path: Path, version: Artifact) -> Path:
    """The small model as saved."""
    artifact.save(version, tmp_path / "proeve-1")
    return tmp_path / "proeve-1"
