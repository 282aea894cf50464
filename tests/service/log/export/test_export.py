"""What is exported can be checked by an outsider, and says exactly what the log says."""

import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.log.canonical import canonical
from service.log.export import ExportRefused, OneCase, Sample, Whole
from service.log.export.choice import rank
from service.log.tiles import Tile
from tests.parts.offline import judged_alone
from tests.service.log.export.conftest import Archive, archive_on
from tests.service.signer.bench import ACCESS, DECISIONS, entries_of, fill

OTHER = "access/2026Q3"


def read(file: Path, name: str) -> list[bytes]:
    with zipfile.ZipFile(file) as archive:
        return archive.read(name).splitlines()


def manifest(file: Path) -> dict[str, object]:
    with zipfile.ZipFile(file) as archive:
        found: dict[str, object] = json.loads(archive.read("manifest.json"))
    return found


@pytest.mark.requirement("R-20")
def test_a_whole_export_holds_every_sealed_entry_as_it_is(archive: Archive) -> None:
    file = archive.export()

    for shard in (DECISIONS, ACCESS):
        assert [line.decode() for line in read(file, f"{shard}/entries.jsonl")] == entries_of(
            archive.engine, shard
        )
    assert archive.verdict(file, archive.held(DECISIONS)).code == 0
    assert archive.recorded[0].entries[ACCESS] == 12


def test_both_databases_export_alike(any_engine: Engine, tmp_path: Path) -> None:
    archive = archive_on(any_engine, tmp_path)

    for choice in (Whole(), OneCase(archive.case_id), Sample(9, "x")):
        file = archive.export(f"{type(choice).__name__}.zip", choice, opened=isinstance(choice, OneCase))
        assert archive.verdict(file).code == 0


def test_an_outsider_reaches_the_verdict_with_the_file_the_zip_and_the_checkpoint(archive: Archive) -> None:
    found = judged_alone(
        archive.folder / "elsewhere", archive.export(), held=[archive.held(ACCESS)], vkeys=archive.vkeys
    )

    assert (found.code, found.faults) == (0, [])
    assert "held.txt (skoen.test/access/2026Q2 12): checkpointet passer" in found.said


def test_every_row_is_told_with_its_entry(archive: Archive) -> None:
    told = {
        (row["step"], row["id"]) for row in map(json.loads, read(archive.export(), f"{DECISIONS}/rows.jsonl"))
    }

    assert {(step, row.id) for step, row in archive.rows.items()} <= told


def test_what_is_not_sealed_yet_is_left_out_and_counted(archive: Archive) -> None:
    archive.look(3)

    file = archive.export()

    assert {shard: count for shard, count in archive.recorded[0].unsealed.items() if count} == {ACCESS: 3}
    assert len(read(file, f"{ACCESS}/entries.jsonl")) == 12
    assert archive.verdict(file).code == 0


def test_one_shard_goes_out_alone(archive: Archive) -> None:
    file = archive.export(shards=[ACCESS])

    assert [shard["shard"] for shard in manifest(file)["shards"]] == [ACCESS]  # type: ignore[attr-defined,index]
    assert archive.verdict(file).code == 0
    assert archive.verdict(file, archive.held(DECISIONS)).code == 30


def test_one_case_goes_out_with_who_saw_it_and_nothing_about_another(archive: Archive) -> None:
    file = archive.export(choice=OneCase(archive.case_id))

    lines = [
        json.loads(line) for shard in (DECISIONS, ACCESS) for line in read(file, f"{shard}/entries.jsonl")
    ]
    assert {line["case"] for line in lines} == {archive.case_id}
    assert [line["type"] for line in lines].count("case:opened") == 6
    assert archive.verdict(file, archive.held(DECISIONS)).code == 0


def test_a_case_that_nobody_looked_up_is_in_one_shard_only(archive: Archive) -> None:
    archive.bench.settings.seals.joinpath(ACCESS, "checkpoint").rename(archive.folder / "away")

    file = archive.export(choice=OneCase(archive.case_id))

    assert [shard["shard"] for shard in manifest(file)["shards"]] == [DECISIONS]  # type: ignore[attr-defined,index]


