"""*Mine oplysninger* answers what people ask, and tells one story however many took part in it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.database import reading, writing
from service.tables.intake import Case
from service.workflow import decision
from service.workflow.assessment import consultation
from service.workflow.citizen_page.page import page_of
from tests.cast import NOW, TODAY, Cast
from tests.mine import a_report, looked_at
from tests.visits import PAGE, a_case_with_a_letter, a_stranger, enters

QUESTIONS = {
    "Hvad har I besluttet?": ("beslutning", ("Du får træning på avanceret niveau.", "Læs brevet")),
    "Hvornår skal jeg senest have en tid?": ("frister", ("senest den 5. juli 2026",)),
    "Hvad ved I om mig, og hvor har I det fra?": ("oplysninger", ("Hvor fra", "Planen fra hospitalet")),
    "Hvem har set på min sag?": ("set", ("For at se denne side. Dig selv",)),
    "Hvor ringer jeg hen, og hvor klager jeg?": ("rettigheder", ("Telefon", "Datatilsynet", "Ring til os")),
}


@pytest.fixture
def case(engine: Engine, cast: Cast) -> Case:
    """A case with evidence, decision and letter."""
    return a_case_with_a_letter(engine, cast)


@pytest.mark.requirement("G-07")
def test_five_plain_questions_are_each_answered_where_the_pages_own_list_leads(
    app: Flask, engine: Engine, cast: Cast, case: Case
) -> None:
    stranger = a_stranger(app)
    enters(app, engine, stranger, case, cast)
    html = stranger.get(PAGE).text
    assert len(QUESTIONS) == 5
    for question, (section, answers) in QUESTIONS.items():
        found = re.search(rf'<section aria-labelledby="{section}">(.*?)</section>', html, re.DOTALL)
        assert found, question
        assert f'<a href="#{section}">' in html, question
        told = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found[1]))
        assert [answer for answer in answers if answer not in told] == [], question


@pytest.mark.requirement("D-50")
def test_one_timeline_holds_what_hospital_unit_colleague_and_citizen_did_each_once_and_in_order(
    engine: Engine, cast: Cast, case: Case
) -> None:
    days = [NOW + timedelta(days=number) for number in range(1, 6)]
    with writing(engine) as session:
        consultation.ask(session, case.id, text="", now=days[0], by=cast.bent)
    for at, place in ((days[1], "center"), (days[4], "hjemme")):
        with writing(engine) as session:
            decision.plan(
                session, case.id, forms=("individuel",), team="ortopaedisk", place=place,
                start_status="inden_frist", first_date=case.due_on, now=at, by=cast.alma,
            )  # fmt: skip
    report = a_report(engine, case, now=days[2])
    looked_at(engine, report, cast.bent, now=days[3])
    with reading(engine) as session:
        uses = page_of(session, case.id, None, TODAY).uses

    assert [use.day for use in uses] == sorted(use.day for use in uses)
    assert len(set(uses)) == len(uses)
    told = (
        "Planen fra hospitalet kom", "skrev ned, hvad der stod", "sin egen vurdering", "sager, der ligner",
        "tog sin beslutning", "skrev et brev", "blev spurgt til råds", "hvor og hvornår", "er forkert",
        "Det bliver stående", "hvor og hvornår",
    )  # fmt: skip
    assert len(uses) == len(told)
    assert [words for words, use in zip(told, uses, strict=True) if words not in use.text] == []
