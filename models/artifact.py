"""A model version as an immutable folder of plain JSON and arrays; nothing in it can run.

Saved in one step (a temporary folder, then a rename) and never overwritten. Loading checks every byte first.
"""

import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from models import areas
from models.coding import Codebook, Codes
from models.declaration import Area
from models.facts import learned_fingerprint
from models.golden import Golden, largest_difference
from models.manifest import Manifest, Thresholds
from models.reference import ReferenceCases
from models.tables import ScoreTables, from_arrays, shapley, to_arrays

__all__ = ["Artifact", "ArtifactRefused", "Golden", "Manifest", "Thresholds", "load", "save"]

FORMAT = 1
MANIFEST = "manifest.json"
TABLES = "tables.npz"
CODEBOOK = "codebook.json"
BACKGROUND = "background.npy"
REFERENCE_CODES = "reference_codes.npy"
REFERENCE = "reference.json"
GOLDEN = "golden.json"
EVALUATION = "evaluation.json"
FILES = (TABLES, CODEBOOK, BACKGROUND, REFERENCE_CODES, REFERENCE, GOLDEN, EVALUATION)
TOLERANCE = 1e-9


class ArtifactRefused(Exception):
    """A folder that is not a model version to be trusted.

    `reason` is missing_file, extra_file, damaged, manifest_differs, unknown_format, malformed, foreign_area,
    fingerprint_differs, golden_rows_differ or exists_already.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Artifact:
    """A model version. `background` is (m, Q); `manifest_hash` is of the manifest file, empty until saved."""

    manifest: Manifest
    codebook: Codebook
    tables: ScoreTables
    background: Codes
    reference: ReferenceCases
    golden: Golden
    evaluation: Mapping[str, Any] = field(default_factory=dict)
    manifest_hash: str = ""

    @property
    def area(self) -> Area:
        """The area the version speaks about."""
        return self.codebook.area


def save(artifact: Artifact, folder: Path) -> str:
    """Write a version to a new folder and return its manifest hash.

    Raises ArtifactRefused when the folder exists, when the parts do not fit or when the golden rows differ:
    what cannot be loaded is not written either.
    """
    if folder.exists():
        raise ArtifactRefused("exists_already", f"{folder} is there, and a version is never overwritten")
    _check_parts(artifact)
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        manifest = _write(artifact, scratch)
        scratch.chmod(0o755)
        os.rename(scratch, folder)  # noqa: PTH104 - fails on a folder that came into being meanwhile
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return _sha256(manifest)


def _write(artifact: Artifact, folder: Path) -> bytes:
    contents = {
        TABLES: _npz(artifact.tables),
        CODEBOOK: _json(artifact.codebook.to_json()),
        BACKGROUND: _npy(artifact.background),
        REFERENCE_CODES: _npy(np.asarray(artifact.reference.codes)),
        REFERENCE: _json(artifact.reference.to_json()),
        GOLDEN: _json(artifact.golden.to_json()),
        EVALUATION: _json(artifact.evaluation),
    }
    about = {
        "format": FORMAT,
        "fingerprint": artifact.codebook.fingerprint,
        "classes": list(artifact.tables.classes),
        "files": {name: _sha256(content) for name, content in contents.items()},
        "evaluation_hash": _sha256(contents[EVALUATION]),
    }
    contents[MANIFEST] = _json(about | {"made": artifact.manifest.to_json()})
    for name, content in contents.items():
        _write_durably(folder / name, content)
    return contents[MANIFEST]


def load(folder: Path, expected_manifest_hash: str | None = None) -> Artifact:
    """The version in a folder, checked: hashes, area, fingerprint, shapes and golden rows.

    Raises ArtifactRefused. Reference codes are memory-mapped, so that workers share them.
    """
    manifest_bytes = _read(folder, MANIFEST)
    manifest_hash = _sha256(manifest_bytes)
    if expected_manifest_hash is not None and manifest_hash != expected_manifest_hash:
        raise ArtifactRefused("manifest_differs", f"the manifest of {folder.name} is not the one admitted")
    about = _about(manifest_bytes)
    contents = _checked_files(folder, about)
    try:
        artifact = _open(folder, about, contents, manifest_hash)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OSError) as error:
        raise ArtifactRefused("malformed", f"{type(error).__name__}: {error}") from error
    _check_parts(artifact)
    return artifact


def _about(manifest_bytes: bytes) -> dict[str, Any]:
    try:
        about = json.loads(manifest_bytes)
    except ValueError:
        raise ArtifactRefused("malformed", f"{MANIFEST} is not JSON") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise ArtifactRefused("unknown_format", f"{MANIFEST} is not of format {FORMAT}")
    if not isinstance(about.get("files"), dict) or set(about["files"]) != set(FILES):
        raise ArtifactRefused("malformed", f"{MANIFEST} does not name the files of format {FORMAT}")
    return about


def _checked_files(folder: Path, about: Mapping[str, Any]) -> dict[str, bytes]:
    extra = {path.name for path in folder.iterdir()} - {MANIFEST, *FILES}
    if extra:
        raise ArtifactRefused("extra_file", f"{min(extra)} does not belong in {folder.name}")
    contents = {name: _read(folder, name) for name in FILES}
    for name, content in contents.items():
        if _sha256(content) != about["files"][name]:
            raise ArtifactRefused("damaged", f"{name} is not as the manifest says")
    return contents


def _open(folder: Path, about: Mapping[str, Any], contents: Mapping[str, bytes], digest: str) -> Artifact:
    manifest = Manifest.from_json(about["made"])
    area = _area(manifest.area, about["fingerprint"])
    with np.load(io.BytesIO(contents[TABLES]), allow_pickle=False) as arrays:
        tables = from_arrays(about["classes"], dict(arrays))
    codes = np.load(folder / REFERENCE_CODES, mmap_mode="r", allow_pickle=False)
    return Artifact(
        manifest=manifest,
        codebook=Codebook.from_json(area, json.loads(contents[CODEBOOK])),
        tables=tables,
        background=np.load(io.BytesIO(contents[BACKGROUND]), allow_pickle=False),
        reference=ReferenceCases.from_json(area, json.loads(contents[REFERENCE]), codes),
        golden=Golden.from_json(json.loads(contents[GOLDEN])),
        evaluation=json.loads(contents[EVALUATION]),
        manifest_hash=digest,
    )


def _area(name: str, fingerprint: str) -> Area:
    try:
        area = areas.get(name)
    except KeyError:
        raise ArtifactRefused("foreign_area", f"there is no area {name!r} here") from None
    if fingerprint != learned_fingerprint(area):
        raise ArtifactRefused("fingerprint_differs", f"the questions of {name} have changed since training")
    return area


def _check_parts(artifact: Artifact) -> None:
    """Whether the parts speak of the same questions, levels and codes, and score as the golden rows say."""
    book, tables = artifact.codebook, artifact.tables
    if artifact.manifest.area != book.area_name or tables.classes != book.area.level_codes:
        raise ArtifactRefused(
            "foreign_area", "manifest, codebook and tables are of different areas or levels"
        )
    if tables.sizes != book.sizes:
        raise ArtifactRefused("malformed", "the tables do not fit the codebook")
    if set(artifact.manifest.weights) != set(book.names):
        raise ArtifactRefused("malformed", "the similarity weights do not fit the codebook")
    for name, codes in (("background", artifact.background), ("reference", artifact.reference.codes.T)):
        _check_codes(name, codes, book)
    _check_codes("golden", artifact.golden.codes, book)
    difference = largest_difference(artifact.golden, tables, shapley(tables, artifact.background))
    if not difference <= TOLERANCE:
        raise ArtifactRefused(
            "golden_rows_differ", f"by {difference:.3g}, at most {TOLERANCE:.0e} is allowed"
        )


def _check_codes(name: str, codes: Codes, book: Codebook) -> None:
    if codes.ndim != 2 or codes.dtype != np.uint8 or codes.shape[1] != len(book.names) or len(codes) == 0:
        raise ArtifactRefused("malformed", f"the {name} codes do not fit the codebook")
    if (codes.max(axis=0) >= np.array(book.sizes)).any():
        raise ArtifactRefused("malformed", f"the {name} codes go beyond the codebook")


def _read(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file() or path.is_symlink():
        raise ArtifactRefused("missing_file", f"{name} is missing in {folder.name}")
    return path.read_bytes()


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return (text + "\n").encode()


def _npy(array: Codes) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _npz(tables: ScoreTables) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **to_arrays(tables))  # type: ignore[arg-type]
    return buffer.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
