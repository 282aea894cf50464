"""Sparring on the screen: asked without leaving the case, answered by somebody else."""

import re
from collections.abc import Callable

from sqlalchemy import Engine

from service.tables.assessment import Consultation, ConsultationAnswer
from tests.answered import rows
from tests.builders import a_case
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]


def asked(visitor: Visitor, case_id: str, text: str = "Er gangen usikker nok?") -> None:
    visitor.get(f"/sag/{case_id}")
    assert visitor.post(f"/sag/{case_id}/sparring", {"tekst": text}).headers["Location"] == f"/sag/{case_id}"


def address_of_answer(visitor: Visitor, case_id: str) -> str:
    found = re.search(r'action="(/sag/\w+/sparring/\w+/svar)"', visitor.get(f"/sag/{case_id}/sparring").text)
    assert found is not None
    return found[1]


def test_a_question_reaches_a_colleague_and_the_answer_comes_back(visit: Visit, engine: Engine) -> None:
    case, alma, bent = a_case(engine), visit("alma"), visit("bent")
    asked(alma, case.id)
    assert "Alma Holm beder om sparring" in bent.get(f"/sag/{case.id}").text

    answer = bent.post(address_of_answer(bent, case.id), {"tekst": "Se på <trappen>."})
    assert answer.headers["Location"] == "/indbakke"
    page = alma.get(f"/sag/{case.id}").text
    assert "Sparring fra Bent Krogh" in page
    assert "Se på &lt;trappen&gt;." in page
    assert "Gem vurdering og se grundlag" in page


def test_nobody_answers_herself(visit: Visit, engine: Engine) -> None:
    case, alma, bent = a_case(engine), visit("alma"), visit("bent")
    asked(alma, case.id, "")
    where = address_of_answer(bent, case.id)

    assert "Dit svar" not in alma.get(f"/sag/{case.id}/sparring").text
    assert alma.post(where, {"tekst": "Ja."}).status_code == 422
    assert rows(engine, ConsultationAnswer) == 0


def test_an_empty_answer_is_none(visit: Visit, engine: Engine) -> None:
    case, alma, bent = a_case(engine), visit("alma"), visit("bent")
    asked(alma, case.id)
    answer = bent.post(address_of_answer(bent, case.id), {"tekst": "  "})

    assert answer.status_code == 422
    assert "Skriv dit svar." in answer.text
    assert rows(engine, ConsultationAnswer) == 0


def test_another_unit_can_neither_ask_nor_answer(visit: Visit, engine: Engine) -> None:
    case, alma, bent = a_case(engine), visit("alma"), visit("bent")
    asked(alma, case.id)
    where = address_of_answer(bent, case.id)

    for name in ("freja", "carla"):
        assert visit(name).post(f"/sag/{case.id}/sparring", {"tekst": "x"}).status_code == 404
        assert visit(name).post(where, {"tekst": "x"}).status_code == 404
    assert (rows(engine, Consultation), rows(engine, ConsultationAnswer)) == (1, 0)
