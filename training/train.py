"""From decided cases to a model version: same data, seed and settings, same folder, bit for bit."""

import hashlib
import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import numpy as np

from models.artifact import Artifact, Manifest, load, save
from models.coding import Codebook, Codes
from models.declaration import Area
from models.instants import instant_text, local_date, read_instant
from models.labels import USUAL, LabelRules
from models.reference import ReferenceCases
from models.support import RARE, Counted, Support
from training.beside_all import beside_all
from training.candidates import Rows
from training.chance import stream
from training.choosing import choose
from training.codebook import fit_codebook
from training.dataset import Dataset
from training.doubt import held_against, silence_of
from training.evaluate import beside_active, measured
from training.golden import background_of, golden_rows
from training.kept import NOWHERE, Kept
from training.labelled import Labelled, labelled, rules_of
from training.measures import losses, mean_of
from training.neighbours import Weighing, alike_among, chosen_weighing, thresholds_of, weigh
from training.privacy import privacy
from training.proportion import FEWEST, Asked, FactsChosen, checked, choose_facts
from training.provenance import label_sources, label_weights, phases_of
from training.readiness import carries
from training.refitting import refit, steadiness
from training.refusals import TrainingRefused, refuse_crossed, refuse_unjudged, too_little
from training.rule_change import rule_change
from training.select import TEST_SHARE, Scored, Split, split_in_time

__all__ = [
    "LIBRARIES",
    "Progress",
    "Settings",
    "Trained",
    "TrainingRefused",
    "installed_libraries",
    "train",
    "write",
]

LIBRARIES = ("numpy", "scikit-learn", "shap")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """What training is asked for. `against` is the version in use, to be measured on the same later cases.

    `labels` says how much a label weighs; a change of practice that the area declares counts as well. `facts`
    says which facts are used: by default the smallest set that does as well as all.
    """

    seed: int = 140
    rare: int = RARE
    test_share: float = TEST_SHARE
    labels: LabelRules = USUAL
    facts: Asked = FEWEST
    against: Artifact | None = None

    def to_json(self) -> dict[str, Any]:
        """What shapes the model; what it is compared with does not."""
        asked = {"seed": self.seed, "rare": self.rare, "test_share": self.test_share}
        return asked | {"labels": self.labels.to_json()} | self.facts.to_json()


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
    progress: Progress = lambda step: None,
    kept: Kept = NOWHERE,
) -> Trained:
    """Fit the candidates, choose one and put a version together.

    What is `kept` of an earlier run on the same data with the same settings is not fitted again.
    Raises TrainingRefused, also when the area crosses a line of `models.boundaries`.
    """
    area = data.area
    refuse_crossed(area)
    settings = replace(
        settings,
        labels=rules_of(area, data.cases, settings.labels, data.changed_on),
        facts=checked(area, settings.facts),
    )
    known, rules = labelled(area, data.cases, settings.labels)
    carried = carries(area, known)
    if carried == "nothing":
        raise TrainingRefused(too_little(known, settings.labels))
    refuse_unjudged(data)
    split = _checked_split(known, settings)
    progress("Choosing facts")
    facts = choose_facts(split.learned, settings.facts, carried=carried, rare=settings.rare)
    progress("Coding facts")
    book = fit_codebook(split.learned, settings.rare, facts.used)
    codes = split.learned.codes(book)
    later = split.tested.codes(book)
    rows = Rows(book, codes, split.learned.level, split.learned.weight)
    choice = choose(
        rows, later, split, carried=carried, seed=settings.seed, rare=settings.rare, kept=kept,
        progress=progress,
    )  # fmt: skip
    scored, chosen = choice.scored, choice.chosen
    progress("Explaining with shap")
    background = background_of(codes, settings.seed)
    golden = golden_rows(chosen.candidate.tables, background, later, settings.seed)
    progress("Fitting again")
    tables = chosen.candidate.tables
    refitted = refit(chosen.candidate, rows, settings.seed, settings.rare, kept)
    progress("Weighing similarity")
    weighings = weigh(book, tables, background, codes, split.learned.level, later, split.tested.level)
    weights = chosen_weighing(weighings).weights or {}
    alike = alike_among(book, weights, codes)
    progress("Holding shares against later cases")
    doubt = held_against(tables, later, split.tested)
    progress("Measuring beside all facts")
    beside = beside_all(facts, chosen.candidate, rows, later, split, settings.seed, settings.rare, kept)
    progress("Evaluating")
    evaluation = _evaluation(book, later, split, scored, chosen, weighings, settings)
    evaluation |= {
        "windows": choice.windows,
        "proportion": None if facts.told is None else facts.told | {"beside_all": beside},
        "steadiness": steadiness(tables, refitted, background, later),
        "label_sources": label_sources(data.cases),
        "label_rules": dict(rules),
        "label_weights": label_weights(data.cases, known),
    }
    manifest = Manifest(
        version="unnamed",
        area=area.name,
        made_at=instant_text(known.cases[-1].decided_at),
        seed=settings.seed,
        data_window=known.days(),
        weights=weights,
        thresholds=replace(thresholds_of(alike, split.learned, book), min_margin=doubt.min_margin),
        config=_config(settings, data, known, split, chosen, weighings, carried, facts),
        counts=_counts(data, known),
        label_sources=label_sources(data.cases),
        libraries=installed_libraries(),
        nearest=alike.quantiles(),
    )
    draft = Artifact(
        manifest=manifest,
        codebook=book,
        tables=tables,
        background=background,
        reference=reference_of(book, split.learned, codes, settings.seed),
        golden=golden,
        support=Support.of(Counted.of(tables.sizes, codes, tables.pairs)),
        refitted=refitted,
        uncertainty=doubt.uncertainty,
    )
    evaluation |= {"uncertainty": doubt.told, "abstention": silence_of(draft, split.tested)}
    evaluation["privacy"] = privacy(draft, chosen.candidate, rows, split.tested, settings.rare, kept)
    evaluation["rule_change"] = rule_change(settings.against, draft, split.tested)
    artifact = replace(
        draft,
        manifest=replace(manifest, version=_version(manifest, evaluation)),
        reference=reference_of(book, known, np.concatenate([codes, later]), settings.seed),
        evaluation=evaluation,
    )
    return Trained(artifact, tuple(scored), chosen)


