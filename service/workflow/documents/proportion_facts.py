"""What each fact adds to the model in use, how few would do, and who answers for those that add nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.artifact import Artifact
from models.needless import ProportionUnread, needless_facts
from service.tables.governance import RegisterEntry
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
from service.workflow.registers.kept_facts import undecided

EVALUATION, REGISTERS = "modellens evaluering", "modellens evaluering og registrene"
NO_MODEL = "Der er ingen model i brug. Den, der godkender en model, svarer for det."
TOO_FEW = "Det er ikke målt for modellen i brug: med så få sager kan det ikke skelnes fra tilfældigheder."
UNREAD = "Det kan ikke læses i modellens evaluering. Datamedarbejderen træner igen."
ADDS, LEFT, FEWEST, NEEDLESS = "model.adds", "model.left_aside", "model.fewest", "model.needless"
LABELS = {
    ADDS: "Hvad hver oplysning giver",
    LEFT: "Oplysninger, der er udeladt, fordi færre er nok",
    FEWEST: "Hvor få oplysninger der er nok",
    NEEDLESS: "Oplysninger, der ikke ses at give noget ud over de andre",
}
Named = tuple[tuple[str, Number], ...]


@dataclass(frozen=True)
class Told:
    """What an evaluation says: what each fact used adds, and each left out; how far so many are behind all.

    Those in `always` are what cases are compared by, those in `kept` were asked for at training. `beside` is
    how far the version's own loss lies behind that of all facts, where it does not use them all.
    """

    adds: Named
    left: Named
    sets: tuple[tuple[int, Number], ...]
    smallest: tuple[str, ...]
    always: tuple[str, ...]
    kept: tuple[str, ...]
    needless: tuple[str, ...]
    beside: Number | None


def proportion_facts(artifact: Artifact | None, entries: Sequence[RegisterEntry]) -> Iterator[Fact]:
    """Whether the facts are in proportion to what they give; what was not measured is missing."""
    try:
        told = told_in(artifact.evaluation) if artifact else None
        why = TOO_FEW if artifact else NO_MODEL
    except (ProportionUnread, KeyError, TypeError, ValueError):
        told, why = None, UNREAD
    if artifact is None or told is None:
        yield from (lacking(key, label, EVALUATION, why) for key, label in LABELS.items())
        return
    label = {question.name: question.label for question in artifact.area.questions}
    rows: list[tuple[Cell, ...]] = [
        (label[name], number, "nej" if name in told.needless else "ja") for name, number in told.adds
    ]
    head = ("Oplysning", "Så meget større bliver log-tabet uden den", "Bidrag kan ses")
    yield table(ADDS, LABELS[ADDS], EVALUATION, head, rows, TOO_FEW)
    yield _left([(label[name], number) for name, number in told.left])
    yield _fewest(told, label)
    lacks = undecided(entries, artifact.manifest.version, told.needless)
    yield _needless([label[name] for name in told.needless], [label[name] for name in lacks])


def _left(rows: Sequence[tuple[Cell, ...]]) -> Fact:
    if not rows:
        return said(LEFT, LABELS[LEFT], EVALUATION, "Ingen. Modellen bruger alle, den må lære af.")
    head = ("Oplysning", "Så meget større blev log-tabet uden den, da alle de andre var med")
    return table(LEFT, LABELS[LEFT], EVALUATION, head, rows, "")


def _fewest(told: Told, label: Mapping[str, str]) -> Fact:
    enough = f"{len(told.smallest)} oplysninger er nok til at komme inden for én standardfejl af dem alle"
    named = (
        (enough, told.smallest),
        ("Altid med, fordi sager bliver sammenlignet ved dem", told.always),
        ("Med, fordi der blev bedt om det ved træningen", told.kept),
    )
    lines = (f"{why}: {', '.join(label[name] for name in names)}." for why, names in named if names)
    words = "Så langt er modellen i brug efter en med alle oplysninger, på de senere sager:"
    beside: tuple[Cell, ...] = (words, told.beside) if told.beside else ()
    rows: list[tuple[Cell, ...]] = [(str(count), number) for count, number in told.sets]
    return Fact(
        FEWEST, LABELS[FEWEST], EVALUATION,
        (*lines, *beside),
        ("De oplysninger, der giver mest, alene", "Så meget større er log-tabet end med alle"), tuple(rows),
    )  # fmt: skip


def _needless(names: Sequence[str], lacks: Sequence[str]) -> Fact:
    if not names:
        return said(NEEDLESS, LABELS[NEEDLESS], REGISTERS, "Ingen.")
    decided = [name for name in names if name not in lacks]
    lines = (f"Besluttet at beholde, som det står i registret: {', '.join(decided)}.",) if decided else ()
    missing = (
        (f"En beslutning om at beholde eller fjerne {', '.join(lacks)}. Den dataansvarlige beslutter.",)
        if lacks
        else ()
    )
    return Fact(NEEDLESS, LABELS[NEEDLESS], REGISTERS, lines, missing=missing)


def told_in(evaluation: Mapping[str, Any]) -> Told | None:
    """What an evaluation says; None with too few cases to measure it. Nothing else here reads it.

    The facts are chosen within the cases learned from, so their days are those of a split of their own.
    Raises ProportionUnread, KeyError, TypeError or ValueError.
    """
    told, tested = evaluation.get("proportion"), tested_days(evaluation["split"])
    if told is None:
        return None
    n, since, beside = (
        told["measured_on"],
        tested_days(told["split"]) if "split" in told else tested,
        told.get("beside_all"),
    )
    return Told(
        _named(told["facts"], n, since),
        _named(told.get("left_out", ()), n, since),
        tuple(
            (int(each["facts"]), mean_of(each["behind_all"], n, since, Unit.NATS)) for each in told["sets"]
        ),
        tuple(map(str, told["smallest"])),
        tuple(map(str, told.get("always", ()))),
        tuple(map(str, told.get("kept", ()))),
        needless_facts(evaluation),
        mean_of(beside["behind"], beside["measured_on"], tested, Unit.NATS) if beside else None,
    )


def _named(told: Sequence[Mapping[str, Any]], n: int, since: Window) -> Named:
    return tuple(
        (str(each["name"]), Number(each["adds"]["value"], since, n, tuple(each["interval"]), Unit.NATS))
        for each in told
    )
