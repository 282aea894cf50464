"""While the self-test has a fault nothing is written, every page says why, and it opens again by itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import Rule

from service.app import create_app
from service.tables.append_only import protect
from service.web.errors import RETRY_AFTER
from service.web.guard import OPEN
from tests.answered import an_answered_case
from tests.builders import a_case
from tests.cast import NOW, Cast
from tests.house.test_routes import path_of
from tests.parts.fitness import content_of, pass_time
from tests.parts.web import Clock, Visitor

Visit = Callable[[str], Visitor]

REASON = "Værnet mod, at gemte oplysninger ændres, mangler i databasen."
SAFE = {"GET", "HEAD", "OPTIONS"}
READABLE = ["/indbakke", "/indbakke?vis=team", "/om-modellen", "/datakatalog", "/enhed", "/sag/ny"]


@pytest.fixture
def break_it(app: Flask, engine: Engine) -> Callable[[], None]:
    """Takes a trigger down, and lets the time pass until it must have been noticed."""

    def take_down() -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER decisions_append_only_update")
        pass_time(app)

    return take_down


@pytest.fixture
def mend_it(app: Flask, engine: Engine) -> Callable[[], None]:
    """Puts the triggers back, and lets the same time pass."""

    def put_back() -> None:
        with engine.begin() as connection:
            protect(connection)
        pass_time(app)

    return put_back


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route of ours with each of its methods."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OPEN:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def test_nothing_is_written_on_any_route_whoever_asks(
    app: Flask, engine: Engine, cast: Cast, visit: Visit, break_it: Callable[[], None], clock: Clock
) -> None:
    case_id = an_answered_case(engine, cast).id
    visitors = [visit(name) for name in ("alma", "tove", "dan", "dorte", "ada")]
    stranger = Visitor(app.test_client())
    break_it()
    before = content_of(engine)
    clock.at = NOW.replace(minute=5)  # late enough for a session's last use to be noted

    for rule, method in rules(app):
        for visitor in (*visitors, stranger):
            answer = visitor.client.open(path_of(rule, case_id), method=method, data={"x": "y"})
            if method not in SAFE:
                assert answer.status_code == 503, (method, rule.rule)
                said = answer.json["error"] if answer.is_json else answer.text
                assert REASON in said, (method, rule.rule)
                assert answer.headers["Retry-After"] == RETRY_AFTER

    assert content_of(engine) == before


def test_no_page_about_a_citizen_is_shown(
    app: Flask, engine: Engine, cast: Cast, visit: Visit, break_it: Callable[[], None]
) -> None:
    case_id, alma = an_answered_case(engine, cast).id, visit("alma")
    break_it()

    asked = 0
    for rule, method in rules(app):
        if method != "GET" or "case_id" not in rule.arguments:
            continue
        answer = alma.get(path_of(rule, case_id))
        # 404: what the path names beside the case is not there; 403: an auditor's page, see test_oversight
        assert answer.status_code in (403, 404, 503), rule.rule
        assert "Agnes" not in answer.text, rule.rule
        asked += answer.status_code == 503
    assert asked >= 5


def test_a_case_that_cannot_be_opened_says_why_and_where_one_can_go(
    engine: Engine, visit: Visit, break_it: Callable[[], None]
) -> None:
    case_id, alma = a_case(engine).id, visit("alma")
    break_it()

    answer = alma.get(f"/sag/{case_id}")

    assert answer.status_code == 503
    assert "Siden kan ikke vises lige nu" in answer.text
    assert "Skøn skriver ned, hver gang nogen åbner en sag" in answer.text
    assert '<li><a href="/indbakke">Indbakke</a></li>' in answer.text
    assert '<li><a href="/statistik">' not in answer.text


@pytest.mark.parametrize("path", READABLE)
def test_a_page_that_writes_nothing_is_shown_under_a_notice(
    path: str, engine: Engine, visit: Visit, break_it: Callable[[], None]
) -> None:
    a_case(engine)
    alma = visit("alma")
    break_it()

    answer = alma.get(path)

    assert answer.status_code == 200
    assert "Der kan ikke gemmes lige nu." in answer.text
    assert REASON in answer.text


@pytest.mark.parametrize("path", READABLE)
def test_there_is_no_notice_while_all_is_well(path: str, visit: Visit) -> None:
    assert "kan ikke gemmes lige nu" not in visit("alma").get(path).text


def test_statistics_are_an_entry_and_so_are_not_shown(visit: Visit, break_it: Callable[[], None]) -> None:
    tove = visit("tove")
    break_it()

    assert tove.get("/statistik").status_code == 503


def test_what_was_typed_is_kept_and_can_be_sent_when_it_is_mended(
    engine: Engine, visit: Visit, break_it: Callable[[], None], mend_it: Callable[[], None]
) -> None:
    tove = visit("tove")
    tove.get("/enhed")
    break_it()
    refused = tove.post("/enhed/stop", {"begrundelse": "Vi vil se på det."})
    mend_it()
    sent = tove.post("/enhed/stop", {"begrundelse": "Vi vil se på det."})

    assert refused.status_code == 503
    assert '<input type="hidden" name="begrundelse" value="Vi vil se på det.">' in refused.text
    assert "Send igen" in refused.text
    assert sent.status_code == 303
    assert "»Vi vil se på det.«" in tove.get("/enhed").text


def test_a_strangers_form_is_not_kept(visit: Visit, break_it: Callable[[], None]) -> None:
    alma = visit("alma")
    break_it()

    answer = alma.post("/enhed/stop", {"begrundelse": "x"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert "Send igen" not in answer.text


def test_a_program_is_told_in_one_sentence(
    engine: Engine, visit: Visit, break_it: Callable[[], None]
) -> None:
    case_id, alma = a_case(engine).id, visit("alma")
    break_it()

    answer = alma.get(f"/api/v1/sager/{case_id}/oplysninger")

    assert answer.status_code == 503
    assert answer.json == {"error": f"Der kan ikke gemmes lige nu. {REASON} Intet er gemt."}


def test_nobody_can_sign_in_and_the_page_says_so(app: Flask, break_it: Callable[[], None]) -> None:
    stranger = Visitor(app.test_client())
    break_it()

    form = stranger.get("/log-ind")
    answer = stranger.post("/log-ind", {"brugernavn": "alma", "adgangskode": "skoen-demo"})

    assert form.status_code == 200
    assert REASON in form.text
    assert "Set-Cookie" not in form.headers
    assert answer.status_code == 503
    assert "Ingen kan logge ind lige nu" in answer.text
    assert "skoen-demo" not in answer.text


def test_what_the_sign_in_page_carried_is_not_lost(app: Flask, break_it: Callable[[], None]) -> None:
    stranger = Visitor(app.test_client())
    break_it()

    answer = stranger.post("/log-ind", {"skrevet.sti": "/enhed/stop", "skrevet.felt.begrundelse": "Fordi"})

    assert '<input type="hidden" name="begrundelse" value="Fordi">' in answer.text


def test_signing_out_empties_the_browser_though_it_cannot_be_noted(
    app: Flask, engine: Engine, visit: Visit, break_it: Callable[[], None]
) -> None:
    alma = visit("alma")
    alma.get("/indbakke")
    break_it()
    before = content_of(engine)

    answer = alma.post("/log-ud")

    assert answer.status_code == 503
    assert "Du er logget ud i denne browser" in answer.text
    assert alma.client.get_cookie("skoen") is None
    assert alma.get("/indbakke").status_code == 303
    assert content_of(engine) == before


def test_another_site_signs_nobody_out(visit: Visit, break_it: Callable[[], None]) -> None:
    alma = visit("alma")
    break_it()

    alma.post("/log-ud", headers={"Sec-Fetch-Site": "cross-site"})

    assert alma.get("/indbakke").status_code == 200


def test_whoever_watches_from_outside_is_told_in_codes(
    app: Flask, break_it: Callable[[], None], mend_it: Callable[[], None]
) -> None:
    client = app.test_client()
    Path(app.extensions["skoen"].engine.url.database).chmod(0o600)
    pass_time(app)
    well = client.get("/sundhed")
    break_it()
    unfit = client.get("/sundhed")
    mend_it()
    again = client.get("/sundhed")

    assert (well.status_code, well.json) == (200, {"status": "ok", "warnings": ["signer"]})
    assert unfit.status_code == 503
    assert unfit.json == {"status": "read_only", "faults": ["triggers"], "warnings": ["signer"]}
    assert again.status_code == 200


def test_a_database_that_does_not_answer_is_told_in_codes_too(app: Flask, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE log_heads RENAME TO gone")

    answer = app.test_client().get("/sundhed")

    assert (answer.status_code, answer.json) == (503, {"status": "unavailable"})


def test_a_process_starts_on_an_unfit_installation_and_tells_why(
    app: Flask, engine: Engine, visit: Visit, tmp_path: Path
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER decisions_append_only_update")
    settings = app.extensions["skoen"].settings
    Path(settings.keystore_url.removeprefix("sqlite:///")).unlink()

    started = create_app(settings, lambda: NOW)

    answer = started.test_client().get("/sundhed")
    assert answer.json["faults"] == ["keystore", "triggers"]
