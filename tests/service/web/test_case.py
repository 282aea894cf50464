"""The case screen before the judgement: who opens it, what stands on it, and what is never lost."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from models.declaration import UNKNOWN
from service.database import reading, writing
from service.log import Event
from service.tables.intake import Draft, FactsVersion
from service.tables.log import LogEntry
from service.workflow import intake
from service.workflow.case_file import open_file
from tests.answered import a_decision, an_answered_case, rows
from tests.builders import a_case, a_fact, a_referral
from tests.cast import NOW, Cast
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
CASE_PAGES = ("", "/sparring", "/fejl-i-oplysning")


def openings(engine: Engine) -> list[str]:
    """The entries that tell of an opened case."""
    with reading(engine) as session:
        chosen = select(LogEntry).where(LogEntry.event == Event.CASE_OPENED)
        return [entry.entry for entry in session.exec(chosen)]


def legends(html: str) -> list[str]:
    """The questions that stand open on the page, without those of the judgement."""
    return re.findall(r'<legend class="question__label">([^<]+)</legend>', html)


def checked(html: str) -> list[str]:
    """The answers that are chosen on the page."""
    return re.findall(r'<input type="radio"[^>]*name="([^"]+)" value="([^"]+)" checked', html)


@pytest.mark.parametrize("page", CASE_PAGES, ids=["case", "consultation", "wrong-fact"])
def test_opening_a_page_with_a_citizen_is_one_entry_with_its_purpose(
    page: str, visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = a_case(engine)
    assert visit("alma").get(f"/sag/{case.id}{page}").status_code == 200

    (entry,) = openings(engine)
    assert '"purpose":"sagsbehandling"' in entry
    assert case.id in entry
    assert "Agnes" not in entry


def test_nothing_is_shown_when_the_opening_cannot_be_logged(
    visit: Visit, engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, alma = a_case(engine), visit("alma")
    with engine.connect() as blocker:
        blocker.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'x'); END"
        )
        blocker.commit()
    answer = alma.get(f"/sag/{case.id}")

    assert answer.status_code == 503
    assert "Agnes" not in answer.text
    assert "Intet er gemt" in answer.text


def test_another_municipality_and_another_unit_find_no_such_case(visit: Visit, engine: Engine) -> None:
    case = a_case(engine)
    for name in ("carla", "freja"):
        for page in (*CASE_PAGES, "/svar"):
            assert visit(name).get(f"/sag/{case.id}{page}").status_code == 404
    assert openings(engine) == []


def test_an_auditor_says_what_for_before_anything_is_shown(visit: Visit, engine: Engine) -> None:
    case, dorte = a_case(engine), visit("dorte")
    asked = dorte.get(f"/sag/{case.id}")
    assert asked.status_code == 403
    assert "Agnes" not in asked.text
    assert openings(engine) == []

    assert dorte.post(f"/sag/{case.id}/formaal", {"formaal": "nysgerrig"}).status_code == 422
    dorte.get("/indbakke")
    chosen = dorte.post(f"/sag/{case.id}/formaal", {"formaal": "klage", "videre": f"/sag/{case.id}"})
    assert chosen.headers["Location"] == f"/sag/{case.id}"
    page = dorte.get(f"/sag/{case.id}").text
    assert "Agnes Prøve" in page
    assert "Gem vurdering" not in page
    assert '"purpose":"klage"' in openings(engine)[0]


def test_what_must_be_read_stands_open_and_the_rest_is_folded_with_its_source(
    visit: Visit, engine: Engine
) -> None:
    page = visit("alma").get(f"/sag/{a_case(engine).id}").text

    assert "Begrænsning i mobilitet" in legends(page)
    assert "Behandling" not in legends(page)
    assert re.search(r"<dt>Behandling</dt>\s*<dd>kirurgisk <span[^>]*>\(kodet i planen\)</span>", page)
    assert "Faldet hjemme og opereret for hoftebrud." in page


def test_every_open_row_takes_unknown_with_one_key(visit: Visit, engine: Engine) -> None:
    page = visit("alma").get(f"/sag/{a_case(engine).id}").text
    rows_ = re.findall(r"<fieldset class=\"question.*?</fieldset>", page, re.DOTALL)

    assert rows_
    assert all(f'value="{UNKNOWN}" aria-keyshortcuts="u"' in row for row in rows_ if 'type="radio"' in row)


def test_nothing_is_chosen_beforehand(visit: Visit, engine: Engine) -> None:
    page = visit("alma").get(f"/sag/{a_case(engine).id}").text

    assert checked(page) == []


def test_the_first_stop_leads_to_the_judgement(visit: Visit, engine: Engine) -> None:
    page = visit("alma").get(f"/sag/{a_case(engine).id}").text
    first = re.search(r'<a [^>]*href="([^"]+)"', page[page.index("<body>") :])

    assert first is not None
    assert first[1] == "#valg-1"
    assert 'id="valg-1"' in page


def test_gaps_are_named(visit: Visit, engine: Engine) -> None:
    page = visit("alma").get(f"/sag/{a_case(engine).id}").text

    assert "Er det de rigtige data?" in page
    assert re.search(r"Ikke oplyst: [^<]*Begrænsning i mobilitet", page)


def test_hostile_plan_text_is_shown_as_text(visit: Visit, engine: Engine) -> None:
    case = a_case(engine, sections={"helbred": "<script>alert(1)</script>{{ 7 * 7 }}"})
    page = visit("alma").get(f"/sag/{case.id}").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in page
    assert "<script>alert" not in page


def test_a_draft_is_kept_for_her_alone_and_carries_no_token(visit: Visit, engine: Engine) -> None:
    case, alma = a_case(engine), visit("alma")
    alma.get(f"/sag/{case.id}")
    typed = {"oplysning.funk_krop": "3", "valg": "basal", "noegle": "k", "aabnet": "x"}
    answer = alma.post(f"/sag/{case.id}/kladde", typed, headers={"X-Requested-With": "fetch"})

    assert answer.status_code == 204
    with reading(engine) as session:
        (draft,) = session.exec(select(Draft)).all()
    assert b"basal" not in draft.content  # it is sealed
    page = alma.get(f"/sag/{case.id}").text
    assert set(checked(page)) == {("oplysning.funk_krop", "3"), ("valg", "basal")}
    assert "Din kladde er sat ind." in page
    assert checked(visit("bent").get(f"/sag/{case.id}").text) == []


def test_a_draft_with_the_way_to_a_colleague_is_kept_first(visit: Visit, engine: Engine) -> None:
    case, alma = a_case(engine), visit("alma")
    alma.get(f"/sag/{case.id}")
    answer = alma.post(f"/sag/{case.id}/kladde", {"oplysning.funk_krop": "2", "videre": "sparring"})

    assert answer.headers["Location"] == f"/sag/{case.id}/sparring"
    assert rows(engine, Draft) == 1  # type: ignore[arg-type]


def test_a_script_that_is_signed_out_is_told_so_without_a_page(app: Flask, engine: Engine) -> None:
    case = a_case(engine)
    headers = {"X-Requested-With": "fetch", "Sec-Fetch-Site": "same-origin"}
    answer = app.test_client().post(f"/sag/{case.id}/kladde", data={}, headers=headers)

    assert answer.status_code == 401
    assert answer.mimetype == "application/json"


def test_a_fact_marked_wrong_is_asked_again_without_its_old_answer(visit: Visit, engine: Engine) -> None:
    case, alma = a_case(engine), visit("alma")
    assert (
        'value="behandlingstype" checked'
        in alma.get(f"/sag/{case.id}/fejl-i-oplysning?oplysning=behandlingstype").text
    )
    answer = alma.post(
        f"/sag/{case.id}/fejl-i-oplysning", {"oplysning": "behandlingstype", "note": "Ikke opereret"}
    )

    assert answer.headers["Location"] == f"/sag/{case.id}"
    page = alma.get(f"/sag/{case.id}").text
    assert "Behandling" in legends(page)
    assert checked(page) == []
    with reading(engine) as session:
        assert open_file(session, case.id).facts["behandlingstype"].marked_wrong


@pytest.mark.parametrize("name", ["diagnosegruppe", "funk_mobilitet", ""], ids=["computed", "empty", "none"])
def test_what_cannot_be_marked_is_refused_and_nothing_is_written(
    name: str, visit: Visit, engine: Engine
) -> None:
    case, alma = a_case(engine), visit("alma")
    alma.get(f"/sag/{case.id}")
    answer = alma.post(f"/sag/{case.id}/fejl-i-oplysning", {"oplysning": name, "note": "mit notat"})

    assert answer.status_code == 422
    assert "mit notat" in answer.text
    assert rows(engine, FactsVersion) == 1


def test_without_a_script_the_page_says_what_would_be_lost(visit: Visit, engine: Engine) -> None:
    """With a script the draft is kept as she types; without one, a link away keeps nothing."""
    page = visit("alma").get(f"/sag/{a_case(engine).id}").text
    assert re.search("<noscript>.*»Gem kun oplysningerne«.*</noscript>", page)


def test_her_own_reading_stays_open_to_be_changed(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    with writing(engine) as session:
        intake.record_reading(session, case.id, {"funk_krop": "3"}, now=NOW, by=cast.alma)
    page = visit("alma").get(f"/sag/{case.id}").text

    assert checked(page) == [("oplysning.funk_krop", "3")]


def test_a_judged_case_leads_on_and_a_decided_one_stands_still(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case, alma = an_answered_case(engine, cast), visit("alma")
    assert alma.get(f"/sag/{case.id}").headers["Location"] == f"/sag/{case.id}/grundlag"

    a_decision(engine, case, cast.alma)
    page = alma.get(f"/sag/{case.id}").text
    assert f'href="/sag/{case.id}/kvittering"' in page
    assert "Gem vurdering" not in page


def test_new_facts_after_the_judgement_let_her_look_again(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    changed = a_referral(facts={**a_referral().facts, "faldrisiko": a_fact("nej")})
    with writing(engine) as session:
        intake.receive(session, changed, pepper=b"a pepper for tests only, 32 bytes", now=NOW, by=None)
    page = visit("alma").get(f"/sag/{case.id}").text

    assert "Der er kommet nye oplysninger efter din vurdering" in page
    assert "Gem vurdering og se grundlag" in page


def test_a_fact_marked_wrong_after_the_judgement_leaves_no_way_around_judging_again(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case, alma = an_answered_case(engine, cast), visit("alma")
    wrong = {"oplysning": "restriktion", "note": "Må belaste fuldt"}
    alma.post(f"/sag/{case.id}/fejl-i-oplysning", wrong)
    page = alma.get(f"/sag/{case.id}").text

    assert "En oplysning er meldt forkert efter din vurdering" in page
    assert "Meldt forkert: Restriktioner for belastning" in page
    assert "»Må belaste fuldt«" in page
    assert f'href="/sag/{case.id}/grundlag"' not in page


def test_the_levels_of_another_plan_are_no_options(visit: Visit, engine: Engine) -> None:
    case = a_case(engine, plan_type="specialiseret")
    page = visit("alma").get(f"/sag/{case.id}").text

    assert re.findall(r'name="valg" value="(\w+)"', page) == ["kan_ikke_afgoeres", "retur"]


def test_whose_case_it_is_stands_at_its_head(visit: Visit, engine: Engine) -> None:
    case, alma = a_case(engine), visit("alma")
    assert "Tag sagen" in alma.get(f"/sag/{case.id}").text

    visit("bent").post(f"/sag/{case.id}/tag")
    page = alma.get(f"/sag/{case.id}").text
    assert "Hos Bent Krogh" in page
    assert "Tag sagen" in page
    alma.post(f"/sag/{case.id}/tag")
    assert "Tag sagen" not in alma.get(f"/sag/{case.id}").text
