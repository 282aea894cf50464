"""`skoen report yearly`: three files from one document, all of them or a clear word about what is missing."""

import builtins
import json
import re
import zlib
from contextlib import suppress
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service import yearly_report
from service.commands import groups
from service.program import assemble
from service.workflow.registers import documents
from service.workflow.yearly.document import digest_of
from tests.cast import Cast
from tests.desk import Desk
from tests.register import register_entries, write

NAME, COVER = "redegoerelse-2026-0999", "sagsfremstilling-2026-0999"


def yearly(*words: str, year: str = "2026") -> Result:
    """One report; the desk has set the environment."""
    return CliRunner().invoke(assemble([groups()]), ["report", "yearly", year, *words])


def there(folder: Path) -> list[str]:
    """The files of a folder."""
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def inflated(pdf: bytes) -> bytes:
    """A PDF with its compressed parts unpacked behind it."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            parts.append(zlib.decompressobj().decompress(found[1]))
    return b"".join(parts)


@pytest.fixture
def no_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which WeasyPrint cannot find what it draws with."""
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Vælg en kommune"),
        (("--municipality", "0001"), "ingen kommune"),
    ],
)
def test_a_report_that_cannot_be_made_leaves_no_file(
    desk: Desk, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    result = yearly("--out", str(tmp_path / "r"), *words)

    assert (result.exit_code, said in result.output) == (1, True)
    assert there(tmp_path / "r") == []


def test_a_year_is_a_year(desk: Desk, tmp_path: Path) -> None:
    assert yearly("--out", str(tmp_path / "r"), "--municipality", "0999", year="26").exit_code == 2


def test_nothing_is_overwritten(desk: Desk, tmp_path: Path, no_pango: None) -> None:
    (tmp_path / f"{NAME}.html").write_text("min egen")
    result = yearly("--out", str(tmp_path), "--municipality", "0999")

    assert result.exit_code == 1
    assert "already" in result.output
    assert (tmp_path / f"{NAME}.html").read_text() == "min egen"
    assert not (tmp_path / f"{NAME}.json").exists()


def test_without_pango_the_others_are_made_and_it_is_said(desk: Desk, tmp_path: Path, no_pango: None) -> None:
    result = yearly("--out", str(tmp_path / "r"), "--municipality", "0999")

    assert result.exit_code == 1
    assert "Pango" in result.output
    assert "Traceback" not in result.output
    assert there(tmp_path / "r") == [f"{NAME}.html", f"{NAME}.json", f"{COVER}.html"]


@pytest.mark.requirement("G-11")
def test_all_three_say_the_same(desk: Desk, cast: Cast, tmp_path: Path) -> None:
    register_entries(cast.engine, cast.dan)
    result = yearly("--out", str(tmp_path / "r"), "--municipality", "0999")

    assert result.exit_code == 0, result.output
    assert there(tmp_path / "r") == [
        f"{NAME}.html", f"{NAME}.json", f"{NAME}.pdf", f"{COVER}.html", f"{COVER}.pdf",
    ]  # fmt: skip
    document = json.loads((tmp_path / "r" / f"{NAME}.json").read_text("utf-8"))
    html = unescape((tmp_path / "r" / f"{NAME}.html").read_text("utf-8"))
    for section in document["afsnit"]:
        assert section["titel"] in html
        for sentence in section["mangler"]:
            assert sentence.removeprefix("MANGLER") in html
        for value in [*section["tal"], *(v for item in section["poster"] for v in item["felter"])]:
            assert all(line in html for line in value["linjer"])
    assert digest_of(document) in html
    pdf = (tmp_path / "r" / f"{NAME}.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"/MarkInfo" in inflated(pdf)  # its parts are tagged, so that it can be read aloud
    assert b"pdfuaid" in inflated(pdf)


def test_what_somebody_wrote_in_a_register_is_text_and_fetches_nothing(
    desk: Desk, cast: Cast, tmp_path: Path
) -> None:
    write(cast.engine, cast.dan, "dilemma", titel='<img src="http://127.0.0.1:9/x"><script>1</script>')
    result = yearly("--out", str(tmp_path / "r"), "--municipality", "0999")

    assert result.exit_code == 0, result.output
    html = (tmp_path / "r" / f"{NAME}.html").read_text("utf-8")
    assert "<script" not in html
    assert "<img" not in html
    with pytest.raises(ValueError, match="asks for http"):
        yearly_report._refuse("http://127.0.0.1:9/x")


@pytest.mark.requirement("G-50")
def test_the_cover_note_is_two_pages_at_most_and_its_numbers_are_the_reports(
    desk: Desk, cast: Cast, tmp_path: Path
) -> None:
    register_entries(cast.engine, cast.dan)
    for number in range(6):
        write(cast.engine, cast.dan, "project", subject=f"projekt:nr-{number}", navn=f"Projekt {number}")
    assert yearly("--out", str(tmp_path / "r"), "--municipality", "0999").exit_code == 0
    document = json.loads((tmp_path / "r" / f"{NAME}.json").read_text("utf-8"))
    html = unescape((tmp_path / "r" / f"{COVER}.html").read_text("utf-8"))
    parts = {section["kode"]: section for section in document["afsnit"]}

    for label, code, name in yearly_report.NUMBERS:
        facts = {fact["navn"]: " ".join(fact["linjer"]) for fact in parts[code]["tal"]}
        told = facts.get(name) or '<strong class="missing">MANGLER</strong>'
        assert f'<tr><th scope="row">{label}</th><td>{told}</td></tr>' in html
    assert "3 projekter til står i redegørelsen." in html and digest_of(document) in html
    for section in document["afsnit"]:
        assert (section["titel"].lower() in html.lower()) or not section["mangler"]
    pdf = inflated((tmp_path / "r" / f"{COVER}.pdf").read_bytes())
    assert 1 <= len(re.findall(rb"/Type /Page[^s]", pdf)) <= 2


@pytest.mark.requirement("G-50")
@pytest.mark.parametrize(
    ("last", "due"),
    [("2026-06-15", "2027-05-15"), ("2026-01-31", "2026-12-31"), ("2026-03-31", "2027-02-28")],
)
def test_the_next_report_is_asked_for_eleven_months_after_the_last(last: str, due: str) -> None:
    older = {"slags": "redegoerelse", "dato": "2024-05-01"}
    told = documents.report_due_on([older, {"slags": "redegoerelse", "dato": last}, {"slags": "dpia"}])

    assert told == date.fromisoformat(due)
    assert documents.report_due_on([]) is None
