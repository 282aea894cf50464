"""What every test may ask for. The parts stand in tests/parts/, one module each."""

import gc
import os

import pytest
from hypothesis import settings

from tests.parts.size import sized

# As in the service, and before anything imports NumPy: on a busy machine threads of linear algebra wait for
# each other far longer than they work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Where a test says nothing else. Besides them Hypothesis tries what failed before.
settings.register_profile("skoen", max_examples=sized(40, 200))
settings.load_profile("skoen")

pytest_plugins = [
    "tests.parts.memory",  # first: others look where temporary files go
    "tests.parts.needs",
    "tests.parts.order",
    "tests.parts.browser",
    "tests.parts.postgres",
    "tests.parts.database",
    "tests.parts.demo",
    "tests.parts.web",
    "tests.parts.gunicorn",
    "tests.parts.trained",
    "tests.parts.town",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded now stays to the end: no need to go through it again and again for what is not used."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
