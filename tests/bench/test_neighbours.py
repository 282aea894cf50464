"""The bench of the search: every row is there, and what was not the nearest would stop it."""

import numpy as np
import pytest

from models.engines import NumpyEngine
from models.packing import Rows
from tests.bench import neighbours


def test_every_row_names_its_baseline_and_its_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "SIZES", (400, 900))
    rows = neighbours.measure()
    assert {tuple(row) for row in rows} == {
        ("name", "ours", "baseline", "ratio", "goal", "met", "unit"),
    }
    assert all("beside" in row["name"] for row in rows)
    goals = [row["goal"] for row in rows if row["met"] is not None]
    assert goals[-2:] == ["≤ 1.5", "≤ 1"]
    assert goals.count("≤ 1.2") >= 2
    assert "≥ 6" in goals


def test_a_search_that_leaves_the_nearest_out_stops_the_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless(NumpyEngine):
        def nearest(self, *asked: object) -> Rows:
            return super().nearest(*asked)[1:]  # type: ignore[arg-type]

    ground = neighbours.Ground(300)
    assert neighbours.recall(ground.similarity(NumpyEngine()), ground.queries) == 1
    assert neighbours.recall(ground.similarity(Careless()), ground.queries) < 1
    monkeypatch.setattr(neighbours, "engines", lambda: (Careless(),))
    with pytest.raises(SystemExit, match="not the nearest"):
        list(neighbours.searches(ground))


def test_the_usual_encoding_keeps_what_the_codes_say() -> None:
    ground = neighbours.Ground(50)
    assert ground.usual.dtype == np.float32
    assert len(ground.usual) == 50
    alike = (ground.codes == ground.codes[:, :1]).all(axis=0)
    assert (np.abs(ground.usual - ground.usual[0]).sum(axis=1) == 0).tolist() == alike.tolist()
