"""The pages of the log control: for auditors alone, each showing is an entry, and nobody reviews her own."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.log import Event
from service.tables.log import LogEntry
from service.tables.oversight import FINDINGS, LogReview, LogSample
from service.web.log_control.words import (
    finding_words,
    purpose_words,
    rule_words,
    state_words,
    step_words,
)
from service.web.purposes import PURPOSE_OF_ROLE, PURPOSES, REOPENED_FOR
from service.workflow.citizen_page.opening import ON_BEHALF
from service.workflow.double_review import blind
from service.workflow.log_control import review
from service.workflow.log_control.rules import RANDOM, RULES
from service.workflow.log_control.traces import WHO
from tests.answered import rows
from tests.cast import NOW, Cast
from tests.look_ups import SEED, a_month_of_look_ups, a_sample
from tests.parts.web import Clock, Visitor

Visit = Callable[[str], Visitor]
FORM = {"fra": "2026-05-01", "til": "2026-05-31", "antal": "6", "froe": SEED}
NOTE = "Der er ingen klage i sagen."


def readings(engine: Engine) -> list[tuple[str, str, str | None]]:
    """Who read which page of the control, and of which sample."""
    with reading(engine) as session:
        found = session.exec(select(LogEntry.entry).where(LogEntry.event == Event.ACCESS_READ)).all()
    entries = [json.loads(entry) for entry in found]
    return [(entry["actor"], entry["what"], entry.get("sample")) for entry in entries]


@pytest.fixture
def sample(engine: Engine, cast: Cast) -> LogSample:
    """Every look-up of May: twelve of Alma's, and Dorte's own as the last."""
    a_month_of_look_ups(engine, cast)
    return a_sample(engine, cast.dorte, wanted=20)


def words_of(html: str) -> str:
    """What a page says, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("name", ["alma", "freja", "carla", "tove", "dan", "ada"])
def test_nobody_else_sees_that_it_is_there(
    name: str, visit: Visit, sample: LogSample, engine: Engine
) -> None:
    person = visit(name)
    for path in (
        "/logkontrol",
        "/logkontrol/overblik",
        f"/logkontrol/{sample.id}",
        f"/logkontrol/{sample.id}/1",
    ):
        assert person.get(path).status_code == 403
    assert person.post("/logkontrol", FORM).status_code == 403
    assert person.post(f"/logkontrol/{sample.id}/1", {"fund": "in_order"}).status_code == 403
    assert "/logkontrol" not in person.get("/enhed").text

    assert readings(engine) == []
    assert (rows(engine, LogSample), rows(engine, LogReview)) == (1, 0)


def test_every_page_that_is_shown_is_an_entry(
    visit: Visit, sample: LogSample, engine: Engine, cast: Cast
) -> None:
    dorte, me = visit("dorte"), cast.dorte.person_id
    for path in ("", "/overblik", f"/{sample.id}", f"/{sample.id}/1", f"/{sample.id}/99"):
        dorte.get(f"/logkontrol{path}")

    assert readings(engine) == [
        (me, "list", None), (me, "overview", None), (me, "sample", sample.id), (me, "look_up", sample.id),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["", "/overblik", "/{sample}", "/{sample}/1"])
def test_what_cannot_be_logged_is_not_shown(
    path: str, visit: Visit, sample: LogSample, engine: Engine
) -> None:
    dorte = visit("dorte")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    answer = dorte.get("/logkontrol" + path.format(sample=sample.id))

    assert answer.status_code == 503
    assert "Alma Holm" not in answer.text


@pytest.mark.parametrize("path", ["/{other}", "/{other}/1", "/{sample}/0", "/{sample}/14", "/{sample}/x"])
def test_what_is_not_there_is_not_found(path: str, visit: Visit, sample: LogSample, engine: Engine) -> None:
    address = "/logkontrol" + path.format(other="0" * 32, sample=sample.id)
    dorte = visit("dorte")

    assert dorte.get(address).status_code == 404
    assert readings(engine) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"fra": ""}, "Skriv en dato."),
        ({"til": "31-05-2026"}, "Skriv en dato."),
        ({"til": "2026-04-01"}, "før den begynder"),
        ({"til": "2026-06-29"}, "for mere end 7 dage siden"),
        ({"antal": "mange"}, "Vælg mellem 1 og 200 opslag."),
        ({"antal": "٣"}, "Vælg mellem 1 og 200 opslag."),
        ({"froe": "x"}, "Frøet skal være"),
        ({"fra": "2026-01-01", "til": "2026-01-31"}, "ingen opslag i perioden"),
    ],
)
def test_a_draw_that_must_be_mended_says_what_and_keeps_what_was_typed(
    changes: dict[str, str], says: str, visit: Visit, engine: Engine, cast: Cast
) -> None:
    a_month_of_look_ups(engine, cast)
    answer = visit("dorte").post("/logkontrol", {**FORM, **changes})

    assert answer.status_code == 422
    assert says in answer.text
    for name, value in {**FORM, **changes}.items():
        assert re.search(rf'name="{name}" type="\w+" value="{re.escape(value)}"', answer.text), name
    assert rows(engine, LogSample) == 0


