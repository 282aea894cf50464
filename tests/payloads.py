"""A payload as a model gives it: 20 similar cases, 13 advanced and 7 basic, a counter-example, five pulls."""

from copy import deepcopy
from typing import Any

LABELS = {"basal": "Basalt niveau", "avanceret": "Avanceret niveau"}


def a_similar_case(rank: int, level: str) -> dict[str, Any]:
    """One similar case, as the payload tells it."""
    return {
        "rank": rank,
        "key": f"{rank:032x}",
        "level": level,
        "level_label": LABELS[level],
        "outcome": "gennemfoert",
        "outcome_label": "Gennemført",
        "level_changed": None,
        "similarity": "0.830000",
        "likenesses": [
            {"label": "Diagnosegruppe", "value": "hoftenær fraktur"},
            {"label": "Mobilitet", "value": "svær"},
            {"label": "Faldrisiko", "value": "ja"},
        ],
        "differences": [
            {"label": "Funktionsevne før", "here": "selvhjulpen", "there": "delvist afhængig"},
            {"label": "Smerter", "here": "moderate", "there": "lette"},
            {"label": "Hjemmepleje", "here": "nej", "there": "ja"},
        ],
    }


def a_pull(question: str, label: str, value: str, toward: str, strength: str, share: str) -> dict[str, Any]:
    """One contribution, as the payload tells it."""
    sign = "" if toward == "avanceret" else "-"
    return {
        "question": question,
        "label": label,
        "value": value,
        "log_odds": f"{sign}{share}",
        "interval": [f"{float(f'{sign}{share}') - 0.02:.6f}", f"{float(f'{sign}{share}') + 0.02:.6f}"],
        "certain": True,
        "together_with": None,
        "rank": 1,
        "share": share,
        "strength": strength,
        "toward": toward,
        "sentence": f"{label}: {value}. Den oplysning trak beregningen {strength} mod "
        f"{LABELS[toward].lower()}.",
    }


def _case_levels() -> list[str]:
    return ["avanceret"] * 4 + ["basal"] * 7 + ["avanceret"] * 9


PAYLOAD: dict[str, Any] = {
    "format": 1,
    "area": "genoptraening",
    "model_version": "2026-10-01",
    "manifest_hash": "ab" * 32,
    "data_window": ["2022-01-01", "2026-06-30"],
    "own_level": "basal",
    "levels": [{"code": code, "label": label} for code, label in LABELS.items()],
    "facts": [
        {"name": "funk_mobilitet", "label": "Mobilitet", "value": "svær", "known": True,
         "source": "plan_text"},
        {"name": "ganghjaelpemiddel", "label": "Ganghjælpemiddel", "value": "", "known": False,
         "source": "plan_text"},
    ],
    "abstained": [],
    "abstained_sentences": [],
    "flags": [],
    "flag_sentences": [],
    "similar": {
        "count": 20,
        "spread": [
            {"level": "avanceret", "label": "Avanceret niveau", "count": 13, "outcomes": [
                {"code": "gennemfoert", "label": "Gennemført", "count": 10},
                {"code": "afbrudt", "label": "Afbrudt", "count": 2},
                {"code": "i_gang", "label": "I gang", "count": 1}]},
            {"level": "basal", "label": "Basalt niveau", "count": 7, "outcomes": [
                {"code": "gennemfoert", "label": "Gennemført", "count": 5},
                {"code": "afbrudt", "label": "Afbrudt", "count": 2}]},
        ],
        "reference_level": "avanceret",
        "reference_reason": None,
        "sentence": "I 7 af 20 lignende sager blev det basalt niveau. I 13 af 20 blev det avanceret niveau.",
        "searched": {"own": False, "municipalities": 2, "sentence": "Der er ledt i sager fra 2 kommuner."},
        "nearness_sentence": "De lignende sager ligner denne sag en del. Se på forskellene.",
        "cases": [a_similar_case(rank, level) for rank, level in enumerate(_case_levels(), start=1)],
        "counter_example": a_similar_case(5, "basal"),
        "practice": {
            "forms": [{"code": "individuel", "label": "Individuel", "count": 12},
                      {"code": "gruppe", "label": "Gruppe", "count": 9}],
            "teams": [{"code": "ortopaedisk", "label": "Ortopædisk", "count": 18},
                      {"code": "medicinsk", "label": "Medicinsk", "count": 2}],
            "places": [{"code": "center", "label": "Træningscenter", "count": 14},
                       {"code": "hjemme", "label": "I hjemmet", "count": 6}],
        },
    },
    "own_sentence": "Din vurdering er anderledes end i de fleste lignende sager. "
    "Det kan der være gode grunde til.",
    "contributions": {
        "from_level": "basal",
        "to_level": "avanceret",
        "base": "-0.400000",
        "background": 200,
        "base_sentence": "Trækket er målt ud fra 200 tidligere sager under ét. "
        "Dér ligger beregningen nærmest basalt niveau.",
        "unsure_sentence": "",
        "order_sentence": "",
        "score": "0.830000",
        "sentence": "Sammenlignet med basalt niveau er det især mobilitet (svær) og diagnosegruppe "
        "(hoftenær fraktur), der trækker mod avanceret niveau.",
        "items": [
            a_pull("funk_mobilitet", "Mobilitet", "svær", "avanceret", "mest", "0.340000"),
            a_pull("diagnosegruppe", "Diagnosegruppe", "hoftenær fraktur", "avanceret", "en del", "0.180000"),
            a_pull("funk_foer", "Funktionsevne før", "selvhjulpen", "avanceret", "en del", "0.120000"),
            a_pull("kompl_flag", "Komplikationer i forløbet", "nej", "basal", "lidt", "0.080000"),
            a_pull("hjemmepleje", "Modtager hjemmepleje", "nej", "basal", "lidt", "0.050000"),
        ],
        "rest": "0.110000",
    },
    "uncertainty": {
        "frequencies": [
            {"level": "basal", "low": 4, "high": 7, "of": 20, "n": 81},
            {"level": "avanceret", "low": 13, "high": 16, "of": 20, "n": 81},
        ],
        "plausible": ["avanceret"],
        "several_sentence": "",
        "frequency_sentences": [
            (
                "Af 20 senere sager med samme udfald af beregningen fik mellem 4 og 7 basalt niveau og "
                "mellem 13 og 16 avanceret niveau."
            ),
            "Det er talt i 81 sager, som beregningen ikke bygger på.",
        ],
    },
    "model_level": "avanceret",
    "headline": "Grundlaget peger mod avanceret niveau.",
    "missing": ["Ganghjælpemiddel"],
    "unseen": [],
    "not_used": ["Boligform"],
    "not_in_calculation": ["din samtale med borgeren", "hjemmebesøg", "borgerens mål", "netværk"],
    "caveats": [
        "De tidligere sager viser, hvad der blev besluttet. De viser ikke, om det var rigtigt.",
        "At en oplysning trækker i beregningen, betyder ikke, at den er grunden til behovet.",
    ],
}  # fmt: skip


def a_payload(**changed: Any) -> dict[str, Any]:
    """A payload of its own for each test, with whole fields changed."""
    return {**deepcopy(PAYLOAD), **changed}
