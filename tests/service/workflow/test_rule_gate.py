"""No hidden change of rule: without a report, or with a change nobody discussed, a version waits."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.artifact import Artifact
from service.database import reading
from service.workflow.go_live import rollout
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers.approval import NotReady
from service.workflow.registers.tasks import Trigger, open_tasks
from tests.cast import NOW, Cast
from tests.parts.trained import on_shelf
from tests.refusals import in_session, refuses
from tests.register import standing, write

WORDS = {"approver": "Dan Vang, datamedarbejder", "note": "Ny."}
Made = Callable[[Any], ModelShelf]


def fact(name: str, before: float, now: float) -> dict[str, Any]:
    """One line of a report."""
    return {"name": name, "before": before, "now": now, "spread_before": 0.005, "spread_now": 0.005,
            "turned": False}  # fmt: skip


PAIN, MOBILITY = fact("smerte_beskrevet", 0.06, 0.19), fact("funk_mobilitet", 0.20, 0.08)


@pytest.fixture
def made(cast: Cast, tmp_path: Path, trained_version: Artifact) -> Made:
    """v1 is in use, and v2 lies on the shelf with what it says of changes."""
    first = on_shelf(tmp_path, trained_version, "v1")
    shelf = ModelShelf(tmp_path)
    in_session(cast.engine, lambda s: rollout.promote(s, shelf, "v1", now=NOW, by=cast.dan, **WORDS))

    def with_report(report: Any) -> ModelShelf:
        if isinstance(report, list):
            report = {"manifest_hash": first.manifest_hash, "facts": report}
        against = {"version": "v1", "manifest_hash": first.manifest_hash,
                   "worse_than_active": {"value": -0.1, "standard_error": 0.01}}  # fmt: skip
        on_shelf(tmp_path, trained_version, "v2", against=against, rule_change=report)
        return shelf

    return with_report


def promote(cast: Cast, shelf: ModelShelf) -> Any:
    return in_session(cast.engine, lambda s: rollout.promote(s, shelf, "v2", now=NOW, by=cast.dan, **WORDS))


def discuss(cast: Cast, *names: str) -> None:
    """Either municipality discusses v2, and the facts named."""
    for by in (cast.dan, cast.carla):
        write(cast.engine, by, "dilemma", subject="model:v2", aendret_vaegt=list(names) or None)


def refused(cast: Cast, shelf: ModelShelf) -> str:
    """v2 is refused at the step and at the check, and nothing is written; the sentence."""
    folder, found = shelf.path("v2"), shelf.open("v2")
    refuses(cast.engine, NotReady, lambda s: rollout.promote(s, shelf, "v2", now=NOW, by=cast.dan, **WORDS))
    with reading(cast.engine) as session, pytest.raises(NotReady) as told:
        rollout.check_promotion(session, found, "v2", folder=folder, now=NOW, **WORDS)
    return str(told.value)


@pytest.mark.requirement("SK-15")
@pytest.mark.parametrize(
    "report", [None, {}, {"manifest_hash": "0" * 64, "facts": []}], ids=["none", "empty", "of another"]
)
def test_without_a_report_against_the_version_in_use_it_waits(cast: Cast, made: Made, report: Any) -> None:
    assert "Træn den igen med --against" in refused(cast, made(report))


@pytest.mark.requirement("SK-15")
def test_a_report_with_numbers_that_cannot_be_read_is_no_report(cast: Cast, made: Made) -> None:
    assert "der ikke kan læses" in refused(cast, made([{**PAIN, "now": "meget"}]))


@pytest.mark.requirement("SK-15")
def test_a_top_fact_that_weighs_otherwise_waits_until_it_is_discussed_by_name(cast: Cast, made: Made) -> None:
    shelf = made([PAIN, MOBILITY])
    told = refused(cast, shelf)
    assert "vejer 19 %, før 6 %" in told
    assert 'aendret_vaegt = ["smerte_beskrevet", "funk_mobilitet"]' in told

    discuss(cast)
    assert "smerte_beskrevet" in refused(cast, shelf)
    discuss(cast, "smerte_beskrevet")
    told = refused(cast, shelf)
    assert "smerte_beskrevet" not in told
    assert "funk_mobilitet" in told

    write(cast.engine, cast.dan, "dilemma", subject="model:v2", aendret_vaegt=["funk_mobilitet"])
    assert "kommune 0998" in refused(cast, shelf)
    discuss(cast, "funk_mobilitet")
    assert promote(cast, shelf).version == "v2"


@pytest.mark.requirement("SK-15")
def test_each_change_is_a_task_until_then(cast: Cast, made: Made) -> None:
    shelf = made([PAIN, MOBILITY])

    def waiting() -> list[str]:
        opened = open_tasks(standing(cast.engine, cast.dan), (), shelf.changes())
        return [task.subject for task in opened if task.trigger is Trigger.WEIGHT]

    assert waiting() == ["model:v2", "model:v2"]
    write(
        cast.engine, cast.dan, "dilemma", subject="model:v2",
        aendret_vaegt=["smerte_beskrevet", "funk_mobilitet"],
    )  # fmt: skip
    assert waiting() == []


def test_a_version_that_weighs_as_before_goes_on(cast: Cast, made: Made) -> None:
    assert promote(cast, made([fact("smerte_beskrevet", 0.06, 0.08)])).version == "v2"


def test_a_discussion_of_another_version_does_not_count(cast: Cast, made: Made) -> None:
    shelf = made([PAIN])
    write(cast.engine, cast.dan, "dilemma", subject="model:v1", aendret_vaegt=["smerte_beskrevet"])

    assert "smerte_beskrevet" in refused(cast, shelf)
