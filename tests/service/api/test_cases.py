"""The steps of a case as JSON: the pages' policy and sentences, and no more evidence than the page shows."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from service.database import writing
from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.tables.intake import FactsVersion
from service.tables.log import LogEntry
from service.workflow import governance, intake
from tests.answered import an_answered_case, an_operation_without_basis, rows
from tests.builders import READ, a_case, an_admission
from tests.cast import NOW, Cast, passes_quiz, unit_named
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
JUDGEMENT = {
    "choice": "basal", "confidence": "sikker", "read_version": 1, "answers": READ,
    "opened_at": NOW.isoformat(), "key": "judgement-1",
}  # fmt: skip
DECISION = {"choice": "basal", "reason_code": "borgerens_maal", "key": "decision-1"}


def send(visitor: Visitor, path: str, body: Any, **more: Any) -> TestResponse:
    """Send JSON with the token that the API itself gives."""
    token = visitor.client.get("/api/v1/adgang").json["csrf_token"]  # type: ignore[index]
    headers = {"X-CSRF-Token": token, **more.pop("headers", {})}
    return visitor.client.post(f"/api/v1{path}", json=body, headers=headers, **more)


def test_nobody_is_let_in_without_signing_in(app: Any, engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    answer = app.test_client().get(f"/api/v1/sager/{case.id}/oplysninger")

    assert answer.status_code == 401
    assert answer.json == {"error": "Du er ikke logget ind."}


@pytest.mark.parametrize("name", ["tove", "dan", "dorte", "ada"])
def test_only_caseworkers_use_the_api(name: str, visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    client = visit(name).client

    for path in ("/adgang", f"/sager/{case.id}/oplysninger", f"/sager/{case.id}/grundlag"):
        assert client.get(f"/api/v1{path}").status_code == 403, path


@pytest.mark.requirement("K-20")
def test_another_municipality_finds_no_such_case(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    carla = visit("carla")

    for path in ("oplysninger", "grundlag"):
        assert carla.client.get(f"/api/v1/sager/{case.id}/{path}").status_code == 404
    for path, body in (("vurdering", JUDGEMENT), ("beslutning", DECISION), ("oplysninger", {"answers": {}})):
        assert send(carla, f"/sager/{case.id}/{path}", body).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"X-CSRF-Token": "guessed"}], ids=["none", "wrong"])
def test_writing_needs_the_token(headers: dict[str, str], visit: Visit, engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    answer = visit("alma").client.post(f"/api/v1/sager/{case.id}/vurdering", json=JUDGEMENT, headers=headers)

    assert answer.status_code == 400
    assert rows(engine, Assessment) == 0


def test_a_form_is_no_json(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    alma = visit("alma")
    token = alma.client.get("/api/v1/adgang").json["csrf_token"]  # type: ignore[index]
    path = f"/api/v1/sager/{case.id}/vurdering"

    sent = alma.client.post(path, data=JUDGEMENT, headers={"X-CSRF-Token": token})
    broken = alma.client.post(
        path, data="{", content_type="application/json", headers={"X-CSRF-Token": token}
    )
    assert (sent.status_code, broken.status_code) == (415, 400)
    assert broken.json == {"error": "Indholdet kan ikke læses som et JSON-objekt. Intet er gemt."}
    assert rows(engine, Assessment) == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"niveau": "basal"}, "niveau"),
        ({"choice": None}, "choice"),
        ({"opened_at": "2026-06-30T08:00:00"}, "opened_at"),
        ({"key": "short"}, "key"),
        ({"answers": {"skonummer": "42"}}, "answers.skonummer"),
        ({"answers": {"funk_mobilitet": "9"}}, "answers.funk_mobilitet"),
        ({"answers": {"diagnosegruppe": "hoftebrud"}}, "answers.diagnosegruppe"),
        ({"choice": "rehabilitering"}, "choice"),
        ({"confidence": "97 %"}, "confidence"),
    ],
    ids=str,
)
def test_a_judgement_that_cannot_be_taken_names_the_field_and_writes_nothing(
    changed: dict[str, Any], field: str, visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = a_case(engine)
    before = rows(engine, LogEntry)
    answer = send(visit("alma"), f"/sager/{case.id}/vurdering", {**JUDGEMENT, **changed})

    assert answer.status_code == 422
    assert field in answer.json["fields"]  # type: ignore[index]
    assert rows(engine, LogEntry) == before


def test_facts_read_elsewhere_in_the_meantime_are_a_conflict(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = a_case(engine)
    alma = visit("alma")
    send(alma, f"/sager/{case.id}/oplysninger", {"answers": {"kompl_flag": "ja"}})
    answer = send(alma, f"/sager/{case.id}/vurdering", JUDGEMENT)

    assert answer.status_code == 409
    assert rows(engine, Assessment) == 0


@pytest.mark.requirement("F-17", "SK-01")
def test_before_the_judgement_the_evidence_is_409_with_a_sentence_and_nothing_else(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = a_case(engine)
    answer = visit("alma").client.get(f"/api/v1/sager/{case.id}/grundlag")

    assert answer.status_code == 409
    assert answer.json == {"error": "Gem din egen vurdering først."}


def test_facts_are_told_with_their_source_and_what_may_be_answered(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = a_case(engine)
    told = visit("alma").client.get(f"/api/v1/sager/{case.id}/oplysninger").json
    assert told is not None
    facts = {fact["name"]: fact for fact in told["facts"]}

    assert (told["version"], told["state"]) == (1, "new")
    assert facts["faldrisiko"]["words"] == "ja"
    assert facts["komorbiditet_flag"]["value"] == ["hjerte"]
    assert facts["funk_mobilitet"]["value"] is None
    assert [option["code"] for option in told["options"]][:2] == ["basal", "avanceret"]


def test_reading_is_stored_as_a_new_version(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    answer = send(visit("alma"), f"/sager/{case.id}/oplysninger", {"answers": READ})

    assert (answer.status_code, answer.json["version"]) == (200, 2)  # type: ignore[index]
    assert rows(engine, FactsVersion) == 2


def test_a_case_goes_all_the_way_as_json(visit: Visit, engine: Engine, cast: Cast) -> None:
    an_admission(engine, cast.dan)
    case = a_case(engine)
    alma = visit("alma")
    judged = send(alma, f"/sager/{case.id}/vurdering", JUDGEMENT)
    shown = alma.client.get(f"/api/v1/sager/{case.id}/grundlag").json
    decided = send(alma, f"/sager/{case.id}/beslutning", DECISION)
    assert shown is not None and decided.json is not None

    assert (judged.status_code, decided.status_code) == (201, 201)
    assert (shown["outcome"], shown["payload"]["similar"]["count"]) == ("shown", 20)
    assert decided.json["sentence"].endswith("basalt niveau, anderledes end flest lignende sager.")
    assert decided.json["log"]["shard"] == "decisions/2026"
    assert len(decided.json["log"]["leaf_hash"]) == 64


def test_the_same_key_again_is_the_same_judgement_and_decision(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    an_admission(engine, cast.dan)
    case = a_case(engine)
    alma = visit("alma")
    ids = {send(alma, f"/sager/{case.id}/vurdering", JUDGEMENT).json["id"] for _ in range(2)}  # type: ignore[index]
    ids |= {send(alma, f"/sager/{case.id}/beslutning", DECISION).json["id"] for _ in range(2)}  # type: ignore[index]

    assert len(ids) == 2
    assert (rows(engine, Assessment), rows(engine, Decision)) == (1, 1)


def test_a_decision_before_the_judgement_is_refused(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    answer = send(visit("alma"), f"/sager/{case.id}/beslutning", DECISION)

    assert answer.status_code == 409
    assert rows(engine, Decision) == 0


@pytest.mark.requirement("F-29")
def test_in_the_overview_nothing_names_a_level_or_adds_up_to_a_probability(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    told = visit("alma").client.get(f"/api/v1/sager/{case.id}/grundlag").json
    assert told is not None
    payload = told["payload"]

    assert told["mode"] == "overblik"
    assert not {"model_level", "headline"} & set(payload)
    assert "reference_level" not in payload["similar"]
    assert not {"base", "score", "rest"} & set(payload["contributions"])
    assert '"key"' not in json.dumps(payload)


def test_in_the_other_mode_the_headline_is_told(visit: Visit, engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        unit = unit_named(session, "Træning Nord").id
        governance.set_mode(session, unit, "forslag", now=NOW, by=cast.tove)
    an_admission(engine, cast.dan)
    passes_quiz(engine, cast.alma)
    case = an_answered_case(engine, cast, number=2)
    told = visit("alma").client.get(f"/api/v1/sager/{case.id}/grundlag").json
    assert told is not None

    assert told["payload"]["headline"] == "Grundlaget peger mod avanceret niveau."
    assert "key" not in told["payload"]["similar"]["counter_example"]


def test_what_was_withheld_is_told_with_its_sentence_alone(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast, wants_evidence=False)
    told = visit("alma").client.get(f"/api/v1/sager/{case.id}/grundlag").json
    assert told is not None

    assert (told["outcome"], told["reason"], told["payload"]) == ("withheld", "declined", None)
    assert told["sentence"] == "Du har valgt, at der ikke vises grundlag i denne sag."


@pytest.mark.requirement("K-18", "R-12")
def test_without_a_legal_basis_the_evidence_is_403(visit: Visit, engine: Engine, cast: Cast) -> None:
    an_operation_without_basis(engine, cast)
    case = an_answered_case(engine, cast)
    answer = visit("alma").client.get(f"/api/v1/sager/{case.id}/grundlag")

    assert answer.status_code == 403
    assert "retsgrundlag" in answer.json["error"]  # type: ignore[index]


@pytest.mark.requirement("F-28")
def test_a_fact_marked_wrong_withdraws_the_evidence(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    with writing(engine) as session:
        intake.mark_wrong(session, case.id, "faldrisiko", note="", now=NOW, by=cast.alma)
    told = visit("alma").client.get(f"/api/v1/sager/{case.id}/grundlag").json
    assert told is not None

    assert (told["outcome"], told["reason"], told["payload"]) == ("withheld", "marked_wrong", None)


@pytest.mark.requirement("F-11", "SK-13")
def test_no_route_decides_for_more_than_one_case(app: Any) -> None:
    deciding = [rule.rule for rule in app.url_map.iter_rules() if "beslutning" in rule.rule]
    deciding = [rule for rule in deciding if not rule.startswith("/oevelsesrum/")]  # nobody's case

    assert deciding and all("<case_id>" in rule for rule in deciding)
