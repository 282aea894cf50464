"""A version that is not, to the bit, the one that was admitted is not opened."""

import shutil
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from models import artifact
from models.artifact import FILES, MANIFEST, Artifact, ArtifactRefused

ALL = (*FILES, MANIFEST)


@pytest.fixture
def admitted(tmp_path: Path, version: Artifact) -> tuple[Path, str]:
    """The folder of a version, and the hash that its admission keeps in the log."""
    digest = artifact.save(version, tmp_path / "v")
    return tmp_path / "v", digest


def is_opened(folder: Path, digest: str) -> bool:
    """Whether the service would use what lies there."""
    try:
        artifact.load(folder, digest)
    except ArtifactRefused:
        return False
    return True


def test_none_of_300_flipped_bits_is_overlooked(admitted: tuple[Path, str]) -> None:
    folder, digest = admitted
    chance = Random(140)
    for _ in range(300):
        path = folder / chance.choice(ALL)
        kept = path.read_bytes()
        bit = chance.randrange(len(kept) * 8)
        changed = bytearray(kept)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        assert not is_opened(folder, digest), (path.name, bit)
        path.write_bytes(kept)

    assert is_opened(folder, digest)


@pytest.mark.parametrize("name", ALL)
def test_a_file_that_is_cut_or_has_grown_is_refused(name: str, admitted: tuple[Path, str]) -> None:
    folder, digest = admitted
    kept = (folder / name).read_bytes()
    for changed in (b"", kept[:-1], kept[: len(kept) // 2], kept + b"\n", kept + kept):
        (folder / name).write_bytes(changed)
        assert not is_opened(folder, digest)


def test_files_that_changed_places_are_refused(admitted: tuple[Path, str]) -> None:
    folder, digest = admitted
    contents = {name: (folder / name).read_bytes() for name in ALL}
    swaps = list(permutations(ALL, 2))
    for one, other in swaps:
        (folder / one).write_bytes(contents[other])
        (folder / other).write_bytes(contents[one])
        assert not is_opened(folder, digest), (one, other)
        for name in (one, other):
            (folder / name).write_bytes(contents[name])

    assert len(swaps) >= 10


def test_another_sound_version_in_its_place_is_refused(
    admitted: tuple[Path, str], tmp_path: Path, version: Artifact
) -> None:
    """It would open by itself; it is not the one that somebody admitted."""
    folder, digest = admitted
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    manifest = (other / MANIFEST).read_text(encoding="utf-8")
    (other / MANIFEST).write_text(manifest.replace('"seed": 1', '"seed": 2'), encoding="utf-8")

    assert artifact.load(other)
    assert not is_opened(other, digest)
