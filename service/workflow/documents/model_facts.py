"""What the model in use says of itself, as facts: from its manifest, its evaluation and its test for bias."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from models.artifact import Artifact
from models.audit import FEWEST
from models.instants import day_text, local_date, read_instant
from models.promotion import STATUS, Verdict, status_of
from service.workflow.documents.facts import (
    Cell,
    Fact,
    Number,
    Unit,
    Window,
    lacking,
    mean_of,
    said,
    table,
    tested_days,
)
from service.workflow.documents.fairness_facts import LABELS as LOOKED_AT
from service.workflow.documents.fairness_facts import looked_at
from service.workflow.statistics.intervals import wilson

MANIFEST, EVALUATION, AUDIT = "modellens manifest", "modellens evaluering", "prøven for skævhed"
NO_MODEL = "Der er ingen model i brug. Den, der godkender en model, svarer for det."
NO_AUDIT = "Modellen i brug er ikke prøvet for skævhed, eller prøven kan ikke læses. Kør: skoen model audit."
LABELS = {
    "model.version": "Version", "model.hash": "Manifestets SHA-256", "model.made": "Lavet",
    "model.data": "Sager, der er læst og lært af", "model.levels": "Sager efter niveau",
    "model.sources": "Hvor niveauerne kommer fra", "model.inputs": "Oplysninger, modellen lærer af",
    "model.left_out": "Oplysninger, modellen ikke lærer af", "model.thresholds": "Hvornår den er tavs",
    "model.agreement": "Samme niveau som mennesket", "model.loss": "Modeller, der er prøvet",
    "model.calibration": "Passer tallene?", "model.silence": "Sager uden grundlag",
    "model.coverage": "Hvor tit de nævnte niveauer holdt", "model.libraries": "Værktøj, den er lavet med",
    "model.files": "Filer og deres SHA-256", "model.settings": "Indstillinger og frø",
}  # fmt: skip
BIAS_LABELS = {
    "model.bias": "Prøven for skævhed", "model.groups": "Målt for hver gruppe",
    "model.not_tested": "Det, der ikke kan prøves", **LOOKED_AT,
}  # fmt: skip
SOURCES = {
    "own_judgement": "egen vurdering, før grundlaget blev vist",
    "decision_without_evidence": "beslutning uden egen vurdering, grundlag ikke vist",
    "decision_after_evidence": "beslutning, efter grundlaget var vist",
    "control_arm": "stikprøven uden grundlag; kun til måling",
    "legacy_human": "ældre sag, skrevet af et menneske",
    "legacy_robot": "skrevet af en robot; ikke brugt",
    "unknown": "uvist af hvem; ikke brugt",
}
STATUS_OF_GROUP = {
    "for_faa": "for få til at sige noget",
    "alene": "ingen anden gruppe er stor nok",
    "fund": "beregningen ligger lavere",
    "ligevaerdig": "forskellen er under 10 procentpoint",
    "intet_fund": "ingen forskel fundet",
}


def model_facts(artifact: Artifact | None) -> tuple[Fact, ...]:
    """Every fact of the model in use; without one, that each of them is missing."""
    if artifact is None:
        return tuple(lacking(key, label, MANIFEST, NO_MODEL) for key, label in LABELS.items())
    return (*_made(artifact), *_read(artifact), *_measured(artifact))


def bias_facts(audit: Mapping[str, Any] | None, verdict: Verdict | None) -> tuple[Fact, ...]:
    """What the test for bias found; without a test, that it is missing."""
    if audit is None or verdict is None:
        return tuple(lacking(key, label, AUDIT, NO_AUDIT) for key, label in BIAS_LABELS.items())
    found = tuple(f"{each.words} {each.cure}" for each in (*verdict.findings, *verdict.doubts))
    since = _days(audit["window"])
    calibration = audit["overall"]["calibration"]
    return (
        said(
            "model.bias", BIAS_LABELS["model.bias"], AUDIT, f"Svar: {STATUS[verdict.status]}.", *found,
            "Så langt ligger beregningen i alt fra det, mennesker vurderede:",
            Number(
                calibration["gap"], since, audit["overall"]["n"], (calibration["low"], calibration["high"]),
                Unit.POINTS,
            ),
        ),
        table(
            "model.groups", BIAS_LABELS["model.groups"], AUDIT,
            ("Gruppe", "Foreslået for lavt", "Forskel ved samme behov", "Kunne være fundet", "Svar"),
            _groups(audit, since), NO_AUDIT,
        ),
        table(
            "model.not_tested", BIAS_LABELS["model.not_tested"], AUDIT, ("Kendetegn", "Hvorfor"),
            _not_tested(audit),
            "Prøven nævner ikke, hvad der ikke kan prøves.",
        ),
        *looked_at(audit, AUDIT, since),
    )  # fmt: skip


def _made(artifact: Artifact) -> Iterator[Fact]:
    made = artifact.manifest
    yield _said("model.version", MANIFEST, made.version)
    yield _said("model.hash", MANIFEST, artifact.manifest_hash)
    yield _said("model.made", MANIFEST, day_text(local_date(read_instant(made.made_at))))
    yield _table(
        "model.libraries", MANIFEST, ("Del", "Version"), sorted((k, v) for k, v in made.libraries.items())
    )
    settings = {
        "slags model": _label(artifact, "candidates", made.config.get("candidate")),
        "vægte, når lignende sager findes": _label(artifact, "neighbours", made.config.get("weighing")),
        "frø til lodtrækning": made.seed,
    }
    told = tuple((name, str(value)) for name, value in settings.items() if value is not None)
    yield _table("model.settings", MANIFEST, ("Indstilling", "Værdi"), told)
    hashes = made.config.get("data_sha256", {})
    yield _table("model.files", MANIFEST, ("Fil med sager", "SHA-256"), sorted(hashes.items()))


def _read(artifact: Artifact) -> Iterator[Fact]:
    made, area = artifact.manifest, artifact.area
    counts, since = made.counts, made.data_window
    yield _table(
        "model.data", MANIFEST, ("Hvad", "Antal"),
        (("læst", Number(counts["read"], since)), ("med niveau", Number(counts["labelled"], since))),
    )  # fmt: skip
    yield _table(
        "model.levels", MANIFEST, ("Niveau", "Antal"),
        tuple((level.label, Number(counts[f"level_{level.code}"], since)) for level in area.levels),
    )  # fmt: skip
    yield _table(
        "model.sources", MANIFEST, ("Kilde", "Antal"),
        tuple((SOURCES[code], Number(count, since)) for code, count in sorted(made.label_sources.items())),
    )  # fmt: skip
    yield _said(
        "model.inputs", "datakataloget", *(area.by_name[name].label for name in artifact.codebook.names)
    )
    kept_out = (question.label for question in area.questions if not question.learned)
    unknown = ", ".join(each.removeprefix("din ") for each in area.not_known_to_model)
    yield _said("model.left_out", "datakataloget", *kept_out, f"Det, ingen oplysning fortæller: {unknown}.")
    limits = made.thresholds
    yield _said(
        "model.thresholds", MANIFEST,
        f"Færre end {limits.min_similar} tidligere sager ligner nok.",
        f"Mere end {round(limits.max_missing_share * 100)} % af de oplysninger, der spørges om, mangler.",
        "Sagen ligger uden for det, modellen bygger på.",
        "Niveauerne ligger for tæt i beregningen.",
    )  # fmt: skip


def _measured(artifact: Artifact) -> Iterator[Fact]:
    told, area = artifact.evaluation, artifact.area
    split, chosen = told["split"], told["chosen"]
    since = tested_days(split)
    n = split["n_tested"]
    agreement = chosen["accuracy"]
    yield _said("model.agreement", EVALUATION, mean_of(agreement, n, since, Unit.SHARE))
    tried = [(each["label"], mean_of(each["log_loss"], n, since, Unit.NATS)) for each in told["candidates"]]
    if told["against"]:
        against = told["against"]
        tried.append((f"i brug før: {against['version']}", mean_of(against["log_loss"], n, since, Unit.NATS)))
    yield _table("model.loss", EVALUATION, ("Model", "Log-tab, lavere er bedre"), tried)
    highest = area.levels[-1].label.lower()
    yield _table(
        "model.calibration", EVALUATION, ("Beregningen sagde", f"Mennesker valgte {highest}"),
        tuple(_bin(each, since) for each in chosen["calibration"]),
    )  # fmt: skip
    silent = told["abstention"]
    yield _said("model.silence", EVALUATION, _of(silent["share_withheld"], silent["n"], since))
    coverage = told["uncertainty"]["coverage"]
    yield _said(
        "model.coverage", EVALUATION,
        "Når flere niveauer kan passe, siger beregningen det. Så tit var menneskets niveau blandt dem:",
        Number(coverage["covered"], since, coverage["n"], tuple(coverage["interval"]), Unit.SHARE),
        f"Det skulle holde i {round(coverage['nominal'] * 100)} %.",
    )  # fmt: skip


def _label(artifact: Artifact, tried: str, code: object) -> object:
    """What people call one of those that were tried; its code where the evaluation does not name it."""
    known = {each["name"]: each["label"] for each in artifact.evaluation.get(tried, ())}
    return known.get(str(code), code)


def _not_tested(audit: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    """What the municipality does not hold, by its label where the record knows one."""
    told = {each["name"]: (each["label"], each["reason"]) for each in audit["axes"] if not each["groups"]}
    told |= {
        name: (told.get(name, (name.capitalize(),))[0], why)
        for name, why in audit.get("unavailable", {}).items()
    }
    yield from ((label, str(why)) for label, why in told.values())


def _groups(audit: Mapping[str, Any], since: Window) -> Iterator[tuple[Cell, ...]]:
    for axis in audit["axes"]:
        for group in axis["groups"]:
            name = f"{axis['label']}: {group['label']}"
            if group["n"] < FEWEST:
                yield name, f"under {FEWEST} sager", "–", "–", STATUS_OF_GROUP["for_faa"]
                continue
            under, gap = group["under"], group["under_gap"]
            yield (
                name,
                Number(under["share"], since, group["n"], tuple(under["interval"]), Unit.SHARE),
                Number(gap["gap"], since, group["n"], (gap["low"], gap["high"]), Unit.POINTS) if gap else "–",
                f"{gap['detectable'] * 100:.1f} procentpoint".replace(".", ",") if gap else "–",
                STATUS_OF_GROUP[status_of(axis, group)],
            )


def _bin(told: Mapping[str, Any], since: Window) -> tuple[Cell, ...]:
    was = Number(told["was"], since, told["n"], tuple(told["was_interval"]), Unit.SHARE)
    return f"{told['said'] * 100:.1f} %".replace(".", ","), was


def _of(share: float, n: int, since: Window) -> Number:
    """A share of so many cases, with Wilson's interval."""
    hits = round(share * n)
    ends = wilson(hits, n)
    return Number(hits / n, since, n, (ends.low, ends.high), Unit.SHARE)


def _days(window: Sequence[str]) -> Window:
    return date.fromisoformat(window[0]), date.fromisoformat(window[1])


def _said(key: str, source: str, *lines: Cell) -> Fact:
    return said(key, LABELS[key], source, *lines)


def _table(key: str, source: str, head: tuple[str, ...], rows: Sequence[tuple[Cell, ...]]) -> Fact:
    return table(key, LABELS[key], source, head, rows, f"{LABELS[key]}. Skal stå i {source}.")
