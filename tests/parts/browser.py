"""A browser that complains: an error on the console, in a script or against the CSP fails the test."""

import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from tests.parts.needs import demand

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    "--headless",
    "--no-sandbox",  # containers seldom let Chromium make its own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Reported by a script in the page, so that a violation is noticed even if Chromium words it anew.
WATCH_CSP = """addEventListener('securitypolicyviolation', event =>
    console.error(`CSP: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))"""


class Complaints:
    """What a page complained about, apart from the status of pages that the test itself opened."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []
        self._opened: set[str] = set()

    def watch(self, page: Page) -> None:
        """Listen to a page from its first request on."""
        page.add_init_script(WATCH_CSP)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._found.append((page.url, str(error))))
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._found.append((message.location["url"], message.text))

    def _on_response(self, response: Response) -> None:
        # A refused form answers 4xx on purpose; Chromium logs that as a failed resource.
        if response.status >= 400 and response.request.is_navigation_request():
            self._opened.add(response.url)

    def all(self) -> list[str]:
        """The complaints so far, as sentences with their address."""
        return [
            f"{text} ({url})"
            for url, text in self._found
            if not (url in self._opened and text.startswith("Failed to load resource"))
        ]


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    """One Chromium for the session (with xdist: one for each worker)."""
    chromium = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    demand("Chromium", chromium is not None)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def complaints() -> Complaints:
    """What the test's pages complained about; empty at the end, or the test fails."""
    return Complaints()


@pytest.fixture
def open_page(browser: Browser, complaints: Complaints) -> Generator[Callable[..., Page]]:
    """Opens a page in a context of its own: `open_page(java_script_enabled=False)` for a second person."""
    contexts = []

    def open_one(**options: Any) -> Page:
        danish = {"locale": "da-DK", "timezone_id": "Europe/Copenhagen", "reduced_motion": "reduce"}
        context = browser.new_context(**{**danish, **options})
        contexts.append(context)
        page = context.new_page()
        complaints.watch(page)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints.all() == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page of a fresh Danish visitor."""
    return open_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """`assert axe(page) == []`: the accessibility faults of the page as it stands, one line each."""
    demand("axe-core (make frontend)", AXE.exists())
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> list[str]:
        # evaluate, not a script tag: the page's CSP would rightly block the tag
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        # Whatever is no fault is left out: to describe every element in order takes longer than to find them.
        only_faults = {"resultTypes": ["violations"]}
        options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, **only_faults}
        result = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{fault['id']} ({fault['impact']}): {fault['help']}: {node['html'][:120]}"
            for fault in result["violations"]
            for node in fault["nodes"]
        ]

    return check
