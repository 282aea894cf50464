"""What each fact adds to the model in use, how few would do, and who answers for those that add nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.artifact import Artifact
from models.instants import local_date, read_instant
from models.needless import ProportionUnread, needless_facts
from service.tables.governance import RegisterEntry
from service.workflow.documents.facts import Cell, Fact, Number, Unit, lacking, said, table
from service.workflow.registers.kept_facts import undecided
from service.workflow.statistics.intervals import Z95

EVALUATION, REGISTERS = "modellens evaluering", "modellens evaluering og registrene"
NO_MODEL = "Der er ingen model i brug. Den, der godkender en model, svarer for det."
TOO_FEW = "Det er ikke målt for modellen i brug: med så få sager kan det ikke skelnes fra tilfældigheder."
UNREAD = "Det kan ikke læses i modellens evaluering. Datamedarbejderen træner igen."
ADDS, FEWEST, NEEDLESS = "model.adds", "model.fewest", "model.needless"
LABELS = {
    ADDS: "Hvad hver oplysning giver",
    FEWEST: "Hvor få oplysninger der er nok",
    NEEDLESS: "Oplysninger, der ikke ses at give noget ud over de andre",
}


@dataclass(frozen=True)
class Told:
    """What an evaluation says: names with what they add, how far so many are behind all."""

    adds: tuple[tuple[str, Number], ...]
    sets: tuple[tuple[int, Number], ...]
    smallest: tuple[str, ...]
    needless: tuple[str, ...]


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
    yield _fewest(told, [label[name] for name in told.smallest])
    lacks = undecided(entries, artifact.manifest.version, told.needless)
    yield _needless([label[name] for name in told.needless], [label[name] for name in lacks])


def _fewest(told: Told, smallest: Sequence[str]) -> Fact:
    rows: list[tuple[Cell, ...]] = [(str(count), number) for count, number in told.sets]
    enough = f"{len(smallest)} oplysninger er nok til at komme inden for én standardfejl af dem alle"
    return Fact(
        FEWEST, LABELS[FEWEST], EVALUATION, (f"{enough}: {', '.join(smallest)}.",),
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

    Raises ProportionUnread, KeyError, TypeError or ValueError.
    """
    told, split = evaluation.get("proportion"), evaluation["split"]
    if told is None:
        return None
    n, since = told["measured_on"], (_day(split["tested_from"]), _day(split["tested_to"]))
    return Told(
        tuple(
            (str(each["name"]), Number(each["adds"]["value"], since, n, tuple(each["interval"]), Unit.NATS))
            for each in told["facts"]
        ),
        tuple((int(each["facts"]), _mean(each["behind_all"], n, since)) for each in told["sets"]),
        tuple(map(str, told["smallest"])),
        needless_facts(evaluation),
    )


def _mean(told: Mapping[str, float], n: int, since: tuple[date, date]) -> Number:
    value, reach = told["value"], Z95 * told["standard_error"]
    return Number(value, since, n, (value - reach, value + reach), Unit.NATS)


def _day(instant: str) -> date:
    return local_date(read_instant(instant))
