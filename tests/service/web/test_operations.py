"""The page about the service itself: what is wrong comes first, and nobody but those who run it sees it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import Engine

from service.log.canonical import instant
from service.selftest import CHECKS
from service.signer.report import OK, REFUSED, Status, write_status
from service.tables.log import LogEntry
from service.web.governance.operations import titles
from tests.answered import rows
from tests.builders import a_case
from tests.cast import NOW
from tests.parts.fitness import pass_time
from tests.parts.web import House, Visitor

Visit = Callable[[str], Visitor]


@pytest.fixture
def seals(app: Flask) -> Path:
    """Where the signer leaves its report."""
    folder: Path = app.extensions["skoen"].settings.seals
    folder.mkdir()
    return folder


def unprotect(app: Flask, engine: Engine) -> None:
    """Take a trigger down, and let it be noticed."""
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER decisions_append_only_update")
    pass_time(app)


@pytest.mark.parametrize("name", ["alma", "tove", "dan"])
def test_it_is_not_for_everybody(name: str, visit: Visit) -> None:
    person = visit(name)

    assert person.get("/drift").status_code == 403
    assert '"/drift"' not in person.get("/enhed").text


@pytest.mark.parametrize("name", ["ada", "dorte"])
def test_those_who_run_and_audit_it_see_every_check(name: str, app: Flask, visit: Visit) -> None:
    person = visit(name)
    page = person.get("/drift")

    assert page.status_code == 200
    with app.test_request_context():
        assert all(titles()[check] in page.text for check in CHECKS)
    assert "Noget bør ses efter" in page.text  # no signer has ever reported here
    assert '"/drift"' in person.get("/enhed").text


def test_what_is_wrong_comes_first_with_its_place(app: Flask, engine: Engine, visit: Visit) -> None:
    ada = visit("ada")
    unprotect(app, engine)

    page = ada.get("/drift").text

    shown = ("Værn mod ændringer", "Forsegling", "Plads på disken")
    order = [page.index(f"<dt>{title}</dt>") for title in shown]
    assert order == sorted(order)
    assert "Der kan ikke gemmes" in page
    assert ">decisions</span>" in page


def test_it_says_how_far_each_log_is_sealed_and_what_is_not(
    seals: Path, engine: Engine, visit: Visit
) -> None:
    a_case(engine)
    sealed = {"size": 7, "sealed_at": instant(NOW - timedelta(hours=3))}
    write_status(seals, Status(instant(NOW), OK, shards={"decisions/2026": sealed}))

    page = " ".join(visit("ada").get("/drift").text.split())

    size = rows(engine, LogEntry)
    cells = f"<td>{size}</td><td>7</td><td>kl. 7.00</td><td>{size - 7}</td>"
    assert f'<th scope="row">decisions/2026</th>{cells}' in page
    assert "Forseglingen meldte sig senest kl. 10.00." in page


def test_a_signer_that_refused_is_told_in_plain_words(app: Flask, seals: Path, visit: Visit) -> None:
    ada = visit("ada")
    why = ("decisions/2026 har 3 poster, men 7 er forseglet.", "decisions/2026 has 3 entries.")
    write_status(seals, Status(instant(NOW), REFUSED, (why,), codes=("shorter",)))
    pass_time(app)

    page = ada.get("/drift").text
    assert "Hændelsesloggen passer ikke med det, der er forseglet." in page
    assert why[0] in page


def test_a_report_that_cannot_be_read_does_not_take_the_page_down(
    app: Flask, seals: Path, visit: Visit
) -> None:
    ada = visit("ada")
    (seals / "status.json").write_text("{")
    pass_time(app)

    page = ada.get("/drift")

    assert page.status_code == 200
    assert "Det kan ikke læses, om hændelsesloggen bliver forseglet." in page.text


@pytest.mark.parametrize("width", [1280, 320])
def test_an_unfit_service_is_explained_without_an_accessibility_fault(
    width: int,
    house: House,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    engine: Engine,
) -> None:
    case_id = a_case(engine).id
    alma, ada = (open_page(viewport={"width": width, "height": 900}) for _ in range(2))
    house.let_in(alma, "alma")
    house.let_in(ada, "ada")
    alma.goto(f"{house.url}/enhed")
    alma.get_by_label("Hvorfor? Skriv det kort.").fill("Vi vil se på det.")
    unprotect(house.app, engine)
    alma.get_by_role("button", name="Slå grundlag fra nu").click()
    assert alma.get_by_role("button", name="Send igen").is_visible()
    assert axe(alma) == []

    faults = {}
    for page, path in ((alma, "/indbakke"), (alma, f"/sag/{case_id}"), (ada, "/drift"), (ada, "/log-ind")):
        page.goto(house.url + path)
        found = axe(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append("scrolls sideways")
        faults[path] = found
    assert {path: found for path, found in faults.items() if found} == {}

    alma.goto(f"{house.url}/indbakke")
    assert alma.get_by_text("Der kan ikke gemmes lige nu.").is_visible()
    alma.goto(f"{house.url}/sag/{case_id}")
    alma.get_by_role("main").get_by_role("link", name="Indbakke").click()
    assert alma.url == f"{house.url}/indbakke"
