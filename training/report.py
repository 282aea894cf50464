"""A model version on one page: self-contained HTML in Danish, with everything the version knows of itself."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from models.artifact import Artifact
from models.declaration import Area
from models.instants import day_text, local_date, read_instant
from training.danish_numbers import decimal, mean_text
from training.provenance import SOURCE_WORDS
from training.report_fairness import fairness_chapter
from training.report_news import news_chapter
from training.report_page import page
from training.report_privacy import privacy_chapter
from training.report_proportion import proportion_chapter
from training.report_right import (
    against_chapter,
    calibration_drawing,
    levels_chapter,
    misses_chapter,
    windows_chapter,
)
from training.report_summary import summary, with_contents
from training.report_swarm import pulls_chapter
from training.report_tables import tables_chapter
from training.report_uncertainty import uncertainty_chapter

RULES = {
    "history_decision": "Niveau fra en ældre sag, skrevet af et menneske",
    "own_judgement": "Egen vurdering, før grundlaget blev vist",
    "robot_written": "Skrevet af en robot: indgår ikke",
    "unknown_source": "Ukendt kilde: indgår ikke",
    "control_arm": "Kontrolgruppe: kun til måling",
    "corrected_after_evidence": "Rettet, efter grundlaget var vist: indgår ikke",
    "no_level": "Intet niveau",
    "no_legal_basis": "Afgjort uden et retsgrundlag for fasen: indgår ikke",
    "invented": "Opdigtet sag fra øvelsen: indgår ikke blandt rigtige sager",
    "older_practice": "Fra før praksis blev en anden: vejer ikke",
    "no_own_level": "Ingen egen vurdering med et niveau",
}


def report(
    artifact: Artifact, audit: Mapping[str, Any] | None = None, previous: Artifact | None = None
) -> str:
    """The whole page as text, with the record of the test for bias, if any. It refers to nothing outside.

    With a `previous` version it says first what is new.
    """
    evaluation = artifact.evaluation
    chapters = [
        "" if previous is None else news_chapter(previous, artifact),
        _performance(artifact),
        _neighbours(artifact),
        _calibration(evaluation),
        levels_chapter(artifact, _table),
        misses_chapter(artifact, _table),
        uncertainty_chapter(artifact.area, evaluation, _table, artifact.manifest.thresholds),
        fairness_chapter(audit, _table),
        proportion_chapter(artifact, _table),
        privacy_chapter(evaluation),
        _labels(artifact.area, evaluation),
        pulls_chapter(artifact),
        tables_chapter(artifact),
        _made(artifact),
    ]
    top = _head(artifact) + summary(artifact, audit)
    return page(f"Modelversion {artifact.manifest.version}", with_contents(top, chapters))


def _head(artifact: Artifact) -> str:
    manifest = artifact.manifest
    first, last = manifest.data_window
    return (
        f"<h1>Modelversion {escape(manifest.version)}</h1>"
        f"<p>{escape(artifact.area.label)}. Bygger på {manifest.counts['labelled']} sager, som mennesker "
        f"har afgjort fra {day_text(first)} til {day_text(last)}.</p>"
        "<p>Modellen beslutter ikke noget. Den viser, hvordan oplysninger hang sammen med niveauet i "
        "tidligere sager. Den viser ikke, om niveauet var rigtigt, og ikke hvorfor.</p>"
    )


def _performance(artifact: Artifact) -> str:
    evaluation = artifact.evaluation
    split = evaluation["split"]
    rows = [
        (
            each["label"] + (" (valgt)" if each["name"] == evaluation["chosen"]["name"] else ""),
            mean_text(each["log_loss"]),
            mean_text(each["behind_best"]),
        )
        for each in evaluation["candidates"]
    ]
    if evaluation["against"]:
        against = evaluation["against"]
        rows.append((f"I brug, da den blev lavet: {against['version']}", mean_text(against["log_loss"]), ""))
    return (
        "<h2>Hvor god er den?</h2>"
        f"<p>Målt på {split['n_tested']} senere sager (fra {_day(split['tested_from'])}), som "
        f"modellen ikke har lært af. Den lærte af {split['n_learned']} tidligere sager. Et lavere tab er "
        "bedre. Den enkleste model inden for én standardfejl af den bedste er valgt.</p>"
        + _table(("Model", "Log-tab ± standardfejl", "Efter den bedste"), rows)
        + f"<p>Samme niveau som mennesket: {_percent(evaluation['chosen']['accuracy']['value'])}.</p>"
        + against_chapter(evaluation)
        + windows_chapter(artifact, _table)
    )


def _neighbours(artifact: Artifact) -> str:
    """Every way to find similar cases that was tried, on the same later cases."""
    chosen = artifact.manifest.config.get("weighing")
    rows = [
        (
            each["label"] + (" (valgt)" if each["name"] == chosen else ""),
            mean_text(each["log_loss"]),
            mean_text(each["behind_best"]),
            _percent(each["agreement"]["value"]),
            _percent(each["agreement"]["standard_error"]),
        )
        for each in artifact.evaluation["neighbours"]
    ]
    head = (
        "Vægte",
        "Log-tab ± standardfejl",
        "Efter den bedste",
        "Flertallet fik samme niveau",
        "Standardfejl",
    )
    return (
        "<h2>Hvilke sager ligner?</h2><p>Hver senere sag er holdt op mod de 20 tidligere, der ligner mest: "
        "hvor godt siger deres niveauer, hvad et menneske selv vurderede? Fagets vægte er valgt, når de er "
        "inden for én standardfejl af de bedste. Målestokkene bliver målt og aldrig valgt: i dem kan ingen "
        "se, hvorfor to sager ligner hinanden, og nærhed i modellens score gentager blot modellen.</p>"
    ) + _table(head, rows)


def _calibration(evaluation: Any) -> str:
    bins = evaluation["chosen"]["calibration"]
    rows = [(each["n"], _percent(each["said"]), _percent(each["was"])) for each in bins]
    return (
        "<h2>Passer andelene?</h2>"
        + calibration_drawing(bins)
        + _table(("Sager", "Modellens andel", "Faktisk andel"), rows, first_number=0)
    )


def _rule(area: Area, name: str) -> str:
    """A rule of `models.labels` in Danish; one without words raises KeyError."""
    by_reason = {
        f"decision_{each.code}": f"Beslutningen, hvor der blev lagt mest vægt på: {each.label}"
        for each in area.reasons
    }
    return (RULES | by_reason)[name]


def _labels(area: Area, evaluation: Any) -> str:
    told = evaluation["label_weights"]
    sources = [
        (SOURCE_WORDS[each["source"]], each["cases"], each["learned_from"], decimal(each["weight"], 1),
         _weight_of_one(each))
        for each in told["sources"]
    ]  # fmt: skip
    rules = [(_rule(area, name), count) for name, count in evaluation["label_rules"].items()]
    return (
        "<h2>Hvem har skrevet niveauerne?</h2><p>Kun niveauer, som mennesker har skrevet, indgår.</p>"
        + _table(("Kilde", "Sager", "Lært af", "Vægt i alt", "Vægt af én sag"), sources)
        + f"<p>{_percent(told['after_evidence'])} af vægten er beslutninger, som er taget, efter at "
        "grundlaget blev vist. Ældre sager vejer mindre, jo ældre de er.</p>"
        + "<h3>Regler for, hvad en sag lærer modellen</h3>"
        + _table(("Regel", "Sager"), rules)
    )


def _weight_of_one(told: Mapping[str, Any]) -> str:
    if not told["learned_from"]:
        return "–"
    least, most = (decimal(told[name], 2) for name in ("least", "most"))
    return least if least == most else f"{least} til {most}"


def _made(artifact: Artifact) -> str:
    manifest = artifact.manifest
    rows = [
        ("Kerne (seed)", manifest.seed),
        ("Manifest", artifact.manifest_hash),
        *((f"Fil {name}", digest) for name, digest in manifest.config["data_sha256"].items()),
        *((name, number) for name, number in manifest.libraries.items()),
    ]
    return "<h2>Sådan er den lavet</h2>" + _table(("Hvad", "Værdi"), rows, first_number=9)


def _table(
    head: Sequence[str], rows: Iterable[Sequence[Any]], first_number: int = 1, last_number: int = 99
) -> str:
    def cells(row: Sequence[Any], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=n' if first_number <= place <= last_number else ''}>{escape(str(each))}</{tag}>"
            for place, each in enumerate(row)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    table = f"<table><thead><tr>{cells(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"
    name = escape(head[0] or head[1])
    return f'<div class="wide" role="region" tabindex="0" aria-label="Tabel: {name}">{table}</div>'


def _day(instant: str) -> str:
    return day_text(local_date(read_instant(instant)))


def _interval(share: Any) -> str:
    low, high = share["interval"]
    return f"{_percent(share['share'])} ({decimal(100 * low, 1)}–{decimal(100 * high, 1)})"


def _percent(share: float) -> str:
    return f"{decimal(100 * share, 1)} %"
