"""When the database is away: a plain page, nobody is taken for a stranger, and nothing untrue is said."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.database import make_engine, reading
from service.errors import LogUnavailable
from service.log.vault import attach, vault_of
from service.tables.assessment import Assessment, Consultation
from service.tables.decision import Decision
from service.web.sessions import ServerSessions
from tests.answered import an_answered_case, rows
from tests.builders import a_case
from tests.cast import NOW, Cast
from tests.parts.web import Clock, Visitor

Visit = Callable[[str], Visitor]
SAID = {"choice": "basal", "reason_code": "borgerens_maal", "key": "k" * 32}


@contextmanager
def away(engine: Engine) -> Generator[None]:
    """Sessions cannot be read until the end of the block."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE web_sessions RENAME TO gone")
    yield
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO web_sessions")


@contextmanager
def locked(app: Flask, engine: Engine) -> Generator[None]:
    """Somebody else holds the database until the end of the block, and the service has little patience."""
    runtime = app.extensions["skoen"]
    url = engine.url.render_as_string(hide_password=False)
    impatient = attach(make_engine(url, busy_seconds=1), vault_of(engine))
    hasty = replace(runtime, engine=impatient)
    app.extensions["skoen"], app.session_interface = hasty, ServerSessions(hasty)
    with engine.begin():
        yield
    impatient.dispose()


@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "fetch"}], ids=["person", "script"])
def test_a_page_asked_for_while_the_database_is_away_is_no_sign_in(
    headers: dict[str, str], visit: Visit, engine: Engine
) -> None:
    alma = visit("alma")
    with away(engine):
        answer = alma.get("/indbakke", headers=headers)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Databasen svarer ikke lige nu." in (answer.json["error"] if headers else answer.text)
    assert alma.get("/indbakke").status_code == 200


def test_a_form_sent_while_the_database_is_away_is_sent_again_with_one_press(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case, alma = a_case(engine), visit("alma")
    alma.get(f"/sag/{case.id}")
    with away(engine):
        answer = alma.post(f"/sag/{case.id}/sparring", {"tekst": "Min egen tekst"})
    assert answer.status_code == 503
    assert "Log ind" not in answer.text
    assert "Min egen tekst" in answer.text
    assert rows(engine, Consultation) == 0

    again = alma.post(f"/sag/{case.id}/sparring", {"tekst": "Min egen tekst"})
    assert again.status_code == 303
    assert rows(engine, Consultation) == 1


def test_the_health_page_answers_whoever_watches(visit: Visit, engine: Engine) -> None:
    alma = visit("alma")
    with away(engine):
        assert alma.get("/sundhed").json["status"] == "ok"


def test_while_the_database_is_locked_what_is_read_goes_on(
    app: Flask, visit: Visit, engine: Engine, clock: Clock
) -> None:
    alma = visit("alma")
    clock.at += timedelta(minutes=5)  # so that the use of the session wants to be noted
    with locked(app, engine):
        assert alma.get("/indbakke").status_code == 200


def test_while_the_database_is_locked_nothing_is_decided_and_nothing_shown(
    app: Flask, visit: Visit, engine: Engine, cast: Cast
) -> None:
    case, alma = an_answered_case(engine, cast), visit("alma")
    alma.get(f"/sag/{case.id}/grundlag")
    with locked(app, engine):
        decided = alma.post(f"/sag/{case.id}/beslutning", SAID)
        shown = alma.get(f"/sag/{case.id}/grundlag")

    for answer in (decided, shown):
        assert answer.status_code == 503
        assert "Intet er gemt" in answer.text
        assert '<html lang="da">' in answer.text
        assert int(answer.headers["Retry-After"]) > 0
    assert "20 lignende sager" not in shown.text
    assert rows(engine, Decision) == 0
    assert alma.post(f"/sag/{case.id}/beslutning", SAID).status_code == 303


def test_what_was_stored_is_not_denied_because_the_session_could_not_be_kept(
    visit: Visit, engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    case, alma = an_answered_case(engine, cast), visit("alma")
    alma.get(f"/sag/{case.id}/grundlag")
    clock.at += timedelta(minutes=5)

    def full(*_: object) -> None:
        raise LogUnavailable

    monkeypatch.setattr(ServerSessions, "_save", full)
    answer = alma.post(f"/sag/{case.id}/beslutning", SAID)

    assert (answer.status_code, rows(engine, Decision)) == (303, 1)


@pytest.mark.parametrize("verb", ["_rotate", "_end"])
def test_beginning_and_ending_a_session_never_fail_unheard(
    verb: str, visit: Visit, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    alma = visit("alma")
    alma.get("/indbakke")

    def full(*_: object) -> None:
        raise LogUnavailable

    monkeypatch.setattr(ServerSessions, verb, full)
    monkeypatch.setattr("service.sign_in.sign_in", lambda *_, **__: cast.alma)
    answer = alma.post("/log-ind", {"brugernavn": "alma"}) if verb == "_rotate" else alma.post("/log-ud")

    assert answer.status_code == 503
    assert alma.get("/indbakke").status_code == 200


def test_a_page_opened_before_the_clock_was_set_back_can_still_be_judged(
    visit: Visit, engine: Engine, cast: Cast, clock: Clock
) -> None:
    case, alma = a_case(engine), visit("alma")
    clock.at = NOW + timedelta(minutes=20)
    page = alma.get(f"/sag/{case.id}").text
    clock.at = NOW
    hidden = dict(re.findall(r'<input type="hidden" name="(noegle|aabnet|version)" value="([^"]+)">', page))
    answer = alma.post(f"/sag/{case.id}/vurdering", {**hidden, "valg": "basal", "sikkerhed": "sikker"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sag/{case.id}/grundlag")
    with reading(engine) as session:
        assert session.exec(select(Assessment)).one().opened_at == NOW
