"""The product's list of components and the model's, in CycloneDX 1.7 (ECMA-424)."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from models.artifact import Artifact
from service.workflow.documents.components import ITSELF, Component, Product
from service.workflow.documents.document import instant_text
from service.workflow.documents.facts import Cell, Fact, Facts, Number, Unit
from service.workflow.documents.written_facts import PROTECTS, first_line

SPEC = "1.7"
MODEL_REF = "model"
METRICS = {
    "model.agreement": "agreement", "model.coverage": "coverage", "model.silence": "withheld",
    "model.membership": "membership_attack_auc",
}  # fmt: skip
"""Facts of one estimate, and what the metric is called."""
SLICED = {
    "model.groups": "suggested_too_low", "model.loss": "log_loss", "model.calibration": "calibration",
    "model.adds": "log_loss_added_without", "model.fewest": "log_loss_behind_all",
    "model.left_aside": "log_loss_added_without_of_those_left_out", "model.shown": "shared_by",
}  # fmt: skip
"""Facts of rows, each row a slice, and what its estimate is called."""
ALSO_TOLD = (
    "system.purpose", "system.method", "system.levels", "system.limits", "system.not_for", "system.metrics",
    "risk.register",
)  # fmt: skip
"""What the card tells beside the facts of the model."""


def parts_list(product: Product, now: datetime) -> dict[str, Any]:
    """Every part of the product with its version, the hashes of its files and what asks for it."""
    components = [_component(each) for each in product.components]
    return {
        **_head(f"{ITSELF} {product.version}", now),
        "metadata": {
            "timestamp": instant_text(now),
            "component": {
                "type": "application", "bom-ref": ITSELF, "name": ITSELF, "version": product.version,
                "licenses": [{"license": {"id": product.licence}}],
            },
        },
        "components": components,
        "dependencies": list(_dependencies(product.components)),
    }  # fmt: skip


def model_list(artifact: Artifact, facts: Facts, now: datetime) -> dict[str, Any]:
    """The model in use with its model card; every number is that of the facts."""
    made = artifact.manifest
    return {
        **_head(artifact.manifest_hash, now),
        "metadata": {"timestamp": instant_text(now)},
        "components": [
            {
                "type": "machine-learning-model",
                "bom-ref": MODEL_REF,
                "name": made.area,
                "version": made.version,
                "description": facts["system.purpose"].text,
                "hashes": [{"alg": "SHA-256", "content": artifact.manifest_hash}],
                "modelCard": _card(facts),
            },
            *(_library(name, version) for name, version in sorted(made.libraries.items())),
        ],
    }


def _card(facts: Facts) -> dict[str, Any]:
    levels = facts["system.levels"]
    return {
        "modelParameters": {
            "approach": {"type": "supervised"},
            "task": "classification",
            "architectureFamily": "additive tables",
            "modelArchitecture": facts["system.method"].text,
            "datasets": [
                {
                    "type": "dataset",
                    "name": facts["model.data"].label,
                    "description": _rows(facts["model.data"]),
                    "sensitiveData": [*map(str, facts["model.inputs"].lines)],
                }
            ],
            "inputs": [{"format": str(each)} for each in facts["model.inputs"].lines],
            "outputs": [{"format": str(each)} for each in levels.lines],
        },
        "quantitativeAnalysis": {"performanceMetrics": [*_metrics(facts)]},
        "considerations": {
            "users": ["visitatorer"],
            "useCases": _texts(facts, "system.purpose"),
            "technicalLimitations": _texts(facts, "system.limits", "system.not_for"),
            "performanceTradeoffs": _texts(facts, "system.metrics"),
            "ethicalConsiderations": [
                {"name": str(row[0]), "mitigationStrategy": first_line(row[PROTECTS])}
                for row in facts["risk.register"].rows
            ],
            "fairnessAssessments": [*_fairness(facts)],
        },
        "properties": [
            {"name": f"skoen:{fact.key}", "value": f"{fact.label}: {fact.text}"}
            for fact in facts.values()
            if fact.missing and (fact.key.startswith("model.") or fact.key in ALSO_TOLD)
        ],
    }  # fmt: skip


def _metrics(facts: Facts) -> Iterator[dict[str, Any]]:
    for key, name in METRICS.items():
        for number in facts[key].numbers:
            yield _metric(name, number, facts[key].label)
    for key, name in SLICED.items():
        for row in facts[key].rows:
            for cell in row[1:]:
                if isinstance(cell, Number) and cell.unit is not Unit.POINTS:
                    yield _metric(name, cell, str(row[0]))


def _metric(name: str, number: Number, part: str) -> dict[str, Any]:
    """One metric; n and window stand in the name of the slice, for the format has no place of their own."""
    since = f"{number.window[0].isoformat()}/{number.window[1].isoformat()}"
    if number.interval is None:
        return {"type": name, "value": repr(number.value), "slice": f"{part} ({since})"}
    low, high = number.interval
    return {
        "type": name,
        "value": repr(number.value),
        "slice": f"{part} (n={number.n}, {since})",
        "confidenceInterval": {"lowerBound": repr(low), "upperBound": repr(high)},
    }


def _fairness(facts: Facts) -> Iterator[dict[str, str]]:
    for row in facts["model.groups"].rows:
        yield {
            "groupAtRisk": str(row[0]),
            "harms": _words(row[1:]),
            "mitigationStrategy": facts["model.bias"].text,
        }
    for row in facts["model.not_tested"].rows:
        yield {"groupAtRisk": str(row[0]), "harms": str(row[1])}


def _texts(facts: Facts, *keys: str) -> list[str]:
    return [str(line) for key in keys for line in facts[key].lines]


def _rows(fact: Fact) -> str:
    return "; ".join(f"{row[0]}: {row[1]}" for row in fact.rows)


def _words(cells: tuple[Cell, ...]) -> str:
    return "; ".join(map(str, cells))


def _library(name: str, version: str) -> dict[str, str]:
    purl = {"purl": f"pkg:pypi/{name}@{version}"} if name != "python" else {}
    return {"type": "library", "name": name, "version": version, **purl}


def _component(each: Component) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": each.purl,
        "name": each.name,
        "version": each.version,
        "scope": "required" if each.shipped else "excluded",
        "purl": each.purl,
    }
    if each.licence:
        found["licenses"] = [{"expression": each.licence}]
    if each.hashes:
        # The hashes of every file that the lock allows, not of one: the format's own field is for one file.
        found["properties"] = [{"name": "skoen:lock:sha256", "value": value} for value in each.hashes]
    return found


def _dependencies(components: tuple[Component, ...]) -> Iterator[dict[str, Any]]:
    """What each part asks for, the product first."""
    for name, ref in ((ITSELF, ITSELF), *((each.name, each.purl) for each in components)):
        yield {"ref": ref, "dependsOn": [each.purl for each in components if name in each.asked_by]}


def _head(about: str, now: datetime) -> dict[str, Any]:
    serial = uuid.uuid5(uuid.NAMESPACE_OID, f"skoen {about} {instant_text(now)}")
    return {
        "bomFormat": "CycloneDX", "specVersion": SPEC, "serialNumber": f"urn:uuid:{serial}", "version": 1,
    }  # fmt: skip
