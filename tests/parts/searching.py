"""Look for many byte strings in many files at once, as somebody with the disk in hand would.

Never in the files of a database that this process has open: reading them would drop its locks.
"""

import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

WINDOW = 8
"""Bytes of the beginning of each string that is looked for; none may be shorter."""
PIECE = 1 << 26


class Search:
    """What is looked for, prepared once."""

    def __init__(self, wanted: Iterable[bytes]) -> None:
        self.by_start: dict[int, list[bytes]] = defaultdict(list)
        for each in set(wanted):
            assert len(each) >= WINDOW, each
            self.by_start[int.from_bytes(each[:WINDOW], "little")].append(each)
        self.starts = np.array(sorted(self.by_start), dtype=np.uint64)
        self.may_begin = np.zeros(1 << 16, dtype=bool)
        self.may_begin[(self.starts & np.uint64(0xFFFF)).astype(np.int64)] = True

    def in_bytes(self, data: bytes) -> set[bytes]:
        """Which of the strings stand anywhere in the data."""
        found: set[bytes] = set()
        for shift in range(WINDOW):
            count = (len(data) - shift) // WINDOW
            if count <= 0 or not len(self.starts):
                break
            windows = np.frombuffer(data, dtype="<u8", count=count, offset=shift)
            near = np.flatnonzero(self.may_begin[(windows & np.uint64(0xFFFF)).astype(np.int64)])
            hits = near[np.isin(windows[near], self.starts)]
            for place in hits.tolist():
                at = place * WINDOW + shift
                for each in self.by_start[int(windows[place])]:
                    if data[at : at + len(each)] == each:
                        found.add(each)
        return found

    def in_files(self, *roots: Path, without: Iterable[Path] = ()) -> dict[str, set[bytes]]:
        """The strings found, by the path of the file; what a zip holds is looked through unpacked."""
        spared = set(without)
        found = {}
        for root in roots:
            for file in sorted([root] if root.is_file() else root.rglob("*")):
                if not file.is_file() or spared.intersection((file, *file.parents)):
                    continue
                hits = {hit for data in _content(file) for hit in self.in_bytes(data)}
                if hits:
                    found[str(file)] = hits
        return found


def _content(file: Path) -> Iterator[bytes]:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                yield archive.read(name)
        return
    with file.open("rb") as content:
        tail = b""
        while data := content.read(PIECE):
            yield tail + data
            tail = data[-256:]
