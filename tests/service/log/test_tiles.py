"""Tiles: the published examples, the shape of every tree, and proofs that come from tiles alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.log import merkle
from service.log.tiles import (
    LONGEST_ENTRY,
    WIDTH,
    Tile,
    TileDamaged,
    TileTree,
    bundles_of,
    decode_bundle,
    encode_bundle,
    grown_tiles,
    parse_path,
    split_tile,
    tiles_of,
)

LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(70_000)]


def stored(leaves: list[bytes]) -> dict[str, bytes]:
    """Every tile of a tree, made by the definition and not by the code under test."""
    files, hashes, level = {}, leaves, 0
    while hashes:
        for start in range(0, len(hashes), WIDTH):
            piece = hashes[start : start + WIDTH]
            files[Tile(level, start // WIDTH, len(piece)).path] = b"".join(piece)
        full = len(hashes) // WIDTH
        hashes = [merkle.root(hashes[at * WIDTH : (at + 1) * WIDTH]) for at in range(full)]
        level += 1
    return files


ALL = stored(LEAVES)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"), (Tile(0, 0), "tile/0/000"),
        (Tile(63, 5, 9), "tile/63/005.p/9"),
        (Tile(1, 999), "tile/1/999"), (Tile(0, 1000, 255), "tile/0/x001/000.p/255"),
        (Tile(None, 273, 112), "tile/entries/273.p/112"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_paths_are_as_published(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0", "tile/0/x000/001", "tile/0/001/001", "tile/0/x001", "tile/00/001", "tile/64/001",
        "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01", "tile/0/000/", "tile/data/000",
        "/tile/0/000", "tile/0/../000", "tile/0/00\u0661", "tile/0/001\n",
    ],
    ids=repr,
)  # fmt: skip
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(TileDamaged):
        parse_path(path)


def test_the_published_tree_of_70_000_has_its_tiles() -> None:
    tiles = list(tiles_of(70_000))

    assert sum(tile.level == 0 and tile.width == WIDTH for tile in tiles) == 273
    assert [tile for tile in tiles if tile.level or tile.width < WIDTH] == [
        Tile(0, 273, 112), Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1),
    ]  # fmt: skip
    assert [tile.path for tile in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert {tile.path for tile in tiles} == set(ALL)
    assert list(tiles_of(0)) == []


sizes = st.integers(0, 70_000)


@settings(deadline=None)
@given(sizes, sizes)
def test_the_new_tiles_are_those_that_the_smaller_tree_had_not(one: int, other: int) -> None:
    old, new = sorted((one, other))

    assert list(tiles_of(new, old)) == [tile for tile in tiles_of(new) if tile not in set(tiles_of(old))]
    assert len(list(bundles_of(new, old))) == sum(tile.level == 0 for tile in tiles_of(new, old))


@settings(deadline=None)
@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_a_tree_grows_tile_by_tile(one: int, other: int) -> None:
    old, new = sorted((one, other))
    before, after = stored(LEAVES[:old]), stored(LEAVES[:new])
    tree = TileTree(old, before.__getitem__)
    grown = {tile.path: data for tile, data in grown_tiles(old, tree.edges(), LEAVES[old:new])}

    assert list(grown) == [tile.path for tile in tiles_of(new, old)]
    assert all(after[path] == data for path, data in grown.items())
    assert after.keys() <= {**before, **grown}.keys()
    assert tree.last_leaves() == LEAVES[:old][-((old - 1) % WIDTH + 1) :]


@settings(deadline=None)
@given(st.integers(1, 70_000), st.data())
def test_proofs_from_tiles_hold(size: int, data: st.DataObject) -> None:
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    widths = {(tile.level, tile.index): tile for tile in tiles_of(size)}

    def read(path: str) -> bytes:
        asked = parse_path(path)
        assert widths[asked.level, asked.index] == asked, "a tile that this size does not have"
        full = (
            ALL.get(Tile(asked.level, asked.index).path)
            or ALL[next(t.path for t in tiles_of(70_000) if (t.level, t.index) == (asked.level, asked.index))]
        )
        return full[: asked.width * merkle.HASH]

    tree, earlier = TileTree(size, read), merkle.root_of(frontier(first))
    assert tree.root() == merkle.root_of(frontier(size))
    assert tree.frontier() == frontier(size)
    assert merkle.verify_inclusion(LEAVES[index], index, size, tree.inclusion_proof(index), tree.root())
    assert merkle.verify_consistency(first, size, tree.consistency_proof(first), earlier, tree.root())


def frontier(size: int) -> list[bytes]:
    """The roots of the perfect subtrees, by definition."""
    edge, start = [], 0
    for bit in reversed(range(size.bit_length())):
        if size >> bit & 1:
            edge.append(merkle.root(LEAVES[start : start + (1 << bit)]))
            start += 1 << bit
    return edge


@pytest.mark.parametrize("size", [1, 5, 255, 256, 257, 1000])
def test_proofs_from_tiles_are_the_proofs_by_definition(size: int) -> None:
    files, leaves = stored(LEAVES[:size]), LEAVES[:size]
    tree = TileTree(size, files.__getitem__)

    for index in {0, size // 2, size - 1}:
        assert tree.inclusion_proof(index) == merkle.inclusion_proof(leaves, index)
        assert tree.consistency_proof(index + 1) == merkle.consistency_proof(leaves, index + 1)


def test_a_tile_of_another_length_is_refused() -> None:
    with pytest.raises(TileDamaged):
        split_tile(bytes(33), 1)
    with pytest.raises(TileDamaged):
        TileTree(3, lambda path: bytes(64)).root()


def test_a_partial_tile_that_has_become_full_is_read_from_the_full_one() -> None:
    files = {**stored(LEAVES[:300]), **stored(LEAVES[:600])}
    del files["tile/0/001.p/44"]

    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    assert TileTree(300, read).root() == merkle.root(LEAVES[:300])
    with pytest.raises(FileNotFoundError):
        TileTree(700, read).root()


def test_a_full_last_tile_is_held_against_the_one_above() -> None:
    files = stored(LEAVES[:512])
    files["tile/0/001"] = files["tile/0/000"]

    assert TileTree(512, files.__getitem__).root() == merkle.root(LEAVES[:512])
    with pytest.raises(TileDamaged):
        TileTree(512, files.__getitem__).last_leaves()


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries)) == entries


def test_a_bundle_that_is_cut_is_refused() -> None:
    bundle = encode_bundle([b"one", b"two"])

    assert bundle == b"\x00\x03one\x00\x03two"
    for end in (1, 4, 6, 9):
        with pytest.raises(TileDamaged):
            decode_bundle(bundle[:end])


def test_an_entry_that_no_bundle_can_hold_is_refused() -> None:
    assert decode_bundle(encode_bundle([bytes(LONGEST_ENTRY)])) == [bytes(LONGEST_ENTRY)]
    with pytest.raises(ValueError, match="65535"):
        encode_bundle([bytes(LONGEST_ENTRY + 1)])
