"""Spreading fits: on this machine one after the other, or wherever a joblib backend says.

Every fit is a task that needs nothing but what it is handed, and gives tables: in another process, or on
another machine, the same ones. What is finished is kept, if there is a place to keep it.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from joblib import Parallel, delayed, parallel_config
from joblib.parallel import get_active_backend

from training.candidates import Fitted, Rows, fit
from training.kept import NOWHERE, Kept

BACKENDS = ("loky", "threading", "dask", "ray")
"""What `--backend` takes; whoever calls `train` inside a `parallel_config` of her own may have any other."""

ADDRESSES = {"DASK_SCHEDULER_ADDRESS": "tcp://HOST:8786", "RAY_ADDRESS": "HOST:6379"}
"""What names a cluster, and how it is written."""


class BackendMissing(RuntimeError):
    """A backend whose package is not installed here, or whose cluster does not answer."""


@dataclass(frozen=True)
class Task:
    """One fit: `name` is its own among those of a training, `kind` one of `candidates.KINDS`."""

    name: str
    kind: str
    rows: Rows
    settings: Mapping[str, Any]
    seed: int


Done = Callable[[str], None]


def fit_all(tasks: Sequence[Task], kept: Kept = NOWHERE, done: Done = lambda name: None) -> list[Fitted]:
    """The tables of every task, in the order of the tasks; what is kept is not fitted again.

    Raises TablesDiffer, as `candidates.fit` does.
    """
    classes = [task.rows.book.area.level_codes for task in tasks]
    found = [kept.read(task.name, own) for task, own in zip(tasks, classes, strict=True)]
    waiting = [place for place, each in enumerate(found) if each is None]
    backend, _ = get_active_backend()
    # Ray's hands over everything at the end: then an interrupted training keeps nothing of these fits.
    parallel = Parallel(return_as="generator" if backend.supports_return_generator else "list")
    for place, fitted in zip(waiting, parallel(delayed(_fitted)(tasks[at]) for at in waiting), strict=True):
        kept.write(tasks[place].name, fitted)
        found[place] = fitted
        done(tasks[place].name)
    return [each for each in found if each is not None]


def _fitted(task: Task) -> Fitted:
    return fit(task.kind, task.rows, task.settings, task.seed)


@contextmanager
def backend_of(name: str | None, jobs: int) -> Iterator[None]:
    """Fit by a named backend, so many at a time; without a name in this process, or by `jobs` processes.

    A Dask cluster is found by DASK_SCHEDULER_ADDRESS and a Ray cluster by RAY_ADDRESS. Raises BackendMissing.
    """
    if name is None and jobs == 1:
        yield
        return
    close, here = _joined(name), name in (None, "loky", "threading")
    try:
        with parallel_config(backend=name or "loky", n_jobs=jobs if here else -1):
            yield
    finally:
        close()


def _joined(name: str | None) -> Callable[[], None]:
    """Join the cluster of a backend, if it has one; what leaves it again."""
    try:
        if name == "dask":
            from distributed import Client

            return Client(os.environ["DASK_SCHEDULER_ADDRESS"], set_as_default=True).close
        if name == "ray":
            # Asked for by name: without an address Ray would start a cluster of its own on this machine.
            address = os.environ["RAY_ADDRESS"]
            import ray  # type: ignore[import-not-found]
            from ray.util.joblib import register_ray  # type: ignore[import-not-found]

            ray.init(address=address, log_to_driver=False)
            register_ray()
            return ray.shutdown
    except KeyError as missing:
        name = missing.args[0]
        raise BackendMissing(f"say where the cluster is: {name}={ADDRESSES[name]}") from missing
    except (ImportError, OSError) as error:
        raise BackendMissing(f"the backend {name} cannot be used here: {error}") from error
    return lambda: None
