"""In a real browser: follow the evidence or leave it, keep or change, it takes the same number of keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.tables.decision import Decision, Planning
from service.tables.intake import Case
from service.workflow.effect.budget import KEYS_TO_DECIDE, MOST_KEYS_WHOLE_CASE
from tests.answered import an_answered_case
from tests.builders import READ, a_case, an_admission
from tests.cast import Cast
from tests.parts.web import House

JUDGE = ["Enter", "Tab", "Enter", "{own}", "Tab", "3", "Enter"]
DECIDE = ["Tab", "Enter", "{decided}", "Tab", "1", "Enter"]


def press(page: Page, keys: list[str], lands: str) -> int:
    """Press keys one by one; the last one leads to an address that ends so. Gives how many were pressed."""
    if keys[0] == "Enter":  # the focus comes with the first picture, a moment after loading
        page.wait_for_function("document.activeElement !== document.body")
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation(url=f"**/{lands}"):
        page.keyboard.press(keys[-1])
    return len(keys)


def read_plan(page: Page, house: House, case: Case) -> None:
    """Read the plan first, as a step of its own: the keys counted are those from judgement to decision."""
    page.goto(f"{house.url}/sag/{case.id}")
    for name, code in READ.items():
        page.check(f'input[name="oplysning.{name}"][value="{code}"]', force=True)
    with page.expect_navigation():
        page.get_by_role("button", name="Gem kun oplysningerne").click()


def decision_of(engine: Engine, case: Case) -> Decision:
    with reading(engine) as session:
        return session.exec(select(Decision).where(Decision.case_id == case.id)).one()


@pytest.mark.requirement("F-24", "D-57")
@pytest.mark.parametrize(
    ("own", "decided", "agreement", "change"),
    [
        ("2", "2", "agreement", "kept"),
        ("1", "2", "agreement", "changed"),
        ("1", "1", "override", "kept"),
        ("2", "1", "override", "changed"),
    ],
    ids=["agree kept", "agree changed", "override kept", "override changed"],
)
def test_from_opening_the_judgement_to_the_saved_decision_every_path_costs_the_same(
    own: str, decided: str, agreement: str, change: str, house: House, page: Page, engine: Engine, cast: Cast
) -> None:
    an_admission(engine, cast.dan)
    case = a_case(engine)
    house.let_in(page)
    read_plan(page, house, case)
    page.goto(f"{house.url}/indbakke")

    pressed = press(page, JUDGE[:1], f"sag/{case.id}")
    pressed += press(page, [key.format(own=own) for key in JUDGE[1:]], "grundlag")
    pressed += press(page, [key.format(decided=decided) for key in DECIDE], "planlaegning")
    row = decision_of(engine, case)

    print(f"{agreement}, {change}: {pressed} keys from the inbox to the saved decision")
    assert pressed == KEYS_TO_DECIDE
    assert (row.agreement, row.change) == (agreement, change)


@pytest.mark.requirement("R-08")
@pytest.mark.parametrize("send", ["Gem vurdering og se grundlag", "Gem. Vis ikke grundlag i denne sag"])
def test_six_clicks_decide_a_case_with_the_evidence_and_without_it(
    send: str, house: House, page: Page, engine: Engine, cast: Cast
) -> None:
    """Two clicks may be added to the same case without evidence; none is: the same six are enough."""
    an_admission(engine, cast.dan)
    case = a_case(engine)
    house.let_in(page)
    read_plan(page, house, case)

    for step in (
        page.locator('input[name="valg"][value="basal"]'),
        page.locator('input[name="sikkerhed"][value="sikker"]'),
        page.get_by_role("button", name=send),
        page.locator('input[name="choice"][value="basal"]'),
        page.locator('input[name="reason_code"][value="funktion_nu"]'),
        page.get_by_role("button", name="Gem beslutning"),
    ):
        step.dispatch_event("click")
    page.wait_for_url("**/planlaegning")

    assert decision_of(engine, case).choice == "basal"


@pytest.mark.requirement("D-57")
def test_the_keystrokes_of_a_whole_case_are_counted(
    house: House, page: Page, engine: Engine, cast: Cast
) -> None:
    an_admission(engine, cast.dan)
    case = a_case(engine)
    house.let_in(page)
    page.goto(f"{house.url}/indbakke")
    pressed = press(page, ["Enter"], f"sag/{case.id}")
    pressed += _read_by_keyboard(page)
    pressed += press(page, ["2", "Tab", "3", "Enter"], "grundlag")
    pressed += press(page, [key.format(decided="2") for key in DECIDE], "planlaegning")
    plan = ["Tab", "Enter", "Space", "Tab", "Tab", "Tab", "Tab", "1", "Tab", "1", "Tab", "2", "Enter"]
    pressed += press(page, plan, "kvittering")
    with reading(engine) as session:
        planned = session.exec(select(Planning)).one()

    print(f"A whole case, read and planned by keyboard: {pressed} keys")
    assert (planned.forms, planned.team, planned.start_status) == (["individuel"], "ortopaedisk", "udskudt")
    assert pressed <= MOST_KEYS_WHOLE_CASE


def _read_by_keyboard(page: Page) -> int:
    """Tab to each row that is to be read and press its key; ends with the focus on the judgement."""
    pressed = 0
    page.evaluate("document.querySelector('main').focus()")
    for _ in range(200):
        page.keyboard.press("Tab")
        pressed += 1
        name = page.evaluate("document.activeElement.name || ''")
        if name == "valg":
            return pressed
        if name.startswith("oplysning.") and page.evaluate("document.activeElement.type") == "radio":
            page.keyboard.press("u")
            pressed += 1
    raise AssertionError("the judgement was never reached")


def test_digits_choose_only_inside_their_group(house: House, page: Page, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    house.let_in(page)
    page.goto(f"{house.url}/sag/{case.id}/grundlag")
    page.keyboard.press("2")

    assert page.locator("input:checked").count() == 0


def test_after_the_receipt_enter_opens_the_next_case(
    house: House, page: Page, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    following = a_case(engine, request_id="next")
    house.let_in(page)
    page.goto(f"{house.url}/sag/{case.id}/grundlag")
    press(page, [key.format(decided="4") for key in DECIDE], "kvittering")
    press(page, ["Enter"], f"sag/{following.id}")


def test_the_whole_way_works_without_a_script(
    house: House, open_page: Callable[..., Page], engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    page = open_page(java_script_enabled=False)
    house.let_in(page)
    page.goto(f"{house.url}/sag/{case.id}/grundlag")
    page.check("#choice-1", force=True)
    page.check("#reason_code-2", force=True)
    page.get_by_role("button", name="Gem beslutning").click()
    for field in ("#forms-2", "#team-1", "#place-1", "#start_status-2"):
        page.check(field, force=True)
    page.get_by_role("button", name="Gem planlægning").click()

    assert page.url.endswith("/kvittering")
    assert not page.get_by_role("button", name="Kopiér til journal").is_visible()
    assert decision_of(engine, case).choice == "basal"


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_after_the_judgement_are_accessible_and_fit(
    width: int, house: House, page: Page, axe: Callable[[Page], list[str]], engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    bare = an_answered_case(engine, cast, number=2, wants_evidence=False)
    house.let_in(page)
    page.set_viewport_size({"width": width, "height": 900})

    def look(path: str) -> None:
        page.goto(f"{house.url}/sag/{path}")
        _unfold(page)
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    look(f"{bare.id}/grundlag")
    look(f"{case.id}/grundlag")
    with page.expect_navigation():
        page.get_by_role("button", name="Gem beslutning").click()
    page.wait_for_function("document.activeElement.id === 'fejl'")
    assert axe(page) == []
    page.check("#choice-2", force=True)
    page.check("#reason_code-1", force=True)
    with page.expect_navigation(url="**/planlaegning"):
        page.get_by_role("button", name="Gem beslutning").click()
    look(f"{case.id}/planlaegning")
    look(f"{case.id}/kvittering")
    look(f"{case.id}/ret")
    with page.expect_navigation(url="**/som-vist/*"):
        page.get_by_role("link", name="Se det præcis som vist").click()
    _unfold(page)
    assert axe(page) == []


def _unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
