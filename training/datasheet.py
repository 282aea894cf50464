"""The table of assumptions in the datasheet, made from the file of assumptions and from nothing else."""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from training.assumptions import FOLDER

BEGIN, END = "<!-- assumptions: begin -->", "<!-- assumptions: end -->"
ABOUT = ("assumption", "source", "sources", "area")
ASSUMED = "assumption"


class Unsourced(ValueError):
    """A table of numbers that names no source and is not marked as an assumption."""


def fresh(datasheet: str, assumptions: Path) -> str:
    """The datasheet with its table of assumptions as the file says it now."""
    before, _, rest = datasheet.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table(assumptions)}\n{END}{after}"


def table(assumptions: Path) -> str:
    """Every assumption with its value and where it comes from, as Markdown. Raises Unsourced."""
    content = tomllib.loads(assumptions.read_text("utf-8"))
    lines = ["| Where | Assumed | Source |", "|---|---|---|"]
    lines += [f"| {place} | {said} | {source} |" for place, said, source in _rows(content, "")]
    return "\n".join(lines) + "\n"


def _rows(content: Mapping[str, Any], place: str) -> Iterator[tuple[str, str, str]]:
    """One row for each table and source, the inner tables after their outer one."""
    said: dict[str, list[str]] = {}
    for name, value in content.items():
        if place and name not in ABOUT and not _inner(value, place):
            said.setdefault(_source(content, name, place), []).append(f"{name} {_shown(value)}")
    for source, values in said.items():
        yield place, "; ".join(values), source
    for name, value in content.items():
        if name not in ABOUT and _inner(value, place):
            for number, each in enumerate(value if isinstance(value, list) else [value], start=1):
                inner = f"{place}.{name}".strip(".") + (f" {number}" if isinstance(value, list) else "")
                yield from _rows(each, inner)


def _inner(value: Any, place: str) -> bool:
    """A table with an origin of its own, or one that only holds such tables."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, Mapping) and _marked(each) for each in value)
    if not isinstance(value, Mapping):
        return False
    return (
        _marked(value) or (bool(value) and all(_inner(each, place) for each in value.values())) or not place
    )


def _marked(value: Mapping[str, Any]) -> bool:
    return "assumption" in value or "source" in value


def _source(content: Mapping[str, Any], name: str, place: str) -> str:
    source = content.get("sources", {}).get(name) or content.get("source")
    if source:
        return str(source)
    if content.get("assumption") is not True:
        raise Unsourced(f"{place}.{name} names no source and is not marked as an assumption")
    return ASSUMED


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} {_shown(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    return str(value)


def main(arguments: list[str]) -> None:
    """Print the datasheet with a fresh table, or write it."""
    file = FOLDER / "README.md"
    made = fresh(file.read_text("utf-8"), FOLDER / "genoptraening.toml")
    if arguments == ["--write"]:
        file.write_text(made, "utf-8")
    else:
        print(made)


if __name__ == "__main__":
    main(sys.argv[1:])
