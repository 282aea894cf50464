"""From decided cases to a model version: same data, seed and settings, same folder, bit for bit."""

import hashlib
import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from models import boundaries
from models.artifact import Artifact, Manifest, load, save
from models.coding import Codebook, Codes
from models.declaration import Area
from models.instants import instant_text, local_date, read_instant
from models.reference import ReferenceCases
from training.candidates import KINDS, Candidate, fit_candidate
from training.chance import stream
from training.codebook import RARE, fit_codebook
from training.dataset import Dataset, Protected
from training.evaluate import label_sources, losses_of, measured
from training.golden import background_of, golden_rows
from training.labelled import Labelled, labelled
from training.measures import losses, mean_of
from training.neighbours import Weighing, chosen_weighing, thresholds_of, weigh
from training.readiness import carries
from training.select import TEST_SHARE, Scored, Split, score_all, simplest, split_in_time

LIBRARIES = ("numpy", "scikit-learn", "shap")
Progress = Callable[[str], None]


class TrainingRefused(ValueError):
    """The cases cannot carry a model; nothing was written. `skoen data readiness` says why."""


@dataclass(frozen=True)
class Settings:
    """What training is asked for. `against` is the version in use, to be measured on the same later cases."""

    seed: int = 140
    rare: int = RARE
    test_share: float = TEST_SHARE
    against: Artifact | None = None

    def to_json(self) -> dict[str, Any]:
        """What shapes the model; what it is compared with does not."""
        return {"seed": self.seed, "rare": self.rare, "test_share": self.test_share}


@dataclass(frozen=True)
class Trained:
    """A model version not yet written, and whether it beats the shares of levels alone."""

    artifact: Artifact
    scored: tuple[Scored, ...]
    chosen: Scored

    @property
    def worse_than_prior(self) -> bool:
        """Whether the chosen model is worse than the prior by more than one standard error."""
        better = self.artifact.evaluation["chosen"]["better_than_prior"]
        return bool(better["value"] < -better["standard_error"])


def train(
    data: Dataset,
    settings: Settings,
    protected: Protected | None = None,
    progress: Progress = lambda step: None,
) -> Trained:
    """Fit the candidates, choose one and put a version together.

    Raises TrainingRefused, also when the area crosses a line of `models.boundaries`.
    """
    area = data.area
    _refuse_crossed(area)
    known, rules = labelled(area, data.cases)
    carried = carries(area, known)
    if carried == "nothing":
        raise TrainingRefused(
            f"{len(known)} human-labelled cases can carry neither a model nor similar cases; "
            "see `skoen data readiness`"
        )
    split = _checked_split(known, settings)
    progress("Coding facts")
    book = fit_codebook(split.learned, settings.rare)
    codes = book.encode_many(split.learned.values(), split.learned.received_on())
    later = book.encode_many(split.tested.values(), split.tested.received_on())
    scored, chosen = _chosen(book, codes, later, split, settings, carried, progress)
    progress("Explaining with shap")
    background = background_of(codes, settings.seed)
    golden = golden_rows(chosen.candidate.tables, background, later, settings.seed)
    progress("Weighing similarity")
    tables = chosen.candidate.tables
    weighings = weigh(book, tables, background, codes, split.learned.level, later, split.tested.level)
    weights = chosen_weighing(weighings).weights
    progress("Evaluating")
    evaluation = _evaluation(book, later, split, scored, chosen, weighings, settings, protected)
    evaluation |= {"label_sources": label_sources(data.cases), "label_rules": dict(rules)}
    manifest = Manifest(
        version="unnamed",
        area=area.name,
        made_at=instant_text(known.cases[-1].decided_at),
        seed=settings.seed,
        data_window=known.days(),
        weights=weights,
        thresholds=thresholds_of(book, weights, codes, split.learned.values()),
        config=_config(settings, data, split, chosen, weighings, carried),
        counts=_counts(data, known),
        label_sources=label_sources(data.cases),
        libraries={"python": platform.python_version()} | {name: installed(name) for name in LIBRARIES},
    )
    artifact = Artifact(
        manifest=replace(manifest, version=_version(manifest, evaluation)),
        codebook=book,
        tables=tables,
        background=background,
        reference=_reference(book, known, settings.seed),
        golden=golden,
        evaluation=evaluation,
    )
    return Trained(artifact, tuple(scored), chosen)


def write(trained: Trained, shelf: Path) -> tuple[Path, str]:
    """Write a version to its own folder under the shelf; its folder and the hash of its manifest.

    A version's name follows from what it is, so one that is there already is checked and left as it is.
    Raises models.artifact.ArtifactRefused when what is there is damaged or another.
    """
    folder = shelf / trained.artifact.manifest.version
    if folder.exists():
        there = load(folder)
        if (there.manifest, there.evaluation) == (trained.artifact.manifest, trained.artifact.evaluation):
            return folder, there.manifest_hash
    return folder, save(trained.artifact, folder)


