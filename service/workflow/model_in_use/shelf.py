"""The shelf of model versions: immutable folders, opened once per worker and kept.

A worker asks for the version that the database says is in use, so a newly admitted model is taken
at the next request; a version is handed out only after all of it has been read and checked.
"""

import json
import shutil
import threading
import uuid
from pathlib import Path

from models import areas, artifact, audit
from models.audit import Audit
from models.evidence import Suggester
from models.manifest import VERSION_PATTERN
from models.promotion import Verdict, verdict
from models.rule_change import Changed, changed_facts

KEPT = 3
"""Versions a worker keeps open: the one in use, the one before, and one being tried."""


class ModelShelf:
    """Artifacts in `folder/<version>/`, opened on demand. Safe for several threads."""

    def __init__(self, folder: Path) -> None:
        """The folder need not exist yet; an empty shelf refuses every version."""
        self.folder = folder
        self._opened: dict[tuple[str, str], Suggester] = {}
        self._opening = threading.Lock()

    def path(self, version: str) -> Path:
        """Where a version lies; a name that could leave the shelf is refused."""
        if not VERSION_PATTERN.fullmatch(version):
            raise artifact.ArtifactRefused("no_such_version", f"{version!r} is not the name of a version")
        return self.folder / version

    def versions(self) -> tuple[str, ...]:
        """The versions that lie on the shelf, sorted by name; none of them is opened."""
        found = self.folder.glob(f"*/{artifact.MANIFEST}")
        return tuple(
            sorted(each.parent.name for each in found if VERSION_PATTERN.fullmatch(each.parent.name))
        )

    def changes(self) -> dict[str, tuple[Changed, ...]]:
        """What each version on the shelf says that it weighs otherwise, for those that say anything.

        It is read to open tasks and not checked; the gate reads it from the checked version.
        """
        found = {}
        for version in self.versions():
            try:
                about, told = (
                    json.loads((self.folder / version / name).read_text(encoding="utf-8"))
                    for name in (artifact.MANIFEST, artifact.EVALUATION)
                )
                changed = changed_facts(told["rule_change"], areas.get(about["made"]["area"]))
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if changed:
                found[version] = changed
        return found

    def suggester(self, version: str, manifest_hash: str) -> Suggester:
        """What the version can say, kept for the next time, and read anew when its files were touched since.

        Raises `models.artifact.ArtifactRefused` when it is missing, damaged, foreign,
        or another than the one admitted. A refusal is not remembered.
        """
        found = self._opened.get((version, manifest_hash))
        if found is not None and found.artifact.is_as_opened():
            return found
        with self._opening:
            found = self._opened.get((version, manifest_hash))
            if found is None or not found.artifact.is_as_opened():
                opened = Suggester(self.open(version, manifest_hash))
                self._keep((version, manifest_hash), opened)
            return self._opened[(version, manifest_hash)]

    def open(self, version: str, manifest_hash: str | None = None) -> artifact.Artifact:
        """Read and check the whole of a version; raises `ArtifactRefused` with the reason."""
        folder = self.path(version)
        if not folder.is_dir():
            raise artifact.ArtifactRefused("no_such_version", f"there is no {version} on the shelf")
        return artifact.load(folder, manifest_hash)

    def audit(self, version: str, manifest_hash: str) -> Audit:
        """The record of the test for bias that lies beside a version; raises `models.audit.AuditRefused`."""
        return audit.load(self.path(version), version, manifest_hash)

    def verdict(self, version: str, manifest_hash: str) -> Verdict:
        """What the promotion gate says of a version; raises AuditRefused, or ArtifactRefused."""
        found = self.audit(version, manifest_hash)
        return verdict(found.content, self.suggester(version, manifest_hash).artifact.evaluation)

    def take_in(self, source: Path, version: str) -> Path:
        """Copy a checked artifact onto the shelf under its version; never half a folder of that name.

        Taking in the same artifact again changes nothing; another one of the same name is refused. The record
        of its test for bias comes along, and the newest counts.
        """
        target = self.path(version)
        if source.resolve() != target.resolve():
            self._copy(source, target, version)
            self._copy_record(source, target)
        return target

    def _copy(self, source: Path, target: Path, version: str) -> None:
        if target.exists():
            if (target / "manifest.json").read_bytes() != (source / "manifest.json").read_bytes():
                raise artifact.ArtifactRefused("exists_already", f"the shelf has another {version}")
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        staged = self.folder / f".{version}.{uuid.uuid4().hex}"
        try:
            shutil.copytree(source, staged)
            staged.rename(target)
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def _copy_record(self, source: Path, target: Path) -> None:
        record = audit.beside(source)
        if record.is_file():
            staged = self.folder / f".{target.name}.{uuid.uuid4().hex}{audit.SUFFIX}"
            shutil.copyfile(record, staged)
            staged.replace(audit.beside(target))

    def _keep(self, key: tuple[str, str], opened: Suggester) -> None:
        """Replace the whole mapping: a thread reading without the lock sees the old or the new one."""
        kept = dict(list(self._opened.items())[-(KEPT - 1) :])
        self._opened = {**kept, key: opened}
