"""A model version as an immutable folder of plain JSON and arrays; nothing in it can run.

Saved in one step (a temporary folder, then a rename) and never overwritten. Loading checks every byte first,
at every opening: at two million reference cases that is seventy megabytes and a fraction of a second. The big
files stay mapped and are shared by all who opened them; `is_as_opened`, asked before every use, notices when
one of them was changed, cut short or exchanged since.
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
from models.mapped import MappedFile
from models.plain import as_json, as_npy, as_npz, read_tables
from models.reference import ReferenceCases
from models.stability import check_refitted, classes_of
from models.support import Support
from models.tables import ScoreTables, shapley
from models.uncertainty import Uncertainty

__all__ = ["Artifact", "ArtifactRefused", "Golden", "Manifest", "Thresholds", "load", "save"]

FORMAT = 4
MANIFEST = "manifest.json"
TABLES = "tables.npz"
REFITTED = "refitted.npz"
SUPPORT = "support.json"
CODEBOOK = "codebook.json"
BACKGROUND = "background.npy"
REFERENCE = "reference.json"
GOLDEN = "golden.json"
UNCERTAINTY = "uncertainty.json"
EVALUATION = "evaluation.json"
MAPPED = {name: f"reference_{name}.npy" for name in ("codes", "about", "keys", "days")}
"""The big files: arrays of the reference cases, mapped and shared."""
SMALL = (TABLES, REFITTED, SUPPORT, CODEBOOK, BACKGROUND, REFERENCE, GOLDEN, UNCERTAINTY, EVALUATION)
FILES = (*SMALL, *MAPPED.values())
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
    """A model version. `background` is (m, Q); `manifest_hash` is of the manifest file, empty until saved.

    `refitted` are models fitted again on cases drawn anew, side by side; `support` counts the cases behind.
    """

    manifest: Manifest
    codebook: Codebook
    tables: ScoreTables
    background: Codes
    reference: ReferenceCases
    golden: Golden
    support: Support
    refitted: ScoreTables
    evaluation: Mapping[str, Any] = field(default_factory=dict)
    manifest_hash: str = ""
    uncertainty: Uncertainty = field(default_factory=Uncertainty)
    mapped: tuple[MappedFile, ...] = field(default=(), compare=False)

    @property
    def area(self) -> Area:
        """The area the version speaks about."""
        return self.codebook.area

    def is_as_opened(self) -> bool:
        """Whether the files that are read while it is in use still are those that were checked."""
        return all(file.is_as_opened() for file in self.mapped)


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
        TABLES: as_npz(artifact.tables),
        REFITTED: as_npz(artifact.refitted),
        SUPPORT: as_json(artifact.support.to_json()),
        CODEBOOK: as_json(artifact.codebook.to_json()),
        BACKGROUND: as_npy(artifact.background),
        REFERENCE: as_json(artifact.reference.to_json()),
        GOLDEN: as_json(artifact.golden.to_json()),
        UNCERTAINTY: as_json(artifact.uncertainty.to_json()),
        EVALUATION: as_json(artifact.evaluation),
    }
    contents |= {MAPPED[name]: as_npy(array) for name, array in artifact.reference.arrays().items()}
    about = {
        "format": FORMAT,
        "fingerprint": artifact.codebook.fingerprint,
        "classes": list(artifact.tables.classes),
        "refitted": len(artifact.refitted.classes) // len(artifact.tables.classes),
        "files": {name: _sha256(content) for name, content in contents.items()},
        "evaluation_hash": _sha256(contents[EVALUATION]),
    }
    contents[MANIFEST] = as_json(about | {"made": artifact.manifest.to_json()})
    for name, content in contents.items():
        _write_durably(folder / name, content)
    return contents[MANIFEST]


def load(folder: Path, expected_manifest_hash: str | None = None) -> Artifact:
    """The version in a folder, checked: hashes, area, fingerprint, shapes and golden rows.

    Raises ArtifactRefused. The reference cases are memory-mapped, so that workers share them.
    """
    manifest_bytes = _read(folder, MANIFEST)
    manifest_hash = _sha256(manifest_bytes)
    if expected_manifest_hash is not None and manifest_hash != expected_manifest_hash:
        raise ArtifactRefused("manifest_differs", f"the manifest of {folder.name} is not the one admitted")
    about = _about(manifest_bytes)
    contents, mapped = _checked_files(folder, about)
    try:
        artifact = _open(about, contents, mapped, manifest_hash)
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


def _checked_files(folder: Path, about: Mapping[str, Any]) -> tuple[dict[str, bytes], dict[str, MappedFile]]:
    """What the small files hold, and the big ones mapped; each hashed as it will be used."""
    extra = {path.name for path in folder.iterdir()} - {MANIFEST, *FILES}
    if extra:
        raise ArtifactRefused("extra_file", f"{min(extra)} does not belong in {folder.name}")
    contents = {name: _read(folder, name) for name in SMALL}
    mapped = {name: _mapped(folder, file) for name, file in MAPPED.items()}
    found = {name: _sha256(content) for name, content in contents.items()}
    found |= {MAPPED[name]: file.sha256() for name, file in mapped.items()}
    for name, digest in found.items():
        if digest != about["files"][name]:
            raise ArtifactRefused("damaged", f"{name} is not as the manifest says")
    return contents, mapped


def _open(
    about: Mapping[str, Any], contents: Mapping[str, bytes], mapped: Mapping[str, MappedFile], digest: str
) -> Artifact:
    manifest = Manifest.from_json(about["made"])
    area = _area(manifest.area, about["fingerprint"])
    refitted_classes = classes_of(about["refitted"], about["classes"])
    book = Codebook.from_json(area, json.loads(contents[CODEBOOK]))
    arrays_of = {name: file.array() for name, file in mapped.items()}
    return Artifact(
        manifest=manifest,
        codebook=book,
        tables=read_tables(contents[TABLES], about["classes"]),
        background=np.load(io.BytesIO(contents[BACKGROUND]), allow_pickle=False),
        reference=ReferenceCases.from_json(area, book.sizes, json.loads(contents[REFERENCE]), arrays_of),
        golden=Golden.from_json(json.loads(contents[GOLDEN])),
        support=Support.from_json(json.loads(contents[SUPPORT])),
        refitted=read_tables(contents[REFITTED], refitted_classes),
        uncertainty=Uncertainty.from_json(json.loads(contents[UNCERTAINTY])),
        evaluation=json.loads(contents[EVALUATION]),
        manifest_hash=digest,
        mapped=tuple(mapped.values()),
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
    try:
        artifact.uncertainty.check_levels(len(tables.classes))
        artifact.support.check_fits(tables)
        check_refitted(artifact.refitted, tables)
    except ValueError as error:
        raise ArtifactRefused("malformed", str(error)) from error
    if artifact.reference.codes.packing.sizes != book.sizes or not len(artifact.reference):
        raise ArtifactRefused("malformed", "the reference codes do not fit the codebook")
    _check_codes("background", artifact.background, book)
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


def _mapped(folder: Path, name: str) -> MappedFile:
    path = folder / name
    if not path.is_file() or path.is_symlink():
        raise ArtifactRefused("missing_file", f"{name} is missing in {folder.name}")
    try:
        return MappedFile.open(path)
    except (OSError, ValueError) as error:
        raise ArtifactRefused("damaged", f"{name} cannot be read: {error}") from error


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
