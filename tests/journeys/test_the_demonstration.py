"""The demonstration as it is served: two workers, a real browser, from inbox to receipt and back."""

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service.clock import COPENHAGEN
from service.demo.prepare import as_of, read_plans
from service.workflow.case_file import CaseState
from tests.journeys.at_the_demo import a_fresh_case, a_planned_case, file_of, read_for, sign_in
from tests.parts.demo import Served

pytestmark = pytest.mark.gunicorn

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 800}


def judge(page: Page, level: str, evidence: bool = True) -> None:
    """Her own judgement, with the mouse."""
    page.locator(f"input[name='valg'][value='{level}']").check(force=True)
    page.locator("input[name='sikkerhed'][value='sikker']").check(force=True)
    name = "Gem vurdering og se grundlag" if evidence else "Vis ikke grundlag"
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/grundlag")


def decide(page: Page, level: str) -> None:
    """Her decision and what weighed most."""
    page.locator(f"input[name='choice'][value='{level}']").check(force=True)
    page.locator("input[name='reason_code'][value='funktion_nu']").check(force=True)
    page.get_by_role("button", name="Gem beslutning").click()
    page.wait_for_url("**/planlaegning")


def plan(page: Page) -> None:
    """Form, team and place, with the first date still open."""
    page.locator("input[name='forms'][value='gruppe']").check(force=True)
    for name, value in (("team", "ortopaedisk"), ("place", "center"), ("start_status", "frit_valg")):
        page.locator(f"input[name='{name}'][value='{value}']").check(force=True)
    page.get_by_role("button", name="Gem planlægning").click()
    page.wait_for_url("**/kvittering")


def no_sideways_scroll(page: Page) -> bool:
    """Whether the page fits its window."""
    fits: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return fits


@pytest.mark.requirement("D-15")
@pytest.mark.parametrize("options", [
    {"viewport": DESKTOP}, {"viewport": PHONE}, {"viewport": PHONE, "java_script_enabled": False},
], ids=["desktop", "320 px", "320 px without JavaScript"])  # fmt: skip
def test_a_case_goes_from_inbox_to_receipt(
    served: Served,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    options: dict[str, object],
    request: pytest.FixtureRequest,
) -> None:
    scripted = options.get("java_script_enabled", True)
    page = open_page(**options)
    sign_in(page, served, "alma")
    case_id = a_fresh_case(served, request.node.callspec.id)
    read_for(served, case_id)
    seen = []

    def look() -> None:
        seen.append(page.url.rsplit("/", 1)[-1])
        if scripted:
            assert axe(page) == [], page.url
            assert no_sideways_scroll(page), page.url

    look()
    page.goto(f"{served.url}/sag/{case_id}")
    look()
    assert page.locator("input[name='valg'][checked]").count() == 0
    judge(page, "avanceret")
    look()
    assert page.locator("input[name='choice'][checked]").count() == 0
    decide(page, "basal")
    look()
    plan(page)
    look()
    expect(page.get_by_text("Din beslutning: basalt niveau").first).to_be_visible()
    assert len(seen) == 5
    assert file_of(served, case_id).state is CaseState.PLANNED


def test_a_plan_that_is_hardly_read_gets_no_evidence_and_is_decided_all_the_same(
    served: Served, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = open_page(viewport=DESKTOP)
    sign_in(page, served, "freja")
    case_id = a_fresh_case(served, "hardly-read", "freja")
    page.goto(f"{served.url}/sag/{case_id}")
    for row in page.locator("fieldset[data-answer-keys]:has(input[value='ukendt'])").all():
        row.locator("input[value='ukendt']").check(force=True)
    judge(page, "basal")
    shown = file_of(served, case_id).suggestion
    assert shown is not None
    assert (shown.outcome, shown.reason) == ("withheld", "abstained")
    assert axe(page) == []
    decide(page, "basal")
    plan(page)
    expect(page.get_by_text("Der blev ikke vist grundlag").first).to_be_visible()


@pytest.mark.requirement("D-14")
@pytest.mark.parametrize(
    ("username", "paths"),
    [
        ("alma", ["/indbakke?vis=teamet", "/sag/ny", "/enhed", "/om-modellen", "/datakatalog"]),
        ("tove", ["/statistik", "/enhed", "/om-modellen"]),
        ("dan", ["/om-modellen", "/datakatalog"]),
        ("dorte", ["/indbakke", "/statistik", "/om-modellen"]),
        ("ada", ["/enhed", "/datakatalog"]),
    ],
)
def test_no_page_has_an_accessibility_fault_or_scrolls_sideways(
    served: Served,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    username: str,
    paths: list[str],
) -> None:
    page = open_page(viewport=DESKTOP)
    sign_in(page, served, username)
    for path in paths:
        answer = page.goto(served.url + path)
        assert answer is not None
        assert answer.status == 200, path
        assert axe(page) == [], path
        for viewport in (DESKTOP, PHONE):
            page.set_viewport_size(viewport)
            assert no_sideways_scroll(page), path


def test_the_pages_of_a_finished_case_have_no_accessibility_fault(
    served: Served, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = open_page(viewport=DESKTOP)
    sign_in(page, served, "alma")
    case_id = a_planned_case(served)
    shown = file_of(served, case_id).suggestion
    assert shown is not None
    for path in ("", "/grundlag", "/kvittering", "/ret", "/planlaegning", f"/som-vist/{shown.id}"):
        page.goto(f"{served.url}/sag/{case_id}{path}")
        assert axe(page) == [], path


def test_the_stop_button_takes_effect_on_the_next_request(
    served: Served, open_page: Callable[..., Page]
) -> None:
    lead, caseworker = open_page(viewport=DESKTOP), open_page(viewport=DESKTOP)
    sign_in(lead, served, "tove")
    sign_in(caseworker, served, "alma")
    case_id = a_fresh_case(served, "stopped")
    read_for(served, case_id)
    caseworker.goto(f"{served.url}/sag/{case_id}")
    lead.goto(f"{served.url}/enhed")
    lead.get_by_label("Hvorfor?").fill("Vi øver os i at bruge stopknappen.")
    lead.get_by_role("button", name="Slå grundlag fra nu").click()
    lead.wait_for_url("**/enhed*")
    expect(lead.get_by_role("button", name="Slå grundlag fra nu")).to_have_count(0)
    judge(caseworker, "basal")
    shown = file_of(served, case_id).suggestion
    assert shown is not None
    assert (shown.outcome, shown.reason) == ("withheld", "stopped")


def test_it_can_be_prepared_just_after_midnight(demo_home: Path) -> None:
    """The plans of the day have not arrived then; they are read, and wait for their hour."""
    made = demo_home / "synthetic"
    midnight = datetime.combine(as_of(made), time(0, 5), COPENHAGEN)

    plans = read_plans(made, midnight)

    assert len(plans) == len(list((made / "referrals").glob("*.json")))
    assert max(plan.referral.received_on for plan in plans) == as_of(made)
