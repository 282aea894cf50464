"""What the model in use gives away of those it rests on, as facts: from what the gate reads too."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from models.artifact import Artifact
from models.given_away import MOST_TOLD
from service.workflow.documents.facts import Fact, Number, Unit, lacking, said, table, tested_days

EVALUATION = "modellens evaluering"
NO_MODEL = "Der er ingen model i brug. Den, der godkender en model, svarer for det."
NOT_MEASURED = "Det er ikke målt for modellen i brug. Datamedarbejderen træner igen: så bliver det målt."
LABELS = {
    "model.membership": "Om modellen røber, hvem den har lært af",
    "model.shown": "Hvor mange der deler det, der bliver vist om andre",
}


def given_away_facts(artifact: Artifact | None) -> Iterator[Fact]:
    """Both numbers of a version's privacy; what was not measured is missing."""
    told = artifact.evaluation.get("privacy") if artifact else None
    if artifact is None or not told:
        why = NOT_MEASURED if artifact else NO_MODEL
        yield from (lacking(key, label, EVALUATION, why) for key, label in LABELS.items())
        return
    split, first = artifact.evaluation["split"], artifact.manifest.data_window[0]
    tested = tested_days(split)
    yield _membership(told["membership"], (first, tested[0]))
    yield _shown(told["shown"], tested)


def _membership(told: Mapping[str, Any], learned: tuple[date, date]) -> Fact:
    key = "model.membership"
    if "n" not in told:
        return lacking(key, LABELS[key], EVALUATION, NOT_MEASURED)
    return said(
        key, LABELS[key], EVALUATION,
        Number(told["auc"], learned, told["n"], tuple(told["interval"]), Unit.PAIRS),
        "Tallet er, i hvor stor en del af par af sager det stærkeste af to angreb finder den, modellen har "
        "lært af. Et gæt giver 50 %.",
        f"En version bliver afvist, når hele intervallet ligger over {MOST_TOLD:.0%}.".replace("%", " %"),
        f"Målt på {told['models']} modeller af samme slags, hver lært af halvdelen. Færre sager huskes "
        "bedre, så tallet er snarere for højt end for lavt.",
        "Det dækker modellens tabeller. De lignende sager ligger selv i versionen, uden navn, og er "
        "beskyttet af, hvem der kan læse dens mappe.",
    )  # fmt: skip


def _shown(told: Mapping[str, Any], tested: tuple[date, date]) -> Fact:
    key, fewest = "model.shown", told["fewest"]
    if fewest is None or "shown" not in told:
        return lacking(key, LABELS[key], EVALUATION, NOT_MEASURED)
    rows = (
        ("senere sager, der blev spurgt om", Number(told["asked"], tested)),
        ("sager af andre, der blev vist ved dem", Number(told["shown"], tested)),
        ("færrest, der deler de genkendelige oplysninger, der blev vist om én", Number(fewest, tested)),
        ("færrest, der må dele dem", f"{told['least']}: ellers bliver versionen afvist"),
    )
    return table(key, LABELS[key], EVALUATION, ("Hvad", "Antal"), rows, "")
