"""Somebody who goes through the house by HTTP, and keeps all that came back but the pages' own words."""

import re
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode, urlsplit

from tests.parts.markup import forms

ADDRESS = re.compile(r'(?:href|src|action|formaction)="([^"]*)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Walker:
    """One person's browser. `kept` holds status lines, headers, and the addresses that stand on pages."""

    def __init__(self, url: str) -> None:
        self.place = urlsplit(url).netloc
        self.cookie = ""
        self.page = ""
        self.kept: list[str] = []
        self.statuses: list[int] = []

    def get(self, path: str) -> str:
        """Open a page, following where it leads."""
        return self._ask("GET", path, None)

    def send(self, path: str, **said: str) -> str:
        """Send the form on the page that goes to this path, with what was said in its fields."""
        fields = next(fields for action, fields in forms(self.page) if action == path)
        hidden = {name: value for name, value in HIDDEN.findall(self.page) if name in fields}
        token = TOKEN.search(self.page)
        assert token is not None
        return self._ask("POST", path, urlencode({**hidden, "csrf_token": token[1], **said}))

    def sign_in(self, username: str, password: str) -> None:
        """Through the door."""
        self.get("/log-ind")
        self.send("/log-ind", brugernavn=username, adgangskode=password)
        assert "Log ud" in self.page

    def _ask(self, method: str, path: str, body: str | None, steps: int = 0) -> str:
        connection = HTTPConnection(self.place, timeout=30)
        headers = {"Cookie": self.cookie, "Referer": f"http://{self.place}/", "Sec-Fetch-Site": "same-origin"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = self._keep(answer)
        connection.close()
        onward = answer.getheader("Location")
        if onward and answer.status == 303 and steps < 5:
            return self._ask("GET", onward, None, steps + 1)
        self.page = text
        return text

    def _keep(self, answer: HTTPResponse) -> str:
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookie = value.partition(";")[0]
        self.statuses.append(answer.status)
        self.kept += [f"{answer.status} {answer.reason} {answer.headers}", *ADDRESS.findall(text)]
        return text
