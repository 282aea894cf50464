"""A caseworker at her browser: signs in, judges and decides through the real pages, and never gives up.

A form that got no answer, or the answer that nothing could be saved, is sent again as it was: that is the
double click after a crash, and the same key must lead to one decision.
"""

import http.client
import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from urllib.parse import urlencode

from service.clock import utc_now
from tests.builders import READ
from tests.soak.installation import PASSWORD

HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')
HEADINGS = (
    "Det kunne ikke gemmes", "Det er uvist, om det blev gemt", "Der kan ikke gemmes lige nu",
    "Siden kan ikke vises lige nu",
)  # fmt: skip
"""The plain pages that stand over a 503."""
PATIENCE = 90.0
"""Seconds that a caseworker goes on trying one step."""
PAUSE = 0.02
SIGN_IN_EVERY, TWICE = 20, 0.1
"""After how many cases she signs in anew, and how often the button is pressed twice."""


@dataclass(frozen=True)
class Answer:
    """An answer of the service; without one, `status` is 0."""

    status: int
    location: str = ""
    page: str = ""
    retry_after: str = ""

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page."""
        return dict(HIDDEN.findall(self.page))

    @property
    def words(self) -> str:
        """The end of what the page says."""
        return re.sub(r"<[^>]+>|\s+", " ", self.page)[-600:]

    @property
    def is_plain(self) -> bool:
        """Whether a 503 is the plain Danish page and says when to try again."""
        named = any(f"<h1>{heading}</h1>" in self.page for heading in HEADINGS)
        return named and '<html lang="da">' in self.page and self.retry_after.isdigit()


@dataclass
class Book:
    """What a caseworker wrote down: decisions she saw acknowledged, and every answer that was none.

    `acknowledged` maps the key of a decision to its case, `seconds` to how long that took; `resent` maps a
    key whose first sending got no answer to the instant of its last. `statuses` counts answers, 0 for none.
    """

    acknowledged: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    resent: dict[str, datetime] = field(default_factory=dict)
    clicked_twice: int = 0
    statuses: Counter[int] = field(default_factory=Counter)


class Browser:
    """One person's browser: a cookie, the token of the last page, and one connection for each request."""

    def __init__(self, port: int, timeout: float = 60.0) -> None:
        self.port, self.timeout = port, timeout
        self.cookie = self.token = ""

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode({**form, "csrf_token": self.token}))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        headers = {"Sec-Fetch-Site": "same-origin", "Connection": "close", "Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            raw = connection.getresponse()
            page = raw.read().decode()
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            connection.close()
        return self._seen(raw, page)

    def _seen(self, raw: http.client.HTTPResponse, page: str) -> Answer:
        cookie = raw.getheader("Set-Cookie", "")
        if cookie:
            self.cookie = cookie.partition(";")[0]
        answer = Answer(raw.status, raw.getheader("Location", ""), page, raw.getheader("Retry-After", ""))
        if raw.status == 200:
            self.token = answer.hidden.get("csrf_token", self.token)
        return answer


class Caseworker:
    """Somebody of the cast at work."""

    def __init__(self, username: str, port: int, chance: Random) -> None:
        self.username, self.chance = username, chance
        self.browser, self.book = Browser(port), Book()

    def sign_in(self) -> None:
        """Sign in on the sign-in page; a page that has grown old is opened again."""
        entered = {"brugernavn": self.username, "adgangskode": PASSWORD}
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.insist("GET", "/log-ind", None, 200)
            answer = self.browser.post("/log-ind", entered)
            self.book.statuses[answer.status] += 1
            if answer.status == 303:
                return
            if answer.status not in (0, 400, 503):
                raise AssertionError(f"{self.username} could not sign in: {answer.status} {answer.words}")
        raise TimeoutError(f"{self.username} could not sign in")

    def work(self, case_ids: Iterable[str]) -> None:
        """One case after the other, from opening to decision; after a while she signs in anew."""
        for number, case_id in enumerate(case_ids):
            if number % SIGN_IN_EVERY == 0:
                self.sign_in()
            self.judge(case_id)
            self.decide(case_id)

    def judge(self, case_id: str) -> None:
        """Read the plan and judge for herself."""
        page = self.insist("GET", f"/sag/{case_id}", None, 200)
        said = {"valg": self.chance.choice(("basal", "avanceret")), "sikkerhed": "sikker"}
        read = {f"oplysning.{name}": value for name, value in READ.items()}
        self.insist("POST", f"/sag/{case_id}/vurdering", {**page.hidden, **read, **said}, 303)

    def decide(self, case_id: str) -> None:
        """Decide until it is acknowledged; now and then press the button twice."""
        form = self.decision_form(case_id)
        self.send_decision(case_id, form)
        if self.chance.random() < TWICE:
            self.send_decision(case_id, form)
            self.book.clicked_twice += 1

    def decision_form(self, case_id: str) -> dict[str, str]:
        """The form of the page after the judgement, filled in."""
        page = self.insist("GET", f"/sag/{case_id}/grundlag", None, 200)
        return {"choice": "basal", "reason_code": "funktion_nu", "key": page.hidden["key"]}

    def send_decision(self, case_id: str, form: dict[str, str]) -> None:
        """Send the form until it is acknowledged, and write that down."""
        began = time.monotonic()
        self.insist("POST", f"/sag/{case_id}/beslutning", form, 303)
        self.book.acknowledged[form["key"]] = case_id
        self.book.seconds.setdefault(form["key"], time.monotonic() - began)

    def try_decision(self, case_id: str, form: dict[str, str]) -> Answer:
        """Send the form once; an acknowledgement is written down."""
        answer = self.browser.post(f"/sag/{case_id}/beslutning", form)
        self.book.statuses[answer.status] += 1
        if answer.status == 303 and answer.location == f"/sag/{case_id}/planlaegning":
            self.book.acknowledged[form["key"]] = case_id
        return answer

    def insist(self, method: str, path: str, form: dict[str, str] | None, wanted: int) -> Answer:
        """Send again what was not answered or could not be saved. Any other answer raises AssertionError."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answer = self.browser.get(path) if form is None else self.browser.post(path, form)
            self.book.statuses[answer.status] += 1
            if answer.status == wanted and "/log-ind" not in answer.location:
                return answer
            if answer.status not in (0, 503) or (answer.status == 503 and not answer.is_plain):
                what = f"{answer.status} {answer.location} {answer.words}"
                raise AssertionError(f"{self.username} {method} {path}: {what}")
            time.sleep(PAUSE)
            if form is not None and "key" in form:
                self.book.resent[form["key"]] = utc_now()
        raise TimeoutError(f"{self.username} {method} {path}: no answer in {PATIENCE:.0f} s")
