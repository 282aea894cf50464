"""The description of the API holds what the code does, and nothing it does not."""

import json
import re
from typing import Any

import pytest
from flask import Flask


@pytest.fixture
def described(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json  # type: ignore[assignment]
    return found


def test_every_route_of_the_api_is_described(app: Flask, described: dict[str, Any]) -> None:
    routes = {
        re.sub(r"<(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and not rule.rule.endswith("openapi.json")
    }

    assert described["openapi"] == "3.1.0"
    assert set(described["paths"]) == routes


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    wanted = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))

    assert wanted == set(schemas)


def test_bodies_refuse_unknown_fields_and_need_the_token(described: dict[str, Any]) -> None:
    sent = [way["post"] for way in described["paths"].values() if "post" in way]
    schemas = described["components"]["schemas"]

    assert len(sent) == 3
    for one in sent:
        name = one["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        assert schemas[name]["additionalProperties"] is False
        assert "X-CSRF-Token" in [parameter["name"] for parameter in one["parameters"]]


def test_the_evidence_is_said_to_be_refused_before_the_judgement(described: dict[str, Any]) -> None:
    responses = described["paths"]["/api/v1/sager/{case_id}/grundlag"]["get"]["responses"]

    assert set(responses) == {"200", "401", "403", "404", "409"}
