"""A saved model version: whole, unchanged and of this area, or refused."""

import io
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import areas, artifact
from models.artifact import Artifact, ArtifactRefused
from models.golden import Golden
from models.manifest import Manifest
from tests.models.folders import reason_of, rewritten, vouched
from tests.models.workbench import (
    REPAIR,
    repair_artifact,
)

NAMES = repair_artifact().reference.to_json()["names"]


def test_a_version_reads_back_as_it_was_saved(tmp_path: Path, version: Artifact) -> None:
    digest = artifact.save(version, tmp_path / "v")
    loaded = artifact.load(tmp_path / "v", digest)
    assert loaded.manifest == version.manifest
    assert loaded.manifest_hash == digest
    assert loaded.codebook == version.codebook
    assert loaded.evaluation == version.evaluation
    assert loaded.reference.to_json() == version.reference.to_json()
    for name, array in loaded.reference.arrays().items():
        assert (array == version.reference.arrays()[name]).all()
        assert not array.flags.owndata  # mapped from its file, not copied
        assert not array.flags.writeable


def test_the_same_version_is_the_same_bytes(tmp_path: Path, version: Artifact) -> None:
    assert artifact.save(version, tmp_path / "a") == artifact.save(version, tmp_path / "b")
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_version_is_never_overwritten(folder: Path, version: Artifact) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(ArtifactRefused) as refused:
        artifact.save(version, folder)
    assert refused.value.reason == "exists_already"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_what_could_not_be_loaded_is_not_saved(tmp_path: Path, version: Artifact) -> None:
    wrong = replace(version, golden=replace(version.golden, scores=version.golden.scores + 1e-6))
    with pytest.raises(ArtifactRefused) as refused:
        artifact.save(wrong, tmp_path / "v")
    assert refused.value.reason == "golden_rows_differ"
    assert list(tmp_path.iterdir()) == []


def test_a_save_that_fails_leaves_nothing_behind(tmp_path: Path, version: Artifact) -> None:
    unwritable = replace(version, evaluation={"log_loss": float("nan")})
    with pytest.raises(ValueError, match="JSON"):
        artifact.save(unwritable, tmp_path / "v")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", artifact.FILES)
