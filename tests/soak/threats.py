"""Every attack of tests/threats in its full size: every payload in every place, every guess, every pair.

.venv/bin/python -m tests.soak.threats
"""

import os
import subprocess
import sys

from tests.parts.tree import ROOT


def main() -> int:
    """Run the tests of tests/threats at full size, one after another; gives pytest's exit code."""
    words = [sys.executable, "-m", "pytest", "-n", "0", "--durations", "10", "tests/threats", *sys.argv[1:]]
    return subprocess.run(words, cwd=ROOT, env={**os.environ, "WHOLE": "1"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
