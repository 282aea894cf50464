"""Whether what the database says goes on from what was signed. Everything is checked before anything is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from service.log import merkle
from service.log.shards import base_of, epoch_of
from service.log.tiles import WIDTH, Tile, TileDamaged, TileTree
from service.signer import ledger
from service.signer.ledger import Moment
from service.signer.refusals import Inconsistent, Refusal
from service.signer.state import Sealed

SHARD = re.compile(r"[a-z]{1,20}/[0-9]{4}(Q[1-4])?(/[1-9][0-9]{0,3})?")
"""Shards become folders: a name out of a damaged database must not lead elsewhere."""


@dataclass(frozen=True)
class Growth:
    """What is to be written about one shard.

    The tree goes from `since` (its partial tiles in `edges`) to `size`; `leaves` are those added. Without a
    new size only damaged or missing tiles are made again, from 0.
    """

    shard: str
    since: int
    size: int
    leaves: list[bytes]
    frontier: tuple[bytes, ...]
    edges: list[list[bytes]]
    is_new: bool


@dataclass(frozen=True)
class Plan:
    """What a round would write, or why it must not."""

    growths: list[Growth] = field(default_factory=list)
    refusals: tuple[Refusal, ...] = ()


def plan(engine: Engine, seals: Path, sealed: Mapping[str, Sealed]) -> Plan:
    """Check every shard. One refusal is enough: a database wrong in one place is signed in none."""
    now = ledger.moment(engine)
    growths, refusals = [], []
    for shard in sorted({*now.heads, *sealed}):
        try:
            grown = _check(engine, seals, now, shard, sealed.get(shard))
        except Inconsistent as found:
            refusals.append(found.refusal)
        else:
            growths += [grown] if grown else []
    return Plan([] if refusals else growths, tuple(refusals))


def _check(engine: Engine, seals: Path, now: Moment, shard: str, sealed: Sealed | None) -> Growth | None:
    if not SHARD.fullmatch(shard):
        raise Inconsistent("shard_unknown", shard)
    size = sealed.size if sealed else 0
    if shard in now.restored or _is_replaced(now, shard):
        _check_replaced(now, shard, sealed)  # also of one that is retired by now
        return None
    if shard in now.retired:
        if sealed and now.retired[shard] != (sealed.size, sealed.root.hex()):
            raise Inconsistent("retired_otherwise", shard, sealed=size)
        return None
    if epoch_of(shard) > 1 and not any(
        declared.new_shard == shard and declared.seq == 0 for declared in now.restored.values()
    ):
        raise Inconsistent("epoch_undeclared", shard)
    head = now.heads.get(shard)
    if head is None:
        raise Inconsistent("vanished", shard, sealed=size)
    if head.size < size:
        raise Inconsistent("shorter", shard, found=head.size, sealed=size)
    if head.beyond != head.size:
        raise Inconsistent("beyond_head", shard, found=head.size, seq=head.beyond - 1)
    return _check_entries(engine, seals / shard, shard, sealed, head)


def _is_replaced(now: Moment, shard: str) -> bool:
    return any(
        base_of(other) == base_of(shard) and epoch_of(other) > epoch_of(shard)
        for other in now.heads
        if SHARD.fullmatch(other)
    )


def _check_replaced(now: Moment, shard: str, sealed: Sealed | None) -> None:
    """A shard that a restore ended: declared as it was sealed, and never added to since."""
    declared = now.restored.get(shard)
    if declared is None or not _is_at_the_beginning(now, shard, declared):
        raise Inconsistent("epoch_undeclared", shard)
    if sealed and (declared.size, declared.root) != (sealed.size, sealed.root.hex()):
        raise Inconsistent("epoch_otherwise", shard, sealed=sealed.size)
    head = now.heads.get(shard)
    found = max(head.size, head.beyond) if head else 0
    if found != declared.restored_size:
        raise Inconsistent("old_epoch_grew", shard, found=found, sealed=declared.restored_size)


def _is_at_the_beginning(now: Moment, shard: str, declared: ledger.Restored) -> bool:
    """Whether a later epoch of the shard begins with this; it begins with all the shards that it ends."""
    new = declared.new_shard
    together = sum(other.new_shard == new for other in now.restored.values())
    is_later = base_of(new) == base_of(shard) and epoch_of(new) > epoch_of(shard)
    return is_later and declared.seq < together


def _check_entries(
    engine: Engine, folder: Path, shard: str, sealed: Sealed | None, head: ledger.Head
) -> Growth | None:
    """Read the last sealed tile and all that is new, and hold both against what was signed and the head."""
    since = sealed.size if sealed else 0
    edges = _edges(engine, folder, shard, sealed) if sealed else []
    start = 0 if edges is None else since  # tiles that are damaged or lost are made anew from the entries
    leaves = ledger.leaves(engine, shard, start, head.size)
    frontier = _frontier(start, [], leaves[: since - start]) if sealed and start < since else None
    if sealed and frontier is not None and tuple(frontier) != sealed.frontier:
        raise Inconsistent("sealed_changed", shard)
    before = list(sealed.frontier) if sealed else []
    grown = tuple(_frontier(since, before, leaves[since - start :]))
    if grown != head.frontier:
        raise Inconsistent("head_differs", shard)
    if not leaves:
        return None
    return Growth(shard, start, head.size, leaves, grown, edges or [], is_new=head.size > since)


def _edges(engine: Engine, folder: Path, shard: str, sealed: Sealed) -> list[list[bytes]] | None:
    """The partial tiles as they were sealed, or None when tiles are damaged or lost.

    Raises Inconsistent when the database has other entries than the last sealed tile.
    """
    tree = TileTree(sealed.size, lambda path: (folder / path).read_bytes())
    try:
        is_whole = tuple(tree.frontier()) == sealed.frontier
        edges, last = tree.edges(), tree.last_leaves()
    except (OSError, TileDamaged):
        return None
    bundle = Tile(None, (sealed.size - 1) // WIDTH, len(last))
    if not is_whole or not (folder / bundle.path).exists():
        return None
    if ledger.leaves(engine, shard, sealed.size - len(last), sealed.size) != last:
        raise Inconsistent("sealed_changed", shard)
    return edges


def _frontier(size: int, frontier: list[bytes], leaves: list[bytes]) -> list[bytes]:
    for number, leaf in enumerate(leaves, start=size):
        frontier = merkle.append(number, frontier, leaf)
    return frontier
