"""The obvious pipeline, as the baseline of what is served: predict_proba, TreeExplainer and NearestNeighbors.

It answers with the usual payload, whatever came of it: making one is not counted against it. The cases are
coded as ours are. Each worker fits the model itself when it starts, for nothing here opens a pickle; what the
fitting took is given back before anything is measured.
"""

import ctypes
import gc
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.neighbors import NearestNeighbors

from models import areas
from models.artifact import Artifact
from models.coding import Codebook
from models.facts import values
from tests.bench.neighbours import usual
from tests.shelves import FixedEvidence, FixedShelf
from training.candidates import PAIRWISE
from training.dataset import Dataset
from training.golden import shap_itself

FOLDER = "BENCH_OBVIOUS"
"""Variable: where `prepare` laid the parts."""
BACKGROUND, NEIGHBOURS = 100, 25


def prepare(folder: Path, artifact: Artifact, data: Dataset) -> None:
    """Lay down what each worker needs: coded cases with their levels, and the encoded reference cases."""
    book = artifact.codebook
    cases = [case for case in data.cases if case.final_level in artifact.area.level_codes]
    codes = book.encode_many([values(case.facts) for case in cases], [case.received_on for case in cases])
    level = [artifact.area.level_codes.index(str(case.final_level)) for case in cases]
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "encoded.npy", usual(book, artifact.reference.codes.unpacked()))
    np.savez(folder / "cases.npz", codes=codes, level=np.array(level))
    (folder / "book.json").write_text(json.dumps(book.to_json()), encoding="utf-8")


class Obvious:
    """The three parts, held in memory as each worker holds them."""

    def __init__(self, folder: Path) -> None:
        book = json.loads((folder / "book.json").read_text(encoding="utf-8"))
        self._book = Codebook.from_json(areas.get(book["area"]), book)
        with np.load(folder / "cases.npz") as cases:
            codes, level = cases["codes"].astype(float), cases["level"]
        self._model = HistGradientBoostingClassifier(**PAIRWISE, random_state=140).fit(codes, level)
        self._explainer = shap_itself().TreeExplainer(
            self._model, data=codes[:BACKGROUND].copy(), feature_perturbation="interventional",
            model_output="raw",
        )  # fmt: skip
        self._nearest = NearestNeighbors(n_neighbors=NEIGHBOURS, algorithm="brute")
        self._nearest.fit(np.load(folder / "encoded.npy"))
        del codes, level
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)

    def answer(self, known: Mapping[str, Any], received_on: Any = None) -> tuple[Any, Any, Any]:
        """Probabilities, contributions and neighbours of one case."""
        codes = self._book.encode({name: known.get(name) for name in self._book.names}, received_on)
        row = codes[None, :].astype(float)
        return (
            self._model.predict_proba(row),
            self._explainer.shap_values(row, check_additivity=False),
            self._nearest.kneighbors(usual(self._book, codes[:, None])),
        )


class ObviousShelf(FixedShelf):
    """A shelf on which the obvious pipeline does the work; loaded by each worker for itself."""

    def __init__(self) -> None:
        super().__init__()
        self._pipeline = Obvious(Path(os.environ[FOLDER]))

    def suggest(
        self, values: Mapping[str, Any], *, own_level: str | None, received_on: Any = None, **_: Any
    ) -> FixedEvidence:
        """Do all of it, and say what is always said."""
        self._pipeline.answer(values, received_on)
        return super().suggest(values, own_level=own_level)
