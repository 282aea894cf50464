"""What the tests try in part, in full: every payload in every place, every guess, a whole busy day."""

import os
import re
import subprocess
import sys

from tests.parts.tree import ROOT
from tests.soak.figures import Figure

SIZED = ("tests/threats", "tests/journeys/test_a_busy_day.py", "tests/service/log")
TALLY = re.compile(r"\d+ (?:passed|failed|errors?|skipped)")


def measure(share: float) -> list[Figure]:
    """The figure; a share of less than all runs them in their usual size."""
    words = [sys.executable, "-m", "pytest", "-q", "-n", "0", "--durations", "10", *SIZED]
    sized = {**os.environ, "WHOLE": "1" if share >= 1 else "0", "CI": "true"}
    done = subprocess.run(words, cwd=ROOT, env=sized, check=False, capture_output=True, text=True)
    print(done.stdout[-4000:])
    return [
        Figure(
            "the attacks of SECURITY.md, surgery on exports, changed proofs, a busy day",
            "both",
            "full size" if share >= 1 else "usual size",
            ", ".join(TALLY.findall(done.stdout.splitlines()[-1])),
            "all pass",
            done.returncode == 0,
        )
    ]
