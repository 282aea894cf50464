"""Decide, correct, erase, restore and retire in any order, and hold everything against everything after each.

    .venv/bin/python -m tests.soak.lifecycle           500 runs of 50 steps, two processes
    .venv/bin/python -m tests.soak.lifecycle 20 30     20 runs of 30 steps

A failure is printed as the shortest list of steps that leads to it.
"""

import argparse
import multiprocessing
import sys
import time
import traceback
from collections import Counter

import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.parts.lifecycle import Lifecycle

WORKERS = 2


def play(runs: int, steps: int) -> Counter[str]:
    """Play some runs; raises whatever did not hold."""
    said = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None, print_blob=False,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink],
    )  # fmt: skip
    run_state_machine_as_test(Lifecycle, settings=said)
    return Lifecycle.tally


def _part(arguments: tuple[int, int]) -> tuple[Counter[str], str]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))  # the signer's own lines
    try:
        return play(*arguments), ""
    except BaseException:
        return Lifecycle.tally, traceback.format_exc()


def main() -> int:
    """The last line says what was tried."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=int, nargs="?", default=500)
    parser.add_argument("steps", type=int, nargs="?", default=50)
    wanted = parser.parse_args()
    started, share = time.monotonic(), -(-wanted.runs // WORKERS)
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        parts = pool.map(_part, [(share, wanted.steps)] * WORKERS)
    tally = sum((counted for counted, _ in parts), Counter())
    for _, failure in parts:
        print(failure, end="")
    tried = ", ".join(f"{count} {what}" for what, count in tally.items())
    print(f"{wanted.steps} steps a run, {time.monotonic() - started:.0f} s: {tried}")
    return int(any(failure for _, failure in parts) or tally["runs"] < wanted.runs)


if __name__ == "__main__":
    sys.exit(main())
