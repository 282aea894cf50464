"""A receipt alone: one entry, its path and the checkpoint, held against a pinned key."""

import base64
import json
from pathlib import Path

import pytest

from service.log import merkle
from service.log.canonical import canonical
from service.log.tlog_proof import make_proof
from tests.parts.exports import ACCESS, DECISIONS, OTHER_VKEY, VKEY, a_shard, checkpoint_at, entry, shard_of
from tests.parts.offline import Verdict, judged_alone

SIZE = 21
SHARD = a_shard(size=SIZE)


def receipt(index: int, shard_entry: bytes | None = None) -> bytes:
    path = merkle.inclusion_proof(SHARD.leaves, index)
    return make_proof(shard_entry or SHARD.entries[index], index, path, SHARD.note)


def judged_receipt(folder: Path, content: bytes, *held: bytes, vkeys: tuple[str, ...] = (VKEY,)) -> Verdict:
    file = folder / "receipt.tlog-proof"
    file.write_bytes(content)
    paths = []
    for number, checkpoint in enumerate(held):
        paths.append(folder / f"held-{number}.txt")
        paths[-1].write_bytes(checkpoint)
    return judged_alone(folder / "elsewhere", file, held=paths, vkeys=vkeys)


@pytest.mark.requirement("G-15")
def test_receipts_are_in_order(tmp_path: Path) -> None:
    for index in (0, 7, SIZE - 1):
        found = judged_receipt(tmp_path, receipt(index))
        assert (found.code, found.faults) == (0, [])


def test_a_receipt_is_nobodys_word_without_a_key(tmp_path: Path) -> None:
    assert judged_receipt(tmp_path, receipt(7), vkeys=()).code == 10
    assert judged_receipt(tmp_path, receipt(7), vkeys=(OTHER_VKEY,)).code == 10


@pytest.mark.requirement("G-15")
def test_another_entry_or_another_number_is_not_in_the_log(tmp_path: Path) -> None:
    changed = canonical({**json.loads(SHARD.entries[7]), "case": "x"})

    assert judged_receipt(tmp_path, receipt(7, changed)).code == 20
    assert judged_receipt(tmp_path, receipt(7).replace(b"index 7", b"index 8")).code == 20
    found = judged_receipt(tmp_path, receipt(7, SHARD.entries[8]))
    assert found.code == 20
    assert "posten er ikke nr. 7 i loggen" in found.said


@pytest.mark.parametrize("changes", [{"log": ACCESS}, {"seq": "6"}, {"v": 2}, {"seq": 7}], ids=str)
def test_an_entry_that_says_it_belongs_elsewhere_is_not_there(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    entries = [entry(DECISIONS, seq) for seq in range(SIZE)]
    entries[7] |= changes
    shard = shard_of(DECISIONS, entries)
    path = merkle.inclusion_proof(shard.leaves, 7)

    assert judged_receipt(tmp_path, make_proof(shard.entries[7], 7, path, shard.note)).code == 20


def test_a_held_checkpoint_of_the_same_size_is_compared_and_another_needs_an_export(tmp_path: Path) -> None:
    forged = shard_of(DECISIONS, [entry(DECISIONS, seq, case="x") for seq in range(SIZE)])

    assert judged_receipt(tmp_path, receipt(7), SHARD.note).code == 0
    assert judged_receipt(tmp_path, receipt(7), forged.note).code == 30
    found = judged_receipt(tmp_path, receipt(7), checkpoint_at(SHARD, 12))
    assert found.code == 30
    assert "udtrækket når ikke så langt" not in found.said or "does not reach" in found.said


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good: good.replace(b"@v1", b"@v2"),
        lambda good: b"\n" + good,
        lambda good: good.replace(b"extra ", b"Extra "),
        lambda good: b"".join(line for line in good.splitlines(True) if not line.startswith(b"extra")),
        lambda good: good.replace(b"index 7", b"index 07"),
        lambda good: good.replace(b"\n", b"\r\n"),
        lambda good: good.partition(b"\n\n")[0],
        lambda good: b"",
        lambda good: b"\xff" + good,
    ],
    ids=["version", "blank", "capital", "no entry", "zero", "crlf", "no checkpoint", "nothing", "no text"],
)  # fmt: skip
def test_what_is_not_written_to_the_letter_is_no_receipt(tmp_path: Path, spoil: object) -> None:
    assert judged_receipt(tmp_path, spoil(receipt(7))).code in (20, 60)  # type: ignore[operator]


def test_the_entry_travels_in_the_extra_line(tmp_path: Path) -> None:
    assert receipt(7).splitlines()[1] == b"extra " + base64.b64encode(SHARD.entries[7])
