"""The parts themselves: each is there, and each can fail."""

from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import create_engine, text

from tests.parts.browser import Complaints
from tests.parts.needs import demand


def test_a_missing_part_is_a_skip_on_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception):
        demand("a part", present=False)


def test_a_missing_part_is_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception):
        demand("a part", present=False)


def test_the_browser_is_danish(page: Page) -> None:
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")

    assert (page.evaluate("navigator.language"), zone) == ("da-DK", "Europe/Copenhagen")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("<script>console.error('paa konsollen')</script>", "paa konsollen"),
        ("<script>throw new Error('i et script')</script>", "i et script"),
        ("<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\"><img src=/a.png>", "img-src"),
    ],
    ids=["console", "script", "policy"],
)
def test_a_page_that_complains_is_noticed(browser: Browser, content: str, word: str) -> None:
    heard = Complaints()
    page = browser.new_page()
    heard.watch(page)

    page.route("**/*", lambda route: route.fulfill(body=content, content_type="text/html"))
    page.goto("http://skoen.invalid/")
    page.wait_for_timeout(100)
    page.close()

    assert word in " ".join(heard.all())


def test_a_refused_page_is_no_complaint(page: Page, complaints: Complaints) -> None:
    page.route("**/*", lambda route: route.fulfill(status=422, body="nej", content_type="text/html"))

    page.goto("http://skoen.invalid/")

    assert complaints.all() == []


def test_axe_finds_a_picture_without_words(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.set_content("<html lang=da><title>t</title><main><h1>h</h1><img src='data:,'></main></html>")

    assert [fault.split(" ")[0] for fault in axe(page)] == ["image-alt"]


def test_each_test_has_a_database_of_its_own(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine (id int)"))
        assert connection.execute(text("SELECT count(*) FROM mine")).scalar() == 0
    engine.dispose()


def test_the_database_is_the_version_we_pinned(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        assert connection.info.server_version // 10000 == 18
