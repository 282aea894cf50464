"""Restore the casework: build it beside, hold it against what is known outside, and only then let it be used.

A restore is a rollback of the log, and nothing inside the database could ever show it. So it is said aloud:
every shard that is still written to goes on under a new name, and its first entry says what ended, and why.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, make_url, select
from sqlmodel import Session
from sqlmodel import select as rows_of

from service.backup import check
from service.backup.endings import Shard, epochs_due, shards_of
from service.backup.errors import RestoreRefused
from service.backup.live import live_sizes
from service.backup.lost import Lost, lost_entries
from service.backup.manifest import DATABASE, Manifest
from service.backup.outside import Outside, outside, signer_waiting
from service.backup.proving import held_against
from service.backup.staging import put_in_place, staged
from service.config import Settings
from service.database import MIGRATIONS, reading, writing
from service.keys import read_keys
from service.log import erasure_ledger, merkle
from service.log.append import HEADS, split_frontier
from service.log.epochs import Declaration, Ended, begin
from service.log.events import Event
from service.log.verify import Progress, verify
from service.tables.oversight import Epoch, Retirement
from service.workflow import erasure

MOST_PROBLEMS = 5


@dataclass(frozen=True)
class Findings:
    """What a restore brings, before it is done: what comes back, what is lost, what is erased again.

    `epochs` are the shards that begin, each with those it goes on from; `erased` counts rows by kind.
    """

    manifest: Manifest
    shards: tuple[Shard, ...]
    epochs: Mapping[str, list[Ended]]
    lost: tuple[Lost, ...]
    erased: Mapping[str, int]
    entries: int


def restore(
    settings: Settings, folder: Path, declaration: Declaration, *, now: datetime, live: Engine | None,
    record: Callable[[Session], None], tell: Callable[[Findings], None], tries_only: bool = False,
    accepts_unproven: bool = False, progress: Progress | None = None,
) -> None:  # fmt: skip
    """Let the backup be the database in use; `tell` is told what it brings before that is done.

    `live` is the database in use, None where there is none. `record` writes that somebody did it, in the new
    epoch. With `tries_only` everything is done but the last step. `accepts_unproven` goes on where nothing
    outside is left to hold the backup against, and says so in the new epoch. Raises RestoreRefused, and then
    the database in use is as it was.
    """
    manifest = Manifest.read(folder)
    _refuse_unfit(settings, folder, manifest)
    with erasure_ledger.alone(erasure_ledger.ledger_file(settings)) as ledger, signer_waiting(settings):
        signed, sizes = outside(settings), live_sizes(live)
        with staged(settings, folder, manifest, declaration.operator) as engine:
            shards, declared = _shards(engine, signed, sizes)
            shards = held_against(engine, shards, signed, accepts_unproven)
            lost = tuple(lost_entries([s for s in shards if s.name not in declared], signed, live))
            _refuse_ledger_gaps(lost, ledger.ledger)
            epochs = epochs_due(shards, declared, now)
            begin_epochs(engine, epochs, declaration, origin=settings.origin, now=now, record=record)
            erased = replay_erasures(engine, ledger.path, now=now, operator=declaration.operator)
            entries = _verified(engine, progress)
            tell(Findings(manifest, tuple(shards), epochs, lost, erased, entries))
            if not tries_only:
                put_in_place(settings, engine, sizes)


def _refuse_unfit(settings: Settings, folder: Path, manifest: Manifest) -> None:
    configured = make_url(settings.database_url).get_backend_name()
    known = {each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if manifest.of != DATABASE:
        raise RestoreRefused(f"{folder} is a backup of the {manifest.of}: skoen keystore restore")
    if manifest.engine != configured:
        raise RestoreRefused(
            f"The backup is of {manifest.engine}, and SKOEN_DATABASE_URL names {configured}."
        )
    if manifest.origin != settings.origin:
        raise RestoreRefused(f"The backup is of {manifest.origin}, and this is {settings.origin}.")
    if manifest.revision not in known:
        raise RestoreRefused("The backup is of a newer version of Skøn. Restore it with that version.")
    for problem in check.problems(folder, manifest, read_keys(settings).pepper):
        raise RestoreRefused(f"{folder} is not as it was made: {problem}.")


def _shards(
    engine: Engine, signed: Mapping[str, Outside], live: Mapping[str, int] | None
) -> tuple[list[Shard], set[str]]:
    """Every shard that is known of, and those whose end the restored log declares."""
    with reading(engine) as session:
        heads = session.execute(select(HEADS.c.shard, HEADS.c.size, HEADS.c.frontier)).all()
        restored = {
            shard: (size, merkle.root_of(split_frontier(frontier)).hex()) for shard, size, frontier in heads
        }
        for retired in session.exec(rows_of(Retirement)):
            if retired.retired_shard in restored:
                restored[retired.retired_shard] = (retired.size, retired.root)
        declared = set(session.exec(rows_of(Epoch.old_shard)))
    checkpoints = {shard: each.checkpoint for shard, each in signed.items()}
    return shards_of(restored, checkpoints, live), declared


def _refuse_ledger_gaps(lost: tuple[Lost, ...], ledger: erasure_ledger.Ledger) -> None:
    """Raise RestoreRefused when the log knows of an erasure that the ledger does not: it would be undone."""
    known = set(ledger.hashes)
    for entry in lost:
        named = erasure_ledger.named_in(entry.text or "") if entry.event == Event.KEY_SHREDDED else None
        if named is not None and named not in known:
            raise RestoreRefused(
                f"{entry.shard} {entry.seq} is an erasure that the erasure ledger does not know of. Bring the"
                " ledger back from a copy of the seals, or somebody erased would be there again."
            )


def begin_epochs(
    engine: Engine, epochs: Mapping[str, list[Ended]], declaration: Declaration, *, origin: str,
    now: datetime, record: Callable[[Session], None],
) -> None:  # fmt: skip
    """Begin the new epochs in the restored database, and note the command there."""
    with writing(engine) as session:
        for shard, ended in epochs.items():
            begin(session, shard, ended, declaration, origin=origin, at=now)
        record(session)
        session.commit()


def replay_erasures(engine: Engine, ledger: Path, *, now: datetime, operator: str) -> Mapping[str, int]:
    """Erase again whomever the backup brings back; gives rows by kind. Raises RestoreRefused.

    It works with a copy of the ledger: that freed pages are clear is true of this database, not yet of the
    one in use, and whoever holds the ledger itself keeps new erasures out until that is replaced.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, erasure_ledger.FILE)
        copy.write_bytes(ledger.read_bytes())
        if erasure.gaps(engine, copy):
            raise RestoreRefused("The erasure ledger lacks lines that the log names. Bring a copy back.")
        done = erasure.replay(engine, copy, now=now, operator=operator)
    if done.not_swept:
        raise RestoreRefused(done.not_swept)
    return done.counts


def _verified(engine: Engine, progress: Progress | None) -> int:
    found = verify(engine, progress)
    if not found.ok:
        first = "\n".join(found.problems[:MOST_PROBLEMS])
        raise RestoreRefused(
            f"The restored log does not verify: {len(found.problems)} problems in {found.entries} entries."
            f" Restore the keystore first if its keys are missing.\n{first}"
        )
    return found.entries