def test_a_flipped_bit_in_any_file_is_noticed(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    assert reason_of(folder) == "damaged"


def test_a_flipped_bit_in_the_manifest_is_noticed_by_whoever_knows_its_hash(
    tmp_path: Path, version: Artifact
) -> None:
    digest = artifact.save(version, tmp_path / "v")
    path = tmp_path / "v" / "manifest.json"
    path.write_text(path.read_text().replace('"seed": 1', '"seed": 2'))
    assert reason_of(tmp_path / "v", digest) == "manifest_differs"


@pytest.mark.parametrize("name", [*artifact.FILES, "manifest.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert reason_of(folder) == "missing_file"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert reason_of(tmp_path / "nowhere") == "missing_file"


def test_a_link_to_elsewhere_is_no_file_of_the_version(folder: Path, tmp_path: Path) -> None:
    (folder / "golden.json").rename(tmp_path / "elsewhere.json")
    (folder / "golden.json").symlink_to(tmp_path / "elsewhere.json")
    assert reason_of(folder) == "missing_file"


def test_an_extra_file_is_refused(folder: Path) -> None:
    (folder / "model.pkl").write_bytes(b"\x80\x04.")
    assert reason_of(folder) == "extra_file"


def test_an_unknown_format_is_refused(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace(f'"format": {artifact.FORMAT}', '"format": 0'))
    assert reason_of(folder) == "unknown_format"
    path.write_text("{")
    assert reason_of(folder) == "malformed"


def test_a_foreign_area_is_refused(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["made"]["area"] = "havearbejde"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert reason_of(folder) == "foreign_area"


def test_a_model_of_other_questions_is_refused(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["fingerprint"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert reason_of(folder) == "fingerprint_differs"


def test_a_pickle_is_never_opened(folder: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (os.mkdir, (str(folder / "sprung"),))

    buffer = io.BytesIO()
    np.save(buffer, np.array([Trap()], dtype=object), allow_pickle=True)
    for name in ("background.npy", "reference_codes.npy"):
        (folder / name).write_bytes(buffer.getvalue())
        vouched(folder, name)
        assert reason_of(folder) == "malformed"
        assert not (folder / "sprung").exists()


@pytest.mark.parametrize("part", ["scores", "contributions", "base"])
def test_golden_rows_that_come_out_otherwise_are_refused(folder: Path, part: str) -> None:
    def nudged(golden: dict[str, Any]) -> dict[str, Any]:
        return {**golden, part: (np.array(golden[part]) + 1e-8).tolist()}

    rewritten(folder, "golden.json", nudged)
    assert reason_of(folder) == "golden_rows_differ"


def test_golden_rows_within_1e_9_are_the_same(folder: Path) -> None:
    rewritten(folder, "golden.json", lambda golden: {**golden, "base": [b + 1e-10 for b in golden["base"]]})
    assert artifact.load(folder)


def test_swapped_tables_are_caught_by_the_golden_rows(folder: Path) -> None:
    with np.load(folder / "tables.npz") as arrays:
        changed = {name: array.copy() for name, array in arrays.items()}
    changed["single_001"][2, 3] += 0.5
    changed["single_001"] *= 1.01
    with (folder / "tables.npz").open("wb") as file:
        np.savez(file, **changed)
    vouched(folder, "tables.npz")
    assert reason_of(folder) == "golden_rows_differ"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("reference.json", {"cpr": ["x"] * 200}),
        ("reference.json", {"names": {**NAMES, "levels": ["hoej", "hjemme", "vaerksted"]}}),
        ("reference.json", {"names": {**NAMES, "outcomes": [None, "doed", "ok"]}}),
        ("reference.json", {"names": {**NAMES, "municipalities": ["0101", "Vester Hult"]}}),
        ("reference.json", {"names": {**NAMES, "levels": ["hjemme"]}}),
        ("reference.json", {"names": {}}),
        ("reference.json", {"groups": [[0, 1]]}),
        ("codebook.json", {"questions": []}),
        ("golden.json", {"codes": "x"}),
    ],
    ids=["identity", "level", "outcome", "place name", "length", "fields", "groups", "codebook", "golden"],
)
def test_a_file_of_another_shape_is_refused_though_the_manifest_vouches_for_it(
    folder: Path, name: str, change: dict[str, Any]
) -> None:
    rewritten(folder, name, lambda content: {**content, **change})
    assert reason_of(folder) == "malformed"


def test_codes_beyond_the_codebook_are_refused(folder: Path) -> None:
    codes = np.load(folder / "reference_codes.npy")
    codes[0, 0] = 0xFFFF
    np.save(folder / "reference_codes.npy", codes)
    vouched(folder, "reference_codes.npy")
    assert reason_of(folder) == "malformed"


def test_a_manifest_without_its_parts_is_refused(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    for part in ("version", "thresholds", "data_window"):
        made = {name: value for name, value in manifest["made"].items() if name != part}
        (folder / "manifest.json").write_text(json.dumps({**manifest, "made": made}))
        assert reason_of(folder) == "malformed"


@pytest.mark.parametrize("name", ["../v", "", "a b", "å", ".skjult"])
def test_a_version_is_a_plain_name(version: Artifact, name: str) -> None:
    with pytest.raises(ValueError, match="no version"):
        replace(version.manifest, version=name)


def test_the_manifest_reads_back_as_it_was_written(version: Artifact) -> None:
    assert Manifest.from_json(json.loads(json.dumps(version.manifest.to_json()))) == version.manifest


def test_weights_must_be_those_of_the_questions(tmp_path: Path, version: Artifact) -> None:
    wrong = replace(version, manifest=replace(version.manifest, weights={"farve": 1.0}))
    with pytest.raises(ArtifactRefused, match="weights"):
        artifact.save(wrong, tmp_path / "v")


def test_a_model_of_two_levels_is_saved_like_any_other(tmp_path: Path) -> None:
    two = replace(REPAIR, name="reparation_to", levels=REPAIR.levels[:2])
    with areas.registered(two):
        artifact.save(repair_artifact(area=two), tmp_path / "v")
        loaded = artifact.load(tmp_path / "v")
        assert loaded.tables.classes == ("hjemme", "vaerksted")


def test_golden_rows_of_another_shape_are_infinitely_far(version: Artifact) -> None:
    golden = version.golden
    short = Golden(golden.codes[:2], golden.scores, golden.contributions, golden.base)
    with pytest.raises(ArtifactRefused, match="inf"):
        artifact._check_parts(replace(version, golden=short))
