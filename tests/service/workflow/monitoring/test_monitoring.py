"""The monthly look: what it refuses, what it writes, what it computes again, and what a missed month is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from models import areas
from models.artifact import Artifact
from service.database import reading, writing
from service.errors import Conflict, Refused
from service.selftest import State
from service.selftest.monitoring import monitored
from service.tables.governance import RegisterEntry
from service.workflow import monitoring, suggestion
from service.workflow.model_in_use import admission
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.monitoring import Run, served
from service.workflow.monitoring.served import served_again
from service.workflow.registers import book
from service.workflow.registers import monitoring as register
from service.workflow.registers.tasks import Trigger, open_tasks
from tests.answered import into_shadow
from tests.builders import a_case, a_judgement
from tests.cast import NOW, Cast
from tests.parts.fitness import installation
from tests.parts.trained import on_shelf
from tests.refusals import refuses
from tests.register import BY, WHOLE, approve, ready_for_shadow, standing, write

AREA = areas.get("genoptraening")
MONTH = f"{NOW:%Y-%m}"
LATER = (NOW.replace(day=1) + timedelta(days=40)).replace(day=12)
Alone = Callable[[Session], object]


@pytest.fixture
def shelf(tmp_path: Path, trained_version: Artifact, engine: Engine, cast: Cast) -> ModelShelf:
    """A shelf whose only version is in use."""
    on_shelf(tmp_path / "shelf", trained_version, "v1")
    made = ModelShelf(tmp_path / "shelf")
    with writing(engine) as session:
        admission.promote(
            session,
            made,
            "v1",
            approver="Dan Vang",
            note="Til prøver.",
            now=NOW - timedelta(days=40),
            by=cast.dan,
        )
    return made


def look(cast: Cast, shelf: ModelShelf, month: str = MONTH, now: datetime = LATER) -> Run:
    with reading(cast.engine) as session:
        return monitoring.look(session, shelf, cast.dan.municipality_id, AREA, month, now=now)


def record(cast: Cast, run: Run) -> Alone:
    return lambda session: monitoring.record(
        session, cast.dan.municipality_id, run, recorded_by=BY, now=LATER, by=cast.dan
    )


def recorded(cast: Cast, run: Run) -> RegisterEntry:
    with writing(cast.engine) as session:
        return record(cast, run)(session)  # type: ignore[return-value]


def answered(cast: Cast, shelf: ModelShelf, number: int) -> None:
    case = a_case(cast.engine, request_id=f"request-{number}")
    judged = a_judgement(cast.engine, case, cast.alma, key=f"judgement-{number}")
    suggestion.answer(
        cast.engine, judged.id, shelf=shelf, render=lambda payload, mode: "<p></p>", template_version="t/1",
        now=NOW, by=cast.alma,
    )  # fmt: skip


def test_a_month_that_is_not_over_and_a_house_without_a_model_are_refused(
    engine: Engine, cast: Cast, tmp_path: Path
) -> None:
    empty = ModelShelf(tmp_path)
    place = cast.dan.municipality_id
    for month, error in ((MONTH, Refused), ("2026-13", Refused), ("2020-01", Conflict)):
        refuses(engine, error, lambda s, m=month: monitoring.look(s, empty, place, AREA, m, now=NOW))  # type: ignore[misc]


def test_a_month_is_written_once(cast: Cast, shelf: ModelShelf) -> None:
    run = look(cast, shelf)
    entry = recorded(cast, run)

    assert (entry.kind, entry.subject, entry.content["status"]) == ("monitoring", "model:v1", "ingen_alarm")
    assert entry.content["maaned"] == MONTH
    refuses(cast.engine, Conflict, record(cast, run))


def test_what_was_served_comes_out_the_same_when_it_is_computed_again(cast: Cast, shelf: ModelShelf) -> None:
    for number in range(3):
        answered(cast, shelf, number)
    run = look(cast, shelf)

    assert (run.served.same, run.served.different, run.served.set_aside) == (3, 0, 0)
    assert run.alarms == ()


@pytest.mark.requirement("D-06")
def test_a_version_in_shadow_is_computed_beside_the_one_in_use_and_counted(
    cast: Cast, shelf: ModelShelf, trained_version: Artifact, tmp_path: Path
) -> None:
    on_shelf(tmp_path / "shelf", trained_version, "v2")
    on_shelf(tmp_path / "shelf", trained_version, "v3")
    ready_for_shadow(cast.engine, cast.dan, "v2")
    approve(cast.engine, cast.dan, "skygge", version="v2")
    for number in range(2):
        answered(cast, shelf, number)
    run = look(cast, shelf)

    assert run.shadow == {"v2": 2}
    assert recorded(cast, run).content["skygge"] == ["v2: 2"]


class Otherwise:
    """The version on the shelf, asked about other facts, or for fewer similar cases."""

    def __init__(self, shelf: ModelShelf, facts: dict[str, Any], **asked: Any) -> None:
        self.said = ModelShelf.suggester(shelf, "v1", shelf.open("v1").manifest_hash)
        self.artifact, self.facts, self.asked = self.said.artifact, facts, asked

    def suggest(self, values: Any, **asked: Any) -> Any:
        """What it says instead."""
        return self.said.suggest({**values, **self.facts}, **asked, **self.asked)


def saying(shelf: ModelShelf, facts: dict[str, Any], **asked: Any) -> ModelShelf:
    """A shelf whose version now says otherwise."""
    other, instead = ModelShelf(shelf.folder), Otherwise(shelf, facts, **asked)
    other.suggester = lambda version, manifest: instead  # type: ignore[assignment,method-assign,return-value]
    return other


def test_a_model_that_now_says_something_else_is_an_alarm(cast: Cast, shelf: ModelShelf) -> None:
    answered(cast, shelf, 1)
    run = look(cast, saying(shelf, {"funk_mobilitet": "0"}))

    assert (run.served.same, run.served.different) == (0, 1)
    assert run.alarms == ("1 sag gav andre tal, da grundlaget blev regnet igen",)
    entry = recorded(cast, run)
    assert entry.content["status"] == "alarm"
    (task,) = [t for t in open_tasks(standing(cast.engine, cast.dan), ()) if t.trigger is Trigger.MONITORING]
    assert run.alarms[0] in task.words


@pytest.mark.parametrize(
    ("facts", "asked", "since", "found"),
    [
        ({}, {"k": 5}, False, (1, 0)),
        ({}, {"k": 5}, True, (0, 1)),
        ({"funk_mobilitet": "0"}, {}, True, (1, 0)),
    ],
    ids=["others, no right used", "others, a right used", "the model itself"],
)
def test_a_right_used_since_excuses_other_similar_cases_and_never_another_model(
    cast: Cast, shelf: ModelShelf, monkeypatch: pytest.MonkeyPatch,
    facts: dict[str, Any], asked: dict[str, Any], since: bool, found: tuple[int, int],
) -> None:  # fmt: skip
    answered(cast, shelf, 1)
    monkeypatch.setattr(served, "_may_differ", lambda session, at: since)
    run = look(cast, saying(shelf, facts, **asked))

    assert (run.served.different, run.served.set_aside) == found


def test_an_alarm_is_a_task_until_somebody_says_what_was_done(cast: Cast) -> None:
    found = write(cast.engine, cast.dan, "monitoring")
    assert [t.subject for t in register.open_alarms(standing(cast.engine, cast.dan))] == [found.subject]
    for broken in (
        {"lukket": "2026-06-20"},
        {"handling": "Rettet."},
        {"status": "ingen_alarm"},
        {"alarmer": None},
    ):
        with pytest.raises(Refused):
            write(cast.engine, cast.dan, "monitoring", **broken)  # type: ignore[arg-type]
    closed = {"replaces": found.id, "lukket": "2026-06-20", "handling": "Rettet."}
    with pytest.raises(Refused, match="kan ikke ændres"):
        write(cast.engine, cast.dan, "monitoring", skygge=["v2: 5000"], **closed)
    write(cast.engine, cast.dan, "monitoring", **closed)

    assert register.open_alarms(standing(cast.engine, cast.dan)) == []


def test_nobody_types_in_what_was_measured(cast: Cast) -> None:
    subject, content = WHOLE["monitoring"]
    refuses(
        cast.engine, Refused,
        lambda session: book.add(
            session, cast.dan.municipality_id, "monitoring", subject=subject, content=content, recorded_by=BY,
            now=NOW, by=cast.dan,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("today", "missed"),
    [
        (date(2026, 3, 5), []),
        (date(2026, 3, 10), []),
        (date(2026, 3, 11), ["2026-02"]),
        (date(2026, 5, 11), ["2026-02", "2026-04"]),
    ],
)
def test_a_month_is_missed_after_the_tenth_of_the_next(today: date, missed: list[str]) -> None:
    _, content = WHOLE["monitoring"]
    march = RegisterEntry(
        at=NOW, municipality_id="", kind="monitoring", subject="model:v1",
        content={**content, "maaned": "2026-03"}, recorded_by=BY,
    )  # fmt: skip

    assert list(register.missed_months([march], "genoptraening", date(2026, 1, 15), today)) == missed


def test_a_missed_month_is_a_task_and_a_warning_beyond_practice(
    cast: Cast, shelf: ModelShelf, tmp_path: Path
) -> None:
    late = replace(installation(cast.engine, tmp_path), now=LATER)
    with reading(cast.engine) as session:
        (task,) = monitoring.missed_tasks(session, cast.dan.municipality_id, LATER.date())
    assert register.month_words(MONTH) in task.words
    assert monitored(late).state is State.OK
    into_shadow(cast.engine, cast)
    assert monitored(late).state is State.WARNING
    recorded(cast, look(cast, shelf))

    assert monitored(late).state is State.OK


def test_the_shadow_of_a_version_is_counted_by_month(cast: Cast) -> None:
    write(cast.engine, cast.dan, "monitoring", skygge=["v2: 40", "v3: 7"])
    write(cast.engine, cast.dan, "monitoring", maaned="2026-04", skygge=["v2: 31"])

    assert register.shadow_cases(standing(cast.engine, cast.dan), "v2") == [("2026-04", 31), ("2026-05", 40)]


def test_nothing_was_served_is_nothing_to_hold_against(cast: Cast, shelf: ModelShelf) -> None:
    with reading(cast.engine) as session:
        found = served_again(
            session, shelf, cast.dan.municipality_id, AREA, date(2020, 1, 1), date(2020, 2, 1)
        )
        assert book.standing(session, cast.dan.municipality_id) == []

    assert (found.same, found.different, found.set_aside) == (0, 0, 0)
    assert datetime.now(UTC) > NOW
