"""The problems of a run, however many: counted, the first in memory and the rest on the disk."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from service.intake_formats.problem import Problem

IN_MEMORY = 1_000


class Problems:
    """Problems in the order in which they were found; as many as there are take no more memory.

    The rest lie in `folder`, in a file without a name: gone when the process is, however it ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._first: list[Problem] = []
        self._rest: IO[str] | None = None
        self._count = 0

    def add(self, problem: Problem) -> None:
        """Note one. Raises OSError when the disk is full."""
        self._count += 1
        if len(self._first) < IN_MEMORY:
            self._first.append(problem)
            return
        if self._rest is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._rest = TemporaryFile("w+", encoding="utf-8", dir=self._folder)  # noqa: SIM115
        self._rest.write(json.dumps(problem.cells(), ensure_ascii=False) + "\n")

    def add_all(self, problems: Iterable[Problem]) -> None:
        """Note some."""
        for problem in problems:
            self.add(problem)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Problem]:
        yield from self._first
        if self._rest is None:
            return
        self._rest.seek(0)
        try:
            for line in self._rest:
                yield Problem(**json.loads(line))
        finally:
            self._rest.seek(0, os.SEEK_END)

    def close(self) -> None:
        """Let go of the file; may be called again."""
        if self._rest is not None:
            with suppress(OSError):  # what did not fit on a full disk is not needed any more
                self._rest.close()
