"""Making a version again from its manifest and the same data: the same bytes, or what differs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from models.artifact import FILES, Artifact
from training.dataset import Dataset
from training.evaluate import rules_in
from training.proportion import ALL, Asked
from training.train import LIBRARIES, Progress, Settings, installed_libraries, train, write


class CannotReproduce(ValueError):
    """The data, or the version it was measured against, are not those of the manifest."""


@dataclass(frozen=True)
class Reproduced:
    """A version made again: the files that came out otherwise, and the libraries that may explain it."""

    version: str
    manifest_hash: str
    differs: tuple[str, ...]
    libraries: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every byte is the same."""
        return not self.differs


def reproduce(
    version: Artifact,
    folder: Path,
    data: Dataset,
    against: Artifact | None = None,
    progress: Progress = lambda step: None,
) -> Reproduced:
    """Train again as the manifest says and compare every file. Raises CannotReproduce and TrainingRefused."""
    config = version.manifest.config
    _check_against(version.evaluation, against)
    same_names = replace(data, sha256=_as_named(data.sha256, config["data_sha256"]))
    settings = Settings(
        config["seed"], config["rare"], config["test_share"], rules_in(version), _facts_asked(config), against
    )
    made = train(same_names, settings, progress)
    with TemporaryDirectory(prefix="skoen-reproduce-") as scratch:
        again, digest = write(made, Path(scratch))
        names = sorted({path.name for each in (folder, again) for path in each.iterdir()} | set(FILES))
        differs = tuple(name for name in names if _bytes(folder / name) != _bytes(again / name))
    then, now = version.manifest.libraries, installed_libraries()
    libraries = tuple(
        f"{name} {then.get(name, '–')} → {now[name]}"
        for name in ("python", *LIBRARIES)
        if then.get(name) != now[name]
    )
    return Reproduced(made.artifact.manifest.version, digest, differs, libraries)


def _facts_asked(config: Mapping[str, Any]) -> Asked:
    """What the version was asked to use; one that does not say used every fact."""
    return Asked(config.get("facts", ALL), tuple(config.get("keep", ())))


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _check_against(evaluation: Mapping[str, Any], against: Artifact | None) -> None:
    then = evaluation.get("against")
    if then and (against is None or against.manifest_hash != then["manifest_hash"]):
        raise CannotReproduce(f"it was measured against {then['version']}; give that version with --against")
    if against is not None and not then:
        raise CannotReproduce("it was measured against no other version; leave --against out")


def _as_named(found: Mapping[str, str], then: Mapping[str, str]) -> dict[str, str]:
    """The hashes under the names they had; a file may have another name now, but no other content."""
    if sorted(found.values()) != sorted(then.values()):
        missing = [name for name, digest in then.items() if digest not in found.values()]
        strangers = [name for name, digest in found.items() if digest not in then.values()]
        told = [f"missing: {', '.join(missing)}"] if missing else []
        told += [f"not among its data: {', '.join(strangers)}"] if strangers else []
        raise CannotReproduce(
            "the files are not those it was made from; " + "; ".join(told or ["one is given twice"])
        )
    return dict(then)