def test_a_sample_is_the_same_for_everybody_who_knows_the_seed(archive: Archive) -> None:
    sizes = {shard: len(entries_of(archive.engine, shard)) for shard in archive.shards}
    pool = [(shard, seq) for shard, size in sizes.items() for seq in range(size)]
    expected = sorted(pool, key=lambda each: rank("lodtrækning 7", *each))[:10]

    files = [archive.export(f"{number}.zip", Sample(10, "lodtrækning 7")) for number in range(2)]
    other = archive.export("other.zip", Sample(10, "lodtrækning 8"))

    drawn = [
        {
            (shard, int(json.loads(line)["seq"]))
            for shard in archive.shards
            for line in read(file, f"{shard}/entries.jsonl")
        }
        for file in (*files, other)
    ]
    assert drawn[0] == drawn[1] == set(expected)
    assert drawn[2] != drawn[0]
    assert [archive.verdict(file).code for file in (*files, other)] == [0, 0, 0]
    assert manifest(files[0])["choice"] == {"kind": "sample", "count": 10, "seed": "lodtrækning 7"}


def test_personal_parts_are_opened_for_one_case_and_fit_their_commitments(archive: Archive) -> None:
    file = archive.export(choice=OneCase(archive.case_id), opened=True)

    with zipfile.ZipFile(file) as opened:
        names = [name for name in opened.namelist() if name.startswith("opened/")]
        parts = [json.loads(json.loads(opened.read(name))["content"]) for name in names]
    assert len(names) == archive.recorded[0].opened > 5
    assert "Ane Ærø" in [part.get("name") for part in parts]
    assert archive.verdict(file).code == 0


def test_without_being_asked_nothing_personal_goes_out(archive: Archive) -> None:
    for choice in (None, OneCase(archive.case_id)):
        file = archive.export(f"{choice is None}.zip", choice)
        with zipfile.ZipFile(file) as written:
            assert not [name for name in written.namelist() if name.startswith("opened/")]
            assert "Ærø" not in "".join(written.read(name).decode("latin-1") for name in written.namelist())


def test_parts_are_not_opened_for_a_whole_log(archive: Archive) -> None:
    with pytest.raises(ExportRefused):
        archive.export(opened=True)

    assert archive.left() == []


@pytest.mark.parametrize("size", [255, 256, 257, 600])
def test_what_the_signer_does_meanwhile_changes_nothing(archive: Archive, size: int) -> None:
    """While an export is made, the signer may fill a tile and take its partial one away."""
    folder = archive.bench.settings.seals / OTHER
    fill(archive.engine, OTHER, size)
    archive.bench.seal()
    held, note = archive.held(OTHER), (folder / "checkpoint").read_bytes()
    fill(archive.engine, OTHER, 256)
    archive.bench.seal()
    (folder / "checkpoint").write_bytes(note)
    if size % 256:
        assert not (folder / Tile(0, size // 256, size % 256).path).exists()

    file = archive.export(shards=[OTHER])

    assert len(read(file, f"{OTHER}/entries.jsonl")) == size
    assert "checkpointet passer" in archive.verdict(file, held).said


def test_the_zip_tells_how_it_is_checked(archive: Archive) -> None:
    with zipfile.ZipFile(archive.export()) as written:
        text = written.read("README.txt").decode()

    assert "skoen_verify.py" in text
    assert "In English" in text


def test_the_manifest_is_canonical(archive: Archive) -> None:
    with zipfile.ZipFile(archive.export()) as written:
        data = written.read("manifest.json")

    assert canonical(json.loads(data)) == data


def test_a_draw_is_fair(archive: Archive) -> None:
    """Each entry of a large pool is drawn about as often as any other, whatever the seeds are."""
    counts = [0] * 20
    for seed in range(400):
        ranked = sorted(range(20), key=lambda seq, seed=seed: rank(str(seed), DECISIONS, seq))  # type: ignore[misc]
        for seq in ranked[:5]:
            counts[seq] += 1

    assert all(60 < count < 145 for count in counts)
