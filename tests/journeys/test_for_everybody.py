"""The caseworker's screens for everybody: at 200 %, without a mouse, dictated to, read aloud, on a tablet."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine

from tests.answered import a_decision, an_answered_case
from tests.builders import READ, a_case
from tests.cast import Cast
from tests.parts.web import House

STATIC = Path(__file__).parents[2] / "service" / "web" / "static"
TWICE = {"width": 640, "height": 450}
"""A window of 1280 by 900 at a zoom of 200 %, in CSS pixels."""
PHONE, TABLET = {"width": 360, "height": 640}, {"width": 768, "height": 1024}
SMALLEST_TARGET = 44

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
TOO_SMALL = """least => [...document.querySelectorAll(
    'main button, main a.button, main summary, main input:not([type=hidden]), main select, main textarea')]
    .filter(each => each.checkVisibility({opacityProperty: false}))
    .map(each => {
        const labels = [...(each.labels || [])];
        const boxes = [each, ...labels].map(one => one.getBoundingClientRect());
        return [each.outerHTML.slice(0, 90), Math.max(...boxes.map(box => box.height))];
    })
    .filter(([_, height]) => height < least - 0.5)
    .map(([html, height]) => `${Math.round(height)} px: ${html}`)"""
UNNAMED = """[...document.querySelectorAll('textarea, select, input:not([type=hidden])')]
    .filter(each => !each.labels.length && !each.getAttribute('aria-label')).map(each => each.name)"""
UNEXPLAINED = """[...document.querySelectorAll('[aria-describedby]')]
    .flatMap(each => each.getAttribute('aria-describedby').split(' '))
    .filter(id => !document.getElementById(id))"""
UNSTYLED = """known => [...document.querySelectorAll(
    'main button, main select, main textarea, main table, main input:not([type=hidden])')]
    .filter(each => ![...each.classList].some(name => known.includes(name)) && !each.closest('.choice'))
    .map(each => each.outerHTML.slice(0, 90))"""


@pytest.fixture
def cases(engine: Engine, cast: Cast) -> dict[str, str]:
    """A case to judge, one to decide, one that is decided."""
    new, answered = a_case(engine, request_id="new"), an_answered_case(engine, cast)
    decided = an_answered_case(engine, cast, number=2)
    a_decision(engine, decided, cast.alma)
    return {"new": new.id, "answered": answered.id, "decided": decided.id}


def screens(cases: dict[str, str]) -> list[str]:
    """The screens of casework."""
    return [
        "/indbakke", f"/sag/{cases['new']}", f"/sag/{cases['answered']}/grundlag",
        f"/sag/{cases['decided']}/kvittering", f"/sag/{cases['decided']}/planlaegning", "/adgangsregler",
    ]  # fmt: skip


@pytest.mark.requirement("D-03")
def test_the_screens_of_casework_work_at_200_percent(
    house: House, open_page: Callable[..., Page], axe: Callable[[Page], list[str]], cases: dict[str, str]
) -> None:
    page = open_page(viewport=TWICE, device_scale_factor=2)
    house.let_in(page)
    faults = {}
    for path in screens(cases):
        page.goto(house.url + path)
        found = axe(page) + (["scrolls sideways"] if page.evaluate(SIDEWAYS) else [])
        if found:
            faults[path] = found

    assert faults == {}


@pytest.mark.requirement("D-03")
def test_a_case_is_read_judged_and_decided_with_the_keyboard_alone(
    house: House, page: Page, engine: Engine, cases: dict[str, str]
) -> None:
    house.let_in(page)
    page.goto(f"{house.url}/sag/{cases['new']}")
    asked = [f"oplysning.{name}" for name in READ]
    for name in asked:
        _tab_to(page, name)
        value = READ[name.removeprefix("oplysning.")]
        _choose(page, name, value)
    _tab_to(page, "valg")
    page.keyboard.press("1")
    _tab_to(page, "sikkerhed")
    page.keyboard.press("1")
    with page.expect_navigation(url="**/grundlag"):
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", name="Din beslutning").is_visible()


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the field has focus, and see that one can see where one is."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            break
    assert page.evaluate("document.activeElement.name") == name, f"{name} cannot be reached"


def _choose(page: Page, name: str, value: str) -> None:
    """Choose an answer of the row with the arrows."""
    page.keyboard.press("Space")
    for _ in range(12):
        if page.evaluate(f"document.querySelector('input[name=\"{name}\"]:checked')?.value") == value:
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"{name} has no answer {value} for the keyboard")


@pytest.mark.requirement("D-21")
@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
def test_what_is_pressed_is_large_enough_for_a_finger(
    size: dict[str, int], house: House, open_page: Callable[..., Page], cases: dict[str, str]
) -> None:
    page = open_page(viewport=size, has_touch=True, is_mobile=True)
    faults = {}
    for path in ("/om-systemet", "/tilgaengelighed", "/log-ind", "/borger", *screens(cases)):
        if path == "/indbakke":
            house.let_in(page)
        page.goto(house.url + path)
        found = page.evaluate(TOO_SMALL, SMALLEST_TARGET)
        found += ["scrolls sideways"] if page.evaluate(SIDEWAYS) else []
        if found:
            faults[path] = found

    assert faults == {}


@pytest.mark.requirement("R-07")
def test_what_one_fills_in_and_presses_is_of_the_common_design_system(
    house: House, page: Page, cases: dict[str, str]
) -> None:
    (sheet,) = (STATIC / "vendor" / "dkfds").rglob("*.css")
    common = set(re.findall(r"\.([a-z][\w-]+)", sheet.read_text("utf-8")))
    own = {"link-button"}
    house.let_in(page)
    faults = {}
    for path in screens(cases):
        page.goto(house.url + path)
        assert page.locator("link[rel=stylesheet][href*='dkfds']").count() == 1
        found = page.evaluate(UNSTYLED, sorted(common | own))
        if found:
            faults[path] = found

    assert {"button-primary", "form-input", "table"} <= common
    assert faults == {}


@pytest.mark.requirement("D-60")
def test_what_is_dictated_is_kept_and_still_there_when_she_comes_back(
    house: House, page: Page, cases: dict[str, str]
) -> None:
    """Dictation needs a plain text area; whoever is slow must not lose what is said."""
    house.let_in(page)
    path = f"{house.url}/sag/{cases['answered']}/grundlag"
    page.goto(path)
    field = page.get_by_label("Begrundelse")
    assert field.evaluate("each => [each.tagName, each.readOnly]") == ["TEXTAREA", False]
    field.focus()
    with page.expect_response("**/beslutning/kladde") as kept:
        page.keyboard.insert_text("Hun går selv med rollator, og hun vil gerne hente posten.")
    assert kept.value.ok
    page.get_by_text("Kladde gemt").wait_for()

    page.goto(f"{house.url}/indbakke")
    page.goto(path)
    assert page.get_by_label("Begrundelse").input_value().startswith("Hun går selv med rollator")


@pytest.mark.requirement("D-60")
def test_the_screens_can_be_read_aloud_and_explain_their_fields(
    house: House, page: Page, cases: dict[str, str]
) -> None:
    house.let_in(page)
    for path in screens(cases):
        page.goto(house.url + path)
        assert page.locator("html").get_attribute("lang") == "da"
        assert page.locator("main").count() == page.locator("h1").count() == 1
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(each => +each.tagName[1])")
        assert all(after - before <= 1 for before, after in pairwise(levels)), path
        assert page.locator("[contenteditable]").count() == 0
        assert page.evaluate(UNNAMED) == page.evaluate(UNEXPLAINED) == [], path
    page.goto(f"{house.url}/sag/{cases['new']}")
    assert page.locator(".question__help").count() >= 1