def shaped_by(data: Dataset, settings: Settings) -> dict[str, Any]:
    """Everything besides our own code that shapes a fit: what is kept of a training is known by it."""
    return {
        "area": data.area.name,
        "sha256": sorted(data.sha256.values()),
        "settings": settings.to_json(),
        "libraries": installed_libraries(),
    }


def installed_libraries() -> dict[str, str]:
    """The versions of what fits and explains a model here."""
    return {"python": platform.python_version()} | {name: installed(name) for name in LIBRARIES}


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


def _checked_split(known: Labelled, settings: Settings) -> Split:
    split = split_in_time(known, settings.test_share)
    levels = range(len(known.area.levels))
    missing = [known.area.level_codes[k] for k in levels if not (split.learned.level == k).any()]
    if missing:
        raise TrainingRefused(
            f"no earlier case was given the level {missing[0]}; a model cannot speak of what it never saw"
        )
    return split


def _evaluation(
    book: Codebook,
    later: Codes,
    split: Split,
    scored: list[Scored],
    chosen: Scored,
    weighings: list[Weighing],
    settings: Settings,
) -> dict[str, Any]:
    """What promotion reads. Every loss in it was measured on the same later cases."""
    shares = chosen.candidate.tables.probabilities(later)
    loss = losses(shares, split.tested.level)
    prior = losses(scored[0].candidate.tables.probabilities(later), split.tested.level)
    return {
        "format": 1,
        "split": split.to_json(),
        "chosen": {"name": chosen.candidate.name, **measured(shares, split.tested, prior)},
        "prior": {"log_loss": mean_of(prior).to_json()},
        "candidates": [each.to_json() for each in scored],
        "neighbours": [each.to_json() for each in weighings],
        "against": beside_active(split, loss, settings.against),
    }


def _config(
    settings: Settings, data: Dataset, known: Labelled, split: Split, chosen: Scored,
    weighings: list[Weighing], carried: str, facts: FactsChosen,
) -> dict[str, Any]:  # fmt: skip
    return {
        **settings.to_json(),
        "facts_chosen": facts.to_json(data.area),
        "candidate": chosen.candidate.name,
        "candidate_settings": chosen.candidate.settings,
        "weighing": chosen_weighing(weighings).name,
        "carries": carried,
        "split": split.to_json(),
        "data_sha256": dict(sorted(data.sha256.items())),
        "phases": phases_of(known),
    }


def _per_level(area: Area, known: Labelled) -> Mapping[str, int]:
    return {f"level_{code}": int((known.level == k).sum()) for k, code in enumerate(area.level_codes)}


def _counts(data: Dataset, known: Labelled) -> Mapping[str, int]:
    """How many cases there were, and how many teach nothing because a citizen said no, by the right used."""
    left_out = {f"left_out_{reason}": count for reason, count in data.left_out.items()}
    counted = {"read": len(data.cases), "labelled": len(known)}
    return {**counted, **_per_level(data.area, known), **left_out}


def reference_of(book: Codebook, known: Labelled, codes: Codes, seed: int) -> ReferenceCases:
    """Every human-labelled case, with its outcome, under its key, or a random one, without an identity."""
    levels = [known.area.level_codes[k] for k in known.level]
    drawn = stream(seed, "reference keys").bytes(16 * len(levels)).hex()
    given = known.columns.about("reference_key").listed()
    keys = [key or drawn[32 * row : 32 * row + 32] for row, key in enumerate(given)]
    return ReferenceCases.from_cases(book.sizes, known.cases, levels, codes, keys)


def _version(manifest: Manifest, evaluation: Mapping[str, Any]) -> str:
    """Area, last day and a short hash of what the version was made from and how it was measured."""
    about = json.dumps([manifest.to_json(), evaluation], sort_keys=True, ensure_ascii=False)
    last = local_date(read_instant(manifest.made_at))
    return f"{manifest.area}-{last:%Y%m%d}-{hashlib.sha256(about.encode()).hexdigest()[:8]}"
