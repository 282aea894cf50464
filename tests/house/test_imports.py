"""Who may import whom: the loop between service and training closes in two files, never in code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts.tree import complaints, files_in

ROOMS = ("intake", "assessment", "suggestion", "decision", "statistics")
WEB = ("flask", "flask_babel", "flask_wtf", "werkzeug", "wtforms", "jinja2")
SQL = ("sqlalchemy", "sqlmodel", "alembic", "psycopg", "sqlite3")
WORKSHOP = ("sklearn", "shap", "matplotlib", "pandas", "scipy", "numba")
RUNS_CODE_WHEN_LOADED = ("pickle", "cPickle", "_pickle", "joblib", "cloudpickle", "dill", "marshal", "shelve")

# folder: what nothing in it may import
FORBIDDEN = {
    "models": ("service", "training", *WEB, *SQL, *WORKSHOP),
    "training": ("service", *WEB, *SQL),
    "service": ("training", *WORKSHOP),
    "service/workflow": ("service.web", "service.api", *WEB),
    "service/log": ("service.web", "service.api", "service.workflow", *WEB),
    "service/tables": ("service.web", "service.api", "service.workflow", *WEB),
    "": RUNS_CODE_WHEN_LOADED,
}
# joblib hands our work to other processes there; what it loads from elsewhere, nothing may load.
SPREADS = {
    "training/spread.py": (
        "joblib.Parallel", "joblib.delayed", "joblib.parallel_config", "joblib.parallel.get_active_backend",
    ),
    "tests/training/test_spread.py": (
        "joblib.parallel_config", "joblib.register_parallel_backend", "joblib.parallel.ThreadingBackend",
    ),
}  # fmt: skip
# Only these may reach for the request; everyone else is given what it needs.
HTTP = ("service/web/", "service/api/", "service/app.py", "service/__init__.py")
REACHES_FOR_THE_REQUEST = ("flask.request", "flask.g", "flask.current_app", "flask.session")


def imported(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Every dotted name that a module imports, at any depth, relative ones resolved."""
    package = file.parent.parts
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            source = ".".join(part for part in (base, node.module) if part)
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)


def is_under(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def wrong_imports(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Imports that point the wrong way."""
    forbidden = [
        (folder, package)
        for folder, packages in FORBIDDEN.items()
        for package in packages
        if not folder or file.is_relative_to(folder)
    ]
    for line, name in imported(file, text):
        if name in SPREADS.get(file.as_posix(), ()):
            continue
        for folder, package in forbidden:
            if is_under(name, package):
                yield line, f"imports {name}, which {folder or 'nothing'} may import"


def requests_out_of_place(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Uses of Flask's context outside the rooms that speak HTTP."""
    if file.as_posix().startswith(HTTP):
        return
    for line, name in imported(file, text):
        if name in REACHES_FOR_THE_REQUEST:
            yield line, f"imports {name}"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in REACHES_FOR_THE_REQUEST:
            yield node.lineno, f"uses {ast.unparse(node)}"


def room_of(dotted: str) -> str | None:
    """The room that a module of service.workflow belongs to, if any."""
    parts = dotted.split(".")
    return parts[2] if parts[:2] == ["service", "workflow"] and len(parts) > 2 and parts[2] in ROOMS else None


def forward_imports(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Imports in a room of a room that comes later on the path of a case."""
    own = room_of(".".join(file.with_suffix("").parts))
    if own is None:
        return
    for line, name in imported(file, text):
        other = room_of(name)
        if other and ROOMS.index(other) > ROOMS.index(own):
            yield line, f"imports {other}, which comes after {own}"


def ours() -> list[Path]:
    return files_in("service", "models", "training")


@pytest.mark.requirement("K-12")
def test_imports_point_one_way() -> None:
    assert complaints(wrong_imports, ours()) == []


def test_nothing_that_runs_code_when_loaded_is_imported_anywhere() -> None:
    assert complaints(wrong_imports, files_in("tests")) == []


def test_the_request_stays_where_http_is_spoken() -> None:
    assert complaints(requests_out_of_place, ours()) == []


@pytest.mark.requirement("K-12")
def test_rooms_import_backwards_only() -> None:
    assert complaints(forward_imports, ours()) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("models/tables.py", "import flask"),
        ("models/areas/x.py", "from service.tables import Case"),
        ("models/x.py", "def late():\n    import sqlalchemy.orm"),
        ("training/fit.py", "from service import database"),
        ("service/demo.py", "import training"),
        ("service/web/charts.py", "import shap"),
        ("service/workflow/decision.py", "from flask import request"),
        ("service/workflow/decision.py", "from ..web import forms"),
        ("service/log/entries.py", "import flask_babel"),
        ("training/store.py", "import pickle"),
        ("tests/x.py", "from joblib import load"),
        ("training/spread.py", "from joblib import load"),
        ("training/fit.py", "from joblib import Parallel"),
    ],
    ids=str,
)
def test_a_wrong_import_is_noticed(file: str, text: str) -> None:
    assert list(wrong_imports(Path(file), text))


def test_a_right_import_is_left_alone() -> None:
    assert not list(wrong_imports(Path("training/fit.py"), "import sklearn.ensemble\nfrom models import x"))


@pytest.mark.parametrize("text", ["from flask import g", "import flask\nflask.current_app.config"], ids=str)
def test_a_request_out_of_place_is_noticed(text: str) -> None:
    assert list(requests_out_of_place(Path("service/identity.py"), text))
    assert not list(requests_out_of_place(Path("service/web/identity.py"), text))


def test_an_import_of_a_later_room_is_noticed() -> None:
    room = Path("service/workflow/assessment.py")

    assert list(forward_imports(room, "from .suggestion import suggest"))
    assert not list(forward_imports(room, "from service.workflow import intake"))
