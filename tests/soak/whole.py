"""What the tests try in part, in its full size: every payload in every place, every guess, a whole busy day.

.venv/bin/python -m tests.soak.whole
"""

import os
import subprocess
import sys

from tests.parts.tree import ROOT

SIZED = ("tests/threats", "tests/journeys/test_a_busy_day.py")


def main() -> int:
    """Run the sized tests, one after another; gives pytest's exit code."""
    words = [sys.executable, "-m", "pytest", "-n", "0", "--durations", "10", *SIZED, *sys.argv[1:]]
    return subprocess.run(words, cwd=ROOT, env={**os.environ, "WHOLE": "1"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
