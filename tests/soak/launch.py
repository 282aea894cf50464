"""`skoen serve` with one word changed: gunicorn reads the configuration of the trial, which adds to it."""

import os
import sys
from collections.abc import Sequence

from service.program import assemble, registered

THEIRS, OURS = "python:service.web_process", "python:tests.soak.gunicorn_hooks"


def main() -> None:
    """Serve as the command does, with what it was given, and without a signer of its own."""
    become = os.execv

    def with_ours(program: str, words: Sequence[str]) -> None:
        if THEIRS not in words:
            raise RuntimeError(f"skoen serve does not start gunicorn with {THEIRS} any more")
        become(program, [OURS if word == THEIRS else word for word in words])

    os.execv = with_ours  # type: ignore[assignment]
    assemble(registered())(["serve", "--no-signer", *sys.argv[1:]], prog_name="skoen")


if __name__ == "__main__":
    main()
