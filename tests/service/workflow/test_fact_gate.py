"""A fact that cannot be seen to add anything is used beyond practice only where somebody decided it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.artifact import Artifact
from service.database import reading
from service.workflow.go_live import fact_gate, rollout
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers.approval import NotReady
from tests.cast import NOW, Cast
from tests.parts.trained import on_shelf
from tests.refusals import in_session, refuses
from tests.register import write

WORDS = {"approver": "Dan Vang, datamedarbejder", "note": "Ny."}
Made = Callable[[Any], ModelShelf]


def fact(name: str, low: float, high: float) -> dict[str, Any]:
    """One line of what training measured."""
    return {"name": name, "adds": {"value": (low + high) / 2, "standard_error": 0.001},
            "interval": [low, high], "may_go": low <= 0}  # fmt: skip


USEFUL = fact("funk_mobilitet", 0.004, 0.012)
PAIN, HOME = fact("smerte_beskrevet", -0.001, 0.003), fact("boligform", -0.004, 0.0)


@pytest.fixture
def made(trained_version: Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """v1 on the shelf with what it says of its facts; the cast's practice counts as use."""
    monkeypatch.setattr(fact_gate, "NOT_STOPPED", "ingen")

    def with_facts(told: Any) -> ModelShelf:
        on_shelf(tmp_path, trained_version, "v1", proportion={"facts": told} if told else told)
        return ModelShelf(tmp_path)

    return with_facts


def promote(cast: Cast, shelf: ModelShelf) -> Any:
    return in_session(cast.engine, lambda s: rollout.promote(s, shelf, "v1", now=NOW, by=cast.dan, **WORDS))


def refused(cast: Cast, shelf: ModelShelf) -> str:
    """v1 is refused at the step and at the check, and nothing is written; the sentence."""
    folder, found = shelf.path("v1"), shelf.open("v1")
    refuses(cast.engine, NotReady, lambda s: rollout.promote(s, shelf, "v1", now=NOW, by=cast.dan, **WORDS))
    with reading(cast.engine) as session, pytest.raises(NotReady) as told:
        rollout.check_promotion(session, found, "v1", folder=folder, now=NOW, **WORDS)
    return str(told.value)


def keep(cast: Cast, *names: str) -> None:
    """Either municipality decides to keep the facts named."""
    for by in (cast.dan, cast.carla):
        write(cast.engine, by, "dilemma", subject="model:v1", beholdte_oplysninger=list(names) or None)


@pytest.mark.requirement("K-06")
def test_each_needless_fact_waits_until_it_is_kept_by_name(cast: Cast, made: Made) -> None:
    shelf = made([USEFUL, PAIN, HOME])
    told = refused(cast, shelf)
    assert 'beholdte_oplysninger = ["smerte_beskrevet", "boligform"]' in told
    assert "funk_mobilitet" not in told

    keep(cast)
    assert "smerte_beskrevet" in refused(cast, shelf)
    keep(cast, "smerte_beskrevet")
    told = refused(cast, shelf)
    assert "smerte_beskrevet" not in told
    assert "boligform" in told

    write(cast.engine, cast.dan, "dilemma", subject="model:v1", beholdte_oplysninger=["boligform"])
    assert "kommune 0998" in refused(cast, shelf)
    keep(cast, "boligform")
    assert promote(cast, shelf).version == "v1"


def test_a_decision_about_another_version_does_not_count(cast: Cast, made: Made) -> None:
    shelf = made([PAIN])
    write(cast.engine, cast.dan, "dilemma", subject="model:v0", beholdte_oplysninger=["smerte_beskrevet"])

    assert "smerte_beskrevet" in refused(cast, shelf)


@pytest.mark.parametrize(
    "told",
    [[{"name": "boligform"}], [{**PAIN, "interval": [None, 0.1]}], [fact("boligform", 0.2, 0.1)], ["x"]],
    ids=["no interval", "no number", "turned", "no fact"],
)
def test_numbers_that_cannot_be_read_are_no_numbers(cast: Cast, made: Made, told: Any) -> None:
    assert "kan ikke læses" in refused(cast, made(told))


@pytest.mark.parametrize("told", [None, [USEFUL]], ids=["too few cases to measure", "every fact adds"])
def test_a_version_without_needless_facts_goes_on(cast: Cast, made: Made, told: Any) -> None:
    assert promote(cast, made(told)).version == "v1"


def test_practice_is_not_stopped(cast: Cast, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    assert promote(cast, made([PAIN])).version == "v1"
