"""`skoen report yearly`: three files from one document, all of them or a clear word about what is missing."""

import builtins
import json
import re
import zlib
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service import yearly_report
from service.commands import groups
from service.program import assemble
from service.workflow.yearly.document import digest_of
from tests.cast import Cast
from tests.desk import Desk
from tests.register import register_entries, write

NAME = "redegoerelse-2026-0999"


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


def test_without_pango_the_two_others_are_made_and_it_is_said(
    desk: Desk, tmp_path: Path, no_pango: None
) -> None:
    result = yearly("--out", str(tmp_path / "r"), "--municipality", "0999")

    assert result.exit_code == 1
    assert "Pango" in result.output
    assert "Traceback" not in result.output
    assert there(tmp_path / "r") == [f"{NAME}.html", f"{NAME}.json"]


@pytest.mark.requirement("G-11")
def test_all_three_say_the_same(desk: Desk, cast: Cast, tmp_path: Path) -> None:
    register_entries(cast.engine, cast.dan)
    result = yearly("--out", str(tmp_path / "r"), "--municipality", "0999")

    assert result.exit_code == 0, result.output
    assert there(tmp_path / "r") == [f"{NAME}.html", f"{NAME}.json", f"{NAME}.pdf"]
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
