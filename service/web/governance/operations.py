"""How the service itself is doing, for those who run it and those who audit it; no word about any case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext
from sqlmodel import Session, col, select

from service.database import reading
from service.limits import CENTRAL, Limits, in_force
from service.policy import Action
from service.selftest import Finding, State
from service.selftest.log_tail import open_shards
from service.signer.report import Status, read_status
from service.tables.log import LogHead
from service.web.current import now, runtime
from service.web.guard import guarded

blueprint = Blueprint("operations", __name__)

ORDER = (State.FAULT, State.WARNING, State.OK)


@dataclass(frozen=True)
class CheckLine:
    """One check: what it looks at, how it came out, and in which words."""

    title: str
    state: State
    sentence: str
    where: str


@dataclass(frozen=True)
class ShardLine:
    """How far a shard of the log has come, how much of it is sealed, and since when."""

    shard: str
    entries: int
    sealed: int
    sealed_at: datetime | None

    @property
    def unsealed(self) -> int:
        """Entries that no checkpoint covers yet."""
        return max(0, self.entries - self.sealed)


@dataclass(frozen=True)
class OperationsPage:
    """The newest self-test of the process that answered, what is wrong first, and the log's heads."""

    tested_at: datetime
    checks: tuple[CheckLine, ...]
    open: tuple[ShardLine, ...]
    closed: tuple[ShardLine, ...]
    signer_at: datetime | None
    limits: Limits

    @property
    def worst(self) -> State:
        """The state of the worst check."""
        return self.checks[0].state


@blueprint.get("/drift")
@guarded(Action.SEE_OPERATIONS)
def show() -> str:
    """Every check with its state, and the log's heads."""
    report = runtime().watch.look()
    status = _status()
    with reading(runtime().engine) as session:
        open_lines, closed_lines = _shards(session, status)
    page = OperationsPage(
        tested_at=report.at,
        checks=_lines(report.findings),
        open=open_lines,
        closed=closed_lines,
        signer_at=datetime.fromisoformat(status.at) if status else None,
        limits=in_force(),
    )
    return render_template("operations/show.html", page=page, central=CENTRAL)


def titles() -> dict[str, str]:
    """What each check of `service.selftest.CHECKS` looks at."""
    return {
        "database": gettext("Databasen"),
        "version": gettext("Databasens udgave"),
        "triggers": gettext("Værn mod ændringer"),
        "settings": gettext("Databasens indstillinger"),
        "role": gettext("Rettigheder i databasen"),
        "log": gettext("Hændelsesloggen"),
        "signer": gettext("Forsegling"),
        "signing_key": gettext("Nøgle til forsegling"),
        "keystore": gettext("Nøgler til borgernes oplysninger"),
        "erasures": gettext("Sletning af borgere"),
        "contacts": gettext("Kontakter for borgerne"),
        "monitoring": gettext("Overvågning af modellen"),
        "disk": gettext("Plads på disken"),
        "search": gettext("Søgning efter lignende sager"),
    }


def _lines(findings: Mapping[str, Finding]) -> tuple[CheckLine, ...]:
    named = titles()
    lines = [
        CheckLine(named[name], finding.state, finding.danish, finding.where)
        for name, finding in findings.items()
    ]
    return tuple(sorted(lines, key=lambda line: ORDER.index(line.state)))


def _status() -> Status | None:
    """The signer's report; None also when it cannot be read, which is a check of its own."""
    try:
        return read_status(runtime().settings.seals)
    except (OSError, ValueError):
        return None


def _shards(session: Session, status: Status | None) -> tuple[tuple[ShardLine, ...], tuple[ShardLine, ...]]:
    """The shards that are added to and those that are closed, newest first."""
    sealed = status.shards if status else {}
    heads = session.exec(select(LogHead.shard, LogHead.size).order_by(col(LogHead.shard).desc())).all()
    lines = [_line(shard, size, sealed.get(shard)) for shard, size in heads]
    growing = set(open_shards(session, now()))
    return (
        tuple(line for line in lines if line.shard in growing),
        tuple(line for line in lines if line.shard not in growing),
    )


def _line(shard: str, entries: int, sealed: Mapping[str, Any] | None) -> ShardLine:
    if sealed is None:
        return ShardLine(shard, entries, 0, None)
    return ShardLine(shard, entries, sealed["size"], datetime.fromisoformat(sealed["sealed_at"]))
