"""Processes for tests: a fork of the test itself, for what can be done only once, or a fresh one."""

import multiprocessing
import os
import warnings
from multiprocessing.context import ForkServerContext

LOADED = ["tests.service.backup.killing", "tests.journeys.a_day", "tests.bench.races"]


def fresh_processes() -> ForkServerContext:
    """As the context "spawn", but what most of them need was imported once, by a server that forks them.

    Imports take each process over a second, and the server is not the test: none of its threads and files.
    """
    multiprocessing.set_forkserver_preload(LOADED)
    return multiprocessing.get_context("forkserver")


def fork() -> int:
    """As os.fork. Newer Pythons warn of threads, and a runner of tests has some; the child uses none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()
