"""What the web processes share, and what each settles for itself before it makes the application."""

import subprocess
import sys

SCRIPT = """
import gc, os, sys, threading
from unittest.mock import Mock
from service import web_process
assert "numpy" not in sys.modules, "too late to say how many threads it may use"
web_process.on_starting(Mock())
listed = [f"/proc/self/fd/{fd}" for fd in os.listdir("/proc/self/fd") if int(fd) > 2]
opened = [os.readlink(fd) for fd in listed if os.path.lexists(fd)]
print(os.environ["OPENBLAS_NUM_THREADS"], threading.active_count())
print("service.web.assessment.case" in sys.modules, "numpy" in sys.modules)
print(gc.get_freeze_count() > 100_000)
print([name for name in opened if not name.startswith("/proc/")])
"""


def test_the_program_is_loaded_once_for_good_with_one_thread_and_nothing_open() -> None:
    environment = {"PATH": "/usr/bin:/bin"}
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.splitlines() == ["1 1", "True True", "True", "[]"]
