"""What the verifier says, one thing at a time, run as an outsider runs it: a file, a zip, nothing else."""

import json
from pathlib import Path

import pytest

from service.log import merkle
from service.log.canonical import canonical
from tests.parts.exports import (
    ACCESS,
    BASE,
    DECISIONS,
    OTHER_KEY,
    OTHER_VKEY,
    VKEY,
    Files,
    a_shard,
    checkpoint_at,
    entry,
    files_of,
    ident,
    shard_of,
    write_zip,
)
from tests.parts.offline import Verdict, judged_alone

SECOND = f"{DECISIONS}/2"
SHARD = a_shard()
FILES = files_of(SHARD, a_shard(ACCESS, 3), opened=[(DECISIONS, 4)])
FIRST, ID = ident(f"{DECISIONS} 1"), ident(f"{DECISIONS} 4")


def root_at(size: int) -> bytes:
    return merkle.root(SHARD.leaves[:size])


def without(name: str, number: int) -> Files:
    """The files with one line less."""
    lines = FILES[name].splitlines(keepends=True)
    return {**FILES, name: b"".join(lines[:number] + lines[number + 1 :])}


def alone(tmp_path: Path, files: Files, *held: bytes | str, vkeys: tuple[str, ...] = (VKEY,)) -> Verdict:
    paths = []
    for number, content in enumerate(held):
        paths.append(tmp_path / f"held-{number}.txt")
        paths[-1].write_bytes(content.encode() if isinstance(content, str) else content)
    export = write_zip(tmp_path / "export.zip", files)
    return judged_alone(tmp_path / "elsewhere", export, held=paths, vkeys=vkeys)


def test_a_sound_export_is_in_order(tmp_path: Path) -> None:
    found = alone(tmp_path, FILES, checkpoint_at(SHARD, 12))

    assert (found.code, found.faults) == (0, [])
    assert "decisions/2026: 20 poster / entries: whole" in found.said
    assert (
        "held-0.txt (skoen.test/decisions/2026 12): checkpointet passer / the checkpoint fits" in found.said
    )


def test_without_a_pinned_key_it_says_that_only_the_inner_consistency_is_shown(tmp_path: Path) -> None:
    found = alone(tmp_path, FILES, vkeys=())

    assert found.code == 0
    assert "viser kun indre sammenhæng / only inner consistency" in found.said
    assert "intet checkpoint fra før" in found.said


@pytest.mark.parametrize(
    ("files", "code", "names"),
    [
        ({"decisions/2026/checkpoint": a_shard(key=OTHER_KEY).note}, 10, "decisions/2026: uden underskrift"),
        (without("decisions/2026/entries.jsonl", 7), 20, "decisions/2026 nr. 7"),
        (without("decisions/2026/rows.jsonl", 0), 50, f"decisions/2026 nr. 1 (decision:made {FIRST})"),
        ({f"opened/{ID}.json": canonical({"salt": "00" * 32, "content": "{}"})}, 40, f"opened/{ID}.json"),
        ({f"opened/{ident('x')}.json": FILES[f"opened/{ID}.json"]}, 40, f"opened/{ident('x')}.json"),
        ({"manifest.json": FILES["manifest.json"].replace(b"export/1", b"export/2")}, 60, "ukendt format"),
        ({"../../etc/passwd": b"root"}, 60, "../../etc/passwd"),
        ({"manifest.json": b"{}"}, 60, "export.zip"),
    ],
    ids=["key", "entry", "row", "part", "no entry", "format", "path", "manifest"],
)
def test_each_fault_has_its_code_and_names_its_place(
    tmp_path: Path, files: Files, code: int, names: str
) -> None:
    found = alone(tmp_path, {**FILES, **files})

    assert found.code == code
    assert any(line.startswith(str(code)) and names in line for line in found.faults), found.said
    assert found.said.endswith(f"IKKE I ORDEN / NOT IN ORDER ({code})\n")


