"""Tiles and entry bundles (c2sp.org/tlog-tiles): the tree and its entries as files of at most 256 items.

A tile of level 0 holds leaf hashes; a hash of level 1 and up is the root of a full tile one level below.
The last tile of a level may be partial: it has a file of its own for each width that a checkpoint needed.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from service.log import merkle

HEIGHT = 8
WIDTH = 1 << HEIGHT
LONGEST_ENTRY = 0xFFFF
"""Bytes: a bundle writes each entry's length in two."""

PATH = re.compile(
    r"tile/(?P<level>0|[1-9]|[1-5][0-9]|6[0-3]|entries)/(?P<index>(x\d{3}/)*\d{3})(\.p/(?P<width>[1-9]\d{0,2}))?"
)
Read = Callable[[str], bytes]
"""Gives the bytes of a tile by its path, as `tile/0/x001/067.p/12`; raises OSError when it is missing."""


class TileDamaged(Exception):
    """A tile or bundle has not the shape that its path says."""


@dataclass(frozen=True)
class Tile:
    """One tile of a level (None: a bundle of entries), its number in the level, and how many items it has."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it lies below the log's folder."""
        digits = f"{self.index:d}"
        groups = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [groups[at : at + 3] for at in range(0, len(groups), 3)]
        level = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join([*(f'x{part}' for part in parts[:-1]), parts[-1]])}{partial}"


def parse_path(path: str) -> Tile:
    """The tile that a path names; raises TileDamaged for what tlog-tiles would not write."""
    found = PATH.fullmatch(path) if path.isascii() else None
    if found is not None:
        level = None if found["level"] == "entries" else int(found["level"])
        index = int(found["index"].replace("x", "").replace("/", ""))
        tile = Tile(level, index, int(found["width"] or WIDTH))
        if tile.path == path:
            return tile
    raise TileDamaged(f"{path} is no path of a tile")


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles of hashes of a tree, lowest level first: all, or those that a tree of `since` had not."""
    level, count, before = 0, size, since
    while count:
        for index in range(before // WIDTH, -(-count // WIDTH)):
            width = min(WIDTH, count - index * WIDTH)
            if before < index * WIDTH + width:
                yield Tile(level, index, width)
        level, count, before = level + 1, count // WIDTH, before // WIDTH


def bundles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """The bundles of a log, as `tiles_of`: they lie beside the tiles of level 0."""
    return (Tile(None, tile.index, tile.width) for tile in tiles_of(size, since) if tile.level == 0)


def grown_tiles(
    size: int, edges: Sequence[Sequence[bytes]], leaves: Sequence[bytes]
) -> Iterator[tuple[Tile, bytes]]:
    """The tiles that a tree of `size` gets when leaves are added: those of `tiles_of(new, size)`, with bytes.

    `edges` are the hashes of each level's partial tile, as `TileTree.edges` gives them.
    """
    level, count, new = 0, size, list(leaves)
    while new:
        hashes, full = [*(edges[level] if level < len(edges) else ()), *new], []
        for at in range(0, len(hashes), WIDTH):
            piece = hashes[at : at + WIDTH]
            yield Tile(level, (count + at) // WIDTH, len(piece)), b"".join(piece)
            if len(piece) == WIDTH:
                full.append(merkle.root(piece))
        level, count, new = level + 1, count // WIDTH, full


def split_tile(data: bytes, width: int = WIDTH) -> list[bytes]:
    """The hashes of a tile; raises TileDamaged unless there are `width` of them."""
    if len(data) != width * merkle.HASH:
        raise TileDamaged(f"a tile of {width} hashes has {len(data)} bytes")
    return [data[at : at + merkle.HASH] for at in range(0, len(data), merkle.HASH)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries, each behind its length in two bytes; ValueError for an entry that is too long for that."""
    if any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise ValueError(f"an entry of more than {LONGEST_ENTRY} bytes cannot stand in a bundle")
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def decode_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; raises TileDamaged when the lengths do not add up."""
    entries, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2])
        entry = data[at + 2 : at + 2 + length]
        if len(data) < at + 2 + length:
            raise TileDamaged("the bundle ends in the middle of an entry")
        entries.append(entry)
        at += 2 + length
    return entries


class TileTree:
    """A tree whose hashes lie in tiles: gives its root, frontier and proofs from O(log n) of them.

    It believes the tiles. Hold the root against a signed checkpoint before using what it says.
    """

    def __init__(self, size: int, read: Read) -> None:
        self.size = size
        self._read = read
        self._tile = cache(self._fetch)

    def _fetch(self, tile: Tile) -> list[bytes]:
        try:
            data = self._read(tile.path)
        except FileNotFoundError:
            if tile.width == WIDTH:
                raise
            # The tile has become full since: then the partial one may be gone.
            data = self._read(Tile(tile.level, tile.index).path)[: tile.width * merkle.HASH]
        return split_tile(data, tile.width)

    def node(self, level: int, index: int) -> bytes:
        """The root of the perfect subtree of 2**level leaves, number `index` of its kind."""
        tile_level, height = divmod(level, HEIGHT)
        first = index << height
        tile_index, at = divmod(first, WIDTH)
        width = min(WIDTH, (self.size >> (tile_level * HEIGHT)) - tile_index * WIDTH)
        return merkle.root(self._tile(Tile(tile_level, tile_index, width))[at : at + (1 << height)])

    def frontier(self) -> list[bytes]:
        """The right edge, from the tiles that hold it."""
        return [self.node(*place) for place in merkle.perfect_parts(0, self.size)]

    def edges(self) -> list[list[bytes]]:
        """The hashes of the partial tile of each level, lowest first; empty where the last tile is full."""
        edges: list[list[bytes]] = []
        count = self.size
        while count:
            width = count % WIDTH
            edges.append(list(self._tile(Tile(len(edges), count // WIDTH, width))) if width else [])
            count //= WIDTH
        return edges

    def last_leaves(self) -> list[bytes]:
        """The leaf hashes of the last tile; TileDamaged when the tile above holds another root of it."""
        if not self.size:
            return []
        index = (self.size - 1) // WIDTH
        leaves = list(self._tile(Tile(0, index, self.size - index * WIDTH)))
        if len(leaves) == WIDTH and merkle.root(leaves) != self.node(HEIGHT, index):
            raise TileDamaged("the last tile is not the one that the tile above was made of")
        return leaves

    def root(self) -> bytes:
        """The root of the tree."""
        return merkle.root_of(self.frontier())

    def inclusion_proof(self, index: int) -> list[bytes]:
        """As merkle.inclusion_proof."""
        return merkle.hashes_of(merkle.inclusion_ranges(self.size, index), self.node)

    def consistency_proof(self, first: int) -> list[bytes]:
        """As merkle.consistency_proof."""
        return merkle.hashes_of(merkle.consistency_ranges(self.size, first), self.node)
