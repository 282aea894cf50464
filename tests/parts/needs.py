"""A part that a machine may lack: skipped on a desk, a failure in CI.

Without the second half, a builder that lost its browser would go on reporting success.
"""

import os
from collections.abc import Callable, Generator

import pytest

MARKED_BY_FIXTURE = {
    "browser": "browser",
    "postgres_server": "postgres",
    "serve_cast": "gunicorn",
    "trained_version": "slow",
}


def in_ci() -> bool:
    """Whether an automatic builder runs us; it sets CI=true."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def demand(part: str, present: bool) -> None:
    """Skip the test when the part is missing; in CI, fail it."""
    if present:
        return
    if in_ci():
        pytest.fail(f"{part} is missing, and in CI every part must be there.", pytrace=False)
    pytest.skip(f"{part} is missing")


@pytest.fixture(scope="session")
def need() -> Callable[[str, bool], None]:
    """`need("a C compiler", shutil.which("cc") is not None)`: skips, or fails in CI, unless present."""
    return demand


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark a test by the parts it asks for, so that `make check` can leave them out."""
    for item in items:
        for fixture, marker in MARKED_BY_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if in_ci() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, and in CI nothing is skipped: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, a test skipped by any other road fails as well."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """In CI, a module that skips itself fails as well."""
    report = yield
    _fail_if_skipped(report)
    return report
