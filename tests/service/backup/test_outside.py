"""What was signed, read from tiles: the beginning of it is recognised, anything else never."""

from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.backup.outside import Outside, Unprovable
from service.log import merkle
from service.log.checkpoint import Checkpoint
from service.log.tiles import bundles_of, encode_bundle, grown_tiles

SIZES = st.integers(1, 600)


@cache
def entries(size: int) -> list[bytes]:
    return [f'{{"seq":"{seq}"}}'.encode() for seq in range(size)]


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf_hash(entry) for entry in entries(size)]


def signed(folder: Path, size: int) -> Outside:
    """A shard of this size, with its tiles and bundles."""
    for tile, data in grown_tiles(0, [], leaves(size)):
        write(folder / tile.path, data)
    for bundle in bundles_of(size):
        start = bundle.index * 256
        write(folder / bundle.path, encode_bundle(entries(size)[start : start + bundle.width]))
    return Outside(Checkpoint("skoen.test/decisions/2026", size, merkle.root(leaves(size))), folder)


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@settings(max_examples=40, deadline=None)
@given(size=SIZES, data=st.data())
def test_the_beginning_is_recognised_and_nothing_else(size: int, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, size))
    mine = leaves(size)[:kept]
    with TemporaryDirectory() as folder:
        found = signed(Path(folder), size)
        assert found.goes_on_from(kept, merkle.root(mine))
        assert [entry for _, entry in found.entries(kept)] == entries(size)[kept:]
        assert list(found.leaves()) == leaves(size)
        if kept:
            at = data.draw(st.integers(0, kept - 1))
            changed = [*mine[:at], merkle.leaf_hash(b"another"), *mine[at + 1 :]]
            assert not found.goes_on_from(kept, merkle.root(changed))


@settings(max_examples=60, deadline=None)
@given(size=SIZES, data=st.data())
def test_a_damaged_file_never_makes_another_log_the_right_one(size: int, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, size))
    with TemporaryDirectory() as folder:
        found = signed(Path(folder), size)
        file = data.draw(st.sampled_from(sorted(each for each in Path(folder).rglob("*") if each.is_file())))
        content = bytearray(file.read_bytes())
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        file.write_bytes(content[: data.draw(st.sampled_from([len(content), len(content) - 1]))])

        other = merkle.root([merkle.leaf_hash(b"another")] * kept)
        if kept:
            with suppress(Unprovable):
                assert not found.goes_on_from(kept, other)
        listed = list(found.entries(kept))
        assert [seq for seq, _ in listed] == list(range(kept, size))
        assert all(entry in (None, entries(size)[seq]) for seq, entry in listed)


def test_what_came_back_whole_needs_no_tiles(tmp_path: Path) -> None:
    """As after a retirement, which leaves the checkpoint and nothing else."""
    found = Outside(Checkpoint("skoen.test/access/2025Q1", 300, merkle.root(leaves(300))), tmp_path)

    assert found.goes_on_from(300, merkle.root(leaves(300)))
    assert found.goes_on_from(0, merkle.EMPTY_ROOT)
    assert list(found.entries(300)) == []
    with pytest.raises(Unprovable, match="missing or damaged"):
        found.goes_on_from(299, merkle.root(leaves(299)))
