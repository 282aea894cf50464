"""How long the offline verifier takes for a large export, and how much memory: one core, cold start.

A checkpoint from the middle is held against it, and the last row is then taken out, to see that it is missed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.log import merkle
from service.log.checkpoint import Checkpoint, sign_checkpoint
from service.log.tiles import WIDTH, Tile
from tests.parts.exports import BASE, DECISIONS, KEY, VKEY, entry, files_of, row
from tests.parts.exports import Shard as Listed
from tests.soak.figures import Figure, share_of

ENTRIES, SECONDS, MEGABYTES = 1_000_000, 60, 500
VERIFIER = Path(__file__).parents[2] / "service/log/offline/skoen_verify.py"
WITH_PEAK = (
    "import re, runpy, sys\n"
    "try: runpy.run_path(sys.argv[0], run_name='__main__')\n"
    "finally: print(re.search('VmHWM: *(\\\\d+)', open('/proc/self/status').read().replace('\\t', ''))[1], "
    "file=sys.stderr)\n"
)
"""Runs a file as a program and says how many kilobytes it needed at most (Linux tells)."""


@dataclass(frozen=True)
class Run:
    """One run of the verifier: exit code, seconds, megabytes, and what it printed."""

    code: int
    seconds: float
    megabytes: int
    said: str


def write_large(path: Path, count: int, held: Path, without_last_row: bool = False) -> None:
    """A whole shard of `count` entries, written as a stream, and a checkpoint of its first half."""
    leaves = path.with_suffix(".leaves")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        rows = path.with_suffix(".rows")
        with (
            archive.open(f"{DECISIONS}/entries.jsonl", "w", force_zip64=True) as lines,
            leaves.open("wb") as hashes,
            rows.open("wb") as pairs,
        ):
            for seq in range(count):
                made = entry(DECISIONS, seq, t=f"2026-{seq:020d}")
                line = json.dumps(made, separators=(",", ":"), sort_keys=True).encode()
                lines.write(line + b"\n")
                hashes.write(merkle.leaf_hash(line))
                if "step" in made and not (without_last_row and seq >= count - 3):
                    pairs.write(json.dumps(row(made), separators=(",", ":"), sort_keys=True).encode() + b"\n")
        archive.write(rows, f"{DECISIONS}/rows.jsonl")
        frontier: list[bytes] = []
        for index, tile in enumerate(_tiles(leaves)):
            archive.writestr(f"{DECISIONS}/{Tile(0, index, len(tile) // merkle.HASH).path}", tile)
            for at in range(0, len(tile), merkle.HASH):
                size = index * WIDTH + at // merkle.HASH
                if size == count // 2:
                    held.write_bytes(_note(size, frontier))
                frontier = merkle.append(size, frontier, tile[at : at + merkle.HASH])
        listed = Listed(DECISIONS, [], [], [], _note(count, frontier), size=count)
        for name, content in files_of(listed).items():
            if not name.endswith(".jsonl"):
                archive.writestr(name, content)
    leaves.unlink()
    rows.unlink()


def verify_offline(folder: Path, *arguments: str) -> Run:
    """Run a copy of the verifier in a folder that knows nothing of the project."""
    copy = Path(shutil.copy(VERIFIER, folder / "skoen_verify.py"))
    start = time.monotonic()
    found = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.argv[0] = {str(copy)!r}\n{WITH_PEAK}", *arguments],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    seconds = time.monotonic() - start
    return Run(found.returncode, seconds, int(found.stderr.split()[-1]) // 1024, found.stdout + found.stderr)


def _tiles(leaves: Path) -> Iterator[bytes]:
    with leaves.open("rb") as file:
        while tile := file.read(WIDTH * merkle.HASH):
            yield tile


def _note(size: int, frontier: list[bytes]) -> bytes:
    return sign_checkpoint(Checkpoint(f"{BASE}/{DECISIONS}", size, merkle.root_of(frontier)), KEY)


def measure(share: float) -> list[Figure]:
    """The figure: a whole shard, and the same with one row less."""
    entries = share_of(ENTRIES, share, 20_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export, held = folder / "export.zip", folder / "held.txt"
        given = [str(export), "--vkey", VKEY, "--held", str(held)]
        write_large(export, entries, held)
        good = verify_offline(folder, *given)
        write_large(export, entries, held, without_last_row=True)
        bad = verify_offline(folder, *given)
    fits = good.seconds <= SECONDS and good.megabytes <= MEGABYTES
    return [
        Figure(
            "offline verification on one core",
            "",
            f"{entries} entries",
            f"{good.seconds:.1f} s, {good.megabytes} MB, exit {good.code}; a row less: exit {bad.code}",
            f"at most {SECONDS} s and {MEGABYTES} MB; exits 0 and 50",
            fits and (good.code, bad.code) == (0, 50),
        )
    ]
