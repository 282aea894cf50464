"""Small things that would become large: each is refused quickly, and the process stays as small as it was."""

import gzip
import json
import resource
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from service import passwords
from service.web.security import LARGEST_FORM
from tests.builders import a_case
from tests.cast import NOW, Cast
from tests.parts.web import Visitor
from tests.rows import rows

Visit = Callable[[str], Visitor]
MEGABYTE = 1024 * 1024
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FULL = LARGEST_FORM - 200


def in_json(value: str) -> bytes:
    """A judgement with something monstrous in it."""
    said = {"choice": "basal", "confidence": "sikker", "read_version": 1, "opened_at": NOW.isoformat()}
    return (json.dumps(said)[:-1] + ', "key": ' + value + "}").encode()


def parts(count: int) -> bytes:
    """A multipart form of many small parts."""
    return b"".join(
        b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n' % n for n in range(count)
    )


SOON = 10.0
"""Seconds of work: far above what a refusal takes (at most one), far below what grows with the square."""
BOMBS: dict[str, tuple[str, str, bytes]] = {
    "deep lists": ("api", JSON, in_json("[" * (FULL // 2) + "]" * (FULL // 2))),
    "deep maps": ("api", JSON, in_json('{"a":' * (FULL // 6) + "1" + "}" * (FULL // 6))),
    "a number of a million digits": ("api", JSON, in_json("9" * FULL)),
    "a number too large to be one": ("api", JSON, in_json("1e999999999")),
    "a hundred thousand names": (
        "api", JSON, in_json("{" + ",".join(f'"{n:x}":1' for n in range(FULL // 12)) + "}")
    ),
    "packed zeros": ("api", JSON, gzip.compress(b" " * 100 * MEGABYTE)),
    "more than a form may be": ("form", FORM, b"x=" + b"y" * LARGEST_FORM),
    "half a million fields": ("form", FORM, b"&".join(b"%x=" % n for n in range(FULL // 8))),
    "one field half a million times": ("form", FORM, b"valg&" * (FULL // 5)),
    "percent signs without end": ("form", FORM, b"tekst=" + b"%e2%80%ae" * (FULL // 9)),
    "a form in many parts": ("form", "multipart/form-data; boundary=x", parts(15_000) + b"--x--\r\n"),
    "a part without end": (
        "form", "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="' + b"a" * FULL,
    ),
    "a boundary like all others": (
        "form", "multipart/form-data; boundary=" + "-" * 70, (b"-" * 71 + b"\r\n") * (FULL // 73)
    ),
}  # fmt: skip


def peak() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_soon_and_leaves_nothing(
    name: str, engine: Engine, cast: Cast, visit: Visit
) -> None:
    case_id, alma = a_case(engine).id, visit("alma")
    where, kind, body = BOMBS[name]
    token = alma.client.get("/api/v1/adgang").json["csrf_token"]  # type: ignore[index]
    path = f"/api/v1/sager/{case_id}/vurdering" if where == "api" else f"/sag/{case_id}/vurdering"
    headers = {"X-CSRF-Token": token, "Content-Encoding": "gzip" if name.startswith("packed") else "identity"}
    before, small, began = rows(engine), peak(), time.process_time()
    answer = alma.client.post(path, data=body, content_type=kind, headers=headers)
    seconds, grown = time.process_time() - began, peak() - small

    assert 400 <= answer.status_code < 500
    assert seconds < SOON
    assert grown < 50 * MEGABYTE
    assert rows(engine) == before


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get(
            "/indbakke", headers={"Cookie": "; ".join(f"c{n}={n}" for n in range(9000))}
        ),
        lambda client: client.get("/indbakke?" + "&".join(f"side={n}" for n in range(9000))),
        lambda client: client.get("/indbakke", headers={"Accept-Language": "da;q=0.1," * 9000}),
        lambda client: client.get("/static/css/base.css", headers={"Range": "bytes=" + "0-," * 9000}),
        lambda client: client.get("/" + "%2e%2e/" * 9000),
    ],
    ids=["cookies", "parameters", "languages", "ranges", "steps up"],
)
def test_a_head_full_of_everything_is_answered_at_once(
    ask: Callable[[Any], TestResponse], app: Flask, engine: Engine, cast: Cast
) -> None:
    began = time.process_time()
    answer = ask(app.test_client())

    assert answer.status_code < 500
    assert time.process_time() - began < 1


def test_a_password_of_a_million_letters_costs_no_more_than_another() -> None:
    """Also of letters that a normal form would multiply."""
    for password in (
        "x" * LARGEST_FORM,
        "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * (LARGEST_FORM // 3),
    ):
        began = time.process_time()
        assert not passwords.is_password(passwords.NOBODYS, password)
        assert time.process_time() - began < 1
