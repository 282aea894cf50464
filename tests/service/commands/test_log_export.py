"""`skoen log export`, `verifier` and `checkpoint`, as somebody at the machine runs them."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from service.commands import groups
from service.keys import create_keys
from service.log.vault import vault_of
from service.program import assemble
from tests.parts.offline import VERIFIER, judged_alone
from tests.parts.steps import LATER, one_of_everything
from tests.parts.vaults import plant_kek
from tests.service.log.export.conftest import Archive
from tests.service.signer.bench import ACCESS, Bench, settings_of

Run = Callable[..., Result]


@pytest.fixture
def archive(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """A sealed log of an installation that the environment names."""
    for folder in ("var", "out"):
        (tmp_path / folder).mkdir()
    settings = settings_of(engine, tmp_path)
    keystore = vault_of(engine).keystore.engine.url.render_as_string(hide_password=False)
    for name, value in {
        "VAR": settings.var, "DATABASE_URL": settings.database_url, "ORIGIN": settings.origin,
        "KEYSTORE_URL": keystore,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"SKOEN_{name}", str(value))
    plant_kek(settings.secrets)
    create_keys(settings, engine)
    cast, rows = one_of_everything(engine)
    made = Archive(Bench(engine, settings), cast, rows, tmp_path / "out")
    made.look(6)
    made.bench.seal()
    return made


@pytest.fixture
def run(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one command of the program in the folder `out`."""
    monkeypatch.chdir(archive.folder)

    def one(*arguments: str) -> Result:
        return CliRunner().invoke(assemble([groups()]), ["log", *arguments])

    return one


def events(archive: Archive, *kinds: str) -> list[dict[str, str]]:
    """The entries of these kinds in the access log that the commands left."""
    with archive.engine.connect() as connection:
        query = text("SELECT entry FROM log_entries WHERE shard LIKE 'access/%' ORDER BY shard, seq")
        entries = [json.loads(entry) for entry in connection.execute(query).scalars() if entry]
    return [entry for entry in entries if entry["type"] in kinds]


def test_from_export_to_verdict_as_the_page_says(archive: Archive, run: Run) -> None:
    """The whole way: export, verifier, a checkpoint on paper typed by hand, and the verdict elsewhere."""
    sheet = run("checkpoint", "--shard", ACCESS)
    made, verifier = run("export", "--out", "export.zip"), run("verifier", "--out", "skoen_verify.py")

    assert [each.exit_code for each in (sheet, made, verifier)] == [0, 0, 0], made.output
    assert (archive.folder / "skoen_verify.py").read_bytes() == VERIFIER.read_bytes()
    lines = sheet.output.splitlines()
    typed = lines[lines.index(f"--- {ACCESS} ---") + 1 : lines.index("")]
    (archive.folder / "typed.txt").write_text(
        "\r\n".join(typed)
        .upper()
        .replace(archive.bench.settings.origin.upper() + "/ACCESS", "skoen.test/access")
    )
    vkey = next(line.removeprefix("VKEY: ") for line in lines if line.startswith("VKEY"))
    found = judged_alone(
        archive.folder / "elsewhere",
        archive.folder / "export.zip",
        held=[archive.folder / "typed.txt"],
        vkeys=[vkey],
    )
    assert (found.code, found.faults) == (0, []), found.said
    assert "checkpointet passer" in found.said


def test_an_export_says_what_it_holds_and_what_it_left_out(archive: Archive, run: Run) -> None:
    made = run("export", "--out", "export.zip")

    assert f"{ACCESS}: 6 entries\n" in made.output
    # The command itself is in the access log by now, and no checkpoint covers that yet.
    assert "1 entries are not sealed yet and were left out" in made.output
    assert "export.zip written, sha256 " in made.output


def test_an_export_stands_in_the_access_log_with_what_went_out(archive: Archive, run: Run) -> None:
    serial = str(archive.rows["received"].serial)  # type: ignore[attr-defined]

    made = run("export", "--out", "case.zip", "--case", serial, "--open", "aktindsigt")

    assert made.exit_code == 0, made.output
    [command], [exported] = events(archive, "command:run"), events(archive, "data:exported")
    assert command["command"] == "log.export"
    assert (exported["case"], exported["purpose"], exported["what"]) == (archive.case_id, "aktindsigt", "log")
    assert int(exported["opened"]) > 5
    assert exported["operator"].startswith("uid:")
    assert f"{exported['opened']} personal parts are open in it" in made.output
    assert exported["sha256"] in made.output


