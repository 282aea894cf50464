"""A citizen on a phone: the code from the letter, everything we know, and one thing that is wrong."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine

from service.database import reading
from service.workflow.case_file import open_file
from tests.answered import a_decision, an_answered_case
from tests.cast import Cast
from tests.letters import a_letter
from tests.mine import a_code
from tests.parts.web import House

PHONE = {"width": 320, "height": 640}
SMALLEST_TARGET = 44
HEAVIEST = 200_000
"""Bytes, with style and pictures (D-15)."""


@pytest.mark.requirement("D-15", "D-16", "D-21", "D-10")
def test_a_citizen_reads_everything_and_says_what_is_wrong(
    house: House,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    engine: Engine,
    cast: Cast,
) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    a_letter(engine, case, cast.alma)
    code = a_code(engine, case, cast.alma, key=house.app.extensions["skoen"].keys.pepper)
    page = open_page(viewport=PHONE, java_script_enabled=True, has_touch=True)
    weight: list[int] = []
    page.on("response", lambda answer: weight.append(len(answer.body())) if answer.status == 200 else None)

    page.goto(f"{house.url}/borger")
    page.get_by_label("Kode fra brevet").fill(code.lower())
    weight.clear()
    page.get_by_role("button", name="Se mine oplysninger").click()
    page.wait_for_url("**/borger/oplysninger")
    assert sum(weight) < HEAVIEST
    assert fits(page, axe) == []

    page.get_by_role("link", name="Læs brevet").click()
    assert page.get_by_role("heading", name="Sådan blev din genoptræning besluttet").is_visible()
    assert fits(page, axe) == []
    page.get_by_role("link", name="Tilbage til mine oplysninger").click()

    page.get_by_text("Restriktioner for belastning").first.click()
    page.get_by_role("link", name="Er det forkert? Restriktioner for belastning").click()
    assert fits(page, axe) == []
    assert page.locator("input[type=file]").count() == 0
    page.get_by_label("Hvad er rigtigt?").fill("Jeg må ikke bøje hoften.")
    page.get_by_role("button", name="Sig, at det er forkert").click()
    assert page.get_by_text("Tak. Vi bruger ikke det").is_visible()
    assert fits(page, axe) == []
    page.get_by_role("button", name="Luk siden").click()
    page.wait_for_url("**/borger")

    with reading(engine) as session:
        (report,) = open_file(session, case.id).open_reports
    assert (report.channel, report.speaker) == ("own", "citizen")


def fits(page: Page, axe: Callable[[Page], list[str]]) -> list[str]:
    """What is wrong with a page on a phone: faults, sideways scroll, and what is too small for a finger."""
    found = axe(page)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    small = page.evaluate(
        """least => [...document.querySelectorAll('main a, main button, main summary, main input')]
            .filter(each => each.type !== 'hidden' && each.offsetParent !== null)
            // a link in a sentence is as high as the sentence (WCAG 2.5.8)
            .filter(each => each.tagName !== 'A' ||
                each.parentElement.textContent.trim() === each.textContent.trim())
            .filter(each => each.getBoundingClientRect().height < least)
            .map(each => each.textContent.trim() || each.name)""",
        SMALLEST_TARGET,
    )
    return found + [f"too small: {text}" for text in small]