def test_the_form_is_filled_in_with_the_last_month_and_a_fresh_seed(visit: Visit, cast: Cast) -> None:
    dorte = visit("dorte")
    first, second = (dorte.get("/logkontrol").text for _ in range(2))
    seeds = [re.findall(r'name="froe" type="text" value="(\w+)"', page)[0] for page in (first, second)]

    assert 'name="fra" type="date" value="2026-05-01"' in first
    assert 'name="til" type="date" value="2026-05-31"' in first
    assert seeds[0] != seeds[1]


def test_a_sample_is_drawn_once_and_stays_on_the_list(
    visit: Visit, engine: Engine, cast: Cast, clock: Clock
) -> None:
    a_month_of_look_ups(engine, cast)
    dorte = visit("dorte")
    first = dorte.post("/logkontrol", FORM)
    clock.at += timedelta(minutes=1)
    again = dorte.post("/logkontrol", FORM)
    other = dorte.post("/logkontrol", {**FORM, "froe": "seed-2"})

    assert first.status_code == again.status_code == other.status_code == 303
    assert first.headers["Location"] == again.headers["Location"] != other.headers["Location"]
    page = words_of(dorte.get("/logkontrol").text)
    assert "Den stikprøve var trukket i forvejen." in page
    assert "frø seed-1" in page
    assert "frø seed-2" in page
    assert rows(engine, LogSample) == 2


def test_a_sample_says_who_when_what_for_and_why_it_was_drawn(visit: Visit, sample: LogSample) -> None:
    page = words_of(visit("dorte").get(f"/logkontrol/{sample.id}").text)

    assert "Trukket blandt 13 opslag i perioden" in page
    assert "med frøet seed-1" in page
    assert "4. maj 2026 kl. 10.00 Alma Holm, sagsbehandler Sagsbehandling" in page
    assert "28. maj 2026 kl. 10.00 Dorte Juhl, tilsyn Klage" in page
    assert "valgt formål Dit eget" in page
    assert "Et udtrukket opslag er ikke en mistanke." in page
    assert "ikke bruges til at måle tempo, fremmøde eller faglig kvalitet" in page


def test_no_citizen_is_named_anywhere(visit: Visit, sample: LogSample) -> None:
    dorte = visit("dorte")
    for path in ("", f"/{sample.id}", f"/{sample.id}/1", "/overblik"):
        page = dorte.get(f"/logkontrol{path}").text
        assert "Agnes" not in page
        assert "710247" not in page


def test_the_overview_has_numbers_and_no_names(
    visit: Visit, sample: LogSample, engine: Engine, cast: Cast
) -> None:
    with writing(engine) as session:
        review(session, sample.id, 1, finding="breach", note=NOTE, replaces=None, now=NOW, by=cast.dorte)
    dorte = visit("dorte")
    page, empty = (dorte.get(f"/logkontrol/overblik?aar={year}").text for year in (2026, 2025))
    main = page[page.index("<main") :]

    assert "I alt 13 1 0 0 1 12 0" in words_of(main)
    assert "1 stikprøve, trukket blandt 13 opslag." in words_of(main)
    assert not {actor.display_name for actor in cast.people.values()} & set(re.findall(r"\w+ \w+", main))
    assert "Der er ikke trukket nogen stikprøve i året." in empty
    assert "2025" in dorte.get("/logkontrol/overblik?aar=2025").text
    assert dorte.get("/logkontrol/overblik?aar=' OR 1=1").status_code == 200


def test_everything_that_can_be_stored_has_words() -> None:
    assert set(rule_words()) == {*(rule.code for rule in RULES), RANDOM}
    assert set(finding_words()) == set(FINDINGS) <= set(state_words())
    assert set(step_words()) == set(WHO)
    assert set(purpose_words()) == {
        *PURPOSES,
        *REOPENED_FOR,
        *PURPOSE_OF_ROLE.values(),
        ON_BEHALF,
        blind.PURPOSE,
    }
