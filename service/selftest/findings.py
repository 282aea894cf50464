"""What a self-test says: each check is in order, deserves a look, or is a fault that stops all saving."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine

from service.config import Settings


class State(StrEnum):
    """How a check came out; a fault makes the service read-only."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """One check's answer: a sentence for operators and one for employees, neither about any citizen.

    `where` is a place in codes: a table, a shard with a number, a folder. It is not said to employees.
    """

    state: State
    english: str
    danish: str
    where: str = ""


def in_order(english: str, danish: str) -> Finding:
    """The check found what it should."""
    return Finding(State.OK, english, danish)


def warning(english: str, danish: str, where: str = "") -> Finding:
    """Somebody should look, and the work goes on."""
    return Finding(State.WARNING, english, danish, where)


def fault(english: str, danish: str, where: str = "") -> Finding:
    """Nothing may be saved while it is so."""
    return Finding(State.FAULT, english, danish, where)


@dataclass(frozen=True)
class Installation:
    """What is tested: how it is set up, its database with its vault, and the instant."""

    settings: Settings
    engine: Engine
    now: datetime


Check = Callable[[Installation], Finding]


@dataclass(frozen=True)
class Report:
    """What a self-test found, by the name of the check, and when. Without findings nothing was tested."""

    at: datetime
    findings: Mapping[str, Finding] = field(default_factory=dict)

    def those(self, state: State) -> dict[str, Finding]:
        """The findings in one state, by the name of the check."""
        return {name: finding for name, finding in self.findings.items() if finding.state is state}

    @property
    def faults(self) -> dict[str, Finding]:
        """What stops all saving; empty when nothing does."""
        return self.those(State.FAULT)
