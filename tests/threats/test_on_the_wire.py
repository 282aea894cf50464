"""What can be tried from outside before anything of ours is asked, on the server as it really runs."""

import json
import re
import socket
import statistics
import time
from contextlib import suppress

import pytest
from sqlmodel import func, select

from service.database import reading
from service.tables.log import LogEntry
from service.throttle import PER_ACCOUNT
from tests.parts.gunicorn import PASSWORD, Front, read_all
from tests.parts.size import sized
from tests.threats.ambiguous import AMBIGUOUS, HIDDEN

STATUS = re.compile(rb"HTTP/1\.\d (\d{3}) ")
TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
COOKIE = re.compile(rb"Set-Cookie: (skoen=[^;]+)")
CANARY = "7102779995"


def statuses(answer: bytes) -> list[int]:
    """The status of every answer in what came back."""
    return [int(status) for status in STATUS.findall(answer)]


@pytest.mark.parametrize("request_", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_an_ambiguous_request_is_refused_and_nothing_after_it_is_read(front: Front, request_: bytes) -> None:
    found = statuses(front.send(request_ + HIDDEN))

    assert len(found) == 1
    assert 400 <= found[0] < 500


def test_two_plain_requests_on_one_connection_are_both_answered(front: Front) -> None:
    """The refusals above are for what is wrong in the requests, not for what follows."""
    form = b"POST /findes-ikke HTTP/1.1\r\nHost: localhost\r\nContent-Length: 46\r\n\r\n" + b"x" * 46

    assert statuses(front.send(HIDDEN + HIDDEN)) == [200, 200]
    assert statuses(front.send(form + HIDDEN)) == [404, 200]


@pytest.mark.parametrize(
    "line",
    [
        "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Ssl: on",
        "X-Forwarded-Protocol: ssl", "X-Forwarded-Host: evil.example", "X-Forwarded-Port: 444",
        "X-Forwarded-Prefix: /evil", "Forwarded: for=203.0.113.9;host=evil.example;proto=https",
        "X-Real-Ip: 203.0.113.9", "X-Original-Url: /drift", "X-Rewrite-Url: /drift", "X-Host: evil.example",
        "X-Http-Method-Override: POST", "SCRIPT_NAME: /log", "PATH_INFO: /drift", "REMOTE_ADDR: 203.0.113.9",
        "REMOTE_USER: ada", "X-Remote-User: ada", "Front-End-Https: on",
    ],
    ids=lambda line: line.partition(":")[0],
)  # fmt: skip
def test_a_forged_header_changes_nothing(front: Front, line: str) -> None:
    cookie = front.cookie_of("alma")
    plain, forged = (front.get("/enhed", cookie, *more) for more in ((), (line,)))

    assert statuses(plain) == [200]
    assert lasting(forged) == lasting(plain)
    assert lasting(front.get("/drift", line)) == lasting(front.get("/drift"))


def lasting(answer: bytes) -> bytes:
    """An answer without what differs from one to the next."""
    return re.sub(rb'(?m)^(Date|Set-Cookie): .*$|value="[^"]{20,}"', b"", answer)


def test_an_unknown_host_is_refused_whoever_says_it(front: Front) -> None:
    asked = b"GET /log-ind HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\n\r\n"

    assert statuses(front.send(asked)) == [400]


def try_to_sign_in(front: Front, username: str, *headers: str, password: str = "forkert-kode") -> int:
    """Ask for the sign-in page and send its form; gives the status."""
    page = front.get("/log-ind")
    cookie, token = COOKIE.search(page), TOKEN.search(page)
    assert cookie is not None and token is not None
    body = b"csrf_token=%b&brugernavn=%b&adgangskode=%b" % (token[1], username.encode(), password.encode())
    lines = [
        "POST /log-ind HTTP/1.1", f"Host: 127.0.0.1:{front.port}", f"Cookie: {cookie[1].decode()}",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
        "Connection: close", *headers, "", "",
    ]  # fmt: skip
    return statuses(front.send("\r\n".join(lines).encode() + body))[0]


def evaluated(front: Front) -> int:
    """How many sign-ins were tried and failed, by the log."""
    with reading(front.engine) as session:
        counted = select(func.count()).where(LogEntry.event == "person:sign_in_failed")
        return session.exec(counted).one()


def guess(front: Front, tries: int) -> list[int]:
    """Guess at one account with one form over many connections at once; gives the statuses."""
    page = front.get("/log-ind")
    cookie, token = COOKIE.search(page), TOKEN.search(page)
    assert cookie is not None and token is not None
    body = b"csrf_token=%b&brugernavn=alma&adgangskode=forkert-kode" % token[1]
    head = (
        b"POST /log-ind HTTP/1.1\r\nHost: localhost\r\nCookie: %b\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
    ) % (cookie[1], len(body))
    found = []
    for start in range(0, tries, 50):
        connections = [front.connect() for _ in range(start, min(start + 50, tries))]
        for connection in connections:
            connection.sendall(head + body)
        for connection in connections:
            with connection:
                found += statuses(read_all(connection))
    return found


@pytest.mark.requirement("G-05", "G-28")
def test_of_many_guesses_ten_are_evaluated_whichever_process_they_reach(front: Front) -> None:
    tries = sized(100, 1000)
    answers = guess(front, tries)

    assert len(answers) == tries
    assert answers.count(401) == evaluated(front) == PER_ACCOUNT == 10
    assert answers.count(429) == tries - PER_ACCOUNT
    assert try_to_sign_in(front, "alma", password=PASSWORD) == 429


POST = b"POST /log-ind HTTP/1.1\r\nHost: localhost\r\n"
SLOW = {
    "nothing": (200, b""),
    "head": (200, b"GET /log-ind HTTP/1.1\r\nHost: localhost\r\nX-A: "),
    "body": (200, POST + b"Content-Length: 100000\r\n\r\na="),
    "reading": (200, b"GET /static/vendor/dkfds/css/dkfds.min.css HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    "a body that was refused": (40, POST + b"Content-Length: 2000000\r\n\r\na="),
}
"""How many clients stop after sending what; the last ones are all answered first, so they are fewer."""


@pytest.mark.parametrize("slow_at", SLOW)
def test_two_hundred_slow_clients_keep_nobody_waiting(front: Front, slow_at: str) -> None:
    count, sent = SLOW[slow_at]
    slow = []
    for _ in range(count):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect(("127.0.0.1", front.port))
        connection.sendall(sent)
        slow.append(connection)
    waited = []
    for _ in range(20):
        before = time.monotonic()
        assert statuses(front.get("/log-ind")) == [200]
        waited.append(time.monotonic() - before)
    for connection in slow:
        connection.close()

    assert statistics.quantiles(waited, n=20)[-1] < 2


def test_large_forms_that_never_end_give_way_to_small_ones(front: Front) -> None:
    """Together they would fill the memory; the largest goes first, and nobody else notices."""
    large = [front.connect() for _ in range(160)]
    for connection in large:
        with suppress(OSError):
            connection.sendall(POST + b"Content-Length: 1000000\r\n\r\n" + b"x" * 999_000)
    closed: set[int] = set()
    until = time.monotonic() + 20
    while len(closed) < 160 - 2 * 65 and time.monotonic() < until:
        closed |= {number for number, connection in enumerate(large) if is_closed(connection)}
    answer = statuses(front.get("/log-ind"))
    for connection in large:
        connection.close()

    assert answer == [200]
    assert 160 - 2 * 65 <= len(closed) < 160


def is_closed(connection: socket.socket) -> bool:
    """Whether the other end has closed."""
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_what_cannot_be_read_is_not_written_down(front: Front) -> None:
    """A form that is cut in two arrives as a request line; it may hold anything."""
    front.send(f"navn=Agnes+Prøve&cpr={CANARY} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    front.send(f"GET /sag/{CANARY} HTTP/1.1\r\nHost: localhost\r\nCpr: {CANARY} Agnes\x00\r\n\r\n".encode())
    front.get(f"/sag/{CANARY}?navn=Agnes", f"Referer: http://localhost/?cpr={CANARY}")
    said = front.said.read_text(encoding="utf-8")

    assert "Invalid request" in said
    assert CANARY not in said
    assert "Agnes" not in said
    assert all(json.loads(line)["event"] for line in said.splitlines() if line.startswith("{"))
