"""Every page there is, found from the routes: no accessibility fault, no complaint, no sideways scroll."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import Engine
from sqlmodel import select

from service import sessions
from service.database import reading, writing
from service.tables.citizen import Letter
from service.web.citizen_page.visit import KEPT
from service.workflow import double_review, practice_room
from service.workflow.oversight import restricted_layer
from tests.answered import a_decision, an_answered_case, an_exploration
from tests.builders import a_case
from tests.cast import NOW, Cast
from tests.journeys.at_the_demo import suggestion_of
from tests.letters import a_letter
from tests.look_ups import a_month_of_look_ups, a_sample
from tests.mine import RESTRICTION, a_report
from tests.parts.web import COOKIE, House
from tests.planners import a_round_and_a_board
from tests.register import register_entries, write
from tests.rights import rights_pages
from tests.trials import an_opened_trial

A_CITIZEN = "the citizen"
HELD = [
    "eget skøn, log-tab: 0,412 mod 0,430 for den i brug; forskel −0,018 (−0,031 til −0,005, 140 sager)",
    "beslutning, log-tab: kan ikke siges endnu",
]
NO_PAGES = {
    "static", "health.front", "health.health", "decision.journal", "decision.proof", "letter.pdf",
    "statistics.download", "statistics.on_paper", "deadlines.download", "effect.download",
    "followup.download", "oversight.verifier", "algorithm.as_json", "algorithm.schema",
}  # fmt: skip
"""Routes that answer with something else than a page of ours."""


def paths_by_person(engine: Engine, cast: Cast) -> dict[str, list[str]]:
    """The address of every page, by who opens it, with cases in the state that the page is about."""
    reported = a_case(engine, request_id="new")
    new = reported.id
    open_case = an_answered_case(engine, cast)
    answered, tried = open_case.id, an_exploration(engine, open_case, cast.alma, {"faldrisiko": "nej"}).id
    decided, returned = (an_answered_case(engine, cast, number=number) for number in (2, 3))
    a_decision(engine, decided, cast.alma)
    a_decision(engine, returned, cast.alma, choice="retur")
    a_letter(engine, decided, cast.alma)
    a_report(engine, reported, "faldrisiko")
    shown = suggestion_of(engine, answered)
    a_month_of_look_ups(engine, cast)
    first, newest, breach = register_entries(engine, cast.dan)
    write(engine, cast.dan, "monitoring")
    held = write(engine, cast.dan, "challenge", status="opgjort", antal=140, svar=HELD).id
    control = f"/logkontrol/{a_sample(engine, cast.dorte, wanted=20).id}"
    practised(engine, cast)
    drawn = drawn_case(engine, cast)
    a_round_and_a_board(engine, cast.tove)
    return {
        A_CITIZEN: [
            "/borger/oplysninger", "/borger/rettigheder", "/borger/brev", "/borger/tillid",
            f"/borger/forkert?oplysning={RESTRICTION}",
        ],
        "": [
            "/borger", "/log-ind", "/om-systemet", "/om-systemet/dine-oplysninger", "/om-systemet/algoritme",
            "/tilgaengelighed", "/ordliste", "/findes-ikke",
        ],
        "alma": [
            "/indbakke", "/indbakke?vis=team", "/sag/ny", f"/sag/{new}", f"/sag/{new}/sparring",
            f"/sag/{new}/fejl-i-oplysning?oplysning=restriktion", f"/sag/{answered}/grundlag",
            f"/sag/{answered}/ret", f"/sag/{answered}/undersoeg", f"/sag/{answered}/undersoeg/{tried}",
            f"/sag/{answered}/som-vist/{shown}", f"/sag/{decided.id}/planlaegning",
            f"/sag/{decided.id}/kvittering", f"/sag/{decided.id}/brev", f"/sag/{decided.id}/brev/vis",
            f"/sag/{decided.id}/brev/vis?skrift=stor", f"/sag/{returned.id}/svar", f"/sag/{returned.id}",
            "/enhed", "/om-modellen", "/om-modellen/kilder/v1", "/om-modellen/tabeller/v1",
            "/datakatalog", "/findes-ikke",
            "/statistik", "/mit-spejl", "/spoergeskema",
            "/oevelsesrum", "/oevelsesrum/mobilitet", "/oevelsesrum/knae", "/oevelsesrum/samtalen", "/proeve",
            *rights_pages(engine, cast, reported),
            "/adgangsregler", "/skoensproeve", f"/sag/{new}/meldinger", f"/sag/{decided.id}/borger",
            f"/sag/{decided.id}/borger/laes-op", f"/sag/{decided.id}/borger/udskrift",
            f"/sag/{decided.id}/borger/forkert?oplysning={RESTRICTION}",
        ],
        "dan": [
            "/dokumenter", "/dokumenter/fria", "/registre", "/klar-til-drift", "/overvaagning",
            f"/registre/{first}", f"/registre/{newest}", f"/registre/{breach}", f"/registre/{held}",
            "/forsoeg", f"/forsoeg/{an_opened_trial(engine, cast)}",
        ],
        "tove": [
            "/statistik", "/tider", "/effekt", "/effekt?uger=8", "/frafald", "/kapacitet", "/enhed",
            "/skoensproever",
        ],
        "bent": [f"/skoensproeve/{drawn}"],
        "ada": ["/drift", "/enhed"],
        "dagny": ["/ledelse", "/statistik"],
        "poul": ["/politisk", "/registre"],
        "vera": ["/databeskyttelse", "/databeskyttelse/brud", names_opened(engine, cast, decided.id)],
        "dorte": [
            f"/sag/{new}", "/indbakke", "/logkontrol", "/logkontrol/overblik", control, f"{control}/1",
            f"{control}/13", "/tilsyn", f"/tilsyn/sag/{decided.id}",
        ],
    }  # fmt: skip


def let_citizen_in(page: Page, house: House) -> None:
    """A visit of the citizen who has had a letter, in a browser."""
    token = citizens_token(house.cast.engine)
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": house.url}])


def citizens_token(engine: Engine) -> str:
    """The session of a visit of the citizen who has had a letter."""
    with writing(engine) as session:
        case_id = session.exec(select(Letter.case_id)).one()
        visit = {"case": case_id, "representation": None, "since": NOW.isoformat()}
        token = sessions.create(session, now=NOW, content={KEPT: visit})
        session.commit()
    return token


def names_opened(engine: Engine, cast: Cast, case_id: str) -> str:
    """The page of the names of who looked at a case, which Vera asked for and Dorte opened."""
    with writing(engine) as session:
        asked = restricted_layer.ask(session, case_id, "klage", now=NOW, by=cast.vera).id
    with writing(engine) as session:
        restricted_layer.open_names(session, asked, now=NOW, by=cast.dorte)
    return f"/databeskyttelse/navne/{asked}"


def drawn_case(engine: Engine, cast: Cast) -> str:
    """One of the cases that Bent may judge again."""
    double_review.draw(engine, "2026-K2", now=NOW + timedelta(days=8), by=cast.tove)
    with reading(engine) as session:
        return double_review.queue(session, cast.bent)[0].id


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
def test_no_page_has_an_accessibility_fault(
    house: House,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    engine: Engine,
    cast: Cast,
) -> None:
    faults = {}
    for person, paths in paths_by_person(engine, cast).items():
        page = open_page()
        if person == A_CITIZEN:
            let_citizen_in(page, house)
        elif person:
            house.let_in(page, person)
        for path in paths:
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(house.url + path)
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 900})
                found = axe(page)
                if page.evaluate(
                    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
                ):
                    found.append("scrolls sideways")
                if found:
                    faults[f"{person} {path} {width}"] = found

    assert faults == {}
