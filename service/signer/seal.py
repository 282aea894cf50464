"""One round: check every shard, and seal those that have grown.

The order is what keeps a killed signer honest: tiles, which nobody believes without a checkpoint; then the
signer's own memory; then the checkpoint. Wherever it stopped, the next start goes on from there.
"""

import shutil
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from service.clock import local_date
from service.config import Settings
from service.log import merkle
from service.log.canonical import instant
from service.log.checkpoint import Checkpoint, sign_checkpoint
from service.log.sealed import CHECKPOINT
from service.log.tiles import WIDTH, bundles_of, encode_bundle, grown_tiles, tiles_of
from service.signer import ledger
from service.signer.check import Growth, plan
from service.signer.files import PUBLIC_FILE, PUBLIC_FOLDER, alone, make_folders, write_durably
from service.signer.key import ensure_key, prepare_folder
from service.signer.memory import remembered, take_up
from service.signer.refusals import Inconsistent
from service.signer.report import Status, status_of
from service.signer.state import Sealed, State, write_state

HISTORY = "history"


def seal(settings: Settings, engine: Engine, now: datetime) -> Status:
    """Make one round. What is inconsistent is told in the status, and then nothing at all is signed.

    Raises UnsafeStart when key or memory cannot be used, DBAPIError when the database cannot be read and
    OSError when the disk takes no more; after any of them the next round begins where this one did.
    """
    prepare_folder(settings.signer)
    with alone(settings.signer):
        return seal_alone(settings, engine, now)


def seal_alone(settings: Settings, engine: Engine, now: datetime) -> Status:
    """As `seal`, for whoever keeps other signers out already."""
    state, is_kept = remembered(settings)
    key = ensure_key(settings)
    sealed = dict(state.shards)
    if refusals := take_up(settings, sealed, now):
        return status_of(now, sealed, refusals)
    for shard, signed in sealed.items():  # what was signed and not let out, or let out and lost since
        publish(settings.seals / shard, signed)
    planned = plan(engine, settings.seals, sealed)
    if planned.refusals:
        return status_of(now, sealed, planned.refusals)
    try:
        for growth in planned.growths:
            write_tiles(engine, settings.seals / growth.shard, growth)
    except Inconsistent as changed_meanwhile:
        return status_of(now, sealed, (changed_meanwhile.refusal,))
    grown = {growth.shard: growth for growth in planned.growths if growth.is_new}
    sealed |= {shard: _signed(settings, key, growth, now) for shard, growth in grown.items()}
    if not is_kept or sealed != state.shards:
        write_state(settings.signer, State(settings.origin, sealed))
    for shard, growth in grown.items():
        publish(settings.seals / shard, sealed[shard])
        _keep_of_the_day(settings.seals / shard, sealed[shard], now)
        _drop_partials(settings.seals / shard, growth)
    return status_of(now, sealed)


def publish(folder: Path, signed: Sealed) -> None:
    """Let the checkpoint out, unless it is out."""
    path = folder / CHECKPOINT
    if path.exists() and path.read_bytes() == signed.note:
        return
    make_folders(folder, PUBLIC_FOLDER)
    write_durably(path, signed.note, PUBLIC_FILE)


def write_tiles(engine: Engine, folder: Path, growth: Growth) -> None:
    """Write the tiles and bundles of a growth; raises Inconsistent when an entry changed since the check."""
    edge = growth.edges[0] if growth.edges else []
    known, first = [*edge, *growth.leaves], growth.since - len(edge)
    for bundle in bundles_of(growth.size, growth.since):
        start = bundle.index * WIDTH
        entries = list(ledger.entries(engine, growth.shard, start, start + bundle.width))
        for seq, entry in enumerate(entries, start):
            if merkle.leaf_hash(entry) != known[seq - first]:
                raise Inconsistent("entry_changed", growth.shard, seq=seq)
        _write(folder / bundle.path, encode_bundle(entries))
    for tile, data in grown_tiles(growth.since, growth.edges, growth.leaves):
        _write(folder / tile.path, data)


def _write(path: Path, data: bytes) -> None:
    make_folders(path.parent, PUBLIC_FOLDER)
    write_durably(path, data, PUBLIC_FILE)


def _signed(settings: Settings, key: Ed25519PrivateKey, growth: Growth, now: datetime) -> Sealed:
    origin = f"{settings.origin}/{growth.shard}"
    checkpoint = Checkpoint(origin, growth.size, merkle.root_of(growth.frontier))
    return Sealed(growth.size, growth.frontier, sign_checkpoint(checkpoint, key), instant(now))


def _keep_of_the_day(folder: Path, signed: Sealed, now: datetime) -> None:
    make_folders(folder / HISTORY, PUBLIC_FOLDER)
    write_durably(folder / HISTORY / local_date(now).isoformat(), signed.note, PUBLIC_FILE)


def _drop_partials(folder: Path, growth: Growth) -> None:
    """Once a tile is full its partial ones say nothing more; C2SP lets them go, and they add up."""
    since = max(0, growth.since - WIDTH)  # what a killed round left there goes too
    for tile in (*tiles_of(growth.size, since), *bundles_of(growth.size, since)):
        if tile.width == WIDTH:
            shutil.rmtree(folder / f"{tile.path}.p", ignore_errors=True)
