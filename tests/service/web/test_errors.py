"""Errors in plain Danish, and nothing lost that somebody typed."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.tables.assessment import Assessment
from tests.answered import rows
from tests.builders import a_case
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/findes-ikke", 404, "Siden eller sagen findes ikke"),
        ("/enhed/stop", 405, "Siden kan ikke bruges på den måde."),
        ("/statistik", 403, "Din rolle giver ikke adgang"),
    ],
    ids=["unknown", "method", "role"],
)
def test_a_page_one_cannot_have_says_so(path: str, status: int, sentence: str, visit: Visit) -> None:
    answer = visit("alma").get(path)

    assert answer.status_code == status
    assert sentence in answer.text
    assert '<html lang="da">' in answer.text


def test_a_refused_method_names_the_right_ones(visit: Visit) -> None:
    assert "POST" in visit("alma").get("/enhed/stop").headers["Allow"]


def test_a_form_that_is_far_too_large_is_refused(visit: Visit, engine: Engine) -> None:
    case, alma = a_case(engine), visit("alma")
    alma.get(f"/sag/{case.id}")
    answer = alma.post(f"/sag/{case.id}/sparring", {"tekst": "x" * 1_000_001})

    assert answer.status_code == 413
    assert "fylder for meget" in answer.text


def test_a_stale_form_can_be_sent_again_with_one_press(visit: Visit, engine: Engine) -> None:
    case, alma = a_case(engine), visit("alma")
    alma.token = "gammel"
    answer = alma.post(f"/sag/{case.id}/vurdering", {"valg": "basal", "sikkerhed": "sikker"})

    assert answer.status_code == 400
    assert "Send igen" in answer.text
    assert '<input type="hidden" name="valg" value="basal">' in answer.text
    assert rows(engine, Assessment) == 0


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}],
    ids=["site", "origin"],
)
def test_a_strangers_form_is_not_offered_to_be_sent(
    headers: dict[str, str], visit: Visit, engine: Engine
) -> None:
    case, alma = a_case(engine), visit("alma")
    alma.token = "gammel"
    answer = alma.post(f"/sag/{case.id}/vurdering", {"valg": "basal"}, headers=headers)

    assert answer.status_code == 400
    assert "Send igen" not in answer.text


def test_when_the_database_is_gone_the_page_says_that_nothing_is_saved(
    app: Flask, visit: Visit, engine: Engine
) -> None:
    case, alma = a_case(engine), visit("alma")
    alma.get(f"/sag/{case.id}")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with engine.connect() as other:
        other.exec_driver_sql("ALTER TABLE cases RENAME TO gone")
        other.commit()
    answer = alma.post(f"/sag/{case.id}/sparring", {"tekst": "Min egen tekst"})

    assert answer.status_code == 503
    assert "Intet er gemt" in answer.text
    assert "Min egen tekst" in answer.text


def test_a_fault_of_ours_shows_nothing_of_itself(app: Flask, visit: Visit) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    alma = visit("alma")

    def broken() -> str:
        raise RuntimeError("7102479995 in a message")

    broken.guarded_by = None  # type: ignore[attr-defined]
    app.add_url_rule("/gaar-galt", "broken", broken)
    answer = alma.get("/gaar-galt")

    assert answer.status_code == 500
    assert "7102479995" not in answer.text
    assert "Fejlen er noteret." in answer.text


def test_an_unknown_host_is_refused(visit: Visit) -> None:
    assert visit("alma").get("/indbakke", headers={"Host": "evil.example"}).status_code == 400
