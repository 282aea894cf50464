"""Kinds of model are compared on some of the cases where there are many; the chosen one learns from all."""

import pytest

from training import choosing
from training.candidates import KINDS, Rows, fit_candidate
from training.codebook import fit_codebook
from training.dataset import Dataset
from training.kept import NOWHERE
from training.labelled import labelled
from training.measures import losses, mean_of
from training.select import split_in_time

pytestmark = pytest.mark.slow


def test_the_chosen_kind_is_fitted_on_every_case_and_measured_as_it_is_kept(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = split_in_time(labelled(data.area, data.cases)[0])
    book = fit_codebook(split.learned)
    codes, later = split.learned.codes(book), split.tested.codes(book)
    rows = Rows(book, codes, split.learned.level, split.learned.weight)
    monkeypatch.setattr(choosing, "KINDS", {name: KINDS[name] for name in ("prior", "logistic")})
    monkeypatch.setattr(choosing, "COMPARED_ON", 300)
    steps: list[str] = []

    choice = choosing.choose(
        rows, later, split, carried="model", seed=7, rare=20, kept=NOWHERE, progress=steps.append
    )

    whole = fit_candidate("logistic", book, codes, rows.level, 7, rows.weight)
    assert choice.chosen.candidate.tables.scores(later).tolist() == whole.tables.scores(later).tolist()
    assert choice.chosen.loss == mean_of(losses(whole.tables.probabilities(later), split.tested.level))
    assert "fitted_on" not in choice.chosen.candidate.settings
    compared = next(each for each in choice.scored if each.candidate.name == "logistic")
    assert compared.candidate.settings["fitted_on"] == 300
    assert choice.chosen.behind == compared.behind
    assert choice.chosen.loss != compared.loss
    assert steps[-1] == "Fitting on every case"