def test_a_case_goes_by_its_number_or_its_id(archive: Archive, run: Run) -> None:
    serial = str(archive.rows["received"].serial)  # type: ignore[attr-defined]
    for name, case in (("a.zip", serial), ("b.zip", archive.case_id)):
        assert run("export", "--out", name, "--case", case).exit_code == 0
    with zipfile.ZipFile(archive.folder / "a.zip") as one, zipfile.ZipFile(archive.folder / "b.zip") as other:
        assert one.namelist() == other.namelist()
        assert one.read("decisions/2026/entries.jsonl") == other.read("decisions/2026/entries.jsonl")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--shard", "decisions/1999"], "There is no shard decisions/1999"),
        (["--case", "999999"], "There is no case 999999."),
        (["--case", "f" * 32], "There is no case ffff"),
        (["--case", "²"], "There is no case"),
        (["--case", "1", "--sample", "3", "--seed", "x"], "Either --case or --sample"),
        (["--sample", "3"], "belong together"),
        (["--seed", "3"], "belong together"),
        (["--sample", "0", "--seed", "x"], "0 is not in the range"),
        (["--sample", "3", "--seed", "a\nb"], "one line"),
        (["--sample", "100000", "--seed", "a"], "There are only"),
        (["--open", "aktindsigt"], "--open belongs with --case"),
        (["--case", "1", "--open", "Ane bad om det"], "--open is a code"),
        (["--case", "1", "--open", ""], "--open is a code"),
    ],
    ids=" ".join,
)
def test_a_wrong_wish_is_one_line_and_leaves_no_file(
    archive: Archive, run: Run, arguments: list[str], says: str
) -> None:
    result = run("export", "--out", "export.zip", *arguments)

    assert result.exit_code != 0
    assert says in result.output.replace("\n", " ").replace("  ", " ")
    assert "Traceback" not in result.output
    assert archive.left() == []
    assert events(archive, "data:exported") == []


def test_a_file_that_is_there_is_not_replaced(archive: Archive, run: Run) -> None:
    for name, verb in (("export.zip", "export"), ("skoen_verify.py", "verifier")):
        (archive.folder / name).write_bytes(b"theirs")
        result = run(verb, "--out", name)
        assert result.exit_code == 1
        assert (archive.folder / name).read_bytes() == b"theirs"
        assert "Traceback" not in result.output


def test_a_folder_that_is_not_there_is_said(archive: Archive, run: Run) -> None:
    for verb in ("export", "verifier"):
        result = run(verb, "--out", "missing/file")
        assert result.exit_code == 1
        assert "missing/file cannot be written: No such file or directory." in result.output


def test_without_a_checkpoint_there_is_none_to_print(archive: Archive, run: Run) -> None:
    (archive.bench.settings.seals / ACCESS / "checkpoint").unlink()

    assert "There is no checkpoint yet" in run("checkpoint", "--shard", ACCESS).output
    assert "decisions/2026" in run("checkpoint").output


def test_a_checkpoint_on_paper_has_a_root_that_can_be_typed(archive: Archive, run: Run) -> None:
    lines = run("checkpoint", "--shard", ACCESS).output.splitlines()

    sealed = archive.bench.checkpoint(ACCESS)
    assert sealed is not None
    assert lines[:3] == [f"--- {ACCESS} ---", sealed.origin, str(sealed.size)]
    assert "".join(lines[3:7]).replace(" ", "") == sealed.root.hex()
    assert all(len(group) == 4 for line in lines[3:7] for group in line.split(" "))


def test_every_verb_leaves_an_entry(archive: Archive, run: Run) -> None:
    run("verifier", "--out", "skoen_verify.py")
    run("checkpoint")

    assert [entry["command"] for entry in events(archive, "command:run")] == [
        "log.verifier",
        "log.checkpoint",
    ]
    assert all(entry["t"] > LATER.isoformat()[:4] for entry in events(archive, "command:run"))
