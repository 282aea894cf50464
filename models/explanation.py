"""Danish sentences about the evidence: calm, short, about the calculation and never about causes.

Frequencies have one denominator ("13 af 20"); there is no percentage, no decimal and no causal word.
"""

from collections.abc import Collection

from models.contributions import Contribution, Contributions
from models.declaration import Area
from models.messages import inner, listed
from models.neighbourhood import Neighbourhood
from models.uncertainty import Doubt, Frequency

VERY_ALIKE, QUITE_ALIKE = 0.85, 0.70
MOST_NAMED = 2
"""So many facts are named as pulling most, and every other that may pull as much."""
BETWEEN = 0.1
"""Log-odds so near 0 that neither level lies nearer."""

CAVEATS = (
    "De tidligere sager viser, hvad der blev besluttet. De viser ikke, om det var rigtigt.",
    "At en oplysning trækker i beregningen, betyder ikke, at den er grunden til behovet.",
)

FLAGS = {
    "directions_differ": "De lignende sager og beregningen peger hver sin vej. Begge dele er vist.",
    "flat_spread": "De lignende sager fordeler sig næsten lige. De peger ikke klart på ét niveau.",
}


def level_in_sentence(area: Area, level: str) -> str:
    """A level's name as it stands inside a sentence."""
    return inner(area.level_label(level))


def pull_sentence(area: Area, item: Contribution) -> str:
    """What one fact did: "<Fact>: <value>. Den oplysning trak beregningen <strength> mod <level>.".

    What it did only together with another is said so. A fact whose direction is not certain has no sentence.
    """
    if not item.certain:
        return ""
    beside = ""
    if item.with_question is not None:
        beside = f"sammen med {inner(item.with_question.label)} ({item.with_value}) "
    pull = f"trak {beside}beregningen {item.strength} mod {level_in_sentence(area, item.toward)}."
    if not item.known:
        return f"{item.question.label} er ikke oplyst. At oplysningen mangler, {pull}"
    return f"{item.question.label}: {item.value}. Den oplysning {pull}"


def base_sentence(area: Area, contributions: Contributions, cases: int) -> str:
    """What every pull is measured from: the mean over the background, and which level lies nearest there."""
    start = f"Trækket er målt ud fra {cases} tidligere sager under ét."
    if abs(contributions.base) < BETWEEN:
        return f"{start} Dér ligger beregningen midt imellem niveauerne."
    nearest = contributions.to_level if contributions.base > 0 else contributions.from_level
    return f"{start} Dér ligger beregningen nærmest {level_in_sentence(area, nearest)}."


def unsure_sentence(contributions: Contributions) -> str:
    """Which of the facts shown may as well pull the other way; empty when none may."""
    unsure = [inner(item.question.label) for item in contributions.items if not item.certain]
    if not unsure:
        return ""
    named = listed(unsure, "og")
    return f"Usikker retning: {named}. Den kan skifte, når beregningen bygger på andre sager."


def contrast_sentence(area: Area, contributions: Contributions) -> str:
    """What speaks most for the other level, compared with the one the caseworker named herself."""
    here = level_in_sentence(area, contributions.from_level)
    there = level_in_sentence(area, contributions.to_level)
    toward = [item for item in contributions.items if item.toward == contributions.to_level]
    pulling = [item for item in toward if item.certain]
    named = [item for item in pulling if sum(other.rank < item.rank for other in pulling) < MOST_NAMED]
    if not named:
        return f"Sammenlignet med {here} er der ingen oplysninger, som trækker tydeligt mod {there}."
    told = listed([f"{inner(item.question.label)} ({item.value})" for item in named], "og")
    return f"Sammenlignet med {here} er det især {told}, der trækker mod {there}."


def order_sentence(contributions: Contributions) -> str:
    """How far the order of the facts can be relied on; empty when it holds throughout, or there is none."""
    ranks = [item.rank for item in contributions.items]
    if len(set(ranks)) == len(ranks):
        return ""
    if len(set(ranks)) == 1:
        return "Rækkefølgen siger ikke noget: den skifter, når beregningen bygger på andre sager."
    groups = [[inner(item.question.label) for item in contributions.items if item.rank == rank]
              for rank in sorted(set(ranks))]  # fmt: skip
    told = "; derefter ".join(listed(names, "og") for names in groups)
    return f"Kun denne rækkefølge er sikker: {told}."


