"""Five levels of the organisation, each with a view of its own: menu and pages, and no citizen in them."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.builders import a_case
from tests.cast import Cast
from tests.overseen import words_of
from tests.parts.web import Visitor
from tests.register import register_entries

Visit = Callable[[str], Visitor]
OF_ALL = {"/om-modellen", "/datakatalog", "/enhed"}
MENUS = {
    "alma": ("visitator", {"/indbakke", "/mit-spejl"},
             {"/statistik", "/ledelse", "/politisk", "/databeskyttelse"}),
    "tove": ("teamleder", {"/statistik", "/registre"},
             {"/indbakke", "/ledelse", "/politisk", "/databeskyttelse"}),
    "dagny": ("direktoer", {"/ledelse", "/statistik", "/registre"},
              {"/indbakke", "/politisk", "/databeskyttelse"}),
    "vera": ("dpo", {"/databeskyttelse", "/registre", "/drift"},
             {"/indbakke", "/ledelse", "/politisk", "/tilsyn"}),
    "poul": ("politiker", {"/politisk", "/registre"},
             {"/indbakke", "/statistik", "/ledelse", "/databeskyttelse"}),
}  # fmt: skip
"""By person: the role, pages that it has, pages that it has not."""
OF_THE_SYSTEM = [
    "/om-modellen", "/datakatalog", "/enhed", "/registre", "/overvaagning", "/klar-til-drift", "/dokumenter",
]  # fmt: skip
EXACTLY = {
    "dagny": [
        "/ledelse",
        "/statistik",
        "/tider",
        "/effekt",
        "/frafald",
        *OF_THE_SYSTEM[:-3],
        "/forsoeg",
        *OF_THE_SYSTEM[-3:],
    ],
    "vera": ["/databeskyttelse", *OF_THE_SYSTEM, "/drift"],
    "poul": ["/politisk", *OF_THE_SYSTEM],
}
"""The whole menu of the three roles that only read."""


def menu_of(visitor: Visitor) -> list[str]:
    """The addresses in the menu, in order: each group, and the pages within it."""
    found: list[str] = []
    (top,) = re.findall(r"<nav[^>]*>(.*?)</nav>", visitor.get("/enhed").text, re.DOTALL)[:1]
    for group in re.findall(r'href="(/[^"]*)"', top):
        within = re.findall(r'<nav class="within"[^>]*>(.*?)</nav>', visitor.get(group).text, re.DOTALL)
        found += re.findall(r'href="(/[^"]*)"', within[0]) if within else [group]
    return found


@pytest.mark.requirement("G-25")
@pytest.mark.parametrize("name", MENUS)
def test_each_role_has_its_pages_and_not_the_others(name: str, visit: Visit, cast: Cast) -> None:
    role, own, others = MENUS[name]
    assert cast.people[name].role == role
    visitor = visit(name)
    menu = set(menu_of(visitor))

    assert own | OF_ALL <= menu
    assert not others & menu
    assert {visitor.get(path).status_code for path in own} == {200}
    assert {visitor.get(path).status_code for path in others} == {403}


@pytest.mark.requirement("G-25")
@pytest.mark.parametrize("name", EXACTLY)
def test_the_menu_of_a_role_that_only_reads(name: str, visit: Visit) -> None:
    assert menu_of(visit(name)) == EXACTLY[name]


@pytest.mark.requirement("G-25")
@pytest.mark.parametrize("name", EXACTLY)
def test_no_page_of_theirs_tells_of_a_citizen_or_names_a_caseworker(
    name: str, engine: Engine, visit: Visit, cast: Cast
) -> None:
    a_case(engine)
    visitor = visit(name)
    told = " ".join(visitor.get(path).text for path in EXACTLY[name])

    for word in ("Agnes", "7102479995", "Prøvevej", "Alma", "Bent", "alma"):
        assert word not in told
    assert {visitor.get(path).status_code for path in EXACTLY[name]} == {200}


@pytest.mark.requirement("G-25")
def test_the_director_sees_units_breaches_and_whose_access_is_closed(
    engine: Engine, visit: Visit, cast: Cast
) -> None:
    register_entries(engine, cast.dan)
    tove = visit("tove")
    tove.get("/enhed")
    tove.post("/enhed/stop", {"begrundelse": "Tallene ser forkerte ud."})
    page = words_of(visit("dagny").get("/ledelse").text)

    assert "Øvelse. Alle borgere og sager er opdigtede." in page
    assert re.search(r"Træning Nord stoppet Grundlag vises ikke siden", page)
    assert "Træning Syd Overblik" in page and "Træning Skovby" not in page
    assert "10 af 10 med en rolle har læst reglerne" in page


@pytest.mark.requirement("G-25")
def test_the_politician_sees_what_was_discussed_and_decided(engine: Engine, visit: Visit, cast: Cast) -> None:
    register_entries(engine, cast.dan)
    page = words_of(visit("poul").get("/politisk").text)

    assert "Politisk overblik: Fjordby Kommune" in page
    assert re.search(r"\d+ indførsel", page)
    assert "Der var ingen sager at tælle" in page or "er skjult" in page
