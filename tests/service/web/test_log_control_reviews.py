"""Reviewing a look-up on its page: what it says, what is stored, and where it leads."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.tables.log import LogEntry
from service.tables.oversight import LogReview, LogSample
from service.workflow.log_control import review
from tests.answered import rows
from tests.builders import a_judgement
from tests.cast import NOW, Cast
from tests.look_ups import a_month_of_look_ups, a_sample, at
from tests.parts.web import House, Visitor
from tests.service.web.test_log_control import words_of
from tests.service.workflow.log_control.test_reviews import erase

Visit = Callable[[str], Visitor]
NOTE = "Der er ingen klage i sagen."


@pytest.fixture
def sample(engine: Engine, cast: Cast) -> LogSample:
    """Every look-up of May: twelve of Alma's, and Dorte's own as the last."""
    a_month_of_look_ups(engine, cast)
    return a_sample(engine, cast.dorte, wanted=20)


def test_a_look_up_says_what_was_done_in_the_case(visit: Visit, engine: Engine, cast: Cast) -> None:
    opened = a_month_of_look_ups(engine, cast)
    a_judgement(engine, opened[0], cast.alma, now=at(4, 11), key="same-day")
    a_judgement(engine, opened[1], cast.alma, now=at(7, 9), key="later")
    sample, dorte = a_sample(engine, cast.dorte, wanted=20), visit("dorte")
    first, second, third = (
        words_of(dorte.get(f"/logkontrol/{sample.id}/{number}").text) for number in (1, 2, 3)
    )

    assert "Åbnet 2 gange den dag, senest kl. 10.20." in first
    assert (
        "Medarbejderen registrerede oplysninger kl. 11.00, tog sagen kl. 11.00, vurderede kl. 11.00." in first
    )
    assert "Medarbejderen gjorde ikke andet i sagen." in second
    assert "vurderede 7.5." in second
    assert "Ingen skridt af medarbejderen." in third


def test_a_finding_is_stored_and_leads_on_to_the_next(
    visit: Visit, sample: LogSample, engine: Engine
) -> None:
    dorte, base = visit("dorte"), f"/logkontrol/{sample.id}"
    dorte.get(f"{base}/1")
    answer = dorte.post(f"{base}/1", {"fund": "breach", "note": NOTE, "erstatter": ""})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{base}/2")
    page = words_of(dorte.get(f"{base}/1").text)
    assert f"Uberettiget , kl. 10.00 af Dorte Juhl. {NOTE}" in page
    assert "Ret gennemgangen" in page
    assert rows(engine, LogReview) == 1


def test_the_last_one_leads_back_to_the_sample(visit: Visit, sample: LogSample, engine: Engine) -> None:
    dorte, base = visit("dorte"), f"/logkontrol/{sample.id}"
    dorte.get(base)
    for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12):
        dorte.post(f"{base}/{number}", {"fund": "in_order", "note": "", "erstatter": ""})
    answer = dorte.post(f"{base}/1", {"fund": "in_order", "note": "", "erstatter": ""})

    assert answer.headers["Location"] == base
    page = words_of(dorte.get(base).text)
    assert "12 af 13 gennemgået" in page
    assert "Gennemgå opslag" not in page  # what is left is her own


def test_a_review_that_must_be_mended_keeps_what_was_typed(
    visit: Visit, sample: LogSample, engine: Engine
) -> None:
    dorte, base = visit("dorte"), f"/logkontrol/{sample.id}/1"
    dorte.get(base)
    for form, says in (
        ({"note": NOTE}, "Vælg, hvad du fandt."),
        ({"fund": "to_examine", "note": " "}, "Skriv, hvad der skal undersøges"),
        ({"fund": "in_order", "note": "x" * 2001}, "højst være på 2000 tegn"),
    ):
        answer = dorte.post(base, form)
        assert answer.status_code == 422
        assert says in answer.text
        assert form["note"] in answer.text
    assert rows(engine, LogReview) == 0


def test_nobody_is_offered_her_own_and_nobody_gets_past_that(
    visit: Visit, sample: LogSample, engine: Engine
) -> None:
    dorte, base = visit("dorte"), f"/logkontrol/{sample.id}/13"
    page = dorte.get(base).text
    assert "Det er dit eget opslag. En kollega gennemgår det." in page
    assert f'action="{base}"' not in page

    answer = dorte.post(base, {"fund": "in_order", "note": "", "erstatter": ""})
    assert answer.status_code == 403
    assert "Du kan ikke gennemgå dit eget opslag." in answer.text
    assert rows(engine, LogReview) == 0


def test_a_form_that_is_older_than_a_colleagues_review_stores_nothing(
    visit: Visit, sample: LogSample, engine: Engine, cast: Cast
) -> None:
    dorte, base = visit("dorte"), f"/logkontrol/{sample.id}/1"
    dorte.get(base)
    with writing(engine) as session:
        review(session, sample.id, 1, finding="breach", note=NOTE, replaces=None, now=NOW, by=cast.dorte)
    answer = dorte.post(base, {"fund": "in_order", "note": "", "erstatter": ""})

    assert answer.status_code == 409
    assert rows(engine, LogReview) == 1


def test_a_look_up_in_an_erased_case_stands_without_a_form(
    visit: Visit, sample: LogSample, engine: Engine, cast: Cast
) -> None:
    with writing(engine) as session:
        done = review(
            session, sample.id, 2, finding="breach", note=NOTE, replaces=None, now=NOW, by=cast.dorte
        )
    with reading(engine) as session:
        entry = json.loads(session.get_one(LogEntry, (sample.lookups[0][0], int(sample.lookups[0][1]))).entry)
    for case_id in (entry["case"], done.case_id):
        erase(engine, case_id)
    dorte, base = visit("dorte"), f"/logkontrol/{sample.id}"
    first = dorte.get(f"{base}/1")

    assert "Sagen er slettet, så der kan ikke længere skrives en gennemgang." in first.text
    assert f'action="{base}/1"' not in first.text
    assert dorte.post(f"{base}/1", {"fund": "in_order", "note": "", "erstatter": ""}).status_code == 410
    assert "1 kan ikke længere gennemgås" in words_of(dorte.get(base).text)
    assert rows(engine, LogReview) == 1


def test_a_review_is_a_matter_of_a_few_keys(
    house: House, page: Page, sample: LogSample, engine: Engine
) -> None:
    house.let_in(page, "dorte")
    page.goto(f"{house.url}/logkontrol/{sample.id}")
    page.wait_for_function("document.activeElement.matches('a.button')")  # the first that waits
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{sample.id}/1")
    page.wait_for_function("document.activeElement.matches('h1')")
    for key in ("Tab", "Tab", "1", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"**/{sample.id}/2")

    with reading(engine) as session:
        (stored,) = session.exec(select(LogReview)).all()
    assert (stored.finding, stored.looked_seq) == ("in_order", int(sample.lookups[0][1]))


def test_it_works_without_a_script(
    house: House, open_page: Callable[..., Page], sample: LogSample, engine: Engine
) -> None:
    page = open_page(java_script_enabled=False)
    house.let_in(page, "dorte")
    page.goto(f"{house.url}/logkontrol/{sample.id}/1")
    page.get_by_label("Skal undersøges").check()
    page.get_by_label("Note").fill(NOTE)
    page.get_by_role("button", name="Gem og gå til det næste").click()

    assert page.url.endswith(f"/{sample.id}/2")
    assert rows(engine, LogReview) == 1
