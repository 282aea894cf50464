"""A version held against the one in use, on the same cases, and shown to nobody.

It is started for a number of days and computed only when they are over and two people have broken their seal
(`service.workflow.shadow`): from the facts as they were when somebody judged, and from the two artifacts as
they were when it was started. So nothing is stored that could reach a case, and no case waits for it. It
decides nothing: a version comes into use by `skoen model promote` alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from models.artifact import Artifact
from models.declaration import Area
from service import log, policy
from service.clock import local_date
from service.database import reading, writing
from service.errors import Conflict, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.governance import RegisterEntry
from service.tables.shadow import Unsealing
from service.workflow import shadow
from service.workflow.challenger.comparison import Paired, compare
from service.workflow.challenger.pairs import DECIDED, JUDGED, pairs
from service.workflow.go_live import rollout
from service.workflow.model_in_use import admission
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers import book, challenge
from service.workflow.registers.approval import LEAST_SHADOW_CASES, subject_of
from service.workflow.registers.challenge import (
    AREA,
    CHAMPION,
    CHAMPION_MARK,
    COUNT,
    DONE,
    ENDED,
    FIRST,
    FOUND,
    LAST,
    LOOKED,
    MARK,
    RUNNING,
)

__all__ = ["Looked", "check_start", "end", "look", "running", "start"]

WHAT = "challenge"
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Looked:
    """What a look came to: how many own judgements, over which days, and every measure."""

    entry: RegisterEntry
    cases: int
    window: tuple[date, date]
    measures: tuple[Paired, ...]


def check_start(
    session: Session, found: Artifact, version: str, *, folder: Path, last: date, approver: str, note: str,
    now: datetime, by: Actor,
) -> admission.ActiveModel:  # fmt: skip
    """The version in use that an opened artifact would be held against; raises what `start` raises."""
    policy.authorize(by, Action.MANAGE_MODEL)
    area = found.manifest.area
    if last <= local_date(now):
        raise Refused("Vælg en dag efter i dag. Så længe samles egne skøn, før der bliver set.", field=LAST)
    active = admission.active_model(session, area)
    if active is None:
        raise Conflict("Der er ingen model i brug at holde den op mod. Tag en i brug først.")
    other = challenge.not_ended(book.standing(session, by.municipality_id, challenge.KIND), area)
    if other is not None:
        raise Conflict(
            f"{other.content['titel']} er ikke afsluttet. Afslut den først: skoen challenge end. "
            "Der er højst én ad gangen."
        )
    rollout.check_challenge(
        session, found, version, by.municipality_id, folder=folder, approver=approver, note=note, now=now
    )
    return active


def start(
    session: Session, shelf: ModelShelf, version: str, *, last: date, approver: str, note: str, now: datetime,
    by: Actor,
) -> RegisterEntry:  # fmt: skip
    """Hold a version on the shelf against the one in use from tomorrow until a day, and commit.

    Raises Refused and Conflict for a version that could not be taken into use, were it approved that far; for
    a day that is over; without a model in use; and while another comparison of the area is not ended. Raises
    ArtifactRefused for a version that cannot be trusted, and Forbidden for other roles than the data steward.
    """
    found = shelf.open(version)
    active = check_start(
        session, found, version, folder=shelf.path(version), last=last, approver=approver, note=note, now=now,
        by=by,
    )  # fmt: skip
    content = {
        "titel": f"{version} holdt op mod {active.version}", AREA: found.manifest.area, "status": RUNNING,
        MARK: found.manifest_hash, CHAMPION: active.version, CHAMPION_MARK: active.manifest_hash,
        "begrundelse": note, FIRST: (local_date(now) + A_DAY).isoformat(), LAST: last.isoformat(),
    }  # fmt: skip
    return _write(session, subject_of(version), content, now=now, by=by)


def running(session: Session, municipality_id: str, area: str) -> RegisterEntry:
    """The comparison of an area that is not ended; raises NotFound without one."""
    found = challenge.not_ended(book.standing(session, municipality_id, challenge.KIND), area)
    if found is None:
        raise NotFound("Ingen version bliver holdt op mod den i brug.")
    return found


def look(engine: Engine, shelf: ModelShelf, area: Area, *, now: datetime, by: Actor) -> Looked:
    """Compute both versions on the days that are over and unsealed, write what it came to, and commit: once.

    Computed while reading, so that no case waits for it. Raises Conflict before the last day is over, a
    second time, and with too few own judgements; Sealed until two people have opened all of the days;
    ArtifactRefused when either version is not what it was then.
    """
    policy.authorize(by, Action.MANAGE_MODEL)
    with reading(engine) as session:
        entry, opened = _to_look_at(session, area, now=now, by=by)
        told = entry.content
        first, last = (date.fromisoformat(told[key]) for key in (FIRST, LAST))
        found = pairs(
            session, area, by.municipality_id, first, _until(session, area, told, last),
            challenger=shelf.open(entry.subject.partition(":")[2], told[MARK]),
            champion=shelf.open(told[CHAMPION], told[CHAMPION_MARK]),
        )  # fmt: skip
    count = len(found[JUDGED].given)
    if count < LEAST_SHADOW_CASES:
        raise Conflict(
            f"Der er {count} egne skøn med et niveau, og der skal være mindst {LEAST_SHADOW_CASES}."
            " Afslut den, og start en ny, der varer længere."
        )
    measures = tuple(each for name in (JUDGED, DECIDED) for each in compare(name, area, found[name]))
    content = {**told, "status": LOOKED, COUNT: count, FOUND: [each.words for each in measures]}
    with writing(engine) as session:
        if _to_look_at(session, area, now=now, by=by)[0].id != entry.id:
            raise Conflict("Sammenligningen blev ændret imens. Se den i registret.")
        log.append(session, Event.STATISTICS_READ, at=now, by=by, what=WHAT, unsealing=opened.id)
        row = _write(session, entry.subject, content, now=now, by=by, replaces=entry.id)
    return Looked(row, count, (first, last), measures)


def _to_look_at(session: Session, area: Area, *, now: datetime, by: Actor) -> tuple[RegisterEntry, Unsealing]:
    """The comparison that may be looked at now, and who opened its days; raises what `look` does."""
    entry = running(session, by.municipality_id, area.name)
    if entry.content["status"] == LOOKED:
        raise Conflict("Sammenligningen er opgjort. Læs den i registret, og afslut den: skoen challenge end.")
    first, last = (date.fromisoformat(entry.content[key]) for key in (FIRST, LAST))
    if last >= local_date(now):
        raise Conflict(f"Der bliver set én gang: når {last.isoformat()} er gået. Indtil da er den forseglet.")
    return entry, shadow.opened_for(session, by.municipality_id, first, last)


def end(session: Session, area: str, *, decided: str, now: datetime, by: Actor) -> RegisterEntry:
    """End the comparison of an area with what was decided, and commit; unlooked at, it is never made up.

    Raises Refused without words, NotFound when there is none.
    """
    policy.authorize(by, Action.MANAGE_MODEL)
    if not decided.strip():
        raise Refused("Skriv kort, hvad I har besluttet.", field=DONE)
    entry = running(session, by.municipality_id, area)
    content = {**entry.content, "status": ENDED, DONE: decided}
    return _write(session, entry.subject, content, now=now, by=by, replaces=entry.id)


def _until(session: Session, area: Area, told: Mapping[str, Any], last: date) -> date:
    """The day after the last one on which the same version was in use as at the start, at most `last`."""
    others: Sequence[date] = [
        local_date(row.at)
        for row in admission.history(session, area.name)
        if row.manifest_hash != told[CHAMPION_MARK] and local_date(row.at) >= date.fromisoformat(told[FIRST])
    ]
    return min([last + A_DAY, *others])


def _write(
    session: Session, subject: str, content: Mapping[str, Any], *, now: datetime, by: Actor,
    replaces: str | None = None,
) -> RegisterEntry:  # fmt: skip
    return book.add(
        session, by.municipality_id, challenge.KIND, subject=subject, content=content,
        recorded_by=f"{by.display_name}, {by.role}", now=now, by=by, replaces=replaces, measured=True,
    )  # fmt: skip
