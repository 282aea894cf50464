"""The files of the project, as the house rules see them."""

import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
Check = Callable[[Path, str], Iterator[tuple[int, str]]]
LOCKS = {"requirements.lock", "package-lock.json"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is in git or would be added to it, relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return tuple(
        sorted(Path(name) for name in listing.stdout.split("\0") if name and (ROOT / name).is_file())
    )


def files_in(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
    """The files under the given top folders (all, when none is given) with one of the suffixes."""
    return [file for file in files() if file.suffix in suffixes and (not folders or file.parts[0] in folders)]


def read(file: Path) -> str:
    """The text of a file of the tree; empty for one that is no text."""
    try:
        return (ROOT / file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def complaints(check: Check, among: list[Path]) -> list[str]:
    """`file:line what` for everything that a checker of `(path, text)` finds."""
    return [f"{file}:{line} {what}" for file in among for line, what in check(file, read(file))]
