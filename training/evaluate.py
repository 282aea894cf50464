"""How good a model is: losses beside baselines, calibration, sources of labels."""

from typing import Any

from models.artifact import Artifact
from models.case_columns import microseconds
from models.coding import Codebook
from models.instants import read_instant
from models.labels import USUAL, LabelRules
from models.tables import ScoreTables
from training.candidates import fit_candidate
from training.chance import Numbers
from training.dataset import Dataset
from training.labelled import Labelled, control_arm, labelled
from training.measures import accuracy, calibration, calibration_error, confusion, losses, mean_of
from training.provenance import label_sources
from training.select import Split
from training.table_reading import prior_tables


class NothingToTest(ValueError):
    """No case was decided after the model had stopped learning; its own cases would flatter it."""


def shares_of(tables: ScoreTables, book: Codebook, cases: Labelled) -> Numbers:
    """What a model says of each case: shares (n, K)."""
    return tables.probabilities(cases.codes(book))


def losses_of(artifact: Artifact, cases: Labelled) -> Numbers:
    """The log-loss of each case under a model version."""
    return losses(shares_of(artifact.tables, artifact.codebook, cases), cases.level)


def rules_in(artifact: Artifact) -> LabelRules:
    """The label rules a version was made by; the usual ones for a version that does not say."""
    told = artifact.manifest.config.get("labels", {})
    return LabelRules.from_json(told) if told else USUAL


def measured(shares: Numbers, tested: Labelled, prior: Numbers) -> dict[str, Any]:
    """The measures of one model on later cases. `prior` are the losses of the shares of levels alone."""
    loss = losses(shares, tested.level)
    bins = calibration(shares, tested.level)
    return {
        "n": len(tested),
        "log_loss": mean_of(loss).to_json(),
        "better_than_prior": mean_of(prior - loss).to_json(),
        "accuracy": accuracy(shares, tested.level).to_json(),
        "confusion": confusion(shares, tested.level),
        "calibration": bins,
        "calibration_error": calibration_error(bins),
    }


def beside_active(split: Split, loss: Numbers, active: Artifact | None) -> dict[str, Any] | None:
    """The version in use on the same later cases; it may have learned from some of them, which favours it."""
    if active is None:
        return None
    theirs = losses_of(active, split.tested)
    stopped = microseconds(read_instant(active.manifest.config["split"]["tested_from"]))
    return {
        "version": active.manifest.version,
        "manifest_hash": active.manifest_hash,
        "log_loss": mean_of(theirs).to_json(),
        "worse_than_active": mean_of(loss - theirs).to_json(),
        "n": len(split.tested),
        "n_it_learned_from": int((split.tested.columns.instants() < stopped).sum()),
    }


def evaluate(artifact: Artifact, data: Dataset) -> dict[str, Any]:
    """A model version measured on the cases decided after it stopped learning, beside two baselines.

    The baselines are fitted on the earlier cases of the same data. Raises NothingToTest.
    """
    known, rules = labelled(data.area, data.cases, rules_in(artifact))
    trained_to = read_instant(artifact.manifest.config["split"]["tested_from"])
    earlier, later = known.between(None, trained_to), known.between(trained_to, None)
    if not len(later):
        raise NothingToTest(
            f"no case in the data was decided from {trained_to.date()} on, when {artifact.manifest.version} "
            "had stopped learning"
        )
    shares = shares_of(artifact.tables, artifact.codebook, later)
    prior = losses(
        shares_of(prior_tables(artifact.codebook, earlier.level, earlier.weight), artifact.codebook, later),
        later.level,
    )
    control = control_arm(data.area, data.cases).between(trained_to, None)
    return {
        "version": artifact.manifest.version,
        "tested_from": artifact.manifest.config["split"]["tested_from"],
        "model": measured(shares, later, prior),
        "baselines": _baselines(artifact.codebook, earlier, later, artifact.manifest.seed),
        "control_arm": _control(artifact, control),
        "label_sources": label_sources(data.cases),
        "label_rules": rules,
    }


def _baselines(book: Codebook, earlier: Labelled, later: Labelled, seed: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    kinds = ("prior", "logistic") if len(set(earlier.level.tolist())) > 1 else ("prior",)
    codes = earlier.codes(book)
    for name in kinds:
        candidate = fit_candidate(name, book, codes, earlier.level, seed, earlier.weight)
        shares = shares_of(candidate.tables, book, later)
        found[name] = {
            "label": candidate.label,
            "log_loss": mean_of(losses(shares, later.level)).to_json(),
            "accuracy": accuracy(shares, later.level).to_json(),
        }
    return found


def _control(artifact: Artifact, control: Labelled) -> dict[str, Any]:
    """The same measures on cases judged without evidence by design, which nothing has learned from."""
    if not len(control):
        return {"n": 0}
    shares = shares_of(artifact.tables, artifact.codebook, control)
    return {
        "n": len(control),
        "log_loss": mean_of(losses(shares, control.level)).to_json(),
        "accuracy": accuracy(shares, control.level).to_json(),
    }
