"""What each web process settles before it loads the application."""

import subprocess
import sys

SCRIPT = """
import os, sys
from unittest.mock import Mock
from service import web_process
web_process.shut_out = lambda settings: True
assert "numpy" not in sys.modules, "too late to say how many threads it may use"
web_process.post_fork(Mock(), Mock())
print(os.environ["OPENBLAS_NUM_THREADS"])
"""


def test_linear_algebra_uses_one_thread_in_a_web_process() -> None:
    environment = {"PATH": "/usr/bin:/bin"}
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout == "1\n"
