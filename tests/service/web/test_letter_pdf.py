"""The PDF is tagged, speaks Danish, fetches nothing, and says word for word what the page says."""

import builtins
import re
import zlib
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.database import reading
from service.tables.intake import Case
from service.web.letter.pdf import pdf_of
from service.workflow.letter.compose import LetterText
from service.workflow.letter.write import signed_letter
from tests.answered import a_decision, an_answered_case
from tests.cast import Cast
from tests.letters import a_letter
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
SHOWN_TEXT = re.compile(rb"<([0-9a-f]+)>")
MAPPED = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>")


@pytest.fixture
def told(engine: Engine, cast: Cast) -> Case:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma, choice="basal")
    a_letter(engine, case, cast.alma)
    return case


def opened(pdf: bytes) -> bytes:
    """A PDF with its compressed streams laid open: objects, structure and metadata can be read in it."""
    streams = [_inflated(match[1]) for match in STREAM.finditer(pdf)]
    return b"\n".join([STREAM.sub(b"", pdf), *streams])


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def roles(pdf: bytes) -> dict[str, int]:
    """How many structure elements there are of each kind."""
    found = re.findall(rb"/S /([A-Z][A-Za-z0-9]*)\b", opened(pdf))
    return {role.decode(): found.count(role) for role in set(found)}


class _Cells(HTMLParser):
    """The text of each heading, paragraph and cell of the letter on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_letter = self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_letter = self._in_letter or tag in ("article", "body_of_pdf")
        if self._in_letter and tag in ("h1", "h2", "p", "th", "td"):
            self._open = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_letter = self._in_letter and tag != "article"
        self._open = self._open and tag not in ("h1", "h2", "p", "th", "td")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[-1] += data


def said_in(html: str) -> list[str]:
    parser = _Cells()
    parser.feed(html)
    return [" ".join(text.split()) for text in parser.found]


@pytest.mark.requirement("K-02")
def test_page_large_print_and_pdf_say_the_same(
    app: Flask, visit: Visit, engine: Engine, told: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The PDF is drawn from a page; that page is caught on its way and held against the one on the screen."""
    drawn: list[str] = []
    weasyprint = pytest.importorskip("weasyprint")
    real = weasyprint.HTML
    monkeypatch.setattr(
        weasyprint, "HTML", lambda string, **kw: drawn.append(string) or real(string=string, **kw)
    )
    alma = visit("alma")
    page, large = (alma.get(f"/sag/{told.id}/brev/vis{size}").text for size in ("", "?skrift=stor"))
    pdfs = [alma.get(f"/sag/{told.id}/brev.pdf{size}").data for size in ("", "?skrift=stor")]
    with reading(engine) as session:
        signed = signed_letter(session, told.id)

    assert signed is not None
    on_paper = [said_in(f"<article>{html.split('<body>')[1]}</article>") for html in drawn]
    assert said_in(page) == said_in(large) == on_paper[0] == on_paper[1]
    facts = [cell for row in signed.text.facts.rows for cell in row]
    assert said_in(page)[-len(facts) :] == facts
    assert all(pdf.startswith(b"%PDF-1.7") for pdf in pdfs)
    assert len(re.findall(rb"/Type /Page\b", opened(pdfs[1]))) > len(
        re.findall(rb"/Type /Page\b", opened(pdfs[0]))
    )


@pytest.mark.requirement("K-17")
def test_the_pdf_is_tagged_after_pdf_ua(visit: Visit, engine: Engine, told: Case) -> None:
    answer = visit("alma").get(f"/sag/{told.id}/brev.pdf")
    inside, tags = opened(answer.data), roles(answer.data)
    with reading(engine) as session:
        signed = signed_letter(session, told.id)

    assert answer.mimetype == "application/pdf"
    assert f'filename="brev-sag-{told.serial}-2026-06-30.pdf"' in answer.headers["Content-Disposition"]
    assert re.search(rb"/Lang \(da\)", inside)
    assert b"/StructTreeRoot" in inside
    assert re.search(rb"/MarkInfo <<\s*/Marked true", inside)
    assert re.search(rb"/DisplayDocTitle true", inside)
    assert re.search(rb"pdfuaid:part[^1]{0,3}1", inside)
    assert signed is not None
    text = signed.text
    cells = sum(len(table.rows) * (len(table.columns) - 1) for table in (text.help, text.facts))
    headers = sum(len(table.rows) + len(table.columns) for table in (text.help, text.facts))
    assert (tags["H1"], tags["H2"]) == (1, len(text.sections) + 2)
    assert (tags["Table"], tags["TH"], tags["TD"]) == (2, headers, cells)
    assert tags["P"] >= len(text.paragraphs())


def test_without_pango_there_is_a_sentence_and_the_page_still_reads(
    visit: Visit, told: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    alma = visit("alma")
    answer = alma.get(f"/sag/{told.id}/brev.pdf")

    assert answer.status_code == 503
    assert "Pango mangler" in unescape(answer.text)
    assert alma.get(f"/sag/{told.id}/brev/vis").status_code == 200


def test_what_she_writes_cannot_make_the_paper_fetch_anything(app: Flask, engine: Engine, told: Case) -> None:
    with reading(engine) as session:
        signed = signed_letter(session, told.id)
    assert signed is not None
    held = signed.text.to_json()
    held["greeting"] = '<img src="file:///etc/passwd"><a href="http://x.example">x</a>'
    with app.test_request_context():
        inside = opened(pdf_of(LetterText.from_json(held), large=False))

    assert b"/Image" not in inside
    assert b"/URI" not in inside
