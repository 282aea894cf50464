"""Epochs: after a restore a shard goes on under a new name, and its first entries say what ended, and where.

Somebody outside may hold a checkpoint of what is lost. The old name is never added to or signed again, so no
checkpoint of it ever becomes false; and whoever holds one finds here who let it end, and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from service.cpr import holds_cpr
from service.errors import SkoenError
from service.log.append import HEADS, append
from service.log.checkpoint import Checkpoint
from service.log.events import Event, Receipt
from service.log.shards import base_of, epoch_of
from service.tables.oversight import Epoch

LONGEST = 500
"""Characters of a reason or a name: they stand in the open entry."""


class EpochRefused(SkoenError):
    """No epoch begins; the sentence says what is missing."""


@dataclass(frozen=True)
class Declaration:
    """Why a restore was made, and the two who stand by it. Raises EpochRefused unless they are two."""

    reason: str
    named_by: str
    confirmed_by: str
    operator: str

    def __post_init__(self) -> None:
        said = (self.reason, self.named_by, self.confirmed_by)
        if not all(each.strip() for each in said):
            raise EpochRefused("A restore needs a reason and two names, and none of them may be empty.")
        if _same(self.named_by, self.confirmed_by):
            raise EpochRefused("A restore needs two different people.")
        if any(len(each) > LONGEST for each in said):
            raise EpochRefused(f"Reason and names may have {LONGEST} characters each.")
        if any(holds_cpr(each) for each in said):
            raise EpochRefused("Reason and names stand in the log for good: no CPR number may be in them.")


@dataclass(frozen=True)
class Ended:
    """A shard that ended: what came back of it (root in hex), and the last checkpoint known outside.

    `proven`: it was shown that what came back is the beginning of what was signed.
    """

    shard: str
    restored_size: int
    restored_root: str
    checkpoint: Checkpoint | None
    proven: bool


def begin(
    session: Session,
    shard: str,
    ended: Sequence[Ended],
    declaration: Declaration,
    *,
    origin: str,
    at: datetime,
) -> list[Receipt]:
    """Begin a new epoch: one `epoch:started` for each shard it replaces, the newest first; no commit.

    More than one end with a restore that takes back an earlier restore too. Raises EpochRefused for a shard
    that has begun already, or that cannot be the next of those that ended.
    """
    _refuse_misfits(session, shard, ended)
    return [_declare(session, shard, each, declaration, origin, at) for each in ended]


def _refuse_misfits(session: Session, shard: str, ended: Sequence[Ended]) -> None:
    epochs = [epoch_of(each.shard) for each in ended]
    if not epochs or {base_of(each.shard) for each in ended} != {base_of(shard)}:
        raise EpochRefused(f"{shard} does not go on from the shards that ended.")
    if len(set(epochs)) != len(epochs) or epochs[0] != max(epochs) or epoch_of(shard) != epochs[0] + 1:
        raise EpochRefused(f"{shard} is not the next epoch of {ended[0].shard}.")
    later = [
        each
        for each in session.connection().execute(select(HEADS.c.shard)).scalars()
        if base_of(each) == base_of(shard) and epoch_of(each) >= epoch_of(shard)
    ]
    if later:
        raise EpochRefused(f"{min(later)} has begun already.")


def _declare(
    session: Session, shard: str, ended: Ended, declaration: Declaration, origin: str, at: datetime
) -> Receipt:
    checkpoint = ended.checkpoint
    row = Epoch(
        at=at, old_shard=ended.shard, number=epoch_of(shard), restored_size=ended.restored_size,
        checkpoint_size=checkpoint.size if checkpoint else None,
        checkpoint_root=checkpoint.root.hex() if checkpoint else None,
        reason=declaration.reason, named_by=declaration.named_by, confirmed_by=declaration.confirmed_by,
        operator=declaration.operator,
    )  # fmt: skip
    # What came back beyond the checkpoint was never signed; its root here lets the new name vouch for it.
    return append(
        session, Event.EPOCH_STARTED, at=at, by=None, row=row, shard=shard,
        old_origin=f"{origin}/{ended.shard}", restored_root=ended.restored_root, proven=ended.proven,
    )  # fmt: skip


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
