"""The unit's page: its stop button counts from the next request on."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.tables.governance import Stop, UnitSetting
from service.tables.suggestion import Suggestion
from service.workflow import governance
from tests.answered import an_answered_case, rows
from tests.builders import a_case, an_admission
from tests.cast import Cast
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]


def test_a_team_lead_stops_the_evidence_and_the_next_case_is_decided_without(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    an_admission(engine, cast.dan)
    tove, alma, case = visit("tove"), visit("alma"), a_case(engine)
    tove.get("/enhed")
    assert tove.post("/enhed/stop", {"begrundelse": "Tallene ser forkerte ud"}).status_code == 303
    page = alma.get("/enhed").text
    assert "Grundlag er slået fra i enheden" in page
    assert "Tallene ser forkerte ud" in page

    alma.get(f"/sag/{case.id}")
    form = {"valg": "basal", "sikkerhed": "tvivl", "noegle": "k", "version": "1"}
    alma.post(f"/sag/{case.id}/vurdering", {**form, "aabnet": "2026-06-30T08:00:00+00:00"})
    with reading(engine) as session:
        assert session.exec(select(Suggestion.reason)).one() == "stopped"


def test_the_button_is_released_again(visit: Visit, engine: Engine, cast: Cast) -> None:
    tove = visit("tove")
    tove.get("/enhed")
    tove.post("/enhed/stop", {"begrundelse": "En prøve"})
    tove.post("/enhed/start", {"begrundelse": "Prøven er slut"})

    with reading(engine) as session:
        assert not governance.is_stopped(session, cast.tove.unit_id)
    assert rows(engine, Stop) == 2


def test_without_a_reason_nothing_is_stopped(visit: Visit, engine: Engine) -> None:
    tove = visit("tove")
    tove.get("/enhed")
    answer = tove.post("/enhed/stop", {"begrundelse": "  "})

    assert answer.status_code == 422
    assert "Skriv kort hvorfor." in answer.text
    assert rows(engine, Stop) == 0


def test_a_caseworker_stops_the_evidence_but_another_releases_it(visit: Visit, engine: Engine) -> None:
    """To stop must be easy for whoever sees that something is wrong; to start again is a leader's word."""
    alma = visit("alma")
    assert "Øvelse med opdigtede sager" in alma.get("/enhed").text
    assert alma.post("/enhed/stop", {"begrundelse": "Tallene ser forkerte ud"}).status_code == 303

    page = alma.get("/enhed").text
    assert "Grundlag er slået fra i enheden" in page
    assert 'action="/enhed/' not in page
    assert alma.post("/enhed/start", {"begrundelse": "x"}).status_code == 403
    assert rows(engine, Stop) == 1
    assert 'action="/enhed/start"' in visit("tove").get("/enhed").text


def test_an_auditor_sees_the_state_and_no_button(visit: Visit, engine: Engine) -> None:
    dorte = visit("dorte")
    page = dorte.get("/enhed").text

    assert 'action="/enhed/' not in page
    assert dorte.post("/enhed/stop", {"begrundelse": "x"}).status_code == 403
    assert rows(engine, Stop) == 0


def test_the_way_from_the_basis_to_the_button(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    assert 'href="/enhed#stop"' in visit("alma").get(f"/sag/{case.id}/grundlag").text


def test_the_view_is_chosen_for_the_unit(visit: Visit, engine: Engine, cast: Cast) -> None:
    tove = visit("tove")
    tove.get("/enhed")
    assert tove.post("/enhed/visning", {"visning": "forslag"}).status_code == 303
    with reading(engine) as session:
        assert governance.mode_of(session, cast.tove.unit_id) == "forslag"

    assert tove.post("/enhed/visning", {"visning": "guld"}).status_code == 422
    assert rows(engine, UnitSetting) == 1


def test_an_administrator_stops_every_unit_and_releases_them(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    ada = visit("ada")
    assert "Alle enheder i kommunen" in ada.get("/enhed").text
    assert ada.post("/enhed/alle/stop", {"begrundelse_alle": "Tallene er forkerte"}).status_code == 303
    page = ada.get("/enhed").text
    assert page.count("»Tallene er forkerte«") == 3  # her own unit above, and both in the list
    assert 'action="/enhed/alle/start"' in page and "Træning Skovby" not in page
    assert "Grundlag er slået fra i enheden" in visit("freja").get("/enhed").text
    assert "Grundlag er slået fra i enheden" not in visit("carla").get("/enhed").text

    assert ada.post("/enhed/alle/start", {"begrundelse_alle": "De er rettet"}).status_code == 303
    assert "Grundlag er slået fra i enheden" not in visit("freja").get("/enhed").text
    assert rows(engine, Stop) == 4


def test_every_unit_without_a_reason_is_none(visit: Visit, engine: Engine) -> None:
    ada = visit("ada")
    ada.get("/enhed")
    answer = ada.post("/enhed/alle/stop", {"begrundelse_alle": " "})

    assert answer.status_code == 422
    assert "Skriv kort hvorfor." in answer.text
    assert rows(engine, Stop) == 0


def test_stopping_what_is_stopped_says_so(visit: Visit, engine: Engine) -> None:
    ada = visit("ada")
    ada.get("/enhed")
    for _ in range(2):
        assert ada.post("/enhed/alle/stop", {"begrundelse_alle": "Nu"}).status_code == 303

    assert "Der var intet at ændre. Intet er skrevet." in ada.get("/enhed").text
    assert rows(engine, Stop) == 2


@pytest.mark.parametrize("name", ["alma", "tove", "dorte", "dan"])
def test_nobody_else_is_offered_every_unit(name: str, visit: Visit, engine: Engine) -> None:
    person = visit(name)
    assert "/enhed/alle/" not in person.get("/enhed").text
    for path in ("/enhed/alle/stop", "/enhed/alle/start"):
        assert person.post(path, {"begrundelse_alle": "x"}).status_code == 403
    assert rows(engine, Stop) == 0
