"""The letter's pages: written or refused with a sentence, previewed without a trace, shown as signed."""

import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.tables.citizen import Letter
from service.tables.intake import Case
from service.tables.log import LogEntry
from tests.answered import a_decision, an_answered_case, rows
from tests.builders import a_case
from tests.cast import Cast
from tests.letters import OWN, a_letter, parts_of, the_ground
from tests.parts.markup import skeleton
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]


@pytest.fixture
def decided(engine: Engine, cast: Cast) -> Case:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    return case


def form_of(engine: Engine, case: Case, visitor: Visitor, **changes: Any) -> dict[str, Any]:
    """What the page would send, with her own words where they are asked for."""
    page = visitor.get(f"/sag/{case.id}/brev").text
    hidden = {name: _hidden(page, name) for name in ("decision", "replaces")}
    parts = asdict(parts_of(the_ground(engine, case.id)))
    return {**parts, "confirmed": ["facts", "law"], **hidden, "opgave": "gem", **changes}


def _hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


@pytest.mark.requirement("F-08")
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"weighed": ""}, "Skriv, hvad du lagde vægt på for netop denne borger."),
        ({"wish": ""}, "Skriv borgerens ønsker. Er de ikke indhentet, så skriv det, og hvorfor."),
        ({"facts": " "}, "Skriv de oplysninger, som beslutningen bygger på."),
        ({"law": ""}, "Skriv, hvilke regler beslutningen bygger på."),
        ({"weighed": "Vi lagde mest vægt på, hvordan du klarer dig nu."}, "Skriv med dine egne ord"),
        ({"weighed": "Systemet foreslog det."}, "Systemet er aldrig en grund"),
        ({"facts": "Det skyldes din hofte."}, "Brevet bruger ikke ordet »skyldes«."),
        ({"wish": "Du vil " + "gå " * 20 + "hjem."}, "Den er på 23 ord"),
        ({"confirmed": ["law"]}, "Sæt kryds ved, at oplysningerne om borgeren passer."),
        ({"confirmed": []}, "Sæt kryds ved, at reglerne passer."),
    ],
    ids=str,
)
def test_what_cannot_be_signed_is_said_and_nothing_is_written(
    changed: dict[str, Any], sentence: str, visit: Visit, engine: Engine, decided: Case
) -> None:
    alma = visit("alma")
    form = form_of(engine, decided, alma, **changed)
    before = rows(engine, LogEntry)
    answer = alma.post(f"/sag/{decided.id}/brev", form)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(engine, Letter) == 0
    assert rows(engine, LogEntry) == before + 1, "only that the case was shown again"


def test_an_outdated_form_is_refused(visit: Visit, engine: Engine, cast: Cast, decided: Case) -> None:
    alma = visit("alma")
    form = form_of(engine, decided, alma)
    a_letter(engine, decided, cast.bent)
    assert alma.post(f"/sag/{decided.id}/brev", form).status_code == 409
    assert alma.post(f"/sag/{decided.id}/brev", {**form, "decision": "0" * 32}).status_code == 409
    assert rows(engine, Letter) == 1


def test_a_form_without_its_token_is_refused(visit: Visit, engine: Engine, decided: Case) -> None:
    alma = visit("alma")
    answer = alma.client.post(f"/sag/{decided.id}/brev", data=form_of(engine, decided, alma))

    assert (answer.status_code, rows(engine, Letter)) == (400, 0)


@pytest.mark.parametrize("name", ["tove", "dan", "dorte", "ada"])
def test_only_caseworkers_write(name: str, visit: Visit, engine: Engine, decided: Case) -> None:
    visitor = visit(name)

    assert visitor.get(f"/sag/{decided.id}/brev").status_code == 403
    assert visitor.post(f"/sag/{decided.id}/brev", {"opgave": "gem"}).status_code == 403
    assert rows(engine, Letter) == 0


@pytest.mark.requirement("G-51")
def test_without_contacts_the_page_says_what_is_missing(
    app: Flask, visit: Visit, engine: Engine, decided: Case, tmp_path: Path
) -> None:
    (tmp_path / "contacts.toml").write_text('[0999]\nphone = "00 00 10 00"\n', "utf-8")
    held = app.extensions["skoen"]
    app.extensions["skoen"] = replace(
        held, settings=replace(held.settings, contacts=tmp_path / "contacts.toml")
    )
    answers = [visit("alma").get(f"/sag/{decided.id}/brev"), visit("alma").post(f"/sag/{decided.id}/brev")]

    for answer in answers:
        assert answer.status_code == 409
        assert "Kommunen har ikke oplyst, hvem borgeren kan kontakte." in answer.text
        assert "hours, email, address, complaint, data_protection, adviser" in answer.text
    assert rows(engine, Letter) == 0


def test_a_case_that_is_not_decided_leads_back(visit: Visit, engine: Engine, cast: Cast) -> None:
    new, answered = a_case(engine), an_answered_case(engine, cast)
    alma = visit("alma")
    for case in (new, answered):
        for path in ("brev", "brev/vis", "brev.pdf"):
            answer = alma.get(f"/sag/{case.id}/{path}")
            assert (answer.status_code, answer.headers["Location"]) == (303, f"/sag/{case.id}")


