"""Which authority answers for a case: by type and day, from data, and never guessed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.areas.genoptraening.envelope import RULES as ENVELOPE
from service.database import reading
from service.tables.erasable import ERASED_ON
from service.tables.intake import Case
from service.tables.organisation import Municipality
from service.workflow.intake import responsible
from service.workflow.intake.responsible import responsible_for, rule_for, rules_of
from tests.builders import a_case
from tests.cast import Cast
from tests.parts.web import Visitor

TYPES = sorted({rule.plan_type for rule in ENVELOPE})
LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)


@pytest.mark.requirement("R-02")
@pytest.mark.parametrize(
    ("plan_type", "on", "answers"),
    [
        ("almen", LAST, "kommune"), ("almen", FIRST, "kommune"),
        ("rehabilitering", LAST, "kommune"), ("rehabilitering", FIRST, "region"),
        ("specialiseret", LAST, "kommune"), ("specialiseret", FIRST, "region"),
    ],
)  # fmt: skip
def test_the_region_answers_for_what_is_specialised_from_new_year_2027(
    plan_type: str, on: date, answers: str
) -> None:
    assert rule_for(plan_type, on).answers == answers


@pytest.mark.requirement("R-02")
def test_every_type_of_plan_has_an_authority_and_nothing_is_guessed() -> None:
    for plan_type in TYPES:
        assert rule_for(plan_type, LAST).answers == "kommune"
    with pytest.raises(KeyError):
        rule_for("noget andet", FIRST)
    with pytest.raises(KeyError):
        rule_for("almen", date(2014, 12, 31))


@pytest.mark.requirement("R-02")
def test_a_case_names_its_authority_by_the_day_it_was_received(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    with reading(engine) as session:
        now = responsible_for(session, case)
        later = responsible_for(session, Case(**{**case.model_dump(), "plan_type": "rehabilitering",
                                                 "received_on": FIRST}))  # fmt: skip
        erased = responsible_for(session, Case(**{**case.model_dump(), "received_on": ERASED_ON}))

    assert (now.kind, now.name, now.since) == ("kommune", "Fjordby Kommune", date(2015, 1, 1))
    assert (later.kind, later.since) == ("region", FIRST)
    assert erased == now


@pytest.mark.requirement("R-02")
def test_a_new_law_is_a_new_rule_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "responsible.toml"
    new = '[[rule]]\nplan_type = "almen"\nvalid_from = 2030-01-01\nanswers = "region"\nsource = "L"\n'
    law = responsible.DECLARED.read_text(encoding="utf-8").replace("[regions]", f"{new}[regions]")
    file.write_text(law, encoding="utf-8")
    monkeypatch.setattr(responsible, "_declared", lambda: rules_of(file))

    assert rule_for("almen", date(2029, 12, 31)).answers == "kommune"
    assert rule_for("almen", date(2030, 1, 1)).answers == "region"


@pytest.mark.requirement("R-02")
def test_the_case_and_its_oversight_say_who_answers(
    engine: Engine, cast: Cast, visit: Callable[[str], Visitor]
) -> None:
    case = a_case(engine)
    dorte = visit("dorte")
    dorte.post(f"/tilsyn/sag/{case.id}/formaal", {"formaal": "klage"})

    assert "Ansvarlig myndighed: Fjordby Kommune" in visit("alma").get(f"/sag/{case.id}").text
    assert "Fjordby Kommune, efter reglen fra 1. jan. 2015" in dorte.get(f"/tilsyn/sag/{case.id}").text
    with reading(engine) as session:
        assert session.get_one(Municipality, case.municipality_id).name == "Fjordby Kommune"
