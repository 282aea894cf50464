"""An auditor with a complaint in hand finds the case, says what for, reads its log and takes it out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine, text

from service.database import writing
from service.tables.decision import Decision
from service.workflow import decision, staff
from tests.answered import a_decision, an_answered_case
from tests.cast import NOW, Cast
from tests.parts.web import House
from tests.service.signer.bench import Bench, tampered


@pytest.fixture
def decided(engine: Engine, cast: Cast) -> Decision:
    """A case that was judged, shown, decided, planned and decided again."""
    case = an_answered_case(engine, cast)
    first = a_decision(engine, case, cast.alma, text="Hun bor alene på tredje sal.")
    with writing(engine) as session:
        return decision.decide(
            session, case.id, choice="basal", reason_code="kapacitet", key="again", now=NOW, by=cast.alma,
            replaces=first.id,
        )  # fmt: skip


@pytest.mark.requirement("SK-17", "R-20")
@pytest.mark.parametrize("width", [1280, 320])
def test_from_the_complaint_to_the_file(
    width: int,
    house: House,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    engine: Engine,
    cast: Cast,
    decided: Decision,
    tmp_path: Path,
) -> None:
    with writing(engine) as session:
        staff.set_password(session, cast.dorte.person_id, "skoen-demo", now=NOW)
    Bench(engine, house.app.extensions["skoen"].settings).seal()
    page = open_page(viewport={"width": width, "height": 900}, accept_downloads=True)
    page.goto(f"{house.url}/log-ind")
    page.fill("#brugernavn", "dorte")
    page.fill("#adgangskode", "skoen-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/log-ind" not in url)

    page.get_by_role("link", name="Kontrol", exact=True).click()
    page.get_by_label("Sagens nummer").fill("99999")
    page.get_by_label("Klage").check()
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("ingen sag med det nummer").wait_for()

    with engine.connect() as connection:
        query = text("SELECT serial FROM cases WHERE id = :id")
        serial = connection.execute(query, {"id": decided.case_id}).scalar_one()
    page.get_by_label("Sagens nummer").fill(str(serial))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tilsyn/sag/{decided.case_id}")
    said = page.locator("main").inner_text()
    for words in ("Formål: Klage.", "Før grundlag", "Udledt: ændret, anderledes end flest lignende sager.",
                  "tilsyn, Træning Nord"):  # fmt: skip
        assert words in said
    assert "Passer ikke" not in said
    assert axe(page) == []
    assert not scrolls_sideways(page)

    with page.expect_download() as download:
        page.get_by_role("button", name="Eksportér sagen").click()
    assert download.value.suggested_filename == f"sag-{serial}.zip"

    tampered(engine, "UPDATE decisions SET choice = 'avanceret' WHERE id = :id", id=decided.id)
    page.reload()
    page.get_by_role("link", name="linje").first.click()
    assert page.get_by_text("loggen beviser").is_visible()
    assert axe(page) == []
    assert not scrolls_sideways(page)


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    found: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return found
