"""The signer's memory held against what it has let out: it may itself have come back from an old copy."""

from datetime import datetime

from service.config import Settings
from service.errors import UnsafeStart
from service.log.canonical import instant
from service.log.checkpoint import open_checkpoint
from service.log.merkle import perfect_parts
from service.log.notes import NoteMalformed, NoteNotSigned, VerifierKey
from service.log.tiles import TileDamaged, TileTree
from service.signer.check import SHARD
from service.signer.key import own_vkeys
from service.signer.refusals import Inconsistent, Refusal
from service.signer.state import Sealed, State, read_state


def remembered(settings: Settings) -> tuple[State, bool]:
    """The state, and whether it is the very one on the disk; raises UnsafeStart for another origin."""
    state = read_state(settings.signer)
    if state is None:
        return State(settings.origin, {}), False
    if state.origin != settings.origin:
        raise UnsafeStart(
            f"SKOEN_ORIGIN is {settings.origin}, and this signer signs for {state.origin}. "
            "A log keeps its name."
        )
    return state, True


def take_up(settings: Settings, sealed: dict[str, Sealed], now: datetime) -> tuple[Refusal, ...]:
    """Add to the memory what was published beyond it. Refuses where that is no continuation of it."""
    keys, refusals = own_vkeys(settings), []
    for path in sorted([*settings.seals.glob("*/*/checkpoint"), *settings.seals.glob("*/*/*/checkpoint")]):
        shard = path.parent.relative_to(settings.seals).as_posix()
        if not SHARD.fullmatch(shard):
            continue
        try:
            found = _later(settings, shard, path.read_bytes(), keys, sealed.get(shard), now)
        except Inconsistent as inconsistent:
            refusals.append(inconsistent.refusal)
        else:
            sealed.update({shard: found} if found else {})
    return tuple(refusals)


def _later(
    settings: Settings, shard: str, note: bytes, keys: list[VerifierKey], known: Sealed | None, now: datetime
) -> Sealed | None:
    """What a published checkpoint adds to what is known of its shard; None when that is nothing."""
    if known is not None and note == known.note:
        return None
    try:
        published = open_checkpoint(note, keys, f"{settings.origin}/{shard}")
    except (NoteMalformed, NoteNotSigned) as stranger:
        if known is not None:
            return None  # somebody spoilt the public copy; it is put right from the memory
        raise Inconsistent("checkpoint_unknown", shard) from stranger
    if known is not None and published.size == known.size and published.root != known.root:
        raise Inconsistent("two_roots", shard)
    if known is not None and published.size <= known.size:
        return None
    tree = TileTree(published.size, lambda path: (settings.seals / shard / path).read_bytes())
    try:
        frontier = tuple(tree.frontier())
        before = tuple(tree.node(*part) for part in perfect_parts(0, known.size)) if known else ()
    except (OSError, TileDamaged) as damage:
        raise Inconsistent("checkpoint_unknown", shard) from damage
    if tree.root() != published.root or (known and before != known.frontier):
        raise Inconsistent("checkpoint_unknown", shard)
    return Sealed(published.size, frontier, note, instant(now))
