"""`skoen documents`: every document of a moment in one folder, and what changed since another."""

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from service import yearly_report
from service.commands import groups
from service.database import reading
from service.errors import LogUnavailable
from service.program import assemble
from service.tables.log import LogEntry
from service.workflow.documents import bundle, kept
from service.workflow.documents.document import declared
from tests.cast import Cast
from tests.desk import Desk
from tests.register import write
from tests.rows import rows_beside_runs

THERE = ["--municipality", "0999"]


def documents(*words: str) -> Result:
    """One verb; the desk has set the environment."""
    return CliRunner().invoke(assemble([groups()]), ["documents", *words])


def written(folder: Path) -> Path:
    """The documents of now, without PDF, which is slow."""
    result = documents("write", "--out", str(folder), "--no-pdf", *THERE)
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.parametrize(
    ("words", "said"), [(("--municipality", "0001"), "ingen kommune"), ((), "Vælg en kommune")]
)
def test_without_a_municipality_that_is_there_nothing_is_written(
    desk: Desk, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    result = documents("write", "--out", str(tmp_path / "d"), "--no-pdf", *words)

    assert result.exit_code != 0
    assert said in result.output
    assert not (tmp_path / "d").exists()


def test_a_folder_with_documents_is_never_written_over(desk: Desk, tmp_path: Path) -> None:
    folder = written(tmp_path / "d")
    before = {each.name: each.read_bytes() for each in folder.iterdir()}

    result = documents("write", "--out", str(folder), "--no-pdf", *THERE)

    assert result.exit_code != 0
    assert "is there already" in result.output
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before


def test_every_document_is_there_in_each_form_and_the_index_has_every_hash(
    desk: Desk, tmp_path: Path
) -> None:
    folder = written(tmp_path / "d")
    index = json.loads((folder / bundle.INDEX).read_bytes())
    files = {each.name: each.read_bytes() for each in folder.iterdir()}

    assert [each["kode"] for each in index["dokumenter"]] == list(declared())
    for each in index["dokumenter"]:
        page = files[f"{each['kode']}.html"].decode()
        assert page.count('<strong class="missing">') >= each["mangler"]
        assert "<script" not in page
    assert index["filer"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != bundle.INDEX
    }


def test_without_what_makes_a_pdf_the_rest_is_written_and_it_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(page: str) -> bytes:
        raise yearly_report.NoPdf("Pango mangler.")

    monkeypatch.setattr(yearly_report, "as_pdf", lacking)
    result = documents("write", "--out", str(tmp_path / "d"), *THERE)

    assert result.exit_code == 1
    assert "No PDF was made" in result.output
    assert {each.suffix for each in (tmp_path / "d").iterdir()} == {".json", ".html", ".csv"}


def test_every_document_becomes_a_pdf_of_its_page(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yearly_report, "as_pdf", lambda page: b"%PDF " + page.encode())
    result = documents("write", "--out", str(tmp_path / "d"), *THERE)

    assert result.exit_code == 0, result.output
    for code in declared():
        page, paper = ((tmp_path / "d" / f"{code}.{kind}").read_bytes() for kind in ("html", "pdf"))
        assert paper == b"%PDF " + page


def test_what_changed_between_two_folders_is_told_and_nothing_else(
    desk: Desk, cast: Cast, tmp_path: Path
) -> None:
    old = written(tmp_path / "old")
    write(desk.engine, cast.dan, "incident")
    new = written(tmp_path / "new")

    same, changed = documents("diff", str(old), str(old)), documents("diff", str(old), str(new))
    told = json.loads(documents("diff", str(old), str(new), "--json").stdout)

    assert (same.exit_code, same.output) == (0, "0 changes.\n")
    assert changed.exit_code == 1
    assert "En fil lå forkert" in changed.output
    assert {each["name"] for each in told} == {"Hændelser, linje 1"}
    telling = {
        code
        for code, each in declared().items()
        if any("register.incidents" in section.facts for section in each.sections)
    }
    assert {each["document"] for each in told} == telling


@pytest.mark.parametrize("content", [None, b"{}", b"nonsense", b"\xff"])
def test_what_is_no_document_is_named(tmp_path: Path, content: bytes | None) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    if content is not None:
        (folder / "modelkort.json").write_bytes(content)

    result = documents("diff", str(folder), str(folder))

    assert result.exit_code == 1
    assert "modelkort.json" in result.output


def test_the_list_names_every_document() -> None:
    told = documents("list").output

    assert all(code in told for code in declared())


def test_a_writing_stands_in_the_log_with_the_hash_of_every_file(desk: Desk, tmp_path: Path) -> None:
    first, second = written(tmp_path / "first"), written(tmp_path / "second")
    with reading(desk.engine) as session:
        entries = session.exec(select(LogEntry.entry).where(LogEntry.event == "documents:written")).all()
    told = [json.loads(each) for each in entries]

    assert [each["log"].partition("/")[0] for each in told] == ["decisions", "decisions"]
    for folder, entry in zip((first, second), told, strict=True):
        assert (entry["municipality"], entry["version"], entry["window"]) == ("0999", "none", "none")
        assert {key.removeprefix("file:"): sha for key, sha in entry.items() if key.startswith("file:")} == {
            each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()
        }
    assert documents("written", *THERE).output.endswith("2 writings.\n")
    assert documents("check", str(first), str(second), *THERE).exit_code == 0


@pytest.mark.parametrize("harm", ["changed", "gone", "strange", "index too"])
def test_a_file_that_was_changed_by_hand_is_named(harm: str, desk: Desk, tmp_path: Path) -> None:
    folder = written(tmp_path / "d")
    path = folder / ("dpia.txt" if harm == "strange" else "dpia.json")
    if harm == "gone":
        path.unlink()
    else:
        before = path.read_bytes() if path.exists() else b""
        path.unlink(missing_ok=True)
        path.write_bytes(before.replace(b"dpia", b"DPIA", 1) + b" ")
    if harm == "index too":
        index = folder / bundle.INDEX
        told = json.loads(index.read_bytes())
        told["filer"]["dpia.json"] = hashlib.sha256(path.read_bytes()).hexdigest()
        index.unlink()
        index.write_text(json.dumps(told))

    result = documents("check", str(folder), *THERE)

    assert result.exit_code == 3
    assert f"{path}: " in result.output
    if harm in ("changed", "strange"):
        against_itself = documents("diff", str(folder), str(folder))
        assert against_itself.exit_code == 3
        assert f"{path} is not the file" in against_itself.output


def test_a_folder_of_nobodys_is_no_writing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "dpia.json").write_text("{}")

    result = documents("check", str(tmp_path / "d"), *THERE)

    assert (result.exit_code, "knows no writing" in result.output) == (3, True)


def test_what_cannot_be_written_is_not_in_the_log_and_nothing_lies_there(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "d").write_text("A file where the folder should be.")
    before = rows_beside_runs(desk.engine)
    assert documents("write", "--out", str(tmp_path / "d" / "e"), "--no-pdf", *THERE).exit_code != 0
    assert rows_beside_runs(desk.engine) == before

    def fails(*_: object, **__: object) -> None:
        raise LogUnavailable

    monkeypatch.setattr(kept.log, "append", fails)
    assert documents("write", "--out", str(tmp_path / "f"), "--no-pdf", *THERE).exit_code != 0
    assert not (tmp_path / "f").exists()
    assert rows_beside_runs(desk.engine) == before


def test_a_written_file_is_for_reading_alone(desk: Desk, tmp_path: Path) -> None:
    assert {each.stat().st_mode & 0o777 for each in written(tmp_path / "d").iterdir()} == {0o444}
