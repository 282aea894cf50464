"""The list of parts is the locks': every part, its version and what asks for it, and no other."""

import json
import re
from pathlib import Path

import pytest

from service.workflow.documents.components import ROOT, NoLocks, product


def test_every_part_of_both_locks_stands_in_the_list() -> None:
    python = re.findall(
        r"(?m)^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", (ROOT / "requirements.lock").read_text()
    )
    browser = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    found = {(each.name, each.version) for each in product().components}

    assert {(name.lower().replace("_", "-").replace(".", "-"), version) for name, version in python} | {
        (place.rpartition("/")[2], said["version"]) for place, said in browser.items() if place
    } == found
    assert all(each.hashes for each in product().components if each.registry == "pypi")


def test_what_the_service_runs_on_is_told_from_workshop_and_tests() -> None:
    shipped = {each.name for each in product().components if each.shipped}

    assert {"flask", "werkzeug", "numpy", "psycopg-binary", "weasyprint", "dkfds"} <= shipped
    assert shipped & {"scikit-learn", "shap", "pytest", "hypothesis", "mypy", "axe-core", "pandas"} == set()


@pytest.mark.parametrize("lock", ["", "# nothing is pinned here\n"])
def test_without_locks_there_is_no_list(tmp_path: Path, lock: str) -> None:
    (tmp_path / "requirements.lock").write_text(lock)

    with pytest.raises(NoLocks):
        product(tmp_path)
