"""Copies the design system's files, unmodified, from node_modules to the static folder.

Plain standard library and no import of ours: it runs while the installation is being made.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "node_modules" / "dkfds" / "dist"
TARGET = ROOT / "service" / "web" / "static" / "vendor" / "dkfds"

STYLESHEET = "css/dkfds.min.css"
ENTRANCES = [STYLESHEET, "js/dkfds.min.js", "img/all-svg-icons.svg", "LICENSE.md"]
REFERENCE = re.compile(r"""url\(\s*['"]?(?!data:)([^'")?#]+)""")


def needed(source: Path) -> Iterator[str]:
    """The files a page can ask for: the entrances, what the stylesheet refers to, and the font licence."""
    yield from ENTRANCES
    stylesheet = source / STYLESHEET
    for reference in sorted(set(REFERENCE.findall(stylesheet.read_text(encoding="utf-8")))):
        file = (stylesheet.parent / reference).resolve().relative_to(source.resolve())
        yield file.as_posix()
        if (source / file).with_name("license.txt").exists():
            yield file.with_name("license.txt").as_posix()


def copy(source: Path, target: Path) -> int:
    """Replace the target by a fresh copy of what is needed; return the number of files."""
    building = target.with_name(target.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    files = sorted(set(needed(source)))
    for file in files:
        (building / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / file, building / file)
    shutil.rmtree(target, ignore_errors=True)
    building.rename(target)
    return len(files)


if __name__ == "__main__":
    print(f"Front end: {copy(SOURCE, TARGET)} files of dkfds in {TARGET.relative_to(ROOT)}")
