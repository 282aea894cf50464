"""The chapter of a report on those whose cases a version rests on: what it gives away of them."""

from typing import Any

from models.given_away import MOST_TOLD
from training.danish_numbers import percent


def privacy_chapter(evaluation: Any) -> str:
    """What was measured, its limit, and what the measure does not cover."""
    told = evaluation.get("privacy")
    if told is None:
        return "<h2>Privatliv</h2><p>Det er ikke målt, om modellen røber, hvem den har lært af.</p>"
    member, shown = told["membership"], told["shown"]
    low, high = member["interval"]
    fewest = "ingen blev vist" if shown["fewest"] is None else f"mindst {shown['fewest']} deler det"
    return (
        "<h2>Privatliv</h2>"
        "<p>Kan nogen se på modellen, om en bestemt sag er blandt dem, den har lært af? "
        f"{member['n']} sager fra samme tid er delt ved lodtrækning, og {member['models']} modeller "
        "af samme slags har hver lært af halvdelen. Det stærkeste af to angreb finder den lærte sag i "
        f"{percent(member['auc'])} af parrene (95 %-interval {percent(low)}–{percent(high)}). "
        f"Et gæt giver 50 %, og hele intervallet må ikke ligge over {percent(MOST_TOLD)}. "
        "Færre sager huskes bedre, så tallet er snarere for højt end for lavt.</p>"
        f"<p>Om {shown['shown']} lignende sager, vist ved {shown['asked']} senere sager, er det talt op, "
        f"hvor mange der deler de oplysninger, en borger kan genkendes på: {fewest}. "
        f"Grænsen er {shown['least']}.</p>"
        "<p>Målingen dækker modellens tabeller. De lignende sager ligger selv i versionen, uden navn "
        "og under tilfældige nøgler. De beskyttes af, hvem der kan læse versionens mappe, "
        "og af at der vises mindre om den, der ellers ville stå alene.</p>"
    )
