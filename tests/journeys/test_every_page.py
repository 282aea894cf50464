"""Every page there is, found from the routes: no accessibility fault, no complaint, no sideways scroll."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import Engine

from service.database import writing
from service.workflow import practice_room
from service.workflow.oversight import restricted_layer
from tests.answered import a_decision, an_answered_case
from tests.builders import a_case
from tests.cast import NOW, Cast
from tests.journeys.at_the_demo import suggestion_of
from tests.letters import a_letter
from tests.look_ups import a_month_of_look_ups, a_sample
from tests.parts.web import House
from tests.register import register_entries

NO_PAGES = {
    "static", "health.front", "health.health", "decision.journal", "decision.proof", "letter.pdf",
    "statistics.download", "oversight.verifier",
}  # fmt: skip
"""Routes that answer with something else than a page of ours."""


def paths_by_person(engine: Engine, cast: Cast) -> dict[str, list[str]]:
    """The address of every page, by who opens it, with cases in the state that the page is about."""
    new = a_case(engine, request_id="new").id
    answered = an_answered_case(engine, cast).id
    decided, returned = (an_answered_case(engine, cast, number=number) for number in (2, 3))
    a_decision(engine, decided, cast.alma)
    a_decision(engine, returned, cast.alma, choice="retur")
    a_letter(engine, decided, cast.alma)
    a_report(engine, new, "faldrisiko")
    shown = suggestion_of(engine, answered)
    a_month_of_look_ups(engine, cast)
    first, newest, breach = register_entries(engine, cast.dan)
    control = f"/logkontrol/{a_sample(engine, cast.dorte, wanted=20).id}"
    practised(engine, cast)
    return {
        A_CITIZEN: ["/borger/oplysninger", "/borger/brev", f"/borger/forkert?oplysning={RESTRICTION}"],
        "": ["/borger", "/log-ind", "/om-systemet", "/tilgaengelighed", "/findes-ikke"],
        "alma": [
            "/indbakke", "/indbakke?vis=team", "/sag/ny", f"/sag/{new}", f"/sag/{new}/sparring",
            f"/sag/{new}/fejl-i-oplysning?oplysning=restriktion", f"/sag/{answered}/grundlag",
            f"/sag/{answered}/ret", f"/sag/{answered}/som-vist/{shown}", f"/sag/{decided.id}/planlaegning",
            f"/sag/{decided.id}/kvittering", f"/sag/{decided.id}/brev", f"/sag/{decided.id}/brev/vis",
            f"/sag/{decided.id}/brev/vis?skrift=stor", f"/sag/{returned.id}/svar", f"/sag/{returned.id}",
            "/enhed", "/om-modellen", "/datakatalog", "/findes-ikke", "/statistik", "/mit-spejl",
            "/oevelsesrum", "/oevelsesrum/mobilitet", "/oevelsesrum/knae", "/oevelsesrum/samtalen", "/proeve",
            "/adgangsregler",
        ],
        "dan": ["/registre", f"/registre/{first}", f"/registre/{newest}", f"/registre/{breach}"],
        "tove": ["/statistik", "/enhed"],
        "ada": ["/drift", "/enhed"],
        "vera": ["/databeskyttelse", names_opened(engine, cast, decided.id)],
        "dorte": [
            f"/sag/{new}", "/indbakke", "/logkontrol", "/logkontrol/overblik", control, f"{control}/1",
            f"{control}/13", "/tilsyn", f"/tilsyn/sag/{decided.id}",
        ],
    }  # fmt: skip


def names_opened(engine: Engine, cast: Cast, case_id: str) -> str:
    """The page of the names of who looked at a case, which Vera asked for and Dorte opened."""
    with writing(engine) as session:
        asked = restricted_layer.ask(session, case_id, "klage", now=NOW, by=cast.vera).id
    with writing(engine) as session:
        restricted_layer.open_names(session, asked, now=NOW, by=cast.dorte)
    return f"/databeskyttelse/navne/{asked}"


def practised(engine: Engine, cast: Cast) -> None:
    """Alma has judged one exercise, and decided another."""
    for code in ("knae", "samtalen"):
        with writing(engine) as session:
            practice_room.judge(session, "genoptraening", code, "basal", now=NOW, by=cast.alma)
    with writing(engine) as session:
        practice_room.decide(session, "genoptraening", "samtalen", "basal", now=NOW, by=cast.alma)


def pages_of(app: Flask) -> set[str]:
    """The endpoints that answer a GET with a page."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/static/"))
    } - NO_PAGES


def endpoint_of(app: Flask, path: str) -> str | None:
    """The endpoint that an address belongs to, or None when there is none."""
    adapter = app.url_map.bind("localhost")
    address = path.partition("?")[0]
    return str(adapter.match(address)[0]) if adapter.test(address) else None


def test_every_page_is_among_those_looked_at(app: Flask, engine: Engine, cast: Cast) -> None:
    looked_at = {endpoint_of(app, path) for paths in paths_by_person(engine, cast).values() for path in paths}

    assert pages_of(app) - looked_at == set()


@pytest.mark.requirement("D-14")
@pytest.mark.parametrize("width", [1280, 320])
def test_no_page_has_an_accessibility_fault(
    width: int,
    house: House,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    engine: Engine,
    cast: Cast,
) -> None:
    faults = {}
    for person, paths in paths_by_person(engine, cast).items():
        page = open_page(viewport={"width": width, "height": 900})
        if person == A_CITIZEN:
            code = a_code(engine, decided_case(engine), cast.alma, key=house.app.extensions["skoen"].keys.pepper)
            page.goto(house.url + "/borger")
            page.fill("#kode", code)
            page.keyboard.press("Enter")
            page.wait_for_url("**/borger/oplysninger")
        elif person:
            house.let_in(page, person)
        for path in paths:
            page.goto(house.url + path)
            found = axe(page)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append("scrolls sideways")
            if found:
                faults[f"{person} {path}"] = found

    assert faults == {}
