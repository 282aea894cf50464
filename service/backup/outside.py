"""What is known of the log outside the database: the signer's checkpoints and tiles, verified.

While a restore looks at them the signer waits, so that nothing is signed that the restore does not know of.
"""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from service.backup.errors import RestoreRefused
from service.config import Settings
from service.log import merkle
from service.log.checkpoint import Checkpoint, open_checkpoint
from service.log.notes import NoteMalformed, NoteNotSigned, VerifierKey
from service.log.tiles import WIDTH, Tile, TileDamaged, TileTree, bundles_of, decode_bundle, split_tile
from service.signer.files import alone
from service.signer.key import published_vkeys
from service.signer.state import read_state


class Unprovable(RestoreRefused):
    """What was signed is not there to be held against."""


@dataclass(frozen=True)
class Outside:
    """One shard as it was last signed, and the folder with its tiles."""

    checkpoint: Checkpoint
    folder: Path

    def goes_on_from(self, size: int, root: bytes) -> bool:
        """Whether the first `size` entries of what was signed have this root. Raises Unprovable."""
        signed = self.checkpoint
        if not 0 < size < signed.size:
            return size == 0 or (size, root) == (signed.size, signed.root)
        with self._reading():
            proof = TileTree(signed.size, self._read).consistency_proof(size)
            return merkle.verify_consistency(size, signed.size, proof, root, signed.root)

    def leaves(self) -> Iterator[bytes]:
        """The leaf hashes that were signed, as the tiles have them. Raises Unprovable."""
        with self._reading():
            for tile in self._tiles():
                yield from self._hashes(tile)

    def entries(self, start: int) -> Iterator[tuple[int, bytes | None]]:
        """The number and the bytes of each signed entry from `start` on; None where they are lost."""
        for tile in self._tiles():
            first = tile.index * WIDTH
            if first + tile.width > start:
                signed = self._signed(tile)
                yield from ((first + at, signed[at]) for at in range(max(0, start - first), tile.width))

    def _signed(self, tile: Tile) -> list[bytes | None]:
        try:
            hashes = self._hashes(tile)
            bundle = decode_bundle(self._whole_or_part(Tile(None, tile.index, tile.width)))
        except (OSError, TileDamaged):
            return [None] * tile.width
        return [
            entry if merkle.leaf_hash(entry) == leaf else None
            for leaf, entry in zip_longest(hashes, bundle[: tile.width], fillvalue=b"")
        ]

    def _tiles(self) -> Iterator[Tile]:
        return (Tile(0, bundle.index, bundle.width) for bundle in bundles_of(self.checkpoint.size))

    def _hashes(self, tile: Tile) -> list[bytes]:
        return split_tile(self._whole_or_part(tile)[: tile.width * merkle.HASH], tile.width)

    def _whole_or_part(self, tile: Tile) -> bytes:
        try:
            return self._read(tile.path)
        except FileNotFoundError:
            return self._read(Tile(tile.level, tile.index).path)  # it has become full since

    def _read(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()

    @contextmanager
    def _reading(self) -> Generator[None]:
        try:
            yield
        except (OSError, TileDamaged) as error:
            raise Unprovable(
                f"The tiles in {self.folder} are missing or damaged, so nobody can tell whether the backup is"
                " what the last checkpoint was signed for. Bring the seals back from a copy of them."
            ) from error


@contextmanager
def signer_waiting(settings: Settings) -> Generator[None]:
    """Until the end the signer signs nothing. Raises RestoreRefused for somebody who cannot make it wait."""
    with ExitStack() as stack:
        if settings.signer.exists():  # else no signer has ever been at work on this machine
            try:
                stack.enter_context(alone(settings.signer))
            except PermissionError as error:
                raise RestoreRefused(
                    f"{settings.signer} is closed to you, and the signer must wait. Restore as root."
                ) from error
        yield


def outside(settings: Settings) -> dict[str, Outside]:
    """The newest checkpoint of each shard, published or only remembered by the signer.

    Raises RestoreRefused for one that none of the published keys signed.
    """
    keys = published_vkeys(settings)
    notes: dict[str, list[bytes]] = {}
    for path in settings.seals.rglob("checkpoint"):
        notes.setdefault(path.parent.relative_to(settings.seals).as_posix(), []).append(path.read_bytes())
    remembered = read_state(settings.signer) if settings.signer.exists() else None
    for shard, sealed in remembered.shards.items() if remembered else ():
        notes.setdefault(shard, []).append(sealed.note)
    return {shard: _newest(settings, shard, found, keys) for shard, found in sorted(notes.items())}


def _newest(settings: Settings, shard: str, notes: list[bytes], keys: list[VerifierKey]) -> Outside:
    try:
        found = [open_checkpoint(note, keys, f"{settings.origin}/{shard}") for note in notes]
    except (NoteMalformed, NoteNotSigned) as error:
        raise RestoreRefused(
            f"The checkpoint of {shard} in {settings.seals} cannot be believed: {error}."
        ) from error
    newest = max(found, key=lambda each: each.size)
    if any(each.size == newest.size and each.root != newest.root for each in found):
        raise RestoreRefused(f"Two checkpoints of {shard} contradict each other: ask the signer first.")
    return Outside(newest, settings.seals / shard)
