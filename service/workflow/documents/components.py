"""The parts that the product is built with, read from its two lock files, and which of them need which."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
PYTHON, BROWSER, PROJECT = "requirements.lock", "package-lock.json", "pyproject.toml"
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^ ;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
ASKED_BY = re.compile(r"^ {4}#(?: via)?\s+(\S+)")
ITSELF = "skoen"


@dataclass(frozen=True)
class Component:
    """One part at a fixed version: where it is registered, what asks for it, the hashes of its files.

    `shipped` says whether the service or the browser needs it; the rest makes models, or tests.
    """

    name: str
    version: str
    registry: str
    asked_by: tuple[str, ...]
    hashes: tuple[str, ...]
    licence: str
    shipped: bool

    @property
    def purl(self) -> str:
        """Its package URL."""
        return f"pkg:{self.registry}/{self.name.replace('@', '%40')}@{self.version}"


@dataclass(frozen=True)
class Product:
    """The product itself and its parts, sorted by registry and name."""

    version: str
    licence: str
    components: tuple[Component, ...]


class NoLocks(ValueError):
    """The lock files are not there, or say nothing; the text names the file."""


def product(root: Path = ROOT) -> Product:
    """The product as its locks fix it. Raises NoLocks outside a checkout."""
    try:
        project = tomllib.loads((root / PROJECT).read_text("utf-8"))["project"]
        python = (root / PYTHON).read_text("utf-8")
        browser = json.loads((root / BROWSER).read_text("utf-8"))
    except (OSError, ValueError, KeyError) as error:
        raise NoLocks(f"Låsefilerne i {root.name} kan ikke læses.") from error
    found = (*_python(python, {_name(each) for each in project["dependencies"]}), *_browser(browser))
    if not found:
        raise NoLocks(f"{PYTHON} og {BROWSER} nævner ingen dele.")
    return Product(project["version"], project["license"], tuple(sorted(found, key=lambda each: each.purl)))


def _python(text: str, direct: set[str]) -> Iterator[Component]:
    blocks = list(_blocks(text))
    shipped = _reached({name: asked_by for name, _, asked_by, _ in blocks}, direct)
    for name, version, asked_by, hashes in blocks:
        yield Component(name, version, "pypi", asked_by, hashes, "", name in shipped)


def _blocks(text: str) -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Name, version, what asks for it, and hashes of each pinned part, in the lock's order."""
    for block in re.split(r"(?m)^(?=[A-Za-z0-9])", text):
        head = PINNED.match(block)
        if head:
            lines = (ASKED_BY.match(line) for line in block.splitlines())
            asked_by = tuple(_name(each[1]) for each in lines if each)
            yield _name(head[1]), head[2], asked_by, tuple(HASH.findall(block))


def _reached(asked_by: Mapping[str, tuple[str, ...]], direct: set[str]) -> set[str]:
    """Everything that what we ask for ourselves brings with it."""
    needs = {name: {each for each, by in asked_by.items() if name in by} for name in asked_by}
    found, new = set[str](), direct & set(asked_by)
    while new:
        found |= new
        new = {each for name in new for each in needs[name]} - found
    return found


def _browser(lock: Mapping[str, dict[str, dict[str, str]]]) -> Iterator[Component]:
    for place, said in lock["packages"].items():
        if place:
            name = place.rpartition("node_modules/")[2]
            licence = said.get("license", "").strip("()")
            yield Component(name, said["version"], "npm", (ITSELF,), (), licence, not said.get("dev", False))


def _name(requirement: str) -> str:
    """The name of a requirement as registries write it."""
    found = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else requirement