def test_of_several_faults_all_are_told_and_the_graver_one_gives_the_code(tmp_path: Path) -> None:
    files = without("decisions/2026/rows.jsonl", 0)
    files |= {f"opened/{ID}.json": canonical({"salt": "00" * 32, "content": "{}"})}
    files["decisions/2026/checkpoint"] = a_shard(key=OTHER_KEY).note

    found = alone(tmp_path, files)

    assert found.code == 10
    assert {line[:2] for line in found.faults} == {"10", "40", "50"}


def test_a_checkpoint_typed_from_paper_is_held_against_the_export(tmp_path: Path) -> None:
    digits = root_at(12).hex()
    grouped = " ".join(digits[at : at + 4] for at in range(0, 64, 4))
    typed = f"\ufeff{BASE}/{DECISIONS}\r\n\r\n12 \r\n{grouped[:39].upper()}\r\n  {grouped[40:]}\r\n"

    assert alone(tmp_path, FILES, typed).code == 0
    assert (
        alone(tmp_path, FILES, typed.replace(grouped[40], "0" if grouped[40] != "0" else "1", 1)).code == 30
    )


def test_a_log_rewritten_and_signed_with_the_stolen_key_is_found_by_a_held_checkpoint(tmp_path: Path) -> None:
    entries = [entry(DECISIONS, seq) for seq in range(20)]
    entries[7]["actor"] = ident("somebody else")
    forged = files_of(shard_of(DECISIONS, entries))

    assert alone(tmp_path, forged).code == 0
    found = alone(tmp_path, forged, checkpoint_at(SHARD, 12))
    assert found.code == 30
    assert "skoen.test/decisions/2026 12): roden er en anden (tastefejl?)" in found.said
    assert alone(tmp_path, forged, checkpoint_at(SHARD, 7)).code == 0  # it was before the change


def test_a_checkpoint_of_a_log_that_is_not_there_or_beyond_its_end_is_not_fitted(tmp_path: Path) -> None:
    longer = checkpoint_at(a_shard(size=21), 21)
    elsewhere = checkpoint_at(a_shard("access/2026Q3", 4), 4)

    for held in (longer, elsewhere):
        found = alone(tmp_path, FILES, held)
        assert found.code == 30
        assert "udtrækket når ikke så langt" in found.said


def a_restore(**changes: object) -> Files:
    """An export after a restore: 12 of 20 entries came back, and the next epoch says so."""
    told = {
        "old_shard": DECISIONS, "number": 2, "checkpoint_size": 20, "checkpoint_root": root_at(20).hex(),
        "restored_size": 12, "reason": "disken døde", "named_by": "Ada Friis", "confirmed_by": "Dorte Juhl",
        **changes,
    }  # fmt: skip
    begun = entry(SECOND, 0, type="epoch:started", step="epoch", row=told)
    return files_of(a_shard(size=12), shard_of(SECOND, [begun, entry(SECOND, 1)]))


def test_a_rollback_that_is_declared_passes_with_a_word_about_what_is_lost(tmp_path: Path) -> None:
    found = alone(tmp_path, a_restore(), checkpoint_at(SHARD, 20), checkpoint_at(SHARD, 12))

    assert found.code == 0
    assert "8 poster gik tabt ved en erklæret gendannelse" in found.said
    assert all(word in found.said for word in ("Ada Friis", "Dorte Juhl", "disken døde"))


@pytest.mark.parametrize(
    "changes",
    [
        {"checkpoint_size": 19},
        {"checkpoint_root": "0" * 64},
        {"old_shard": ACCESS},
        {"checkpoint_root": None},
    ],
    ids=str,
)
def test_a_rollback_declared_otherwise_is_no_excuse(tmp_path: Path, changes: dict[str, object]) -> None:
    assert alone(tmp_path, a_restore(**changes), checkpoint_at(SHARD, 20)).code == 30


