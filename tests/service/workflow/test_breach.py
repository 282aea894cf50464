"""Whom a breach concerns: exactly those the log says, with the kinds of data, and a draft to send."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from service import log
from service.database import reading, writing
from service.errors import Refused
from service.log import Event
from service.tables.intake import Case
from service.workflow.breach import Affected, Window, affected
from service.workflow.breach.draft import draft_report
from tests.builders import a_case
from tests.cast import Cast
from tests.look_ups import at, look
from tests.parts.web import Visitor
from tests.service.workflow.test_other_plans import AGNES

START, END = at(4, 12), at(5, 12)


def seen(engine: Engine, cast: Cast, window: Window) -> Affected:
    with reading(engine) as session:
        return affected(session, cast.alma.municipality_id, window)


@pytest.fixture
def looked(engine: Engine, cast: Cast) -> tuple[Case, ...]:
    """Agnes has two cases and Bo one; Alma and Bodil look, before, within and after the window."""
    first, second = (a_case(engine, request_id=f"r-{n}", citizen=AGNES) for n in (1, 2))
    other = a_case(engine, request_id="r-3")
    look(engine, cast.alma, first, START - timedelta(seconds=1))
    look(engine, cast.alma, first, START, START + timedelta(hours=1))
    look(engine, cast.alma, second, START + timedelta(hours=2))
    look(engine, cast.dorte, other, START + timedelta(hours=3), purpose="klage")
    look(engine, cast.alma, other, END)
    return first, second, other


@pytest.mark.requirement("K-14")
def test_a_window_gives_exactly_those_who_were_looked_at_in_it(
    engine: Engine, cast: Cast, looked: tuple[Case, ...]
) -> None:
    first, second, other = looked
    everybody = seen(engine, cast, Window(START, END)).citizens

    assert [(one.citizen_id, one.cases, one.looks) for one in everybody] == [
        (first.citizen_id, (first.serial, second.serial), 3),
        (other.citizen_id, (other.serial,), 1),
    ]
    assert (everybody[0].first, everybody[0].last) == (START, START + timedelta(hours=2))
    assert everybody[0].categories == ("identitet", "helbred", "sagen")


@pytest.mark.requirement("K-14")
def test_one_person_one_unit_and_another_municipality_are_told_apart(
    engine: Engine, cast: Cast, looked: tuple[Case, ...]
) -> None:
    first, _, other = looked
    hers = seen(engine, cast, Window(START, END, person_id=cast.dorte.person_id)).citizens
    unit = seen(engine, cast, Window(START, END, unit_id=cast.alma.unit_id)).citizens
    with reading(engine) as session:
        elsewhere = affected(session, "another", Window(START, END)).citizens

    assert [one.citizen_id for one in hers] == [other.citizen_id]
    assert first.citizen_id in {one.citizen_id for one in unit}
    assert elsewhere == ()


@pytest.mark.requirement("K-14")
def test_a_search_shows_less_than_a_case_and_a_whole_export_is_told_apart(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    with writing(engine) as session:
        log.append(session, Event.CASE_FOUND, at=START, by=cast.alma, case_id=case.id, purpose="soegning")
        log.append(session, Event.EXPORTED, at=START, by=None, what="decisions")
        session.commit()
    found = seen(engine, cast, Window(START, END))

    assert [one.categories for one in found.citizens] == [("identitet",)]
    assert found.whole_exports == ((START, "decisions"),)


def test_a_window_that_ends_before_it_begins_is_refused(engine: Engine, cast: Cast) -> None:
    for until in (START, START - timedelta(hours=1)):
        with pytest.raises(Refused, match="Perioden skal slutte"):
            seen(engine, cast, Window(START, until))


def test_an_altered_entry_is_counted_and_not_believed(
    engine: Engine, cast: Cast, looked: tuple[Case, ...]
) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER log_entries_append_only_update"))
        changed = connection.execute(
            text("UPDATE log_entries SET entry = replace(entry, :case, 'x') WHERE event = 'case:opened'"),
            {"case": looked[2].id},
        ).rowcount
    found = seen(engine, cast, Window(START, END))

    assert changed and found.damaged
    assert looked[2].citizen_id not in {one.citizen_id for one in found.citizens}
    assert "Listen kan mangle borgere." in draft_report(found, "Fjordby Kommune")


@pytest.mark.requirement("K-14")
def test_the_draft_follows_article_33_and_names_no_citizen(
    engine: Engine, cast: Cast, looked: tuple[Case, ...]
) -> None:
    found = seen(engine, cast, Window(START, END))
    told = draft_report(found, "Fjordby Kommune", datetime.fromisoformat("2026-05-06T08:00:00+00:00"))

    for part in ("a) Bruddets", "b) Databeskyttelsesrådgiver", "c) Sandsynlige", "d) Hvad der er gjort"):
        assert part in told
    assert "Skal være anmeldt senest: 09.05.2026 kl. 10.00" in told
    assert "Berørte borgere: 2, i 3 sager. Opslag: 4." in told and "helbredsoplysninger" in told
    assert f"Sagerne: {looked[0].serial}, {looked[1].serial}, {looked[2].serial}" in told
    assert "Agnes" not in told and AGNES.cpr not in told


@pytest.mark.requirement("K-14")
def test_the_page_asks_logs_and_answers_without_an_employee(
    engine: Engine, cast: Cast, visit: Callable[[str], Visitor], looked: tuple[Case, ...]
) -> None:
    vera = visit("vera")
    vera.get("/databeskyttelse/brud")
    asked = {"fra": "2026-05-04T12:00", "til": "2026-05-05T12:00", "enhed": "alle", "opdaget": ""}
    page = vera.post("/databeskyttelse/brud", asked)

    assert page.status_code == 200 and "2 berørte borgere" in page.text
    assert "Alma" not in page.text and "Dorte" not in page.text
    with engine.connect() as connection:
        query = text("SELECT entry FROM log_entries WHERE event = 'access:read'")
        (entry,) = (json.loads(row) for row in connection.execute(query).scalars())
    assert (entry["what"], entry["since"], entry["actor"]) == (
        "breach", "2026-05-04T10:00:00.000000Z", cast.vera.person_id,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"fra": ""}, "Skriv dag og klokkeslæt."),
        ({"til": "2026-05-04T11:00"}, "Perioden skal slutte, efter at den begynder."),
        ({"enhed": "x"}, "Vælg en enhed på listen."),
        ({"opdaget": "i går"}, "Skriv dag og klokkeslæt."),
    ],
)
def test_what_the_page_cannot_take_is_said_and_nothing_is_read(
    changed: dict[str, str], says: str, engine: Engine, cast: Cast, visit: Callable[[str], Visitor]
) -> None:
    vera = visit("vera")
    vera.get("/databeskyttelse/brud")
    asked = {"fra": "2026-05-04T12:00", "til": "2026-05-05T12:00", "enhed": "alle", "opdaget": "", **changed}
    page = vera.post("/databeskyttelse/brud", asked)

    assert page.status_code == 422 and says in page.text
    with engine.connect() as connection:
        query = text("SELECT count(*) FROM log_entries WHERE event = 'access:read'")
        assert connection.execute(query).scalar_one() == 0


def test_only_data_protection_may_ask(engine: Engine, cast: Cast, visit: Callable[[str], Visitor]) -> None:
    for name in ("alma", "tove", "dan"):
        assert visit(name).get("/databeskyttelse/brud").status_code == 403
