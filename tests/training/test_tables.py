"""Fitted models as tables: what the model says, on every row, and what shap says of it."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from models.tables import shapley
from tests.soak import explanations
from training.candidates import KINDS, PAIRWISE, ROUNDS, fit_candidate, one_thread
from training.codebook import fit_codebook
from training.dataset import Dataset
from training.golden import ShapDiffers, background_of, golden_rows, shap_values
from training.labelled import Labelled, labelled
from training.table_reading import TablesDiffer, check_tables, read_tables

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def known(data: Dataset) -> Labelled:
    """The labelled cases of the small municipality."""
    return labelled(data.area, data.cases)[0]


def _codes(known: Labelled) -> tuple:
    book = fit_codebook(known)
    return book, book.encode_many(known.values(), known.received_on())


def test_tables_of_a_model_in_which_three_questions_meet_are_refused(known: Labelled) -> None:
    book, codes = _codes(known)
    model = HistGradientBoostingClassifier(max_leaf_nodes=16, max_iter=30, random_state=0)
    with one_thread():
        model.fit(codes.astype(float), known.level)

    def score(rows: np.ndarray) -> np.ndarray:
        return model.decision_function(rows.astype(float))

    with one_thread(), pytest.raises(TablesDiffer):
        check_tables(read_tables(book, codes, score, pairs=True), codes, score)


@pytest.mark.parametrize("kind", ["no_interactions", "pairwise"])
def test_the_tables_are_the_fitted_model_on_every_row(known: Labelled, kind: str) -> None:
    book, codes = _codes(known)
    model = HistGradientBoostingClassifier(
        **ROUNDS | {"interaction_cst": kind, "max_iter": 120}, random_state=0
    )
    with one_thread():
        model.fit(codes.astype(float), known.level)
        tables = read_tables(
            book, codes, lambda rows: model.decision_function(rows.astype(float)), kind == "pairwise"
        )
        said = model.decision_function(codes.astype(float))

    assert np.abs(tables.scores(codes)[:, 1] - said).max() < 1e-9
    assert bool(tables.pairs) == (kind == "pairwise")


@pytest.mark.parametrize("kind", list(KINDS))
def test_contributions_are_shaps_own(known: Labelled, kind: str) -> None:
    book, codes = _codes(known)
    tables = fit_candidate(kind, book, codes, known.level, 1).tables
    background = background_of(codes, 1)[:60]

    theirs, base = shap_values(tables, background, codes[:5])
    ours = shapley(tables, background)

    assert np.abs(ours.contributions_many(codes[:5]) - theirs).max() < 1e-9
    assert np.abs(ours.base - base).max() < 1e-9


@pytest.mark.parametrize("seed", [0, 3], ids=["additive of two", "pairwise of three"])
def test_contributions_of_fitted_boosting_are_those_of_both_of_shaps_explainers(seed: int) -> None:
    found = explanations.fitted_apart(seed)

    assert found.permutation < explanations.EXACT
    assert found.tree < explanations.FLOAT32


def test_golden_rows_that_are_not_shaps_are_refused(known: Labelled, monkeypatch: pytest.MonkeyPatch) -> None:
    book, codes = _codes(known)
    tables = fit_candidate("logistic", book, codes, known.level, 1).tables
    monkeypatch.setattr(
        "training.golden.shap_values", lambda *_: (np.ones((20, 2, codes.shape[1])), np.zeros(2))
    )

    with pytest.raises(ShapDiffers):
        golden_rows(tables, codes[:50], codes, 1)


def test_each_table_is_centred_on_the_cases_it_was_fitted_on(known: Labelled) -> None:
    book, codes = _codes(known)
    model = HistGradientBoostingClassifier(**PAIRWISE | {"max_iter": 60}, random_state=0)
    with one_thread():
        model.fit(codes.astype(float), known.level)
        tables = read_tables(book, codes, lambda rows: model.decision_function(rows.astype(float)), True)

    for question, table in enumerate(tables.singles):
        assert abs(table[1, codes[:, question]].mean()) < 1e-9
    for (q, r), table in tables.pairs.items():
        shares = np.bincount(codes[:, q], minlength=table.shape[1]) / len(codes)
        assert np.abs(shares @ table[1]).max() < 1e-9, (q, r)


def test_the_background_is_at_most_200_of_the_rows(known: Labelled) -> None:
    _, codes = _codes(known)

    assert len(background_of(codes, 1)) == 200
    assert len(background_of(codes[:50], 1)) == 50