def test_a_declaration_counts_only_at_the_beginning_of_its_shard(tmp_path: Path) -> None:
    told = json.loads(a_restore()[f"{SECOND}/entries.jsonl"].splitlines()[0])
    another = {**told, "row": {**told["row"], "old_shard": ACCESS}}
    second = shard_of(SECOND, [another, {**told, "seq": "1"}])
    late = shard_of(SECOND, [entry(SECOND, 0), {**told, "seq": "1"}])

    assert alone(tmp_path, files_of(a_shard(size=12), second), checkpoint_at(SHARD, 20)).code == 0
    assert alone(tmp_path, files_of(a_shard(size=12), late), checkpoint_at(SHARD, 20)).code == 30


def test_a_declaration_does_not_excuse_another_history(tmp_path: Path) -> None:
    """The export reaches the held checkpoint: then the roots decide, whatever anybody declares."""
    files = {
        **a_restore(),
        **files_of(shard_of(DECISIONS, [entry(DECISIONS, s, case="x") for s in range(20)])),
    }
    del files[f"{DECISIONS}/tile/0/000.p/12"]
    manifest = json.loads(a_restore()["manifest.json"])
    manifest["shards"][0]["size"] = 20
    files["manifest.json"] = canonical(manifest)

    assert alone(tmp_path, files, checkpoint_at(SHARD, 20)).code == 30


def a_retirement(size: int = 20) -> Files:
    gone = a_shard(ACCESS, 20)
    gone.kind = "retired"
    told = {"retired_shard": ACCESS, "size": size, "root": merkle.root(gone.leaves).hex(), "reason": "frist"}
    said = entry(DECISIONS, 0, type="shard:retired", step="retirement", row=told)
    return files_of(gone, shard_of(DECISIONS, [said]))


def test_of_a_retired_shard_the_last_checkpoint_is_left_and_that_is_said(tmp_path: Path) -> None:
    found = alone(tmp_path, a_retirement(), checkpoint_at(a_shard(ACCESS, 20), 20))

    assert found.code == 0
    assert "access/2026Q4: 20 poster / entries: retired" in found.said
    assert alone(tmp_path, a_retirement(), checkpoint_at(a_shard(ACCESS, 20), 5)).code == 30


def test_where_the_hashes_of_a_retired_shard_are_left_every_earlier_checkpoint_can_be_held(
    tmp_path: Path,
) -> None:
    gone = a_shard(ACCESS, 20).only([])
    gone.kind = "retired"

    found = alone(tmp_path, files_of(gone), checkpoint_at(a_shard(ACCESS, 20), 5))

    assert found.code == 0
    assert "access/2026Q4: 20 poster / entries: retired" in found.said
    other = checkpoint_at(shard_of(ACCESS, [entry(ACCESS, seq, case="x") for seq in range(5)]), 5)
    assert alone(tmp_path, files_of(gone), other).code == 30


def test_a_shard_is_not_retired_because_the_manifest_says_so(tmp_path: Path) -> None:
    gone = a_shard(ACCESS, 20)
    gone.kind = "retired"

    assert alone(tmp_path, files_of(gone)).code == 20
    assert alone(tmp_path, a_retirement(size=19)).code == 20


def test_one_case_or_a_sample_is_proved_without_the_rest(tmp_path: Path) -> None:
    found = alone(tmp_path, files_of(SHARD.only([3, 10, 17])), checkpoint_at(SHARD, 12))

    assert found.code == 0
    assert "decisions/2026: 20 poster / entries: part" in found.said


def test_two_keys_are_pinned_after_the_key_was_changed(tmp_path: Path) -> None:
    files = files_of(a_shard(), a_shard(ACCESS, 3, OTHER_KEY), vkeys=(VKEY, OTHER_VKEY))

    assert alone(tmp_path, files, vkeys=(VKEY, OTHER_VKEY)).code == 0
    assert alone(tmp_path, files, vkeys=(OTHER_VKEY,)).code == 10
