"""A cluster is a backend that somebody sets; the version that comes out is the same."""

from dataclasses import replace
from pathlib import Path

import distributed
import numpy as np
import pytest
from joblib import parallel_config, register_parallel_backend
from joblib.parallel import ThreadingBackend

from models.labels import USUAL
from training import spread
from training.candidates import LOGISTIC, Rows
from training.codebook import fit_codebook
from training.dataset import Dataset
from training.labelled import labelled
from training.spread import BackendMissing, Task, backend_of, fit_all
from training.train import Settings, train, write


@pytest.mark.slow
def test_two_workers_of_a_dask_cluster_give_the_same_version_byte_for_byte(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, settings = replace(data, cases=data.cases[:420]), Settings(seed=7, rare=10)
    here, _ = write(train(few, settings), tmp_path / "here")

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        monkeypatch.setattr(spread, "fit", _not_here)
        with backend_of("dask", jobs=1):
            there, _ = write(train(few, settings), tmp_path / "there")

    assert here.name == there.name
    assert {file.name: file.read_bytes() for file in here.iterdir()} == {
        file.name: file.read_bytes() for file in there.iterdir()
    }


def _not_here(*task: object) -> None:
    raise AssertionError("fitted in this process, and not by a worker")


class AllAtTheEnd(ThreadingBackend):  # type: ignore[misc]
    """As Ray's is: it gives every result at once, and cannot give one after the other."""

    supports_return_generator = False


def test_a_backend_that_gives_everything_at_the_end_fits_the_same(data: Dataset) -> None:
    known, _ = labelled(data.area, data.cases[:420], USUAL)
    book = fit_codebook(known, 10)
    rows = Rows(book, known.codes(book), known.level, known.weight)
    tasks = [Task(f"seed-{seed}", "logistic", rows, LOGISTIC, seed) for seed in (1, 2, 3)]
    here = fit_all(tasks)
    finished: list[str] = []
    register_parallel_backend("all_at_the_end", AllAtTheEnd)

    with parallel_config(backend="all_at_the_end", n_jobs=2):
        there = fit_all(tasks, done=finished.append)

    assert finished == [task.name for task in tasks]
    for (mine, _), (theirs, _) in zip(here, there, strict=True):
        assert np.array_equal(mine.scores(rows.codes), theirs.scores(rows.codes))


def test_a_backend_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:6379")

    with pytest.raises(BackendMissing, match="ray"), backend_of("ray", jobs=1):
        pass


@pytest.mark.parametrize(
    ("backend", "asked"), [("dask", "DASK_SCHEDULER_ADDRESS=tcp://"), ("ray", "RAY_ADDRESS=HOST")]
)
def test_a_cluster_that_nobody_named_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, backend: str, asked: str
) -> None:
    monkeypatch.delenv(asked.partition("=")[0], raising=False)

    with pytest.raises(BackendMissing, match=asked), backend_of(backend, jobs=1):
        pass
