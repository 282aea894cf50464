"""A shard's time is up: what its entries say goes, its last checkpoint stays.

Afterwards the log still proves how long the shard was and what its root was, and a checkpoint held outside
is still one of the same tree; what was in it can no longer be read. A row keeps the number and the leaf hash
of its entry.
"""

import json
import shutil
from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, Table, delete, func, select, update
from sqlmodel import Session

from service import log
from service.clock import local_date
from service.config import Settings
from service.cpr import holds_cpr
from service.database import reading, writing
from service.errors import SkoenError
from service.log import Event, merkle, verify
from service.log.append import ENTRIES, HEADS, Head, split_frontier
from service.log.checkpoint import Checkpoint
from service.log.notes import NoteMalformed, NoteNotSigned
from service.log.sealed import sealed_state
from service.log.shards import base_of, epoch_of, newest_epoch, shard_of
from service.tables import METADATA
from service.tables.erasable import ERASED_SCHEME
from service.tables.oversight import Retirement
from service.workflow.erasure.freed_pages import sweep
from service.workflow.retention.schedule import Schedule, day_after

LONGEST_REASON = 500
ENTRY_TILES = "tile/entries"
PARTS: Table = METADATA.tables["personal_parts"]
EPOCHS: Table = METADATA.tables["epochs"]
RETIREMENTS: Table = METADATA.tables["retirements"]
STEPS_WITH_PARTS = [
    table for table in METADATA.sorted_tables if {"part_id", "log_seq"} <= set(table.columns.keys())
]


class RetirementRefused(SkoenError):
    """The shard stays as it is; the sentence says why."""

    status = 422


class NotYet(RetirementRefused):
    """Nothing is wrong: it goes by itself, when it is closed or the last citizen in it is erased."""


