"""Harm done on purpose, for hours: every figure of the reliability chapter, one by one, in one table.

    make soak                              everything in full size
    make soak SHARE=0.1                    a tenth of every size
    .venv/bin/python tests/soak/run.py kills full_disk --share 0.1

Each program has `measure(share)`, which gives its figures; the tests run the same code in a short form.
"""

import argparse
import sys
import time
from importlib import import_module

from rich.console import Console

from tests.soak.figures import table_of

PROGRAMS = (
    "kills", "durability", "full_disk", "restarts", "contention", "locked", "clock", "signer_killed",
    "raw_flips", "entry_flips", "erasure", "lifecycle", "verify_a_million", "whole", "fairness",
    "explanations", "feedback", "covered", "crowd", "cut_short", "nearest", "monitoring",
)  # fmt: skip
"""Modules of tests.soak, in the order in which they run."""


def main() -> int:
    """Run what is wanted and print the table; 1 when a goal was not met."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help=f"of {', '.join(PROGRAMS)}; or all")
    parser.add_argument("--share", type=float, default=1.0, help="of the full sizes, as in 0.1 (default: 1)")
    wanted = parser.parse_args()
    if unknown := set(wanted.programs) - set(PROGRAMS):
        parser.error(f"there is no program {unknown.pop()}; the programs are {', '.join(PROGRAMS)}")
    console, figures = Console(width=160), []
    for name in wanted.programs or PROGRAMS:
        began = time.monotonic()
        found = import_module(f"tests.soak.{name}").measure(wanted.share)
        word = "met" if all(figure.met for figure in found) else "NOT MET"
        console.print(f"{name}: {word}, {time.monotonic() - began:.0f} s")
        figures.extend(found)
    console.print(table_of(figures))
    return 0 if all(figure.met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
