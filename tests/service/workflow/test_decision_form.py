"""What the decision form takes besides the choice: the citizen's view, a signature, and words of her own."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service import log
from service.database import reading
from service.errors import Refused
from service.tables.decision import Decision, Planning
from service.tables.intake import Case, PersonalPart
from service.tables.log import LogEntry
from service.workflow import decision
from service.workflow.case_file import open_file
from service.workflow.decision.partly import partly_sentence
from service.workflow.decision.receipt import receipt_of
from service.workflow.letter.draft import wish_of
from tests.answered import a_decision, an_answered_case
from tests.cast import NOW, Cast
from tests.letters import a_ground
from tests.payloads import PAYLOAD
from tests.refusals import in_session, refuses

VIEW = "Vil helst træne hjemme sammen med sin mand"


@pytest.fixture
def case(engine: Engine, cast: Cast) -> Case:
    return an_answered_case(engine, cast)


@pytest.mark.requirement("F-16", "G-34")
@pytest.mark.parametrize(
    "text",
    [
        "I 7 af 20 lignende sager blev det basalt niveau. I 13 af 20 blev det avanceret niveau.",
        "de lignende sager ligner denne sag en del!",
        "Funktionsevne nu.",
        " – ",
    ],
)
def test_words_that_only_repeat_the_evidence_or_the_list_are_refused(
    text: str, engine: Engine, cast: Cast, case: Case
) -> None:
    said = {"choice": "basal", "reason_code": "funktion_nu", "key": "k-1", "now": NOW, "by": cast.alma}
    refuses(engine, Refused, lambda s: decision.decide(s, case.id, text=text, **said))

    with pytest.raises(Refused, match="konkret vurdering") as refused:
        in_session(engine, lambda s: decision.decide(s, case.id, text=text, **said))
    assert refused.value.field == "text"
    assert in_session(engine, lambda s: decision.decide(s, case.id, text=f"{text} Hun bor alene.", **said))


def test_a_view_that_is_too_long_is_refused(engine: Engine, cast: Cast, case: Case) -> None:
    refuses(
        engine, Refused,
        lambda s: decision.decide(
            s, case.id, choice="basal", reason_code="funktion_nu", citizens_view="x" * 4001, key="k-1",
            now=NOW, by=cast.alma,
        ),
    )  # fmt: skip


def test_the_citizens_view_is_sealed_and_stands_in_the_journal_and_in_the_letters_draft(
    engine: Engine, cast: Cast, case: Case
) -> None:
    made = a_decision(engine, case, cast.alma, citizens_view=f"  {VIEW} ", text="Hun bor på tredje sal.")

    with reading(engine) as session:
        assert log.open_part(session, made)["citizens_view"] == VIEW
        journal = receipt_of(session, case.id).journal_text
        plain = [entry.entry.encode() for entry in session.exec(select(LogEntry))]
        plain += [part.content for part in session.exec(select(PersonalPart))]
    assert f"Borgeren selv: {VIEW}\n" in journal
    assert not [text for text in plain if b"sammen med sin mand" in text]
    assert wish_of(a_ground(wish="", view=VIEW)) == f"Sådan hørte vi dit ønske: {VIEW}."
    assert wish_of(a_ground(wish="", view="")) == ""


@pytest.mark.requirement("G-39")
def test_the_decision_is_signed_by_name_in_the_words_that_stood_there(
    engine: Engine, cast: Cast, case: Case
) -> None:
    made = a_decision(engine, case, cast.alma, reason_code="faglig_viden")

    with reading(engine) as session:
        assert log.open_part(session, made)["signed"] == "Jeg står inde for afgørelsen."
        journal = receipt_of(session, case.id).journal_text
    assert "Lagt mest vægt på: strider mod min faglige viden." in journal
    assert "Underskrevet af Alma Holm: Jeg står inde for afgørelsen.\n" in journal


def a_plan(**changed: Any) -> Planning:
    usual = {"forms": ["gruppe"], "team": "ortopaedisk", "place": "center"}
    return Planning(
        case_id="c", decision_id="d", planned_by="p", start_status="x", at=NOW, **{**usual, **changed}
    )


PRACTICE = {
    "forms": [{"code": "individuel", "label": "", "count": 4}, {"code": "gruppe", "label": "", "count": 16}],
    "teams": [{"code": "ortopaedisk", "label": "", "count": 20}],
    "places": [{"code": "center", "label": "", "count": 10}, {"code": "hjemme", "label": "", "count": 10}],
}
SHOWN = {**PAYLOAD, "similar": {**PAYLOAD["similar"], "practice": PRACTICE}}


@pytest.mark.parametrize(
    ("choice", "planned", "sentence"),
    [
        ("avanceret", {}, ""),
        ("basal", {"forms": ["individuel"], "team": "neurologisk"}, ""),
        ("basal", {}, "Delvist på linje: form og team som i flest lignende sager, niveau anderledes."),
        (
            "avanceret", {"forms": ["individuel"], "team": "neurologisk"},
            "Delvist på linje: niveau som i flest lignende sager, form og team anderledes.",
        ),
        (
            "avanceret", {"forms": ["gruppe", "digital"], "team": "neurologisk", "place": "hjemme"},
            "Delvist på linje: niveau og form som i flest lignende sager, team anderledes.",
        ),
    ],
)  # fmt: skip
def test_agreement_in_part_is_derived_and_what_has_no_most_common_value_is_left_out(
    choice: str, planned: dict[str, Any], sentence: str
) -> None:
    assert partly_sentence(SHOWN, Decision(choice=choice), a_plan(**planned)) == sentence


def test_the_receipt_tells_agreement_in_part_once_the_case_is_planned(
    engine: Engine, cast: Cast, case: Case
) -> None:
    a_decision(engine, case, cast.alma, choice="basal")
    with reading(engine) as session:
        assert receipt_of(session, case.id).partly == ""
        shown = log.open_part(session, open_file(session, case.id).suggestion)["payload"]["similar"]
    most = max(shown["practice"]["teams"], key=lambda each: each["count"])["code"]
    in_session(
        engine,
        lambda s: decision.plan(
            s, case.id, forms=("gruppe",), team=most, place="center", start_status="inden_frist",
            first_date=case.due_on, now=NOW, by=cast.alma,
        ),
    )  # fmt: skip
    with reading(engine) as session:
        said = receipt_of(session, case.id).partly

    assert said.startswith("Delvist på linje: ") and "niveau" in said.split("flest lignende sager,")[1]
