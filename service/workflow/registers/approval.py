"""How far a model version is approved: udkast, skygge, pilot, drift; and what each step needs first.

A version's state follows from its entries in the register of approvals. What a step needs is the table
`NEEDS`, and every need is met by other entries about the same version.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.errors import Conflict, Refused
from service.tables.governance import PHASES, RegisterEntry
from service.workflow.registers.basis import refuse_consent
from service.workflow.registers.documents import LAW, PRINCIPLES
from service.workflow.registers.fields import PROFESSION
from service.workflow.registers.shapes import (
    ADVISER,
    CITIZENS,
    DIRECTOR,
    ESCALATED,
    ETHICAL,
    HIGH,
    LEGAL,
    LEGAL_BASIS,
    PROFESSIONAL,
    RESOLVED,
    RISK,
    STEP,
    UNION,
)

KIND = "approval"
DRAFT = "udkast"
STATES = (DRAFT, "skygge", "pilot", "drift")
LEAST_PROFESSIONS = 3

Entries = Sequence[RegisterEntry]


LEAST_SHADOW_CASES, LEAST_SHADOW_DAYS = 100, 90
"""So many cases over so many days are computed and shown to nobody, before anybody is shown one."""


@dataclass(frozen=True)
class Shadow:
    """How long a version has been computed and not shown: cases, and days since the first."""

    cases: int = 0
    days: int = 0

    @property
    def is_enough(self) -> bool:
        """Whether it may be shown to somebody."""
        return self.cases >= LEAST_SHADOW_CASES and self.days >= LEAST_SHADOW_DAYS

    @property
    def lacks(self) -> str:
        """What is needed, and how far it has come."""
        return (
            f"mindst {LEAST_SHADOW_CASES} sager over {LEAST_SHADOW_DAYS} dage regnet i skygge;"
            f" der er {self.cases} over {self.days}"
        )


NO_SHADOW = Shadow()


class NotReady(Conflict):
    """A step was asked for before what it needs was there."""


@dataclass(frozen=True)
class Need:
    """Something that must stand in the registers before a step: in words, and whether it does."""

    words: str
    met: Callable[[Entries], bool]


def _has(kind: str, **content: str) -> Callable[[Entries], bool]:
    """There is an entry of the register with these values."""

    def met(about: Entries) -> bool:
        wanted = content.items()
        return any(e.kind == kind and all(e.content.get(k) == v for k, v in wanted) for e in about)

    return met


def professions_of(about: Entries) -> set[str]:
    """The professions of everybody who took part in dilemmas and involvement, however they are written."""
    people = [each for entry in about for each in entry.content.get("deltagere", ())]
    return {" ".join(each[PROFESSION].casefold().split()) for each in people}


def _if_high(kind: str, **content: str) -> Callable[[Entries], bool]:
    """As `_has`, where somebody weighed the risk and found it high."""
    there, is_high = _has(kind, **content), _has("balance", **{RISK: HIGH})
    return lambda about: there(about) or not is_high(about)


NEEDS: Mapping[tuple[str, str], tuple[Need, ...]] = {
    (DRAFT, "skygge"): (
        Need("mindst ét drøftet dilemma med deltagere og resultat", _has("dilemma")),
        Need(
            f"mindst {LEAST_PROFESSIONS} forskellige fag blandt de inddragede",
            lambda about: len(professions_of(about)) >= LEAST_PROFESSIONS,
        ),
        Need("en afvejning af værdi, ulempe, risiko og gevinst", _has("balance")),
        Need("en besvaret juridisk tjekliste", _has("checklist", liste=LAW)),
        Need("en vurdering mod principperne", _has("checklist", liste=PRINCIPLES)),
        Need("en juridisk godkendelse", _has(KIND, trin=LEGAL)),
        Need("en etisk godkendelse", _has(KIND, trin=ETHICAL)),
        Need("direktørens godkendelse, da risikoen er høj", _if_high(KIND, trin=DIRECTOR)),
        Need("databeskyttelsesrådgiverens godkendelse, da risikoen er høj", _if_high(KIND, trin=ADVISER)),
    ),
    ("skygge", "pilot"): (
        Need("en faglig godkendelse", _has(KIND, trin=PROFESSIONAL)),
        Need("en drøftelse med MED-udvalg eller tillidsrepræsentant", _has("involvement", gruppe=UNION)),
    ),
    ("pilot", "drift"): (
        Need("inddragelse af borgere eller en patientforening", _has("involvement", gruppe=CITIZENS)),
    ),
}
"""What each step needs, beside the step before it."""


def subject_of(version: str) -> str:
    """What entries about a model version are about."""
    return f"model:{version}"


def about(entries: Entries, subject: str) -> list[RegisterEntry]:
    """The entries about one thing."""
    return [entry for entry in entries if entry.subject == subject]


def state_of(entries: Entries, version: str) -> str:
    """How far a version is approved, from the newest version of each entry."""
    steps = {entry.content[STEP] for entry in _approvals(entries, subject_of(version))}
    return [state for state in STATES if state == DRAFT or state in steps][-1]


def is_escalated(entries: Entries, version: str) -> bool:
    """Whether a version was lifted to a higher level and waits there."""
    turns = [e.content[STEP] for e in _approvals(entries, subject_of(version))]
    lifted = [turn for turn in turns if turn in (ESCALATED, RESOLVED)]
    return bool(lifted) and lifted[-1] == ESCALATED


def missing_for(entries: Entries, version: str, state: str, shadow: Shadow = NO_SHADOW) -> list[str]:
    """What the step to a state still lacks, in words; empty when it may be taken."""
    present = state_of(entries, version)
    before = STATES[STATES.index(state) - 1]
    lacking = [] if present == before else [f"at versionen er i {before}; den er i {present}"]
    if is_escalated(entries, version):
        lacking.append("at det, der er løftet, er afklaret")
    if state == "pilot" and not shadow.is_enough:
        lacking.append(shadow.lacks)
    of_version = about(entries, subject_of(version))
    return lacking + [need.words for need in NEEDS[before, state] if not need.met(of_version)]


def next_state(state: str) -> str | None:
    """The state after a state; None after the last."""
    return STATES[STATES.index(state) + 1] if state != STATES[-1] else None


def versions_in(entries: Entries) -> list[str]:
    """Every model version that the registers speak of, in the order they first did."""
    return list(dict.fromkeys(e.subject.partition(":")[2] for e in entries if e.subject.startswith("model:")))


def refuse_unready(
    entries: Entries, subject: str, content: Mapping[str, Any], before: RegisterEntry | None,
    shadow: Shadow = NO_SHADOW,
) -> None:  # fmt: skip
    """Raise when an approval may not be written: NotReady for a step that lacks something, else Refused."""
    step, (of, _, name) = content[STEP], subject.partition(":")
    if before is not None and before.content[STEP] != step:
        raise Refused("En ny version af en godkendelse skal have samme trin.", field=STEP)
    if (of == "fase") != (step == LEGAL_BASIS):
        raise Refused("Et retsgrundlag handler om en fase, alle andre trin om en model.", field="om")
    if of == "fase":
        if name not in PHASES[1:]:
            raise Refused(f"Vælg en fase: {', '.join(PHASES[1:])}.", field="om")
        refuse_consent(content["lov"], field="lov")
        return
    if before is None and step == RESOLVED and not is_escalated(entries, name):
        raise NotReady("Versionen er ikke løftet, så der er intet at afklare.")
    if before is None and step in STATES:
        _refuse_a_step_too_soon(entries, name, step, shadow)


def _refuse_a_step_too_soon(entries: Entries, version: str, step: str, shadow: Shadow) -> None:
    lacking = missing_for(entries, version, step, shadow)
    if lacking:
        raise NotReady(f"Version {version} kan ikke gå til {step}. Det mangler: {'; '.join(lacking)}.")


def _approvals(entries: Entries, subject: str) -> list[RegisterEntry]:
    return [entry for entry in about(entries, subject) if entry.kind == KIND]
