"""The page of the gate: what each point rests on, MANGLER where it rests on nothing, and for whom it is."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.cast import Cast
from tests.parts.web import Visitor
from tests.register import write

Visit = Callable[[str], Visitor]


def test_what_is_not_there_reads_missing_and_nothing_is_invented(visit: Visit, cast: Cast) -> None:
    page = visit("tove").get("/klar-til-drift").text

    assert page.count("<strong>MANGLER</strong>") == 13
    assert "1 af 15 punkter" in page
    assert "Kommunen kan ikke gå i drift, så længe et punkt mangler." in page


@pytest.mark.requirement("K-18")
def test_a_point_names_its_document_and_leads_to_it(engine: Engine, visit: Visit, cast: Cast) -> None:
    row = write(engine, cast.dan, "document")
    page = visit("dorte").get("/klar-til-drift").text

    assert "Konsekvensanalyse, 20. maj 2026. Findes: sag 26/141." in page
    assert f'href="/registre/{row.id}"' in page
    assert visit("dorte").get(f"/registre/{row.id}").status_code == 200


def test_it_is_for_those_who_read_the_registers(visit: Visit) -> None:
    assert visit("alma").get("/klar-til-drift").status_code == 403
    assert 'href="/klar-til-drift"' in visit("ada").get("/registre").text


@pytest.mark.requirement("G-50")
def test_the_registers_ask_for_the_next_report_when_it_is_time(
    engine: Engine, visit: Visit, cast: Cast
) -> None:
    assert "Ingen årlig redegørelse er forelagt udvalget endnu." in visit("tove").get("/registre").text
    first = write(engine, cast.dan, "document", slags="redegoerelse", raad=None, dato="2025-07-31")
    assert "data-report-due" in visit("tove").get("/registre").text
    write(engine, cast.dan, "document", slags="redegoerelse", raad=None, dato="2025-08-01", replaces=first.id)
    assert "data-report-due" not in visit("tove").get("/registre").text
