"""Data protection in the browser: two people open the names, and what else is to be seen there."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.errors import Refused
from service.tables.intake import Case
from service.tables.restricted import LayerOpening
from service.workflow import access_rules, staff
from service.workflow.staff import External
from tests.cast import LONG_AGO, NOW, TODAY, Cast
from tests.look_ups import at, cases, look
from tests.overseen import words_of
from tests.parts.web import Visitor
from tests.refusals import refuses
from tests.rows import rows

Visit = Callable[[str], Visitor]
PAGE = "/databeskyttelse"
TERMS = External("Fjordby Universitet", "Optællinger af forløb, til en undersøgelse af ventetid.", TODAY)


def asked_of(engine: Engine) -> str:
    """The only question there is."""
    with reading(engine) as session:
        return session.exec(select(LayerOpening.id).where(LayerOpening.kind == "asked")).one()


@pytest.fixture
def case(engine: Engine, cast: Cast) -> Case:
    """A case that Alma has opened."""
    (found,) = cases(engine, 1)
    look(engine, cast.alma, found, at(4))
    return found


@pytest.mark.requirement("R-21")
def test_one_asks_another_opens_and_both_read_the_name(engine: Engine, visit: Visit, case: Case) -> None:
    vera, dorte = visit("vera"), visit("dorte")
    vera.get(PAGE)
    assert vera.post(f"{PAGE}/navne", {"sagsnummer": str(case.serial), "formaal": "klage"}).status_code == 303
    names = f"{PAGE}/navne/{asked_of(engine)}"
    assert "Åbn navnene" not in vera.get(PAGE).text
    assert vera.get(names).status_code == vera.post(f"{names}/aabn").status_code == 403

    assert "Åbn navnene" in dorte.get(PAGE).text
    assert dorte.post(f"{names}/aabn").status_code == 303
    for visitor in (vera, dorte):
        read = words_of(visitor.get(names).text)
        assert "Alma Holm, sagsbehandler, Træning Nord Åbnet Sagsbehandling" in read


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"sagsnummer": "SERIAL", "formaal": ""}, "Vælg et formål"),
        ({"sagsnummer": "1 eller 2", "formaal": "klage"}, "Skriv sagens nummer med tal"),
        ({"sagsnummer": "999999", "formaal": "klage"}, "ingen sag med det nummer"),
    ],
)
def test_a_question_that_cannot_be_taken_says_why(
    form: dict[str, str], says: str, engine: Engine, visit: Visit, case: Case
) -> None:
    vera = visit("vera")
    vera.get(PAGE)
    before = rows(engine)
    form = {name: str(case.serial) if value == "SERIAL" else value for name, value in form.items()}
    answer = vera.post(f"{PAGE}/navne", form)

    assert answer.status_code == 422
    assert says in answer.text
    assert rows(engine) == before


def test_access_in_an_emergency_is_seen_there_without_a_name(
    engine: Engine, cast: Cast, visit: Visit
) -> None:
    with writing(engine) as session:
        access_rules.open_in_emergency(
            session, "En borger venter på svar i dag.", now=LONG_AGO + timedelta(days=366), by=cast.alma
        )
    page = words_of(visit("vera").get(PAGE).text)

    assert "Træning Nord: »En borger venter på svar i dag.«" in page
    assert "Alma" not in page


@pytest.mark.requirement("G-16")
@pytest.mark.parametrize("role", ["forsker", "leverandoer"])
def test_nobody_from_outside_has_a_role_without_terms_and_a_last_day(
    role: str, engine: Engine, cast: Cast, visit: Visit
) -> None:
    def gives(external: External | None, role: str = role) -> Callable[..., object]:
        return lambda s: staff.grant(
            s, cast.bent.person_id, cast.bent.unit_id, role, valid_from=TODAY, now=NOW, by=cast.ada,
            external=external,
        )  # fmt: skip

    for wrong in (None, External("", TERMS.terms, TODAY), External("Firma", " ", TODAY),
                  External("Firma", "Drift", TODAY - timedelta(days=1)),
                  External("Firma", "Drift", TODAY + timedelta(days=366))):  # fmt: skip
        refuses(engine, Refused, gives(wrong))
    refuses(engine, Refused, gives(TERMS, "visitator"))

    with writing(engine) as session:
        gives(TERMS)(session)
    page = words_of(visit("vera").get(PAGE).text)
    assert "Fjordby Universitet" in page and TERMS.terms in page
    assert f"til og med {date(2026, 6, 30).day}. jun. 2026" in page


def test_the_database_refuses_an_outsider_without_terms(engine: Engine, cast: Cast) -> None:
    with engine.connect() as connection, pytest.raises(Exception, match=r"external_has_terms|CHECK"):
        connection.exec_driver_sql(
            "INSERT INTO memberships (id, at, shard, log_seq, person_id, unit_id, role, valid_from)"
            f" VALUES ('x', '2026-01-01', 'decisions/2026', 99999, '{cast.bent.person_id}',"
            f" '{cast.bent.unit_id}', 'forsker', '2026-01-01')"
        )
