"""A fork of the test itself, for what a process can do only once: give up rights, or be killed."""

import os
import warnings


def fork() -> int:
    """As os.fork. Newer Pythons warn of threads, and a runner of tests has some; the child uses none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()
