"""One municipality of which much is known: gathered once, for nothing here changes it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from models import areas
from models.artifact import Artifact
from models.promotion import verdict
from service.tables.organisation import Municipality
from service.workflow.documents.gather import Files, Gathered, gathered_of
from service.workflow.log_control.overview import Tally
from service.workflow.yearly.sources import Sources
from tests.parts.audits import an_honest_record

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def sources(version: Artifact | None) -> Sources:
    """A year in which nothing was decided or written, with a version's test for bias."""
    record = an_honest_record(version) if version else None
    return Sources(
        year=2026, municipality=Municipality(code="0999", name="Fjordby Kommune"), now=NOW,
        area=areas.get("genoptraening"), entries=(), practice=None, through=None, models=(), phases=(),
        audit=record, verdict=verdict(record, version.evaluation) if version and record else None,
        units=(), control=Tally(), controlled_on=None,
    )  # fmt: skip


def adds_little(version: Artifact) -> dict[str, Any]:
    """What each fact adds, as training writes it with enough cases: the first one something."""
    first, *rest = version.codebook.names
    nothing = {"adds": {"value": 0.001, "standard_error": 0.001}, "interval": [-0.001, 0.003], "may_go": True}
    something = {"adds": {"value": 0.04, "standard_error": 0.01}, "interval": [0.02, 0.06], "may_go": False}
    return {
        "kind": "additive", "learned_from": 2000, "measured_on": 500, "smallest": [first],
        "facts": [{"name": first, **something}, *({"name": name, **nothing} for name in rest)],
        "sets": [{"facts": 1, "behind_all": {"value": 0.002, "standard_error": 0.003}}],
        "left_out": [], "split": version.evaluation["split"], "beside_all": None,
    }  # fmt: skip


@pytest.fixture(scope="session")
def fjordby(trained_version: Artifact) -> Gathered:
    """With a model in use and its test, and nothing in the registers."""
    evaluation = {**trained_version.evaluation, "proportion": adds_little(trained_version)}
    version = replace(trained_version, manifest_hash="a" * 64, evaluation=evaluation)
    return gathered_of(sources(version), (), version, Files())


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    """Without model, registers, contacts and checkout."""
    nowhere = tmp_path_factory.mktemp("nowhere")
    missing = nowhere / "none.toml"
    return gathered_of(sources(None), (), None, Files(missing, missing, nowhere, nowhere))
