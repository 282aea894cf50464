"""The chapter of a report on a version's doubts: calibration, plausible levels, the price of silence."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

from models.declaration import Area

Table = Callable[[Sequence[str], Iterable[Sequence[Any]]], str]

METHODS = {
    "none": "Modellens egne andele",
    "platt": "Platt: to tal pr. niveau",
    "isotonic": "Isotonisk: en trappe pr. niveau",
}
REASONS = {
    "too_few_similar": "For få lignende sager",
    "outside_learned": "Uden for det, beregningen bygger på",
    "too_incomplete": "For mange oplysninger mangler",
    "too_close": "Niveauerne ligger for tæt",
}
FLAGS = {
    "directions_differ": "Markeret: lignende sager og beregning peger hver sin vej",
    "flat_spread": "Markeret: de lignende sager fordeler sig næsten lige",
}


def uncertainty_chapter(area: Area, evaluation: Any, table: Table) -> str:
    """Both parts; a version of similar cases alone has shares of levels and no uncertainty of its own."""
    return _uncertain(area, evaluation.get("uncertainty"), table) + _silent(evaluation["abstention"], table)


def _uncertain(area: Area, told: Any, table: Table) -> str:
    if told is None:
        return "<h2>Hvor sikker er den?</h2><p>Der er ingen model, og derfor ingen tal at holde op.</p>"
    cover = told["coverage"]
    levels = [
        (f"Kun {area.level_label(code).lower()}", each["n"], _share(each["covered"]), _band(each["interval"]))
        for code, each in zip(area.level_codes, cover["levels"], strict=True)
    ]
    methods = [
        (METHODS[each["name"]] + (" (valgt)" if each["name"] == told["method"] else ""),
         _loss(each["log_loss"]), _loss(each["behind_best"]))
        for each in told["methods"]
    ]  # fmt: skip
    return (
        "<h2>Hvor sikker er den?</h2>"
        f"<p>De senere sager er delt i to efter tid. Tallene er tilpasset på {told['n_fitted']} og prøvet på "
        f"de {told['n_checked']} sidste. Bidragene (shap) er i log-odds før tilpasningen.</p>"
        + (
            table(("Andele", "Log-tab ± standardfejl", "Efter den bedste"), methods)
            if methods
            else "<p>For få senere sager til at tilpasse andelene: modellens egne står.</p>"
        )
        + f"<p>Afstand mellem andel og udfald i gennemsnit: {_share(told['before']['calibration_error'])} "
        f"før og {_share(told['after']['calibration_error'])} efter.</p>"
        "<h3>Når flere niveauer er mulige</h3>"
        f"<p>Menneskets niveau skal være blandt de mulige i {_share(cover['nominal'])} af sagerne "
        "(split conformal, niveau for niveau). "
        f"I {_share(cover['several_plausible'])} af sagerne var flere mulige.</p>"
        + table(
            ("Sager", "Antal", "Menneskets niveau var blandt de mulige", "95 %-interval"),
            [("Alle", cover["n"], _share(cover["covered"]), _band(cover["interval"])), *levels],
        )
    )


def _silent(told: Any, table: Table) -> str:
    rows = [
        (name, told[part]["n"], _loss(told[part]["log_loss"]), _share(told[part]["agreement"]))
        for name, part in (("Ikke vist", "withheld"), ("Vist", "shown"))
    ]
    words = {**REASONS, **FLAGS}
    reasons = [(words[name], _share(share)) for name, share in {**told["reasons"], **told["flags"]}.items()]
    return (
        "<h2>Hvad koster det at tie?</h2>"
        f"<p>{told['n']} af de sidste sager er lagt frem, som de ville være for en sagsbehandler. "
        f"Der vises ikke grundlag i {_share(told['share_withheld'])} af dem. "
        "En sag kan have flere grunde.</p>"
        + table(("", "Sager", "Log-tab ± standardfejl", "Samme niveau som mennesket"), rows)
        + table(("Grund", "Andel af sagerne"), reasons)
    )


def _loss(mean: Any) -> str:
    if mean is None:
        return "–"
    return f"{_decimal(mean['value'], 4)} ± {_decimal(mean['standard_error'], 4)}"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{_decimal(100 * share, 1)} %"


def _band(interval: Sequence[float]) -> str:
    low, high = interval
    return escape(f"{_decimal(100 * low, 1)}–{_decimal(100 * high, 1)} %")


def _decimal(number: float, places: int) -> str:
    return f"{number:.{places}f}".replace(".", ",")
