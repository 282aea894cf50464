"""Deciding: one form for everyone, one decision for one key, and a receipt that hides nothing."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.tables.decision import Decision
from service.tables.log import LogEntry
from service.workflow.assessment import drafts
from tests.answered import a_decision, an_answered_case, rows
from tests.builders import a_case
from tests.cast import Cast
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
SAID = {"choice": "basal", "reason_code": "borgerens_maal", "key": "k" * 32}


def decision_of(engine: Engine, case_id: str) -> Decision:
    with reading(engine) as session:
        return session.exec(select(Decision).where(Decision.case_id == case_id)).one()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"choice": ""}, "Vælg, hvad du beslutter."),
        ({"choice": "rehabilitering"}, "Vælg, hvad du beslutter."),
        ({"reason_code": ""}, "Vælg, hvad du lagde mest vægt på."),
        ({"reason_code": "overmod"}, "Vælg, hvad du lagde mest vægt på."),
        ({"reason_code": "andet"}, "Skriv med dine egne ord"),
        ({"second_reason_code": "andet"}, "Skriv med dine egne ord"),
        ({"second_reason_code": "borgerens_maal"}, "Vælg en anden grund end den første."),
        ({"text": "x" * 4001}, "højst være på 4000 tegn"),
        ({"text": "De lignende sager ligner denne sag en del."}, "Angiv en konkret vurdering"),
        ({"citizens_view": "x" * 4001}, "Borgerens ønske må højst være på 4000 tegn."),
        ({"key": ""}, "mangler sit nummer"),
    ],
    ids=str,
)
def test_what_cannot_be_taken_is_said_and_nothing_is_written(
    changed: dict[str, str], sentence: str, visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    alma = visit("alma")
    alma.get(f"/sag/{case.id}/grundlag")
    before = rows(engine, LogEntry)
    answer = alma.post(f"/sag/{case.id}/beslutning", {**SAID, **changed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(engine, Decision) == 0
    assert rows(engine, LogEntry) == before + 1, "only that the case was shown again"


def test_all_that_is_missing_is_said_at_once_with_links_to_it(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    page = visit("alma").post(f"/sag/{case.id}/beslutning", {"key": "k"}).text

    assert 'href="#choice-1"' in page
    assert 'href="#reason_code-1"' in page


def test_what_was_typed_stands_in_the_form_again(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    typed = {**SAID, "reason_code": "", "text": "Går tur <hver> dag & vil hjem."}
    page = visit("alma").post(f"/sag/{case.id}/beslutning", typed).text

    assert "Går tur &lt;hver&gt; dag &amp; vil hjem." in page
    assert re.search(r'value="basal" checked', page)
    assert f'name="key" value="{SAID["key"]}"' in page
    assert "20 lignende sager" in page


def test_before_the_judgement_nothing_can_be_decided(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    answer = visit("alma").post(f"/sag/{case.id}/beslutning", SAID)

    assert answer.status_code == 409
    assert "Gem din egen vurdering først." in answer.text
    assert rows(engine, Decision) == 0


def test_an_empty_form_before_the_judgement_leads_back(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    answer = visit("alma").post(f"/sag/{case.id}/beslutning", {"key": "k"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sag/{case.id}")


def test_a_form_without_its_token_is_refused(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    answer = visit("alma").client.post(f"/sag/{case.id}/beslutning", data=SAID)

    assert answer.status_code == 400
    assert rows(engine, Decision) == 0


@pytest.mark.parametrize("name", ["tove", "dan", "dorte", "ada"])
def test_only_caseworkers_decide(name: str, visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)

    assert visit(name).post(f"/sag/{case.id}/beslutning", SAID).status_code == 403
    assert rows(engine, Decision) == 0


def test_a_form_sent_twice_is_one_decision(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    alma = visit("alma")
    first, second = (alma.post(f"/sag/{case.id}/beslutning", SAID) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"] == f"/sag/{case.id}/planlaegning"
    assert rows(engine, Decision) == 1


def test_a_second_person_finds_the_case_decided(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    visit("alma").post(f"/sag/{case.id}/beslutning", SAID)
    answer = visit("bent").post(f"/sag/{case.id}/beslutning", {**SAID, "key": "b" * 32})

    assert answer.status_code == 409
    assert decision_of(engine, case.id).person_id == cast.alma.person_id


def test_a_decision_that_waits_skips_planning_and_says_what_happens(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    alma = visit("alma")
    for number, (choice, word) in enumerate(
        [("retur", "svar"), ("kan_ikke_afgoeres", "flere oplysninger")], 1
    ):
        case = an_answered_case(engine, cast, number=number)
        answer = alma.post(
            f"/sag/{case.id}/beslutning", {**SAID, "choice": choice, "key": f"key-{number}-12345"}
        )

        assert answer.headers["Location"] == f"/sag/{case.id}/kvittering"
        assert f"venter nu på {word}" in alma.get(f"/sag/{case.id}/kvittering").text
        assert alma.get(f"/sag/{case.id}/planlaegning").headers["Location"] == f"/sag/{case.id}/kvittering"


MOST = "Flest lignende sager: avanceret niveau (13 af 20). "


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ("avanceret", MOST + "Din beslutning: avanceret niveau, på linje med flest lignende sager."),
        ("basal", MOST + "Din beslutning: basalt niveau, anderledes end flest lignende sager."),
        ("retur", MOST + "Din beslutning: andet / send retur."),
    ],
    ids=["in line", "different", "outside"],
)
def test_the_receipt_hides_nothing(
    choice: str, sentence: str, visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    decided = a_decision(engine, case, cast.alma, choice=choice)
    page = visit("alma").get(f"/sag/{case.id}/kvittering").text
    with reading(engine) as session:
        entry = session.get_one(LogEntry, (decided.shard, decided.log_seq))

    assert sentence in page
    assert f"{decided.shard} nr. {decided.log_seq}" in page
    assert entry.leaf_hash.hex() in page


def test_the_next_case_has_the_focus(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    following = a_case(engine, request_id="next")
    a_decision(engine, case, cast.alma)
    page = visit("alma").get(f"/sag/{case.id}/kvittering").text

    assert f'href="/sag/{following.id}" autofocus>' in page


def test_without_a_next_case_the_inbox_has_the_focus(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)

    assert 'href="/indbakke" autofocus>' in visit("alma").get(f"/sag/{case.id}/kvittering").text


def test_the_journal_text_is_plain_text_and_the_same_as_on_the_receipt(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma, text="Vil selv gå til købmand.")
    alma = visit("alma")
    answer = alma.get(f"/sag/{case.id}/journal.txt")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Begrundelse: Vil selv gå til købmand." in answer.text
    assert answer.text.splitlines()[0] in alma.get(f"/sag/{case.id}/kvittering").text


def test_an_undecided_case_has_no_receipt(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    alma = visit("alma")

    assert alma.get(f"/sag/{case.id}/kvittering").headers["Location"] == f"/sag/{case.id}"
    assert alma.get(f"/sag/{case.id}/journal.txt").status_code == 404


def test_asking_for_advice_keeps_the_words_and_no_choice(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    alma = visit("alma")
    typed = {**SAID, "text": "Måske hjemme.", "citizens_view": "Vil hjem."}
    answer = alma.post(f"/sag/{case.id}/beslutning/kladde", typed)
    page = alma.get(f"/sag/{case.id}/grundlag").text

    assert answer.headers["Location"] == f"/sag/{case.id}/sparring"
    assert "Måske hjemme.</textarea>" in page
    assert "Vil hjem.</textarea>" in page
    assert " checked" not in page
    with reading(engine) as session:
        assert drafts.load(session, case.id, "decision", by=cast.alma) == {
            "text": ["Måske hjemme."], "citizens_view": ["Vil hjem."],
        }  # fmt: skip
        assert drafts.load(session, case.id, "decision", by=cast.bent) == {}
