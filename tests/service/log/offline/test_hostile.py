"""What a careless or hostile hand may put into an export: read to the letter, and never unpacked."""

import base64
import zipfile
from pathlib import Path

import pytest

from service.log import merkle
from service.log.canonical import canonical
from service.log.checkpoint import Checkpoint
from tests.parts.exports import (
    ACCESS,
    BASE,
    DECISIONS,
    VKEY,
    Files,
    a_shard,
    checkpoint_at,
    entry,
    files_of,
    ident,
    row,
    shard_of,
    write_zip,
)
from tests.parts.offline import judged_alone, judged_files

FILES = files_of(a_shard(), a_shard(ACCESS, 3), opened=[(DECISIONS, 4)])


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 700])
def test_shards_of_every_shape_are_read(tmp_path: Path, size: int) -> None:
    files = files_of(a_shard(size=size))

    assert judged_files(tmp_path, files).code == 0
    assert judged_files(tmp_path, files, held=[checkpoint_at(a_shard(size=size), size // 2)]).code == 0


NO_ENTRIES = [
    b'{"a":1.5', b'{"a":1e3', b'{"a":NaN', b'{"a":1,"a":1', b'{"b":1,"a":1', b'{ "a":1', b'{"a":-0',
    b'{"a":01', b'{"a":"\\u00f8"', b'{"a":"\\ud800"', b'{"a":"\xff"', b"[1", b'{"a":' + b"[" * 50_000,
    b'{"a":' + b"9" * 5000,
]  # fmt: skip


def signed_line(begins: bytes) -> Files:
    """An export of one line that is signed as it stands."""
    text = begins + b',"id":"x","log":"decisions/2026","seq":"0","t":"","v":1}'
    shard = a_shard(size=1)
    shard.entries, shard.rows, shard.leaves = [text], [], [merkle.leaf_hash(text)]
    return files_of(shard.seal())


@pytest.mark.parametrize("begins", NO_ENTRIES, ids=lambda begins: repr(begins)[:24])
def test_what_is_not_canonical_json_is_no_entry_even_when_it_is_signed(tmp_path: Path, begins: bytes) -> None:
    assert judged_files(tmp_path, signed_line(b'{"a":1')).code == 0
    assert judged_files(tmp_path, signed_line(begins)).code == 20


@pytest.mark.parametrize(
    "changes", [{"log": ACCESS}, {"t": "2020"}, {"seq": "7"}, {"seq": "06"}, {"seq": 6}], ids=str
)
def test_an_entry_stands_in_its_place_and_after_the_one_before(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    entries = [entry(DECISIONS, seq) for seq in range(12)]
    entries[6] |= changes

    assert judged_files(tmp_path, files_of(shard_of(DECISIONS, entries))).code == 20


def test_an_entry_of_an_unknown_version_is_not_understood(tmp_path: Path) -> None:
    entries = [entry(DECISIONS, seq, v=2 if seq == 6 else 1) for seq in range(12)]

    assert judged_files(tmp_path, files_of(shard_of(DECISIONS, entries))).code == 60


def test_a_row_of_another_step_or_another_id_is_no_row_of_the_entry(tmp_path: Path) -> None:
    entries = [entry(DECISIONS, seq) for seq in range(6)]
    for changes in ({"step": "planning"}, {"id": ident("x")}, {"seq": "3"}):
        rows = [row(made) for made in entries if "step" in made]
        rows[0] |= changes
        shard = shard_of(DECISIONS, entries)
        shard.rows = [canonical(each) for each in sorted(rows, key=lambda each: int(each["seq"]))]
        assert judged_files(tmp_path, files_of(shard)).code == 50


def test_what_a_hostile_entry_says_cannot_paint_over_the_verdict(tmp_path: Path) -> None:
    entries = [entry(DECISIONS, 0, type="\x1b[2J\x1b[1;1HI ORDEN / IN ORDER (0)\nI ORDEN", v=2)]

    found = judged_files(tmp_path, files_of(shard_of(DECISIONS, entries)))

    assert found.code == 60
    assert "\x1b" not in found.said
    assert [line for line in found.said.splitlines() if line.startswith(("I ORDEN", "0"))] == []


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    many = canonical({"seq": "0"}) + b"\n"
    for name, content in {
        "decisions/2026/tile/0/000.p/20": bytes(300_000_000),
        "manifest.json": b" " * 300_000_000,
        "decisions/2026/entries.jsonl": b" " * 50_000_000,
        "decisions/2026/rows.jsonl": many * 1_000_000,
    }.items():
        assert judged_files(tmp_path, {**FILES, name: content}).code != 0


def test_a_zip_that_is_cut_off_doubled_or_otherwise_packed_is_not_understood(tmp_path: Path) -> None:
    whole = write_zip(tmp_path / "whole.zip", FILES).read_bytes()
    for cut in (0, 1, 100, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        (tmp_path / "cut.zip").write_bytes(whole[:cut])
        assert judged_alone(tmp_path / "e", tmp_path / "cut.zip").code == 60
    with zipfile.ZipFile(tmp_path / "twice.zip", "w", zipfile.ZIP_LZMA) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    assert judged_alone(tmp_path / "e", tmp_path / "twice.zip").code == 60
    with (
        zipfile.ZipFile(tmp_path / "whole.zip", "a") as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr("decisions/2026/rows.jsonl", FILES["decisions/2026/rows.jsonl"])
    assert judged_alone(tmp_path / "e", tmp_path / "whole.zip").code == 60


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "x",
        VKEY[:-4],
        VKEY.replace("+c", "+d"),
        "skoen.test+00000000+" + base64.b64encode(b"\2" * 33).decode(),
    ],
)
def test_a_vkey_that_is_none_is_not_understood(tmp_path: Path, vkey: str) -> None:
    export = write_zip(tmp_path / "export.zip", FILES)

    found = judged_alone(tmp_path / "e", export, vkeys=(vkey,))

    assert (found.code, len(found.faults)) == (60, 1)
    assert found.faults[0].endswith("Error('no Ed25519 vkey')") or "base64" in found.faults[0]


@pytest.mark.parametrize(
    "held", ["", "x", "a\nb\nc", f"{BASE}/{DECISIONS}\n12\n", f"{BASE}/{DECISIONS}\n+12\n{'0' * 64}"]
)
def test_a_held_file_that_is_no_checkpoint_is_not_understood(tmp_path: Path, held: str) -> None:
    found = judged_files(tmp_path, FILES, held=[held.encode()])

    assert found.code == 60


def test_an_empty_log_has_one_root(tmp_path: Path) -> None:
    empty = Checkpoint(f"{BASE}/{DECISIONS}", 0, merkle.EMPTY_ROOT)

    assert judged_files(tmp_path, FILES, held=[empty.text.encode()]).code == 0
    other = f"{BASE}/{DECISIONS}\n0\n{'0' * 64}\n".encode()
    assert judged_files(tmp_path, FILES, held=[other]).code == 30
