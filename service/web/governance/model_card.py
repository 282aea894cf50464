"""The model's declaration of contents: manifest and evaluation in Danish words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from flask_babel import gettext

from models.artifact import Artifact
from models.declaration import Area, Question, questions_of
from models.instants import local_date, read_instant
from service.web.drawing import charts
from service.web.drawing.charts import DotChart, Value
from service.web.formatting import half_up
from service.web.governance.model_silence import how_unsure, when_silent
from service.workflow.statistics.shares import LEAST_FOR_PERCENT, whole_percent

FEW_CASES = 30
"""Below this many earlier cases a case type is named as one the model knows little of."""


@dataclass(frozen=True)
class Candidate:
    """One model that was tried, and whether it was chosen."""

    label: str
    loss: str
    behind: str
    chosen: bool


@dataclass(frozen=True)
class Bin:
    """One group of later cases: what the calculation said, and what people judged."""

    said: str
    was: str
    n: int


@dataclass(frozen=True)
class Comparison:
    """The model that was in use before, measured on the same later cases."""

    version: str
    loss: str


@dataclass(frozen=True)
class ModelCard:
    """Everything the artifact says about itself."""

    version: str
    area: str
    manifest_hash: str
    window: tuple[date, date]
    read: int
    labelled: int
    levels: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int, float], ...]
    learned: tuple[str, ...]
    not_used: tuple[str, ...]
    fewer_words: str
    left_out: tuple[str, ...]
    protected: tuple[str, ...]
    not_known: tuple[str, ...]
    tested: int
    tested_window: tuple[date, date]
    candidates: tuple[Candidate, ...]
    against: Comparison | None
    same_level: str
    calibration_words: tuple[str, ...]
    calibration_chart: DotChart
    bins: tuple[Bin, ...]
    calibration_error: str
    highest_level: str
    few: tuple[tuple[str, int], ...]
    thresholds: tuple[str, ...]
    unsure: tuple[str, ...]
    weighing: str
    technical: tuple[tuple[str, str], ...]


def _fewer_words(told: Mapping[str, Any] | None) -> str:
    """How the version does beside one with all facts, where it leaves some out and that was measured."""
    if not told or not told.get("beside_all"):
        return ""
    beside = told["beside_all"]
    behind, count = beside["behind"], beside["measured_on"]
    if abs(behind["value"]) <= behind["standard_error"]:
        return gettext(
            "På %(count)s senere sager er der ingen klar forskel på den og en model med alle oplysninger.",
            count=count,
        )
    far = _mean({**behind, "value": abs(behind["value"])})
    if behind["value"] > 0:
        return gettext(
            "På %(count)s senere sager ligger den %(far)s længere fra menneskers vurdering end en med alle.",
            count=count, far=far,
        )  # fmt: skip
    return gettext(
        "På %(count)s senere sager ligger den %(far)s tættere på menneskers vurdering end en med alle.",
        count=count, far=far,
    )  # fmt: skip


def card_of(artifact: Artifact) -> ModelCard:
    """The card of an opened artifact."""
    made, told, area = artifact.manifest, artifact.evaluation, artifact.area
    chosen, split = told["chosen"], told["split"]
    return ModelCard(
        version=made.version,
        area=area.label,
        manifest_hash=artifact.manifest_hash,
        window=made.data_window,
        read=made.counts["read"],
        labelled=made.counts["labelled"],
        levels=tuple((level.label, made.counts[f"level_{level.code}"]) for level in area.levels),
        sources=tuple(
            (_source_words(each["source"]), each["cases"], each["weight"])
            for each in told["label_weights"]["sources"]
        ),
        learned=tuple(question.label for question in artifact.codebook.questions),
        not_used=tuple(question.label for question in artifact.codebook.left_out),
        fewer_words=_fewer_words(told.get("proportion")),
        left_out=tuple(question.label for question in area.questions if not question.learned),
        protected=tuple(question.label for question in _protected(area)),
        not_known=area.not_known_to_model,
        tested=split["n_tested"],
        tested_window=(_day(split["tested_from"]), _day(split["tested_to"])),
        candidates=tuple(_candidate(each, chosen["name"]) for each in told["candidates"]),
        against=_against(told["against"]),
        same_level=_mean_percent(chosen["accuracy"]),
        calibration_words=_calibration_words(area, chosen["calibration"]),
        calibration_chart=_calibration_chart(area, chosen["calibration"]),
        bins=tuple(Bin(half_up(each["said"]), _was(each), each["n"]) for each in chosen["calibration"]),
        calibration_error=half_up(chosen["calibration_error"]),
        highest_level=area.levels[-1].label,
        few=_few(artifact),
        thresholds=when_silent(artifact.manifest.thresholds),
        unsure=how_unsure(told),
        weighing=next(
            each["label"] for each in told["neighbours"] if each["name"] == made.config["weighing"]
        ),
        technical=(
            (gettext("Manifest (SHA-256)"), artifact.manifest_hash),
            (gettext("Frø"), str(made.seed)),
            *((name, version) for name, version in made.libraries.items()),
        ),
    )


def _protected(area: Area) -> tuple[Question, ...]:
    return questions_of(area.protected) if area.protected else ()


def _day(instant: str) -> date:
    return local_date(read_instant(instant))


def _mean(found: dict[str, float]) -> str:
    return f"{found['value']:.3f} ± {found['standard_error']:.3f}".replace(".", ",")


def _mean_percent(found: dict[str, float]) -> str:
    return half_up(found["value"])


def _source_words(code: str) -> str:
    return {
        "own_judgement": gettext("egen vurdering, før grundlaget blev vist"),
        "decision_without_evidence": gettext("beslutning uden egen vurdering, grundlag ikke vist"),
        "decision_after_evidence": gettext("beslutning, efter grundlaget var vist"),
        "control_arm": gettext("stikprøven uden grundlag; kun til måling"),
        "legacy_human": gettext("ældre sag, skrevet af et menneske"),
        "legacy_robot": gettext("skrevet af en robot; ikke brugt"),
        "unknown": gettext("uvist af hvem; ikke brugt"),
    }[code]


def _candidate(told: dict[str, Any], chosen: str) -> Candidate:
    return Candidate(
        told["label"], _mean(told["log_loss"]), _mean(told["behind_best"]), told["name"] == chosen
    )


def _against(told: dict[str, Any] | None) -> Comparison | None:
    return None if told is None else Comparison(told["version"], _mean(told["log_loss"]))


def _was(told: dict[str, Any]) -> str:
    if told["n"] < LEAST_FOR_PERCENT:
        return gettext("%(hits)s af %(n)s", hits=round(told["was"] * told["n"]), n=told["n"])
    low, high = told["was_interval"]
    return f"{half_up(told['was'])} ({whole_percent(low)}–{half_up(high)})"


def _calibration_words(area: Area, bins: list[dict[str, Any]]) -> tuple[str, ...]:
    """One sentence for each tenth that enough cases fall on, with the tenths their interval covers."""
    by_tenth: dict[int, dict[str, Any]] = {}
    for each in bins:
        tenth = round(each["said"] * 10)
        if each["n"] >= LEAST_FOR_PERCENT and 1 <= tenth <= 9:
            by_tenth.setdefault(tenth, each)
    level = area.levels[-1].label
    return tuple(
        gettext(
            "Når beregningen viser %(said)s af 10 mod %(level)s, vurderer mennesker det "
            "i %(low)s til %(high)s af 10 sager.",
            said=tenth,
            level=level[:1].lower() + level[1:],
            low=round(each["was_interval"][0] * 10),
            high=round(each["was_interval"][1] * 10),
        )
        for tenth, each in sorted(by_tenth.items())
    )


def _calibration_chart(area: Area, bins: list[dict[str, Any]]) -> DotChart:
    values = []
    for each in bins:
        enough = each["n"] >= LEAST_FOR_PERCENT
        low, high = each["was_interval"]
        values.append(
            Value(
                label=gettext("Beregningen sagde %(said)s", said=half_up(each["said"])),
                words=_was(each),
                share=each["was"] if enough else None,
                low=low if enough else None,
                high=high if enough else None,
                expected=each["said"],
            )
        )
    title = gettext("Passer tallene? %(level)s", level=area.levels[-1].label)
    description = gettext(
        "Prikken er, hvad mennesker vurderede. Den stiplede streg er, hvad beregningen sagde."
    )
    return charts.dot_chart("kalibrering", title, description, values)


def _few(artifact: Artifact) -> tuple[tuple[str, int], ...]:
    """The case types of which the model has few earlier cases, fewest first."""
    area, book = artifact.area, artifact.codebook
    if area.case_type not in book.names:
        return ()
    codes = artifact.reference.codes.column(book.names.index(area.case_type))
    counts = np.bincount(codes, minlength=book.coding(area.case_type).size)
    few = []
    for entry in area.by_name[area.case_type].codes:
        code = book.coding(area.case_type).code(entry.code, None)
        count = int(counts[code]) if code else 0  # too rare to have a code of its own
        if count < FEW_CASES:
            few.append((entry.label, count))
    return tuple(sorted(few, key=lambda each: (each[1], each[0])))
