"""The service as it runs in production: it comes up unfit, says why, and is fit again without a restart."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.database import make_engine
from service.tables.append_only import protect
from tests.parts.demo import PATIENCE, _serve, run_skoen, stop

pytestmark = [pytest.mark.gunicorn]


def health(url: str) -> dict[str, Any]:
    """What the service says of itself to whoever watches it."""
    try:
        with urllib.request.urlopen(f"{url}/sundhed") as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as refused:
        return dict(json.load(refused))


def wait_for(true: Callable[[], bool]) -> None:
    """Return when it is so, asked ten times in a row: there are two workers."""
    until, times = time.monotonic() + PATIENCE, 0
    while times < 10:
        assert time.monotonic() < until
        times = times + 1 if true() else 0
        time.sleep(0.05)


def test_an_unfit_installation_is_served_read_only_until_it_is_mended(tmp_path: Path) -> None:
    var = tmp_path / "var"
    assert run_skoen(var, "database", "upgrade").returncode == 0
    engine = make_engine(f"sqlite:///{var / 'skoen.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER decisions_append_only_update")
    assert run_skoen(var, "selftest").returncode == 1

    served = _serve(var)
    try:
        first = health(served.url)
        with engine.begin() as connection:
            protect(connection)
        wait_for(lambda: health(served.url)["status"] == "ok")
        wait_for(lambda: health(served.url)["warnings"] == [])  # the signer has reported
    finally:
        stop(served)
        engine.dispose()

    assert (first["status"], first["faults"]) == ("read_only", ["triggers"])
    assert run_skoen(var, "selftest").returncode == 0
