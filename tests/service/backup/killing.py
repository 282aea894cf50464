"""A command that is killed, kill -9, at a named point: nothing of it can tidy up."""

import importlib
import multiprocessing
import os
import signal
from typing import Any

from click.testing import CliRunner

from service.commands import groups
from service.program import assemble

BEFORE, AFTER = "before", "after"


def killed(environment: dict[str, str], arguments: tuple[str, ...], when: str, point: str) -> bool:
    """Run a command that dies before or after it calls `point`; says whether it came that far."""
    spawning = multiprocessing.get_context("spawn")
    child = spawning.Process(target=_run, args=(environment, arguments, when, point))
    child.start()
    child.join(timeout=120)
    assert child.exitcode is not None, "the command neither ended nor died"
    return child.exitcode == -signal.SIGKILL


def _run(environment: dict[str, str], arguments: tuple[str, ...], when: str, point: str) -> None:
    module, _, name = point.rpartition(".")
    place = importlib.import_module(module)
    original = getattr(place, name)

    def die(*args: Any, **kwargs: Any) -> None:
        if when == AFTER:
            original(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, name, die)
    result = CliRunner(env=environment).invoke(assemble([groups()]), arguments)
    raise SystemExit(f"{point} was not reached: {result.output}")
