"""Processes for tests: a fork of the test itself, for what can be done only once, or a fresh one."""

import multiprocessing
import os
import signal
import traceback
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext

LOADED = ["tests.service.backup.killing", "tests.journeys.a_day", "tests.bench.races"]


def fresh_processes() -> ForkServerContext:
    """As the context "spawn", but what most of them need was imported once, by a server that forks them.

    Imports take each process over a second, and the server is not the test: none of its threads and files.
    """
    multiprocessing.set_forkserver_preload(LOADED)
    return multiprocessing.get_context("forkserver")


class Child:
    """A fork at its work; its exit status is known once it was waited for."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def wait(self) -> int:
        """Its exit status, as `os.waitpid` gives it, when it has ended."""
        if self._status is None:
            _, self._status = os.waitpid(self.pid, 0)
        return self._status

    def kill(self) -> int:
        """End it by force, if it has not ended; gives its exit status."""
        if self._status is None:
            os.kill(self.pid, signal.SIGKILL)
        return self.wait()


@contextmanager
def forked(work: Callable[[], object]) -> Generator[Child]:
    """A fork of the test that does the work and exits with 0, or with 1 for what it raises or for False.

    It never runs on as a second runner of tests, and never outlives the block: it would hold the runner's
    browser open, and the runner would wait for that for ever.
    """
    with warnings.catch_warnings():
        # Newer Pythons warn of threads, and a runner of tests has some; the child uses none.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        status = 1
        try:
            status = int(work() is False)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    child = Child(pid)
    try:
        yield child
    finally:
        child.kill()
