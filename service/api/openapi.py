"""The description of the API (OpenAPI 3.1), read off its routes and the models they name."""

from collections.abc import Iterator
from typing import Any

from flask import current_app
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from service.api.bodies import Problem
from service.api.operations import Operation

REFS = "#/components/schemas/{model}"
ALWAYS_REFUSED = (401, 403, 404)
CSRF = {"name": "X-CSRF-Token", "in": "header", "required": True, "schema": {"type": "string"}}
CASE = {"name": "case_id", "in": "path", "required": True, "schema": {"type": "string"}}


def describe() -> dict[str, Any]:
    """The whole description; a route without an operation is left out only when it describes the others."""
    found = list(_operations())
    models: dict[type[BaseModel], JsonSchemaMode] = {Problem: "validation"}
    for _, _, operation in found:
        models[operation.answer] = "serialization"
        if operation.body is not None:
            models[operation.body] = "validation"
    _, schemas = models_json_schema(list(models.items()), ref_template=REFS)
    paths: dict[str, dict[str, Any]] = {}
    for path, method, operation in found:
        paths.setdefault(path, {})[method] = _described(path, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Skøn",
            "version": "1",
            "description": "Sagsgangen som JSON. Skøn beslutter ingenting. Grundlaget findes ikke, "
            "før den egne vurdering er gemt.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "skoen"}},
        },
        "security": [{"session": []}],
    }


def _operations() -> Iterator[tuple[str, str, Operation]]:
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        operation = getattr(current_app.view_functions[rule.endpoint], "operation", None)
        if operation is not None:
            method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"})).lower()
            yield rule.rule.replace("<case_id>", "{case_id}"), method, operation


def _described(path: str, operation: Operation) -> dict[str, Any]:
    refusals = sorted({*ALWAYS_REFUSED, *operation.refusals, *((400, 415) if operation.body else ())})
    parameters = [*([CASE] if "{case_id}" in path else []), *([CSRF] if operation.body else [])]
    described: dict[str, Any] = {
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {
            str(operation.status): _content("Svar", operation.answer.__name__),
            **{str(status): _content("Afvist", "Problem") for status in refusals},
        },
    }
    if operation.body is not None:
        described["requestBody"] = {**_content("", operation.body.__name__), "required": True}
        described["requestBody"].pop("description")
    return described


def _content(description: str, model: str) -> dict[str, Any]:
    schema = {"$ref": REFS.format(model=model)}
    return {"description": description, "content": {"application/json": {"schema": schema}}}
