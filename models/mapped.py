"""A big file of an artifact: opened once, mapped, hashed as it is mapped, and watched while it is in use.

The bytes are shared by every process that maps them, and read from disk as they are needed. Whoever changes
or cuts the file afterwards changes its size or the time of its last change, which cannot be set back by the
ordinary ways; `is_as_opened` notices. A file that is cut in the very middle of a search ends the process that
searches: nothing is shown, and the next process refuses the file.
"""

import hashlib
import mmap
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

Marks = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class MappedFile:
    """A file of one array as NumPy writes it. `content` is read-only; `marks` tell when it was changed."""

    path: Path
    marks: Marks
    content: mmap.mmap

    @classmethod
    def open(cls, path: Path) -> Self:
        """Map a file. Raises OSError when it is not there, and ValueError when it is empty."""
        with path.open("rb") as file:
            marks = _marks(os.fstat(file.fileno()))
            return cls(path, marks, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def sha256(self) -> str:
        """The hash of all that is mapped; this also brings it into memory."""
        return hashlib.sha256(self.content).hexdigest()

    def array(self) -> npt.NDArray[Any]:
        """The array in the file, sharing its memory. ValueError for anything but plain numbers in rows."""
        self.content.seek(0)
        version = npy.read_magic(self.content)
        if version != (1, 0):
            raise ValueError(f"{self.path.name} is of another NumPy format")
        shape, by_column, dtype = npy.read_array_header_1_0(self.content)
        if dtype.hasobject or by_column:
            raise ValueError(f"{self.path.name} holds something else than numbers in rows")
        return np.frombuffer(self.content, dtype=dtype, offset=self.content.tell()).reshape(shape)

    def is_as_opened(self) -> bool:
        """Whether the same file still lies there, untouched since it was mapped."""
        try:
            return _marks(self.path.stat(follow_symlinks=False)) == self.marks
        except OSError:
            return False


def _marks(found: os.stat_result) -> Marks:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
