"""Casework in any order, checked after every step (short form; the long one is in the soak)."""

from hypothesis import HealthCheck, settings

from tests.parts.lifecycle import Lifecycle

Lifecycle.TestCase.settings = settings(
    max_examples=4, stateful_step_count=15, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
test_decide_correct_erase_restore_and_retire_in_any_order = Lifecycle.TestCase
