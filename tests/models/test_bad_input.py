"""What no caseworker should meet: each has its clear answer, and none is taken for something it is not."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models import artifact
from models.answers import FactsRefused, parse_answer
from models.artifact import FORMAT, MANIFEST, ArtifactRefused
from models.declaration import UNKNOWN, Arrival, Question, Source
from models.evidence import Suggester
from models.facts import Fact, complete
from tests.models.questions import FULL, ask
from tests.models.workbench import RECEIVED, REPAIR

NAN, INFINITE = float("nan"), float("inf")


def question(name: str) -> Question:
    """A question of the tiny area."""
    return REPAIR.by_name[name]


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("farve", "lilla", "not_a_code"),
        ("farve", ["roed"], "not_a_code"),
        ("redskaber", "hammer+oekse", "not_a_code"),
        ("alder", "-1", "out_of_bounds"),
        ("alder", "41", "out_of_bounds"),
        ("alder", "9" * 400, "not_a_number"),
        ("alder", "12.5", "not_a_number"),
        ("alder", INFINITE, "not_a_number"),
        ("alder", "nan", "not_a_number"),
        ("alder", "Infinity", "not_a_number"),
        ("alder", True, "not_a_number"),
        ("andel", "1,01", "out_of_bounds"),
        ("andel", -INFINITE, "not_a_number"),
        ("andel", "inf", "not_a_number"),
        ("koebt", "2026-02-30", "not_a_date"),
        ("koebt", "99999-01-01", "not_a_date"),
        ("gammel", "ja", "computed"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_what_was_found(name: str, raw: object, code: str) -> None:
    with pytest.raises(FactsRefused) as refused:
        parse_answer(question(name), raw)

    (refusal,) = refused.value.refusals
    assert (refusal.question, refusal.code) == (name, code)
    assert len(refusal.found) <= 80


def test_an_empty_cell_of_a_file_is_no_answer_and_no_number() -> None:
    assert parse_answer(question("alder"), NAN) is None
    assert parse_answer(question("alder"), " ") is None


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(9999, 12, 31), date(1, 1, 1)])
def test_a_day_in_the_future_or_long_past_is_refused(day: date) -> None:
    arrival = Arrival(RECEIVED, RECEIVED, None, None, None)
    with pytest.raises(FactsRefused) as refused:
        complete(REPAIR, {"koebt": Fact(day, Source.PLAN_TEXT, None)}, arrival, None)  # type: ignore[arg-type]

    assert [(each.question, each.code) for each in refused.value.refusals] == [("koebt", "out_of_bounds")]


@pytest.mark.parametrize(
    ("name", "value"),
    [("farve", "lilla"), ("alder", INFINITE), ("alder", -INFINITE), ("alder", 10**30), ("alder", -1),
     ("andel", INFINITE), ("andel", 7.0), ("redskaber", frozenset({"oekse"}))],
)  # fmt: skip
def test_a_value_that_slipped_past_the_door_is_refused_by_the_model_too(
    suggester: Suggester, name: str, value: Any
) -> None:
    with pytest.raises(FactsRefused):
        ask(suggester, {**FULL, name: value})


@pytest.mark.parametrize(("name", "value"), [("alder", NAN), ("andel", NAN)])
def test_a_value_that_is_no_number_counts_as_not_answered(
    suggester: Suggester, name: str, value: float
) -> None:
    assert ask(suggester, {**FULL, name: value}).payload() == ask(suggester, {**FULL, name: None}).payload()


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(1, 1, 1)])
def test_a_day_the_question_does_not_allow_is_called_unseen_and_left_out(
    suggester: Suggester, day: date
) -> None:
    book = suggester.artifact.codebook
    evidence = ask(suggester, {**FULL, "koebt": day})

    assert evidence.unseen == ("koebt",)
    assert (
        book.encode({**FULL, "koebt": day}, RECEIVED).tolist()
        == book.encode({**FULL, "koebt": None}, RECEIVED).tolist()
    )


@pytest.mark.parametrize("nothing", [{}, dict.fromkeys(FULL), dict.fromkeys(FULL, UNKNOWN)])
def test_when_everything_is_missing_it_says_so_and_nothing_else(
    suggester: Suggester, nothing: dict[str, Any]
) -> None:
    payload = ask(suggester, nothing).payload()

    assert "too_incomplete" in payload["abstained"]
    assert "For mange oplysninger mangler til, at grundlaget kan vises." in payload["abstained_sentences"]
    assert (payload["similar"], payload["contributions"]) == (None, None)


def _format(made: dict[str, Any], number: Any) -> None:
    made["format"] = number


def _older(made: dict[str, Any]) -> None:
    _format(made, FORMAT - 1)


def _newer(made: dict[str, Any]) -> None:
    _format(made, FORMAT + 1)


def _other_questions(made: dict[str, Any]) -> None:
    made["fingerprint"] = "0" * 64


def _no_threshold(made: dict[str, Any]) -> None:
    made["made"]["thresholds"]["min_margin"] = NAN


def _too_strict(made: dict[str, Any]) -> None:
    made["made"]["thresholds"]["min_nearest"] = INFINITE


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_older, "unknown_format"),
        (_newer, "unknown_format"),
        (_other_questions, "fingerprint_differs"),
        (_no_threshold, "malformed"),
        (_too_strict, "malformed"),
    ],
)
def test_a_version_of_an_older_or_newer_schema_or_without_sense_is_refused(
    folder: Path, change: Callable[[dict[str, Any]], None], reason: str
) -> None:
    path = folder / MANIFEST
    made = json.loads(path.read_text())
    change(made)
    path.write_text(json.dumps(made))

    with pytest.raises(ArtifactRefused) as refused:
        artifact.load(folder)
    assert refused.value.reason == reason


def test_many_at_once_are_answered_as_one_by_one(suggester: Suggester) -> None:
    """The long form, against the service itself, is tests/soak/crowd.py."""
    cases = [{**FULL, "alder": age, "farve": colour} for age in range(20) for colour in ("groen", "roed")]
    alone = [ask(suggester, case).payload() for case in cases]

    with ThreadPoolExecutor(32) as crowd:
        together = list(crowd.map(lambda case: ask(suggester, case).payload(), cases * 3))

    assert together == alone * 3
