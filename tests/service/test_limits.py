"""The limits: a local file tightens them, never loosens; a loosening is refused by name."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from service import limits
from service.app import create_app
from service.config import Settings
from service.database import reading
from service.errors import UnsafeStart
from service.limits import BY_NAME, CENTRAL, Bound, Limits, read_limits
from service.tables.log import LogEntry
from service.workflow.governance.limits_log import note_limits
from service.workflow.statistics.suppression import may_show
from tests.cast import NOW
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
MOVABLE = [each for each in CENTRAL if each.bound is not Bound.FIXED]
UNIT = '[[unit]]\nmunicipality = "0999"\nname = "Træning Nord"\n'


@pytest.fixture(autouse=True)
def central_again() -> Iterator[None]:
    """Whatever a test puts in force, the next one begins with the central limits."""
    limits.enforce(Limits())
    yield
    limits.enforce(Limits())


def local(folder: Path, text: str) -> Path:
    """A local file."""
    file = folder / "limits.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.requirement("G-14", "R-26")
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("least_cases = 4", "least_cases may only be raised"),
        ("least_caseworkers = 2", "least_caseworkers may only be raised"),
        ("largest_share_percent = 71", "largest_share_percent may only be lowered"),
        ("access_days = 15", "access_days may only be lowered"),
        ("access_days = 0", "access_days may only be lowered"),
        ("rules_days = 366", "rules_days may only be lowered"),
        ("judgement_first = false", "judgement_first may not be changed"),
        ("two_open_names = false", "two_open_names may not be changed"),
        ("least_cases = true", "least_cases must be a whole number"),
        ("least_cases = 5.5", "least_cases must be a whole number"),
        ("judgement_first = 1", "judgement_first must be true or false"),
        ("k = 3", "k is no limit"),
        (UNIT + "least_cases = 4", "Træning Nord: least_cases may only be raised"),
        (UNIT + "judgement_first = false", "Træning Nord: judgement_first may not be changed"),
        ("least_cases = 10\n" + UNIT + "least_cases = 9", "Træning Nord: least_cases may only be raised"),
        ("[[unit]]\nleast_cases = 9", "needs a municipality"),
        ("[unit]\nleast_cases = 9", r"\[\[unit\]\]"),
        ("least_cases = ", "cannot be read"),
    ],
)
def test_what_loosens_is_refused_by_name_at_the_start(text: str, names: str, tmp_path: Path) -> None:
    with pytest.raises(UnsafeStart, match=names):
        Settings.from_environment({"SKOEN_LIMITS": str(local(tmp_path, text))})


@given(st.sampled_from(MOVABLE), st.integers(-200, 800))
def test_a_limit_is_taken_exactly_when_it_is_no_looser_and_makes_sense(
    limit: limits.Limit, value: int
) -> None:
    low, high = sorted((limit.value, limit.extreme))
    if low <= value <= high:
        assert limit.refuse_loosening(value, "here", limit.value) == value
    else:
        with pytest.raises(UnsafeStart, match=limit.name):
            limit.refuse_loosening(value, "here", limit.value)


@pytest.mark.requirement("R-26")
def test_a_file_tightens_for_all_and_a_unit_tightens_more(tmp_path: Path) -> None:
    found = read_limits(local(tmp_path, "least_cases = 8\naccess_days = 10\n" + UNIT + "access_days = 3\n"))

    assert (found.of("access_days"), found.of("access_days", "0999", "Træning Nord")) == (10, 3)
    assert found.of("access_days", "0999", "Træning Syd") == 10
    assert (found.strictest("least_cases"), found.strictest("access_days")) == (8, 3)
    assert found.tightened() == {"least_cases": 8, "access_days": 10}


@pytest.mark.requirement("G-14", "R-26")
def test_a_tightened_limit_hides_what_was_shown(tmp_path: Path) -> None:
    people = ["a", "b", "c", "a", "b", "c"]
    assert may_show(people, range(5))

    limits.enforce(read_limits(local(tmp_path, "least_cases = 6")))
    assert not may_show(people, range(5))
    assert may_show(people, range(6))
    limits.enforce(read_limits(local(tmp_path, UNIT + "least_caseworkers = 4")))
    assert not may_show(people, range(6))


@pytest.mark.requirement("G-14")
def test_what_is_in_force_is_logged_once_when_it_changes(engine: Engine, tmp_path: Path) -> None:
    strict = read_limits(local(tmp_path, "least_cases = 9"))
    wrote = [note_limits(engine, each, NOW) for each in (Limits(), strict, strict, Limits(), Limits())]

    assert wrote == [False, True, False, True, False]
    with reading(engine) as session:
        entries = [json.loads(text) for text in session.exec(
            select(LogEntry.entry).where(LogEntry.event == "limits:changed")
        )]  # fmt: skip
    assert [entry["least_cases"] for entry in entries] == ["9", "5"]
    assert entries[0]["log"].startswith("decisions/")


@pytest.mark.requirement("G-14", "R-26")
def test_the_application_starts_with_the_file_and_shows_what_is_in_force(
    app: Flask, engine: Engine, visit: Visit, tmp_path: Path
) -> None:
    settings = app.extensions["skoen"].settings
    create_app(replace(settings, limits=read_limits(local(tmp_path, UNIT + "least_cases = 12"))), lambda: NOW)
    page = visit("vera").get("/drift").text

    assert "Den lokale fil er i brug." in page
    assert "Træning Nord" in page and ">12<" in page
    assert all(each.danish in page for each in CENTRAL)


@pytest.mark.requirement("G-14")
def test_every_limit_stands_once() -> None:
    assert len(BY_NAME) == len(CENTRAL)
    assert {each.name for each in CENTRAL if each.bound is Bound.FIXED} == {
        "judgement_first", "purpose_asked", "two_open_names",
    }  # fmt: skip
