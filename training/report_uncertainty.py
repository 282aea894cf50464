"""The chapter of a report on a version's doubts: calibration, plausible levels, the price of silence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from models.declaration import Area
from models.manifest import Thresholds
from training.danish_numbers import decimal, mean_text

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
SAME = 1e-9
FLAGS = {
    "directions_differ": "Markeret: lignende sager og beregning peger hver sin vej",
    "flat_spread": "Markeret: de lignende sager fordeler sig næsten lige",
}


def uncertainty_chapter(area: Area, evaluation: Any, table: Table, thresholds: Thresholds) -> str:
    """Both parts; a version of similar cases alone has shares of levels and no uncertainty of its own."""
    told = evaluation.get("uncertainty")
    return (
        _uncertain(area, told, table)
        + _silent(evaluation["abstention"], table)
        + _limits(thresholds, evaluation["abstention"]["reasons"], table)
        + _margins(told, thresholds.min_margin, table)
    )


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


def _limits(thresholds: Thresholds, costs: Mapping[str, float], table: Table) -> str:
    """Each threshold as it stands, and the share of the last cases that it silences."""
    alike = _share(thresholds.min_similarity)
    nearest, unseen = _share(thresholds.min_nearest), _share(thresholds.max_unseen_share)
    limits = {
        "too_few_similar": f"Under {thresholds.min_similar} sager ligner mindst {alike}",
        "outside_learned": f"Den nærmeste ligner under {nearest}, eller ukendte svar vejer over {unseen}",
        "too_incomplete": f"Over {_share(thresholds.max_missing_share)} af oplysningerne mangler",
        "too_close": f"Andelene ligger under {_share(thresholds.min_margin)} fra hinanden",
    }
    rows = [(REASONS[name], limit, _share(costs.get(name))) for name, limit in limits.items()]
    return "<h3>Grænserne</h3>" + table(("Grund", "Grænse", "Tier i så mange af sagerne"), rows)


def _margins(told: Any, chosen: float, table: Table) -> str:
    """What each distance between the levels would cost, so that the chosen one can be judged."""
    if not told or not told.get("margins"):
        return ""
    rows = [
        (
            _share(each["margin"]) + (" (valgt)" if abs(each["margin"] - chosen) < SAME else ""),
            _share(each["share_withheld"]),
            _share(each["withheld"]["agreement"]),
            _share(each["shown"]["agreement"]),
        )
        for each in told["margins"]
    ]
    return "<p>Hvis grænsen for for tætte niveauer lå et andet sted:</p>" + table(
        ("Afstand", "Ikke vist", "Samme niveau som mennesket: ikke vist", "Vist"), rows
    )


def _loss(mean: Any) -> str:
    return "–" if mean is None else mean_text(mean)


def _share(share: float | None) -> str:
    return "–" if share is None else f"{decimal(100 * share, 1)} %"


def _band(interval: Sequence[float]) -> str:
    low, high = interval
    return escape(f"{decimal(100 * low, 1)}–{decimal(100 * high, 1)} %")
