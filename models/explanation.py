"""Danish sentences about the evidence: calm, short, about the calculation and never about causes.

Frequencies have one denominator ("13 af 20"); there is no percentage, no decimal and no causal word.
"""

from collections.abc import Collection

from models.contributions import Contribution, Contributions
from models.declaration import Area
from models.messages import inner, listed
from models.neighbourhood import Neighbourhood

VERY_ALIKE, QUITE_ALIKE = 0.85, 0.70

CAVEATS = (
    "De tidligere sager viser, hvad der blev besluttet. De viser ikke, om det var rigtigt.",
    "At en oplysning trækker i beregningen, betyder ikke, at den er grunden til behovet.",
)

FLAGS = {
    "directions_differ": "De lignende sager og beregningen peger hver sin vej.",
    "flat_spread": "De lignende sager fordeler sig næsten lige. De peger ikke klart på ét niveau.",
}


def level_in_sentence(area: Area, level: str) -> str:
    """A level's name as it stands inside a sentence."""
    return inner(area.level_label(level))


def pull_sentence(area: Area, item: Contribution) -> str:
    """What one fact did: "<Fact>: <value>. Den oplysning trak beregningen <strength> mod <level>."."""
    pull = f"trak beregningen {item.strength} mod {level_in_sentence(area, item.toward)}."
    if not item.known:
        return f"{item.question.label} er ikke oplyst. At oplysningen mangler, {pull}"
    return f"{item.question.label}: {item.value}. Den oplysning {pull}"


def contrast_sentence(area: Area, contributions: Contributions) -> str:
    """What speaks most for the other level, compared with the one the caseworker named herself."""
    here = level_in_sentence(area, contributions.from_level)
    there = level_in_sentence(area, contributions.to_level)
    pulling = [item for item in contributions.items if item.toward == contributions.to_level][:2]
    if not pulling:
        return f"Sammenlignet med {here} er der ingen oplysninger, som trækker tydeligt mod {there}."
    named = [f"{inner(item.question.label)} ({item.value})" for item in pulling]
    return f"Sammenlignet med {here} er det især {listed(named, 'og')}, der trækker mod {there}."


def spread_sentence(area: Area, similar: Neighbourhood) -> str:
    """How the similar cases were decided, levels in the area's order; of too few, only that they are few."""
    if similar.reference_reason == "too_few":
        return f"For få lignende sager. {_how_few(similar.count)}"
    sentences: list[str] = []
    for level in area.level_codes:
        count = similar.level_count(level)
        cases = "" if sentences else "lignende sager "
        if count:
            sentences.append(
                f"I {count} af {similar.count} {cases}blev det {level_in_sentence(area, level)}."
            )
    return " ".join(sentences)


def _how_few(count: int) -> str:
    if count == 0:
        return "Ingen tidligere sager ligner denne nok."
    return f"Kun {count} {'tidligere sag' if count == 1 else 'tidligere sager'} ligner denne."


def nearness_sentence(similar: Neighbourhood) -> str:
    """How alike the shown cases are, by the one in the middle; empty when none is shown."""
    if not similar.cases:
        return ""
    middle = similar.cases[(len(similar.cases) - 1) // 2].similarity
    if middle >= VERY_ALIKE:
        return "De lignende sager ligner denne sag meget."
    if middle >= QUITE_ALIKE:
        return "De lignende sager ligner denne sag en del. Se på forskellene."
    return "De lignende sager ligner kun denne sag noget. Se især på forskellene."


def own_sentence(own_level: str | None, reference_level: str | None) -> str:
    """Said when the own judgement is another level than most similar cases got; else empty."""
    if own_level is None or reference_level is None or own_level == reference_level:
        return ""
    return "Din vurdering er anderledes end i de fleste lignende sager. Det kan der være gode grunde til."


def abstention_sentence(reason: str, similar: Neighbourhood | None) -> str:
    """Why nothing is shown; an unknown reason raises KeyError."""
    few = "" if similar is None else _how_few(similar.count)
    return {
        "too_few_similar": f"For få lignende sager. {few}".strip(),
        "outside_learned": "Sagen ligger uden for det, beregningen bygger på.",
        "too_incomplete": "For mange oplysninger mangler til, at grundlaget kan vises.",
    }[reason]


def headline(area: Area, reference_level: str | None, model_level: str, flags: Collection[str] = ()) -> str:
    """What similar cases and calculation point at together; shown only in the mode "forslag".

    Evidence with a flag points nowhere clearly: the headline must not say what the flag takes back.
    """
    if flags or reference_level is None or reference_level != model_level:
        return "Grundlaget peger ikke klart på ét niveau."
    return f"Grundlaget peger mod {level_in_sentence(area, model_level)}."
