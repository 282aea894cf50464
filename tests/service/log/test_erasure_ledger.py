"""The erasure ledger: on the disk before anything is destroyed, and nothing can be taken out of it unseen."""

import errno
import json
import os
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.log import erasure_ledger
from service.log.erasure_ledger import LedgerUnfit, Line, alone, erased_line, key_of, read, swept_line
from tests.cast import NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "seals" / "erasures.jsonl"


def line(citizen: str) -> Line:
    return erased_line(citizen, at=NOW, ground="unlawful", occasion="request")


def write(path: Path, *lines: Line) -> str:
    with alone(path) as held:
        return held.add(lines)


def test_a_folder_that_cannot_be_written_is_refused_before_anything(tmp_path: Path) -> None:
    (tmp_path / "seals").write_text("in the way")

    with pytest.raises(LedgerUnfit, match="nothing was destroyed"), alone(tmp_path / "seals" / "x.jsonl"):
        pytest.fail("it was opened")


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_leaves_the_ledger_as_it_was(
    path: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(path, line("a"))
    before = path.read_bytes()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with alone(path) as held:
        monkeypatch.setattr(os, call, full)
        with pytest.raises(LedgerUnfit, match="No space left"):
            held.add([line("b")])
        monkeypatch.undo()
    assert path.read_bytes() == before


def test_half_a_write_leaves_the_ledger_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path, line("a"))
    before = path.read_bytes()
    write_all = os.write

    with alone(path) as held:
        monkeypatch.setattr(os, "write", lambda descriptor, text: write_all(descriptor, text[:10]))
        with pytest.raises(LedgerUnfit, match="disk is full"):
            held.add([line("b")])
        monkeypatch.undo()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1:],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [lines[0], lines[0], *lines[1:]],
        lambda lines: [lines[0].replace("unlawful", "objection"), *lines[1:]],
        lambda lines: [lines[0].replace('"v":1', '"v": 1'), *lines[1:]],
        lambda lines: [*lines[:-1], lines[-1].replace("unlawful", "objection")],
        lambda lines: ["", *lines],
        lambda lines: ["[]", *lines],
        lambda lines: [json.dumps({**json.loads(lines[0]), "x": 1}), *lines[1:]],
    ],
    ids=["first", "middle", "swapped", "doubled", "changed", "respaced", "last", "blank", "list", "field"],
)
def test_a_line_taken_out_or_changed_is_noticed(path: Path, change: object) -> None:
    write(path, line("a"), line("b"), line("c"))
    lines = path.read_text().splitlines()
    path.write_text("".join(f"{each}\n" for each in change(lines)))  # type: ignore[operator]
    before = path.read_bytes()

    with pytest.raises(LedgerUnfit, match="Restore it from a copy"):
        read(path)
    with pytest.raises(LedgerUnfit), alone(path):
        pytest.fail("it was opened")
    assert path.read_bytes() == before


def test_no_ledger_is_an_empty_one(path: Path) -> None:
    assert read(path) == erasure_ledger.Ledger()
    assert read(path).is_swept
    assert not path.exists()


def test_a_line_says_who_by_the_hash_of_a_random_id_and_no_more(path: Path) -> None:
    write(path, line("a" * 32))

    text = path.read_text()
    assert set(json.loads(text)) == {"v", "at", "what", "key", "ground", "occasion", "before", "hash"}
    assert "a" * 32 not in text
    assert read(path).erased == {key_of("a" * 32): line("a" * 32)}


def test_a_line_broken_off_by_a_crash_is_not_there(path: Path) -> None:
    head = write(path, line("a"))
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"at":"2026')

    assert read(path).head == head
    write(path, line("b"))

    assert path.read_bytes().startswith(whole + b'{"at":"2026-06-30')
    assert [each.key for each in read(path).lines] == [key_of("a"), key_of("b")]


def test_freed_pages_are_to_be_cleared_until_a_line_says_so(path: Path) -> None:
    write(path, line("a"))
    assert not read(path).is_swept

    write(path, swept_line(NOW))
    assert read(path).is_swept

    write(path, line("b"))
    assert not read(path).is_swept


def test_who_erases_at_the_same_time_waits(path: Path) -> None:
    def erase(name: str) -> None:
        for number in range(20):
            write(path, line(f"{name}{number}"))

    threads = [threading.Thread(target=erase, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(read(path).erased) == 80


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.text(min_size=1), max_size=4), max_size=5), data=st.data())
def test_what_is_written_is_read_and_every_flipped_bit_is_noticed(
    tmp_path: Path, batches: list[list[str]], data: st.DataObject
) -> None:
    path = tmp_path / "ledger"
    path.unlink(missing_ok=True)
    for batch in batches:
        write(path, *map(line, batch))
    found = read(path)
    assert [each.key for each in found.lines] == [key_of(each) for batch in batches for each in batch]
    content = bytearray(path.read_bytes() if path.exists() else b"")
    if not content:
        return
    place = data.draw(st.integers(0, len(content) * 8 - 1))
    content[place // 8] ^= 1 << place % 8
    path.write_bytes(content)

    with suppress(LedgerUnfit):
        assert read(path).head != found.head, "a log entry that names the head then names what is not there"
