"""How a simulated caseworker thinks: her own judgement, what evidence does to it, what she says mattered.

Every share is an assumption of the demo, made so that the pages have something to show. None is a finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

NOISE = 1.4  # log-odds: how far one reading of a plan lies from another
SURE_FROM, UNSURE_BELOW = 1.6, 0.5  # log-odds from the line between the levels
FOLLOWS = {
    "tvivl": 0.55,
    "nogenlunde": 0.3,
    "sikker": 0.1,
}  # how often she moves to what most similar cases got
LEAVES = 0.03  # how often she moves away from it
DECLINES = 0.08  # how often she wants no evidence
RETURNS = 0.03  # how often a plan is sent back
WRITES = 0.35  # how often she writes a text as well

REASONS = {
    "agreement": {"funktion_nu": 6, "praksis": 4, "retningslinje": 4, "sygdom_risiko": 3, "borgerens_maal": 3,
                  "hjem_netvaerk": 2, "sparring": 1, "kapacitet": 1},
    "override": {"oplysning_mangler": 7, "borgerens_maal": 5, "hjem_netvaerk": 4, "sygdom_risiko": 3,
                 "funktion_nu": 1, "faglig_viden": 1, "sparring": 2, "kapacitet": 2, "retningslinje": 1,
                 "andet": 1},
}  # fmt: skip
VIEW_OF = {"borgerens_maal": "Vil kunne gå i haven og passe sine fugle igen, helst uden rollator."}
"""What the citizen wants, where a reason says that it weighed."""
TEXTS = (
    "Borgeren bor alene og har haft svært ved at klare sig efter udskrivelsen.",
    "Pårørende kan følge til træning to gange om ugen.",
    "Planen beskriver god fremgang under indlæggelsen.",
    "Borgeren ønsker at komme tilbage til sit arbejde hurtigst muligt.",
    "Der er behov for, at fysioterapeut og ergoterapeut arbejder sammen.",
)


@dataclass(frozen=True)
class Judgement:
    """What she thinks before she has seen anything."""

    choice: str
    confidence: str
    wants_evidence: bool


@dataclass(frozen=True)
class Verdict:
    """What she decides, and what she says she weighed."""

    choice: str
    reason_code: str
    text: str


def judge(need: float, leaning: float, chance: Random) -> Judgement:
    """Her own judgement of a need in log-odds; `leaning` is where her line lies, `chance` the day she has."""
    if chance.random() < RETURNS:
        return Judgement("retur", "sikker", wants_evidence=False)
    felt = need - leaning + chance.gauss(0, NOISE)
    distance = abs(felt)
    confidence = "sikker" if distance > SURE_FROM else "tvivl" if distance < UNSURE_BELOW else "nogenlunde"
    return Judgement("avanceret" if felt > 0 else "basal", confidence, chance.random() >= DECLINES)


def decide(judgement: Judgement, reference: str | None, chance: Random) -> Verdict:
    """Her decision after what was shown; without a reference she stays with her own judgement."""
    choice = judgement.choice
    if choice == "retur":
        return Verdict("retur", "oplysning_mangler", "Planen mangler oplysninger om funktionsevnen før.")
    if reference is not None:
        moves = FOLLOWS[judgement.confidence] if reference != choice else LEAVES
        if chance.random() < moves:
            choice = "basal" if choice == "avanceret" else "avanceret"
    weights = REASONS["override" if reference not in (None, choice) else "agreement"]
    reason = chance.choices(list(weights), weights=list(weights.values()))[0]
    writes = reason == "andet" or chance.random() < WRITES
    return Verdict(choice, reason, chance.choice(TEXTS) if writes else "")


def reading(reads: Mapping[str, Any]) -> dict[str, Any]:
    """Her reading of the plan, as the simulation says a caseworker reads it."""
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in reads.items()}
