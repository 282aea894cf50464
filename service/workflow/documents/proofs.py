"""The requirements of the founding documents with the tests that prove them, read from a checkout.

A test proves a requirement when it carries its id: `@pytest.mark.requirement("K-21")`, on a function, a class
or a whole module (`pytestmark`). Nothing is run: the files are parsed.
"""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from service.workflow.documents.facts import Cell, Fact, lacking, table

TESTS = Path(__file__).parents[3] / "tests"
LISTED = "requirements.json"
LABELS = {"annex.requirements": "Krav med prøver", "annex.discretion": "Krav om det faglige skøn"}
HEAD = ("Id", "Det, der viser det", "Prøver", "Åbent, fordi")


def requirement_facts(folder: Path = TESTS) -> tuple[Fact, ...]:
    """The two lists as facts; without a checkout that they are missing."""
    if not (folder / LISTED).is_file():
        why = "Kravlisten følger med kildekoden. Kør kommandoen fra et udtjek."
        return tuple(lacking(key, label, "kildekoden", why) for key, label in LABELS.items())
    listed, marked = json.loads((folder / LISTED).read_text("utf-8")), marks(folder)
    required = tuple(
        _row(each["id"], each["test"], marked, listed["features"][each["features"][0]]["open_because"])
        for each in listed["requirements"]
    )
    discreet = tuple(
        _row(each["id"], f"{each['danger']}: {each['test']}", marked, "no test carries the id yet")
        for each in listed["discretion"]
    )
    return (
        _listed("annex.requirements", required),
        _listed("annex.discretion", discreet),
    )


def _listed(key: str, rows: tuple[tuple[Cell, ...], ...]) -> Fact:
    made = table(key, LABELS[key], LISTED, HEAD, rows, "Listen er tom.")
    return Fact(made.key, made.label, made.source, head=made.head, rows=made.rows, foreign=True)


def _row(name: str, test: str, marked: Mapping[str, list[str]], why_open: str) -> tuple[Cell, ...]:
    proved = marked.get(name, [])
    return name, test, " ".join(proved), "" if proved else why_open


@cache
def marks(folder: Path = TESTS) -> dict[str, list[str]]:
    """By id, the tests that carry it, as `file::name`."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        where = path.relative_to(folder.parent).as_posix()
        for name, node in _marked(ast.parse(path.read_text("utf-8"))):
            for id_ in _ids(node):
                found[id_].append(f"{where}::{name}" if name else where)
    return dict(found)


def _marked(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Every decorator with the name below it, and every `pytestmark` with no name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from ((node.name, decorator) for decorator in node.decorator_list)
        elif isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
        ):
            yield "", node.value


def _ids(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.requirement":
            yield from (str(given.value) for given in call.args if isinstance(given, ast.Constant))
