"""Decide, correct, erase, restore and retire in any order, and hold everything against everything after each.

A failure is printed as the shortest list of steps that leads to it.
"""

import multiprocessing
import traceback
from collections import Counter

import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.parts.lifecycle import Lifecycle
from tests.soak.figures import Figure, share_of

RUNS, STEPS, WORKERS = 500, 50, 2


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


def measure(share: float) -> list[Figure]:
    """The figure, in two processes."""
    runs = share_of(RUNS, share, 2 * WORKERS)
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        parts = pool.map(_part, [(-(-runs // WORKERS), STEPS)] * WORKERS)
    tally = sum((counted for counted, _ in parts), Counter())
    failures = [failure for _, failure in parts if failure]
    for failure in failures:
        print(failure, end="")
    return [
        Figure(
            "decide, correct, erase, restore and retire in any order",
            "SQLite",
            f"{tally['runs']} runs of {STEPS} steps",
            ", ".join(f"{count} {what}" for what, count in tally.items() if what != "runs"),
            "everything fits after every step",
            not failures and tally["runs"] >= runs,
        )
    ]