def spread_sentence(area: Area, similar: Neighbourhood) -> str:
    """How the similar cases were decided, levels in the area's order; of too few, only that they are few."""
    if similar.reference_reason == "too_few":
        return f"For få lignende sager. {_how_few(similar.count)}"
    sentences: list[str] = []
    for level in area.level_codes:
        count = similar.by_level[level]
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
    """How alike the shown cases are, by the one in the middle, and how usual it is to have a case so near.

    Empty when none is shown.
    """
    if not similar.cases:
        return ""
    return f"{_how_alike(similar)} {_how_usual(similar.nearer_than)}".strip()


def _how_usual(nearer_than: int | None) -> str:
    if nearer_than is None:
        return ""
    if nearer_than == 0:
        return "Hos næsten alle tidligere sager lå den mest lignende sag lige så tæt på eller tættere."
    return f"Hos {nearer_than} af 100 tidligere sager lå den mest lignende sag længere væk end her."


def _how_alike(similar: Neighbourhood) -> str:
    middle = similar.cases[(len(similar.cases) - 1) // 2].similarity
    if middle >= VERY_ALIKE:
        return "De lignende sager ligner denne sag meget."
    if middle >= QUITE_ALIKE:
        return "De lignende sager ligner denne sag en del. Se på forskellene."
    return "De lignende sager ligner kun denne sag noget. Se især på forskellene."


def searched_sentence(municipalities: int, own: bool) -> str:
    """Whose cases were looked through; empty where all of them come from one municipality."""
    if municipalities < 2:
        return ""
    if own:
        return "Der er kun ledt i kommunens egne sager."
    return f"Der er ledt i sager fra {municipalities} kommuner."


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
        "too_close": "Niveauerne ligger så tæt i beregningen, at den ikke kan skelne mellem dem.",
    }[reason]


def several_sentence(area: Area, doubt: Doubt) -> str:
    """Said when the calculation cannot rule out more than one level; names them all, in the area's order."""
    if len(doubt.plausible) < 2:
        return ""
    named = listed([level_in_sentence(area, level) for level in doubt.plausible], "og")
    return f"Både {named} ligger inden for beregningens usikkerhed."


def frequency_sentences(area: Area, doubt: Doubt) -> list[str]:
    """How often each level was given where the calculation came out like this; empty when nobody counted."""
    if not doubt.frequencies:
        return []
    parts = [_frequency(area, each) for each in doubt.frequencies]
    of, counted = doubt.frequencies[0].of, min(each.n for each in doubt.frequencies)
    sentences = [
        f"Af {of} senere sager med samme udfald af beregningen fik {listed(parts, 'og')}.",
        f"Det er talt i {counted} sager, som beregningen ikke bygger på.",
    ]
    if doubt.adjusted:
        sentences.append("Antallene er holdt op mod de senere sager. Trækkene er regnet før det.")
    return sentences


def _frequency(area: Area, each: Frequency) -> str:
    """For example "mellem 13 og 16 <level>"; one number when there is only one."""
    count = f"{each.low}" if each.low == each.high else f"mellem {each.low} og {each.high}"
    return f"{count} {level_in_sentence(area, each.level)}"


def headline(
    area: Area,
    reference_level: str | None,
    model_level: str,
    flags: Collection[str] = (),
    plausible: Collection[str] = (),
) -> str:
    """What similar cases and calculation point at together; shown only in the mode "forslag".

    Evidence with a flag, or with several plausible levels, points nowhere clearly: the headline must not say
    what stands against it below.
    """
    if flags or len(plausible) > 1 or reference_level is None or reference_level != model_level:
        return "Grundlaget peger ikke klart på ét niveau."
    return f"Grundlaget peger mod {level_in_sentence(area, model_level)}."
