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
