"""What every answer carries: nobody keeps it, nobody frames it, nothing foreign runs in it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.builders import a_case
from tests.parts.tree import ROOT
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
WEB = ROOT / "service" / "web"


@pytest.mark.requirement("D-27")
@pytest.mark.parametrize(
    "path", ["/indbakke", "/log-ind", "/findes-ikke", "/sundhed", "/enhed", "/"], ids=str
)
def test_every_answer_carries_the_headers(path: str, visit: Visit) -> None:
    headers = visit("alma").get(path).headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    )
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_static_files_may_be_kept_under_an_address_that_changes_with_them(visit: Visit) -> None:
    alma = visit("alma")
    found = re.search(r'href="(/static/css/base\.css\?v=\w+)"', alma.get("/enhed").text)

    assert found is not None
    with alma.get(found[1]) as answer:
        assert "max-age=86400" in answer.headers["Cache-Control"]


def test_a_page_loads_nothing_from_elsewhere_and_holds_no_script_or_style(
    visit: Visit, engine: Engine
) -> None:
    page = visit("alma").get(f"/sag/{a_case(engine).id}").text

    assert re.findall(r'(?:src|href|action)="(?!/|#)[^"]*"', page) == []
    assert re.findall(r"<style|<script(?![^>]* src=)|\son\w+=|\sstyle=", page) == []


def scripts() -> list[Path]:
    return sorted((WEB / "static" / "js").glob("*.js"))


@pytest.mark.parametrize("script", scripts(), ids=lambda path: path.name)
def test_a_script_is_short_and_writes_no_markup(script: Path) -> None:
    text = script.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 60
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text) == []
    )
    assert re.findall(r"localStorage|sessionStorage|indexedDB", text) == []


@pytest.mark.requirement("D-27")
def test_no_citizen_stands_in_an_address(visit: Visit, engine: Engine) -> None:
    page = visit("alma").get(f"/sag/{a_case(engine).id}").text

    for address in re.findall(r'(?:href|action|src)="([^"]+)"', page):
        without_ids = re.sub(r"\b[0-9a-f]{32}\b", "", address)  # a random id may hold ten digits in a row
        assert not re.search(r"\d{6}-?\d{4}|Agnes", without_ids)