def retire(
    engine: Engine, settings: Settings, shard: str, *, reason: str, schedule: Schedule, operator: str,
    now: datetime, as_of: date | None = None, verified: bool = False,
) -> Retirement:  # fmt: skip
    """Retire one shard and remove the entries from its tiles.

    Raises RetirementRefused: a shard that is still open or whose time is not over, that is not sealed to its
    end by a key of ours, of decisions about somebody who is not erased, or a log that does not verify.
    `verified` says that the caller has just verified the whole log. Raises NotSwept when it is retired and
    PostgreSQL could not write the table anew.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON or holds_cpr(reason):
        raise RetirementRefused(
            f"A reason is needed, of at most {LONGEST_REASON} characters and no CPR number."
        )
    schedule.require_approval()
    with reading(engine) as session:
        _refuse(session, settings, shard, schedule, now, as_of)
    if not verified:
        refuse_damaged(engine)
    with writing(engine) as session:
        head, note = _refuse(session, settings, shard, schedule, now, as_of)
        row = Retirement(
            at=now, retired_shard=shard, size=head.size, root=merkle.root_of(head.frontier).hex(),
            checkpoint=note.decode(), reason=reason.strip(), operator=operator,
        )  # fmt: skip
        log.append(session, Event.SHARD_RETIRED, at=now, by=None, row=row)
        of_shard, connection = ENTRIES.c.shard == shard, session.connection()
        connection.execute(delete(ENTRIES).where(of_shard, ENTRIES.c.step.is_(None)))
        connection.execute(update(ENTRIES).where(of_shard).values(entry=""))
        session.commit()
    remove_entry_tiles(engine, settings.seals)
    sweep(engine, [ENTRIES.name])
    return row


def why_not(
    session: Session, settings: Settings, shard: str, schedule: Schedule, *, now: datetime, as_of: date,
    going: Collection[str] = (),
) -> RetirementRefused | None:  # fmt: skip
    """Why a shard may not be retired, if it may not. `going` are cases and reports erased before it."""
    try:
        _refuse(session, settings, shard, schedule, now, as_of, going)
    except RetirementRefused as refused:
        return refused
    return None


def due(session: Session, schedule: Schedule, *, as_of: date) -> list[str]:
    """The shards whose time is over and that are not retired, oldest first."""
    retired = set(session.execute(select(RETIREMENTS.c.retired_shard)).scalars())
    shards = session.execute(select(HEADS.c.shard)).scalars()
    found = [each for each in shards if each not in retired and schedule.shard_ends(each) <= as_of]
    return sorted(found, key=lambda each: (day_after(each), each))


def refuse_damaged(engine: Engine) -> None:
    """Raise RetirementRefused unless the whole log verifies: a problem must not go with its entries."""
    problems = verify(engine).problems
    if problems:
        raise RetirementRefused(
            f"The log has {len(problems)} problems, the first: {problems[0]}. See: skoen log verify"
        )


def remove_entry_tiles(engine: Engine, seals: Path) -> list[str]:
    """Remove what retired shards said from the public tiles; gives the shards. Hashes and checkpoints stay.

    Also of a shard that a restore left without any entry here: it goes with the others of its year or
    quarter. Raises RetirementRefused when the files are somebody else's.
    """
    with reading(engine) as session:
        retired = set(session.execute(select(RETIREMENTS.c.retired_shard)).scalars())
        heads = set(session.execute(select(HEADS.c.shard)).scalars())
        ended = set(session.execute(select(EPOCHS.c.old_shard)).scalars())
    left = {base_of(shard) for shard in heads - retired}
    gone = retired | {shard for shard in ended - heads if base_of(shard) not in left}
    removed = []
    for shard in sorted(gone):
        folder = seals / shard / ENTRY_TILES
        if folder.is_dir():
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise RetirementRefused(
                    f"{shard} is retired, but {folder} cannot be removed ({error.strerror}). Remove it as the"
                    " signer's user."
                ) from error
            removed.append(shard)
    return removed


def _refuse(
    session: Session, settings: Settings, shard: str, schedule: Schedule, now: datetime,
    as_of: date | None, going: Collection[str] = (),
) -> tuple[Head, bytes]:  # fmt: skip
    """Everything but the verification; gives the head and the signed note that covers it."""
    heads = {row.shard: row for row in session.execute(select(HEADS)).all()}
    if shard not in heads:
        raise RetirementRefused(f"There is no shard {shard}.")
    known = select(func.count()).where(RETIREMENTS.c.retired_shard == shard)
    if session.execute(known).scalar_one():
        raise RetirementRefused(f"{shard} is retired already.")
    if shard in _open(heads, now):
        raise NotYet(f"{shard} is still added to.")
    over = schedule.shard_ends(shard)
    if (as_of or local_date(now)) < over:
        raise NotYet(f"{shard} is kept until {over} by the schedule {schedule.name}.")
    found = heads[shard]
    head = Head(found.size, split_frontier(found.frontier), found.last_at)
    note = _covering(session, settings, shard, head)
    _refuse_unerased(session, shard, going)
    return head, note


def _open(heads: Collection[str], now: datetime) -> Iterator[str]:
    """The shards that entries may still go to: of each log the newest, and the one of this instant."""
    for name in ("decisions", "access"):
        yield newest_epoch(shard_of(name, now), heads)
        own = [each for each in heads if each.startswith(f"{name}/")]
        yield from sorted(own, key=lambda each: (day_after(each), epoch_of(each)))[-1:]


def _covering(session: Session, settings: Settings, shard: str, head: Head) -> bytes:
    """The signed note of the newest checkpoint, which covers the whole shard and nothing else.

    A shard that a restore ended is never signed again, whatever came back of it: there the entry that began
    the next epoch vouches for it, when that is sealed.
    """
    checkpoint, note = _sealed(settings, shard)
    root = merkle.root_of(head.frontier)
    epoch = session.execute(
        select(EPOCHS.c.shard, EPOCHS.c.log_seq, EPOCHS.c.restored_size).where(EPOCHS.c.old_shard == shard)
    ).one_or_none()
    if epoch is not None:
        next_sealed, _ = _sealed(settings, epoch.shard)
        covered = next_sealed is not None and epoch.log_seq < next_sealed.size
        if not covered or (epoch.restored_size, _vouched(session, epoch.shard, epoch.log_seq)) != (
            head.size, root.hex()
        ):  # fmt: skip
            raise RetirementRefused(f"{shard} ended with a restore, and {epoch.shard} does not vouch for it.")
        return note
    if checkpoint is None:
        raise RetirementRefused(f"{shard} was never sealed. Let the signer make a round first.")
    if checkpoint.size != head.size:
        raise RetirementRefused(f"{shard} has {head.size} entries, and {checkpoint.size} are sealed.")
    if checkpoint.root != root:
        raise RetirementRefused(f"{shard} is not what was sealed.")
    return note


def _sealed(settings: Settings, shard: str) -> tuple[Checkpoint | None, bytes]:
    """The newest checkpoint with its signed note; None and nothing before the first."""
    try:
        return sealed_state(settings.seals, settings.origin, shard) or (None, b"")
    except (NoteMalformed, NoteNotSigned, OSError) as error:
        raise RetirementRefused(f"The checkpoint of {shard} is not one of ours: {error}.") from error


def _vouched(session: Session, shard: str, seq: int) -> str | None:
    """The root of what came back, as the entry says that began an epoch."""
    entry = select(ENTRIES.c.entry).where(ENTRIES.c.shard == shard, ENTRIES.c.seq == seq)
    text = session.execute(entry).scalar_one()
    return json.loads(text).get("restored_root") if text else None


def _refuse_unerased(session: Session, shard: str, going: Collection[str]) -> None:
    """Refuse while something in the shard belongs to somebody who is still known."""
    subjects: set[str] = set()
    for table in STEPS_WITH_PARTS:
        held = (
            select(PARTS.c.subject_id)
            .join(table, table.c.part_id == PARTS.c.id)
            .where(table.c.shard == shard, PARTS.c.scheme != ERASED_SCHEME)
            .distinct()
        )
        subjects.update(session.execute(held).scalars())
    left = len(subjects - set(going))
    if left:
        raise NotYet(f"{shard} holds steps of {left} cases or reports that are not erased.")
