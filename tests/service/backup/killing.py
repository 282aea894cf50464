"""A command that is killed, kill -9, at a named point: nothing of it can tidy up."""

import importlib
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from click.testing import CliRunner

from service.commands import groups
from service.program import assemble
from tests.parts.forks import fresh_processes
from tests.service.backup.clock import stop_at_that_day

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Point:
    """Before or after the function is called for the given time; `settings` are set first, by dotted name."""

    when: str
    function: str
    time: int = 1
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.when} {self.function.removeprefix('service.backup.')} {self.time}"


def killed(environment: dict[str, str], arguments: tuple[str, ...], point: Point) -> bool:
    """Run a command that dies at a point; says whether it came that far."""
    child = fresh_processes().Process(target=_run, args=(environment, arguments, point))
    child.start()
    child.join(timeout=120)
    assert child.exitcode is not None, "the command neither ended nor died"
    return child.exitcode == -signal.SIGKILL


def _run(environment: dict[str, str], arguments: tuple[str, ...], point: Point) -> None:
    stop_at_that_day(setattr)
    for name, value in point.settings.items():
        setattr(*_place(name), value)
    place, name = _place(point.function)
    original = getattr(place, name)
    calls = 0

    def die(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        result = original(*args, **kwargs) if calls < point.time or point.when == AFTER else None
        if calls == point.time:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(place, name, die)
    result = CliRunner(env=environment).invoke(assemble([groups()]), arguments)
    raise SystemExit(f"{point} was not reached: {result.output} {result.exception!r}")


def _place(name: str) -> tuple[Any, str]:
    module, _, attribute = name.rpartition(".")
    return importlib.import_module(module), attribute