def test_a_preview_writes_nothing_and_keeps_what_was_typed(
    visit: Visit, engine: Engine, decided: Case
) -> None:
    alma = visit("alma")
    form = form_of(engine, decided, alma, opgave="vis", weighed="Du vil <hjem> & gå.", confirmed=[])
    answer = alma.post(f"/sag/{decided.id}/brev", form)

    assert answer.status_code == 200
    assert answer.text.count("Du vil &lt;hjem&gt; &amp; gå.") == 2, "in the form and in the letter"
    assert "Sæt kryds" in answer.text
    assert rows(engine, Letter) == 0


def test_a_signed_letter_is_shown_and_a_double_click_is_one(
    visit: Visit, engine: Engine, decided: Case
) -> None:
    alma = visit("alma")
    form = form_of(engine, decided, alma)
    first, second = (alma.post(f"/sag/{decided.id}/brev", form) for _ in range(2))
    page = alma.get(first.headers["Location"]).text

    assert first.headers["Location"] == second.headers["Location"] == f"/sag/{decided.id}/brev/vis"
    assert rows(engine, Letter) == 1
    assert "Kære Agnes Prøve" in page
    assert OWN in page
    assert "I 13 af 20 fik borgeren træning på avanceret niveau." in page


def test_the_page_begins_with_the_draft_and_nothing_confirmed(visit: Visit, decided: Case) -> None:
    page = visit("alma").get(f"/sag/{decided.id}/brev").text

    assert "Vi lagde mest vægt på, hvordan du klarer dig nu.</textarea>" in page
    assert "Selv hente posten." in page
    assert "checked" not in page


def test_the_form_is_the_same_on_every_path(visit: Visit, engine: Engine, cast: Cast) -> None:
    """Agreeing or not, shown or not: the same fields, the same words around them, the same buttons."""
    paths: list[tuple[dict[str, Any], str]] = [
        ({}, "avanceret"), ({}, "basal"), ({"choice": "basal"}, "basal"),
        ({"wants_evidence": False}, "basal"),
    ]  # fmt: skip
    forms = []
    for number, (judgement, choice) in enumerate(paths, 1):
        case = an_answered_case(engine, cast, number=number, **judgement)
        a_decision(engine, case, cast.alma, choice=choice)
        page = visit("alma").get(f"/sag/{case.id}/brev").text
        form = page.split('<form class="panel')[1].split("</form>")[0]
        forms.append((skeleton(form), re.findall(r"<(?:label|legend|button|span)[^>]*>([^<]*)<", form)))

    assert all(form == forms[0] for form in forms)
    assert len(forms[0][0]) > 20


def test_a_letter_about_a_replaced_decision_says_so(
    visit: Visit, engine: Engine, cast: Cast, decided: Case
) -> None:
    old = a_letter(engine, decided, cast.alma)
    alma = visit("alma")
    assert "passer ikke længere" not in alma.get(f"/sag/{decided.id}/brev/vis").text
    a_decision(engine, decided, cast.alma, choice="basal", key="again", replaces=old.decision_id)

    assert "Brevet passer ikke længere." in alma.get(f"/sag/{decided.id}/brev/vis").text
    page = alma.get(f"/sag/{decided.id}/brev").text
    assert OWN not in page, "a new decision begins with its own draft"
    assert f'name="replaces" value="{old.id}"' in page


def test_the_receipt_leads_to_the_letter_and_a_case_that_waits_does_not(
    visit: Visit, engine: Engine, cast: Cast, decided: Case
) -> None:
    waiting = an_answered_case(engine, cast, number=2)
    a_decision(engine, waiting, cast.alma, choice="retur")
    alma = visit("alma")

    assert f'href="/sag/{decided.id}/brev"' in alma.get(f"/sag/{decided.id}/kvittering").text
    assert "/brev" not in alma.get(f"/sag/{waiting.id}/kvittering").text


def test_both_letters_stand_in_the_course_of_the_case(
    visit: Visit, engine: Engine, cast: Cast, decided: Case
) -> None:
    a_letter(engine, decided, cast.alma)
    a_letter(engine, decided, cast.bent)
    page = visit("alma").get(f"/sag/{decided.id}/ret").text

    assert page.count("Brev til borgeren") == 2
    assert "Brev til borgeren (retter linje" in page
    assert "Fortæller, at lignende sager var vist" in page


def test_an_auditor_reads_it_with_a_purpose(visit: Visit, engine: Engine, cast: Cast, decided: Case) -> None:
    a_letter(engine, decided, cast.alma)
    dorte = visit("dorte")
    assert dorte.get(f"/sag/{decided.id}/brev/vis").status_code == 403
    dorte.post(f"/sag/{decided.id}/formaal", {"formaal": "klage"})
    page = dorte.get(f"/sag/{decided.id}/brev/vis").text

    assert "Kære Agnes Prøve" in page
    assert "Skriv et nyt brev" not in page
