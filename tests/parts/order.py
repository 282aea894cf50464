"""Among several workers: what waits long goes first, by one of them, beside others that keep the cores busy.

`--dist worksteal` gives each worker one stretch of the list, and who is done takes the end of another's. Long
tests at the end would be waited for by all, and spread out each worker would start its own browser and server
and train its own version.
"""

import pytest

LONG = {"slow", "gunicorn", "browser"}
ENGINE = "postgres"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order whole files, so that what a file sets up for all its tests is set up once."""
    if not hasattr(config, "workerinput"):
        return
    marks: dict[object, set[str]] = {}
    for item in items:
        marks.setdefault(item.path, set()).update(mark.name for mark in item.iter_markers())
    items.sort(key=lambda item: _rank(marks[item.path]))


def _rank(marks: set[str]) -> int:
    if marks & LONG:
        return 0
    return 1 if ENGINE in marks else 2
