"""Pictures for a report, as PNG inside the page: shap's beeswarm, the tables, the calibration."""

import base64
import io
import warnings
from collections.abc import Callable
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from models.artifact import Artifact
from models.tables import shapley
from training.chance import stream
from training.golden import shap_itself

INK, PULL, AWAY = "#1a1a1a", "#0b5c8a", "#b0551c"
SWARM_ROWS = 500
DPI = 110


def picture(draw: Callable[[], None]) -> str:
    """What a function draws, as a data address for an img element; the same drawing gives the same bytes."""
    plt.close("all")
    with plt.rc_context({"font.size": 9, "axes.edgecolor": INK, "svg.hashsalt": "skoen"}):
        draw()
        buffer = io.BytesIO()
        plt.savefig(buffer, format="png", dpi=DPI, bbox_inches="tight", metadata={"Software": None})
    plt.close("all")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def beeswarm(artifact: Artifact) -> str:
    """shap's beeswarm over reference cases: one dot a case, its place the pull, its colour the code."""
    shap = shap_itself()
    codes = np.ascontiguousarray(artifact.reference.codes.unpacked().T)
    chosen = np.sort(stream(artifact.manifest.seed, "beeswarm").permutation(len(codes))[:SWARM_ROWS])
    explainer = shapley(artifact.tables, artifact.background)
    phi = explainer.contributions_many(codes[chosen])
    names = [coding.question.label for coding in artifact.codebook.codings]
    explanation = shap.Explanation(
        values=phi[:, -1, :] - phi[:, 0, :],
        base_values=np.full(len(chosen), explainer.base[-1] - explainer.base[0]),
        data=codes[chosen].astype(np.float64),
        feature_names=names,
    )

    def draw() -> None:
        # shap spreads equal dots with numpy's global generator; seeded, the picture is the same every time
        np.random.seed(artifact.manifest.seed)
        top = artifact.area.levels[-1].label
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shap.plots.beeswarm(explanation, max_display=len(names), show=False, color_bar_label="Kode")
        plt.gca().set_xlabel(f"Træk i log-odds (mod højre: {top.lower()})")
        labels = plt.gcf().axes[-1]
        labels.set_yticklabels(["lav", "høj"])

    return picture(draw)


def single_table(artifact: Artifact, question: int) -> str:
    """One question's own table as bars, code by code."""
    labels = artifact.codebook.code_labels(artifact.codebook.names[question])
    table = artifact.tables.singles[question]
    pull = table[-1] - table[0]

    def draw() -> None:
        plt.figure(figsize=(6, 0.28 * len(labels) + 0.6))
        plt.barh(range(len(labels)), pull, color=[PULL if each > 0 else AWAY for each in pull])
        plt.yticks(range(len(labels)), [label[:48] for label in labels])
        plt.axvline(0, color=INK, linewidth=0.8)
        plt.gca().invert_yaxis()
        plt.xlabel("log-odds")

    return picture(draw)


def pair_table(artifact: Artifact, pair: tuple[int, int]) -> str:
    """What two questions say together, beyond what each says alone."""
    q, r = pair
    table = artifact.tables.pairs[pair]
    pull = table[-1] - table[0]
    limit = float(np.abs(pull).max())
    first, second = (artifact.codebook.code_labels(artifact.codebook.names[each]) for each in pair)

    def draw() -> None:
        plt.figure(figsize=(0.32 * len(second) + 2.4, 0.28 * len(first) + 1.2))
        plt.imshow(pull, cmap="PuOr_r", vmin=-limit, vmax=limit, aspect="auto")
        plt.yticks(range(len(first)), [label[:30] for label in first])
        plt.xticks(range(len(second)), [label[:30] for label in second], rotation=60, ha="right")
        plt.ylabel(artifact.codebook.codings[q].question.label)
        plt.xlabel(artifact.codebook.codings[r].question.label)
        plt.colorbar(label="log-odds")

    return picture(draw)


def calibration_curve(bins: list[dict[str, Any]]) -> str:
    """What was said against what was so, with intervals."""

    def draw() -> None:
        said, was = [each["said"] for each in bins], [each["was"] for each in bins]
        below = [max(each["was"] - each["was_interval"][0], 0) for each in bins]
        above = [max(each["was_interval"][1] - each["was"], 0) for each in bins]
        plt.figure(figsize=(4.2, 4.2))
        plt.plot([0, 1], [0, 1], color="#888888", linewidth=0.8)
        plt.errorbar(said, was, yerr=[below, above], fmt="o", color=PULL, capsize=2, markersize=4)
        plt.xlabel("Modellens andel")
        plt.ylabel("Faktisk andel")
        plt.xlim(0, 1)
        plt.ylim(0, 1)

    return picture(draw)
