"""No text becomes part of a statement: 200 ways to try, where text reaches the database, on both engines."""

from collections.abc import Callable, Generator
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import Engine, inspect
from werkzeug.test import TestResponse

from service import passwords
from service.database import reading, upgrade
from service.tables import METADATA
from tests.answered import an_answered_case
from tests.builders import READ, a_case
from tests.cast import NOW, Cast, gather
from tests.parts.size import sized
from tests.parts.vaults import sealed_engine
from tests.parts.web import Visitor
from tests.rows import rows
from tests.threats.payloads import INJECTIONS
from tests.threats.secrets import secrets_of

Visit = Callable[[str], Visitor]
Ask = Callable[[str], TestResponse]
NOTHING_SPECIAL = "findes ikke"
REFUSED = (400, 404, 409, 422)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each of the two databases in turn, with the tables and nobody in it."""
    if request.param == "postgresql":
        made = sealed_engine(request.getfixturevalue("postgres_url"))
    else:
        made = sealed_engine(f"sqlite:///{request.getfixturevalue('tmp_path') / 'skoen.db'}")
    request.addfinalizer(made.dispose)
    upgrade(made)
    return made


@pytest.fixture
def cast(engine: Engine) -> Cast:
    """The cast, gathered in it."""
    return gather(engine)


def ways(visit: Visit, case_id: str) -> dict[str, Ask]:
    """Every way in which a text from outside reaches the database; each asks once."""
    alma, tove = visit("alma"), visit("tove")
    token = {"X-CSRF-Token": alma.client.get("/api/v1/adgang").json["csrf_token"]}  # type: ignore[index]

    def search(text: str) -> TestResponse:
        alma.post("/indbakke/soegning", {"soegning": text})
        return alma.get("/indbakke")

    def judge(text: str) -> TestResponse:
        said = {"choice": text, "confidence": text, "read_version": 1, "answers": READ, "key": text,
                "opened_at": NOW.isoformat()}  # fmt: skip
        return alma.client.post(f"/api/v1/sager/{case_id}/vurdering", json=said, headers=token)

    def decide(text: str) -> TestResponse:
        said = dict.fromkeys(("choice", "reason_code", "second_reason_code", "text", "key"), text)
        return alma.post(f"/sag/{case_id}/beslutning", said)

    return {
        "case": lambda text: alma.get(f"/sag/{quote(text, safe='')}"),
        "shown": lambda text: alma.get(f"/sag/{case_id}/som-vist/{quote(text, safe='')}"),
        "advice": lambda text: alma.post(f"/sag/{case_id}/sparring/{quote(text)}/svar", {"tekst": "y"}),
        "list": lambda text: alma.get(f"/indbakke?vis={quote(text)}&side={quote(text)}"),
        "statistics": lambda text: tove.get(f"/statistik?periode={quote(text)}&sagstype={quote(text)}"),
        "fact": lambda text: alma.post(f"/sag/{case_id}/fejl-i-oplysning", {"oplysning": text, "note": "x"}),
        "purpose": lambda text: alma.post(f"/sag/{case_id}/formaal", {"formaal": text}),
        "judge": judge,
        "decide": decide,
        "search": search,
    }  # fmt: skip


@pytest.fixture
def closed(app: Flask) -> Generator[None]:
    """The application has connections of its own; PostgreSQL would miss the goodbye."""
    yield
    app.extensions["skoen"].engine.dispose()


@pytest.mark.usefixtures("closed")
def test_no_text_changes_what_is_asked_of_the_database(engine: Engine, cast: Cast, visit: Visit) -> None:
    case_id = an_answered_case(engine, cast).id
    a_case(engine, request_id="elsewhere", unit_name="Træning Syd")
    asking, secrets = ways(visit, case_id), secrets_of(engine)
    usual = {name: ask(NOTHING_SPECIAL) for name, ask in asking.items()}
    before = steps(engine)
    for number, text in enumerate(INJECTIONS):
        by_turns = list(asking)[number % len(asking)]
        for name in sized(dict.fromkeys(("case", by_turns)), asking):
            answer = asking[name](text)
            assert answer.status_code in (usual[name].status_code, *REFUSED), (name, text)
            assert answer.text.count("<tr") <= usual[name].text.count("<tr"), (name, text)
            assert [secret for secret in secrets if secret in answer.text] == [], (name, text)
        with reading(engine) as session:
            signs_in = passwords.credential_of(session, text.replace("\x00", ""))
        assert signs_in == (None, passwords.NOBODYS), text

    assert steps(engine) == before
    assert set(inspect(engine).get_table_names()) >= {table.name for table in METADATA.sorted_tables}


def steps(engine: Engine) -> dict[str, int]:
    """The rows of every table but the log of who looked, and the browsers' sessions."""
    looked = {"log_entries", "log_heads", "web_sessions"}
    return {table: count for table, count in rows(engine).items() if table not in looked}
