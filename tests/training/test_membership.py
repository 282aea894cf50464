"""Membership: a model that remembers its cases is told, an honest one is not, the same every time."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models.promotion import FAILED, PASSED, verdict
from models.tables import ScoreTables
from tests.panels import HONEST
from tests.parts.audits import an_honest_record
from training import membership as module
from training.candidates import Candidate, Rows
from training.membership import auc, membership
from training.report_privacy import privacy_chapter
from training.shown_of_others import shown_of_others
from training.train import Trained

VERSION: Any = SimpleNamespace(
    manifest=SimpleNamespace(version="v1", area="genoptraening"), manifest_hash="ab" * 32
)
CELLS = 250


def rows(n: int, cells: int) -> Rows:
    """Cases of two levels by a fair coin, each in a cell: its own where there are as many cells as cases."""
    chance = np.random.default_rng(7)
    book: Any = SimpleNamespace(
        sizes=(cells,), codings=(SimpleNamespace(question=SimpleNamespace(never_lowers=None)),),
        area=SimpleNamespace(level_codes=("basal", "avanceret")),
    )  # fmt: skip
    codes = (np.arange(n) % cells).astype(np.uint8)[:, None]
    return Rows(book, codes, chance.integers(0, 2, n), np.ones(n))


def shares_by_cell(tasks: list[Any], kept: Any) -> list[Any]:
    """A fit that gives every cell the level that its cases had, without anything to hold it back."""
    found = []
    for task in tasks:
        table = np.zeros((2, CELLS))
        np.add.at(table[1], task.rows.codes[:, 0], np.where(task.rows.level == 1, 1.0, -1.0))
        found.append((ScoreTables(("basal", "avanceret"), np.zeros(2), (table,), {}), {}))
    return found


def measured(monkeypatch: pytest.MonkeyPatch, n: int, rare: int = 1) -> dict[str, Any]:
    """The attack on tables with a cell for each of CELLS, fitted on n cases."""
    monkeypatch.setattr(module, "fit_all", shares_by_cell)
    planted = Candidate("logistic", "Plantet", ScoreTables(("a", "b"), np.zeros(2), (), {}), {})
    return membership(planted, rows(n, CELLS), 3, rare)


def said_of(told: dict[str, Any]) -> Any:
    """What the gate says of a version with these numbers and nothing else against it."""
    privacy = {"membership": told, "shown": {"fewest": 5}}
    return verdict(an_honest_record(VERSION), {**HONEST, "privacy": privacy})


@pytest.mark.requirement("G-29")
def test_a_cell_for_each_citizen_is_refused_and_told_what_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    told = measured(monkeypatch, CELLS)

    assert told["auc"] > 0.95
    assert told["interval"][0] > 0.55
    said = said_of(told)
    assert (said.status, [each.code for each in said.findings]) == (FAILED, ["privatliv"])
    assert "højst 55 %" in said.findings[0].cure


@pytest.mark.requirement("G-29")
def test_the_same_table_passes_where_no_cell_rests_on_few(monkeypatch: pytest.MonkeyPatch) -> None:
    told = measured(monkeypatch, CELLS, rare=20)

    assert told["auc"] == 0.5
    assert said_of(told).status == PASSED


def test_the_attack_that_is_told_is_the_stronger_and_the_same_every_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = measured(monkeypatch, 1000)

    assert told["auc"] == max(told["attacks"].values()) > 0.5
    assert told["interval"][0] < told["auc"] < told["interval"][1]
    assert told == measured(monkeypatch, 1000)


def test_pairs_are_counted_and_equals_by_half() -> None:
    inside, outside = np.array([1.0, 2.0, 3.0]), np.array([0.0, 2.0])

    assert auc(inside, outside) == pytest.approx(4.5 / 6)
    assert auc(inside, inside) == 0.5


@pytest.mark.slow
@pytest.mark.requirement("G-29")
def test_training_measures_both_and_the_report_says_what_is_not_covered(trained: Trained) -> None:
    told = trained.artifact.evaluation["privacy"]

    assert told["membership"]["n"] == trained.artifact.evaluation["split"]["n_learned"]
    assert told["shown"]["shown"] > 100
    assert told["shown"]["fewest"] >= told["shown"]["least"] == 5
    assert "De lignende sager ligger selv i versionen" in privacy_chapter(trained.artifact.evaluation)
    assert "ikke målt" in privacy_chapter({})


@pytest.mark.slow
def test_what_is_shown_uncoarsened_is_counted_as_fewer(
    trained: Trained, data: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.similar_case.coarsened", lambda *_: (frozenset(), frozenset()))
    tested = _labelled(trained, data)

    assert shown_of_others(trained.artifact, tested)["fewest"] < 5


def _labelled(trained: Trained, data: Any) -> Any:
    from training.evaluate import rules_in
    from training.labelled import labelled

    return labelled(data.area, data.cases, rules_in(trained.artifact))[0]
