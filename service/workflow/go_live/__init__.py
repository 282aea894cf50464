"""What must be true before the first real use: each point with what it rests on, or that it is missing.

The list is law; what meets a point is a row, an entry of a register, or the code itself. Nobody ticks it off.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlmodel import Session

from service.tables.governance import RegisterEntry
from service.workflow.go_live import checks
from service.workflow.go_live.checks import Answer, Ground
from service.workflow.registers import book

PILOT, OPERATION = "pilot", "drift"


class State(Enum):
    """How a point stands: met, there but not enough, or not there at all."""

    MET = "met"
    NOT_MET = "not_met"
    MISSING = "missing"


@dataclass(frozen=True)
class Point:
    """One point of the gate, its answer, and the first phase that needs it.

    `evidence` says what it rests on, or what is wrong; `entries` are the register's own ids.
    """

    number: int
    title: str
    needed_from: str
    state: State
    evidence: tuple[str, ...]
    entries: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Whether the point stands in nobody's way."""
        return self.state is State.MET


@dataclass(frozen=True)
class _Asked:
    title: str
    needed_from: str
    check: Callable[[Ground], Answer]


GATE: tuple[_Asked, ...] = (
    _Asked("Retsgrundlag for drift er underskrevet", OPERATION, checks.legal_basis),
    _Asked("Konsekvensanalyse om databeskyttelse, med råd", PILOT, checks.document("dpia")),
    _Asked("Konsekvensanalyse om grundlæggende rettigheder", OPERATION, checks.document("fria")),
    _Asked("Klassifikation og medicinsk udstyr", OPERATION, checks.document("klassifikation")),
    _Asked("Forvaltningsretlig konsekvensanalyse", PILOT, checks.document("forvaltningsret")),
    _Asked("Faget, borgere og MED er inddraget", OPERATION, checks.involvement),
    _Asked("Rapport om skyggefasen", OPERATION, checks.document("skyggerapport")),
    _Asked("Modellen er undersøgt for skævhed og har bestået", OPERATION, checks.bias),
    _Asked("Mindst 90 % af visitatorerne har bestået prøven", OPERATION, checks.trained),
    _Asked("Stopknappen er øvet inden for et år", OPERATION, checks.drilled),
    _Asked("Brevene er godkendt", PILOT, checks.document("breve")),
    _Asked("Den offentlige fortegnelse er udgivet", OPERATION, checks.document("fortegnelse")),
    _Asked("Plan for arkiv og sletning", OPERATION, checks.document("arkiv")),
    _Asked("Gendannelse er prøvet inden for et år og bestået", OPERATION, checks.restored),
    _Asked("Reglerne fra 1. januar 2027 er lagt ind", OPERATION, checks.envelope_of_2027),
)
"""The gate in the order of the law; the number of a point is its place."""


def points(session: Session, municipality_id: str, now: datetime) -> tuple[Point, ...]:
    """Every point as it stands at an instant."""
    ground = Ground(session, municipality_id, now, book.standing(session, municipality_id))
    return tuple(_point(number, asked, ground) for number, asked in enumerate(GATE, start=1))


def missing_for(session: Session, municipality_id: str, phase: str, now: datetime) -> tuple[Point, ...]:
    """The points that keep a municipality out of a phase: none before `pilot`, and in `drift` all of them."""
    needed = {PILOT: (PILOT,), OPERATION: (PILOT, OPERATION)}.get(phase, ())
    found = points(session, municipality_id, now) if needed else ()
    return tuple(each for each in found if each.needed_from in needed and not each.met)


def _point(number: int, asked: _Asked, ground: Ground) -> Point:
    answer = asked.check(ground)
    there = bool(answer.evidence)
    state = State.MET if answer.met else State.NOT_MET if there else State.MISSING
    return Point(number, asked.title, asked.needed_from, state, answer.evidence, _ids(answer.entries))


def _ids(entries: Sequence[RegisterEntry]) -> tuple[str, ...]:
    return tuple(entry.id for entry in entries)