def _refuse_crossed(area: Area) -> None:
    try:
        boundaries.refuse_crossed(area)
    except boundaries.AreaRefused as refused:
        raise TrainingRefused(str(refused)) from refused


def _checked_split(known: Labelled, settings: Settings) -> Split:
    split = split_in_time(known, settings.test_share)
    levels = range(len(known.area.levels))
    missing = [known.area.level_codes[k] for k in levels if not (split.learned.level == k).any()]
    if missing:
        raise TrainingRefused(
            f"no earlier case was given the level {missing[0]}; a model cannot speak of what it never saw"
        )
    return split


def _chosen(
    book: Codebook,
    codes: Codes,
    later: Codes,
    split: Split,
    settings: Settings,
    carried: str,
    progress: Progress,
) -> tuple[list[Scored], Scored]:
    candidates: list[Candidate] = []
    for name, (label, _) in KINDS.items():
        if name == "prior" or carried == "model":
            progress(f"Fitting: {label}")
            candidates.append(fit_candidate(name, book, codes, split.learned.level, settings.seed))
    found = [losses(each.tables.probabilities(later), split.tested.level) for each in candidates]
    scored = score_all(candidates, found)
    return scored, simplest(scored)


def _evaluation(
    book: Codebook,
    later: Codes,
    split: Split,
    scored: list[Scored],
    chosen: Scored,
    weighings: list[Weighing],
    settings: Settings,
    protected: Protected | None,
) -> dict[str, Any]:
    """What promotion reads. Every loss in it was measured on the same later cases."""
    shares = chosen.candidate.tables.probabilities(later)
    loss = losses(shares, split.tested.level)
    prior = losses(scored[0].candidate.tables.probabilities(later), split.tested.level)
    return {
        "format": 1,
        "split": split.to_json(),
        "chosen": {"name": chosen.candidate.name, **measured(shares, split.tested, protected, prior)},
        "prior": {"log_loss": mean_of(prior).to_json()},
        "candidates": [each.to_json() for each in scored],
        "neighbours": [each.to_json() for each in weighings],
        "against": _against(split, loss, settings.against),
    }


def _against(split: Split, loss: Any, active: Artifact | None) -> dict[str, Any] | None:
    """The version in use on the same later cases; it may have learned from some of them, which favours it."""
    if active is None:
        return None
    theirs = losses_of(active, split.tested)
    stopped = read_instant(active.manifest.config["split"]["tested_from"])
    return {
        "version": active.manifest.version,
        "manifest_hash": active.manifest_hash,
        "log_loss": mean_of(theirs).to_json(),
        "worse_than_active": mean_of(loss - theirs).to_json(),
        "n": len(split.tested),
        "n_it_learned_from": sum(case.decided_at < stopped for case in split.tested.cases),
    }


def _config(
    settings: Settings, data: Dataset, split: Split, chosen: Scored, weighings: list[Weighing], carried: str
) -> dict[str, Any]:
    return {
        **settings.to_json(),
        "candidate": chosen.candidate.name,
        "candidate_settings": chosen.candidate.settings,
        "weighing": chosen_weighing(weighings).name,
        "carries": carried,
        "split": split.to_json(),
        "data_sha256": dict(sorted(data.sha256.items())),
    }


def _per_level(area: Area, known: Labelled) -> Mapping[str, int]:
    return {f"level_{code}": int((known.level == k).sum()) for k, code in enumerate(area.level_codes)}


def _counts(data: Dataset, known: Labelled) -> Mapping[str, int]:
    """How many cases there were, and how many teach nothing because a citizen said no, by the right used."""
    left_out = {f"left_out_{reason}": count for reason, count in data.left_out.items()}
    counted = {"read": len(data.cases), "labelled": len(known)}
    return {**counted, **_per_level(data.area, known), **left_out}


def _reference(book: Codebook, known: Labelled, seed: int) -> ReferenceCases:
    """Every human-labelled case, with its outcome, under its key, or a random one, without an identity."""
    rng = stream(seed, "reference keys")
    levels = [known.area.level_codes[k] for k in known.level]
    codes = book.encode_many(known.values(), known.received_on())
    drawn = [rng.bytes(16).hex() for _ in levels]
    keys = [case.reference_key or key for case, key in zip(known.cases, drawn, strict=True)]
    return ReferenceCases.from_cases(known.cases, levels, codes, keys)


def _version(manifest: Manifest, evaluation: Mapping[str, Any]) -> str:
    """Area, last day and a short hash of what the version was made from and how it was measured."""
    about = json.dumps([manifest.to_json(), evaluation], sort_keys=True, ensure_ascii=False)
    last = local_date(read_instant(manifest.made_at))
    return f"{manifest.area}-{last:%Y%m%d}-{hashlib.sha256(about.encode()).hexdigest()[:8]}"
