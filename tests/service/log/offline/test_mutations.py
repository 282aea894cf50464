"""More than ten thousand changed exports and receipts: none of them is taken for a sound one."""

import json
import zipfile
from pathlib import Path
from random import Random

import pytest

from service.log import merkle
from service.log.tlog_proof import make_proof
from tests.parts.exports import ACCESS, DECISIONS, VKEY, Files, a_shard, files_of, write_zip
from tests.parts.offline import judged, judged_files
from tests.parts.size import sized

SHARD = a_shard(size=9)
FILES = files_of(SHARD, a_shard(ACCESS, 2), opened=[(DECISIONS, 4), (DECISIONS, 7)])
COVERED = sorted(set(FILES) - {"README.txt"})
RECEIPT = make_proof(SHARD.entries[4], 4, merkle.inclusion_proof(SHARD.leaves, 4), SHARD.note)
PROVED = ("format", "origin", "shards")
EXPORTS, RECEIPTS, FLIPS = sized((1_100, 1_100, 200), (5_500, 5_500, 1_000))


def mutated(data: bytes, chance: Random) -> bytes:
    """The bytes with one thing done to them."""
    at, length = chance.randrange(len(data)), chance.choice([1, 1, 1, 2, 8, 40])
    ways = [
        lambda: data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :],
        lambda: data[:at] + data[at + length :],
        lambda: data[:at] + data[at : at + length] + data[at:],
        lambda: data[:at] + bytes(chance.randrange(256) for _ in range(length)) + data[at:],
        lambda: data[:at] + chance.choice([b" ", b"\n", b"0", b"A", b"=", b"\r", b"\t"]) + data[at:],
        lambda: data[:at],
        lambda: data[: len(data) - at] + data[len(data) - at :][::-1],
        lambda: data[:at] + data[at : at + length].swapcase() + data[at + length :],
    ]
    return chance.choice(ways)()


def says_the_same(name: str, data: bytes) -> bool:
    """Whether nothing was changed but what no export proves: when it was made, the name of a table."""
    before = FILES[name]
    try:
        if name == "manifest.json":
            return [json.loads(data)[each] for each in PROVED] == [
                json.loads(before)[each] for each in PROVED
            ]
        return rows_in(data) == rows_in(before)
    except (ValueError, KeyError, TypeError):
        return False


def rows_in(data: bytes) -> list[tuple[str, ...]]:
    rows = [json.loads(line) for line in data.split(b"\n")[:-1]]
    return [(row["id"], row["seq"], row["step"]) for row in rows]


def accepted(folder: Path, files: Files) -> bool:
    return judged_files(folder, files).code == 0


@pytest.mark.slow
def test_no_changed_export_is_taken_for_sound(tmp_path: Path) -> None:
    assert accepted(tmp_path, FILES)
    tried, taken = 0, []
    for time in range(EXPORTS):
        chance = Random(time)
        name = chance.choice(COVERED)
        data = mutated(FILES[name], chance)
        if data == FILES[name]:
            continue
        tried += 1
        if accepted(tmp_path, {**FILES, name: data}) and not says_the_same(name, data):
            taken.append((time, name))

    assert tried > 0.9 * EXPORTS
    assert taken == []


@pytest.mark.slow
def test_no_changed_receipt_is_taken_for_sound(tmp_path: Path) -> None:
    file = tmp_path / "receipt.tlog-proof"
    file.write_bytes(RECEIPT)
    assert judged(file).code == 0
    tried, taken = 0, []
    for time in range(RECEIPTS):
        data = mutated(RECEIPT, Random(time))
        if data == RECEIPT:
            continue
        tried += 1
        file.write_bytes(data)
        if judged(file).code == 0:
            taken.append((time, data))

    assert tried > 0.9 * RECEIPTS
    assert taken == []


def test_no_bit_flipped_in_the_zip_itself_changes_what_is_believed(tmp_path: Path) -> None:
    whole = write_zip(tmp_path / "export.zip", FILES).read_bytes()
    taken = []
    for time in range(FLIPS):
        at, bit = divmod(Random(time).randrange(len(whole) * 8), 8)
        file = tmp_path / "flipped.zip"
        file.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :])
        if judged(file).code == 0 and not as_written(file):
            taken.append(time)

    assert taken == []


def as_written(file: Path) -> bool:
    """Whether what is there is what was written, but for the README, and an opened part that is not there."""
    with zipfile.ZipFile(file) as archive:
        there = {name: archive.read(name) for name in archive.namelist() if name != "README.txt"}
    needed = {name for name in COVERED if not name.startswith("opened/")}
    return needed <= set(there) and all(FILES.get(name) == data for name, data in there.items())


@pytest.mark.parametrize("name", COVERED)
def test_no_file_of_an_export_can_be_left_out(tmp_path: Path, name: str) -> None:
    without = {key: data for key, data in FILES.items() if key != name}

    assert accepted(tmp_path, without) == name.startswith("opened/")


def test_a_vkey_in_the_export_counts_only_when_none_is_pinned(tmp_path: Path) -> None:
    files = {**FILES, "manifest.json": FILES["manifest.json"].replace(VKEY.encode(), b"x")}

    assert judged_files(tmp_path, files).code == 0
    assert judged_files(tmp_path, files, pinned=False).code == 60
