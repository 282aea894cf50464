"""The locks hold what the project asks for, pinned by hash and free of any one machine."""

import json
import re
import tomllib
from typing import Any

import pytest

from tests.parts.tree import ROOT

ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def normal(name: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> dict[str, str]:
    """Package name to what stands in the lock about it."""
    return {normal(match[1]): match[3] for match in ENTRY.finditer(text)}


def asked_for(project: dict[str, Any]) -> set[str]:
    """The names of everything that pyproject.toml asks for, extras included."""
    extras = project["project"]["optional-dependencies"].values()
    lines = [*project["project"]["dependencies"], *(line for extra in extras for line in extra)]
    lines += project["build-system"]["requires"]
    return {normal(re.split(r"[^A-Za-z0-9._-]", line)[0]) for line in lines}


OURS, PEERS = "requirements.lock", "tests/bench/peers.lock"


def lock(name: str = OURS) -> str:
    return (ROOT / name).read_text()


def test_everything_we_ask_for_stands_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert asked_for(project) - set(locked(lock())) == set()


def test_everything_we_ask_for_is_named_with_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = {normal(word) for word in re.findall(r"[\w.-]+", (ROOT / "THIRD_PARTY.md").read_text())}

    assert asked_for(project) - named == set()


def test_peers_are_locked_with_the_very_versions_that_they_are_compared_at() -> None:
    asked = (ROOT / "tests/bench/peers.in").read_text().split()

    assert [line for line in asked if f"{line} " not in lock(PEERS)] == []
    ours = [line for line in asked if line.startswith(("scikit-learn", "shap="))]
    assert len(ours) == 2
    assert [line for line in ours if f"{line} " not in lock()] == []


@pytest.mark.parametrize("name", [OURS, PEERS])
def test_everything_in_the_lock_has_a_hash(name: str) -> None:
    assert [name for name, rest in locked(lock(name)).items() if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize("name", [OURS, PEERS])
def test_the_lock_names_no_index_and_no_place(name: str) -> None:
    assert re.findall(r"https?://|file:|^-|/(?:home|root|tmp|opt)/", lock(name), re.MULTILINE) == []


def test_the_front_end_is_pinned_exactly_and_by_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    asked = packages.pop("")

    found = {name.removeprefix("node_modules/"): entry["version"] for name, entry in packages.items()}
    assert found == {**asked["dependencies"], **asked["devDependencies"]}
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert [entry["resolved"] for entry in packages.values() if "resolved" in entry] == []


def test_a_forgotten_package_is_noticed() -> None:
    text = "flask==3.1.3 \\\n    --hash=sha256:00\n    # via skoen\nnumpy==2.3.5 ; python_version < '4'\n"
    project = {
        "project": {"dependencies": ["Flask==3.1.3", "fhir.resources>=8"], "optional-dependencies": {}},
        "build-system": {"requires": []},
    }

    assert asked_for(project) - set(locked(text)) == {"fhir-resources"}
    assert "--hash" not in locked(text)["numpy"]
