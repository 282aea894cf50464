"""In a real browser: what she writes in stays in sight while she reads, however low the window."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from tests.answered import an_answered_case
from tests.builders import a_case
from tests.cast import Cast
from tests.parts.web import House

LOW, USUAL, HIGH = 640, 900, 1200


def look(page: Page, house: House, path: str, height: int) -> None:
    """Open a page in a window of a height, and read on."""
    house.let_in(page)
    page.set_viewport_size({"width": 1280, "height": height})
    page.goto(f"{house.url}/sag/{path}")
    page.mouse.move(300, height / 2)
    page.evaluate("window.scrollBy(0, 600)")


@pytest.mark.parametrize("height", [LOW, USUAL, HIGH])
def test_the_decision_can_be_made_from_anywhere_in_the_basis(
    height: int, house: House, page: Page, engine: Engine, cast: Cast
) -> None:
    look(page, house, f"{an_answered_case(engine, cast).id}/grundlag", height)

    expect(page.get_by_role("heading", name="Din beslutning")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Gem beslutning")).to_be_in_viewport(ratio=1)
    page.get_by_label("Begrundelse").focus()
    expect(page.get_by_label("Begrundelse")).to_be_in_viewport(ratio=1)
    foot, field = (page.locator(there).bounding_box() for there in (".after__decision .actions", "#text"))
    assert foot is not None
    assert field is not None
    assert field["y"] + field["height"] <= foot["y"], "what is typed in is not under the buttons"


@pytest.mark.parametrize("height", [USUAL, HIGH])
def test_the_judgement_can_be_made_from_anywhere_in_the_plan(
    height: int, house: House, page: Page, engine: Engine, cast: Cast
) -> None:
    look(page, house, a_case(engine).id, height)

    expect(page.get_by_role("heading", name="Din vurdering")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Gem vurdering og se grundlag")).to_be_in_viewport(ratio=1)
