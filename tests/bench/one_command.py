"""One run of `skoen` in a process that imports nothing else, and what it took.

    python -m tests.bench.one_command data import history.csv

Its last line is JSON: seconds, CPU seconds, and the bytes that the process held at most. Linux tells those of
this program alone; `ru_maxrss` would hold what the process that started it was.
"""

import json
import sys
import time
from pathlib import Path

from service.program import assemble, registered


def held_at_most() -> float:
    """Bytes of this process at its largest."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return 1024.0 * int(told["VmHWM"].split()[0])


def main(words: list[str]) -> int:
    """Run the command and say what it took; its exit code."""
    began, before = time.perf_counter(), time.process_time()
    code = 0
    try:
        assemble(registered()).main(words, prog_name="skoen")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    sys.stdout.flush()
    print(json.dumps([time.perf_counter() - began, time.process_time() - before, held_at_most()]))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
