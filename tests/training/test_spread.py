"""A cluster is a backend that somebody sets; the version that comes out is the same."""

from dataclasses import replace
from pathlib import Path

import distributed
import pytest

from training import spread
from training.dataset import Dataset
from training.spread import BackendMissing, backend_of
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


def test_a_backend_that_is_not_installed_is_named() -> None:
    with pytest.raises(BackendMissing, match="ray"), backend_of("ray", jobs=1):
        pass


def test_a_cluster_that_nobody_named_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)

    with pytest.raises(BackendMissing, match="DASK_SCHEDULER_ADDRESS"), backend_of("dask", jobs=1):
        pass
