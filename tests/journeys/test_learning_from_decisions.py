"""The loop closes: decisions are exported, learned from, compared, taken into use and taken out again.

The service goes on serving all the while, and is never started anew.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.at_the_demo import a_fresh_case, file_of, read_for, sign_in
from tests.journeys.test_the_demonstration import DESKTOP, judge
from tests.parts.demo import Served

pytestmark = pytest.mark.gunicorn

SAID = ("--approver", "Dan Vang, datamedarbejder", "--note", "Trænet på kvartalets egne vurderinger.")


def done(served: Served, *words: str) -> Any:
    """Run a command that must succeed; gives what it printed as JSON."""
    result = served.skoen(*words, "--json")
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout)


def versions(served: Served) -> set[str]:
    """The versions on the shelf."""
    return {path.parent.name for path in (served.var / "models").glob("*/manifest.json")}


def version_shown(served: Served, page: Page, key: str) -> str | None:
    """The model version that answers the next case."""
    case_id = a_fresh_case(served, key)
    read_for(served, case_id)
    page.goto(f"{served.url}/sag/{case_id}")
    judge(page, "avanceret")
    shown = file_of(served, case_id).suggestion
    assert shown is not None
    assert shown.outcome == "shown"
    return shown.model_version


def identities(served: Served) -> set[str]:
    """Every CPR number and name that stands in the demonstration's referrals."""
    citizens = [
        json.loads(path.read_text("utf-8"))["citizen"]
        for path in (served.var / "synthetic" / "referrals").iterdir()
    ]
    return {said for citizen in citizens for said in (citizen["cpr"], citizen["name"], citizen["address"])}


def test_decisions_become_a_model_that_is_used_and_withdrawn_while_the_service_runs(
    serve: Callable[[], Served], open_page: Callable[..., Page]
) -> None:
    served = serve()
    page = open_page(viewport=DESKTOP)
    sign_in(page, served, "alma")
    (first,) = versions(served)
    assert version_shown(served, page, "before") == first

    export = served.var / "decisions.jsonl"
    done(served, "decisions", "export", "--out", str(export))
    text = export.read_text("utf-8")
    assert not [said for said in identities(served) if said in text]

    shelf, history = served.var / "models", served.var / "synthetic" / "history.csv"
    active = shelf / first
    done(served, "model", "train", str(history), str(export), "--out", str(shelf), "--against", str(active))
    (second,) = versions(served) - {first}
    compared = done(served, "model", "compare", str(active), str(shelf / second), str(history), str(export))
    assert len(compared["models"]) == 4, "both versions, the shares alone, and the unrestricted yardstick"

    refused = served.skoen("model", "promote", second, *SAID)
    assert "skoen model audit" in refused.stderr, "a version that was not tried for bias"
    assert version_shown(served, page, "refused") == first

    vault = served.var / "synthetic" / "vault"
    done(served, "model", "audit", str(shelf / second), str(history), str(export), "--vault", str(vault),
         "--against", str(active), "--draws", "199")  # fmt: skip
    done(served, "model", "promote", second, *SAID)
    assert version_shown(served, page, "promoted") == second
    done(served, "model", "rollback", *SAID)
    assert version_shown(served, page, "rolled-back") == first

    verified = served.skoen("log", "verify")
    assert verified.returncode == 0, verified.stdout
    _told_on_the_page(page, served, second)


def test_a_damaged_model_is_refused_and_casework_goes_on(
    serve: Callable[[], Served], open_page: Callable[..., Page]
) -> None:
    served = serve()
    (version,) = versions(served)
    _flip_a_byte(served.var / "models" / version / "tables.npz")
    page = open_page(viewport=DESKTOP)
    sign_in(page, served, "alma")
    case_id = a_fresh_case(served, "damaged")
    read_for(served, case_id)
    page.goto(f"{served.url}/sag/{case_id}")
    judge(page, "avanceret")
    shown = file_of(served, case_id).suggestion
    assert shown is not None
    assert (shown.outcome, shown.reason) == ("withheld", "model_damaged")
    assert page.get_by_role("button", name="Gem beslutning").is_visible()


def _told_on_the_page(page: Page, served: Served, version: str) -> None:
    page.goto(f"{served.url}/om-modellen")
    assert version in (page.text_content("main") or "")


def _flip_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(bytes(content))
