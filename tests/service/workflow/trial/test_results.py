"""What a trial came to: counted by the lot, told behind the statistics, and held against the margin."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.errors import Conflict, Forbidden
from service.tables.governance import Stop
from service.tables.suggestion import Suggestion
from service.tables.trial import TrialStep
from service.workflow import trial
from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.followed import Followed
from service.workflow.statistics.practice import Difference
from service.workflow.statistics.shares import HIDDEN, Share
from service.workflow.trial import sealed
from service.workflow.trial.looking import Look
from service.workflow.trial.results import Measured, Results, told, verdict_of
from service.workflow.trial.sealed import Beside, Sealed
from tests.answered import a_decision, answer
from tests.builders import a_case, a_judgement
from tests.cast import NOW, Cast
from tests.payloads import a_payload
from tests.refusals import in_session, refuses
from tests.service.workflow.effect.planted import K3, cases
from tests.shelves import FixedShelf
from tests.trials import NAME, a_case_with_arm, a_trial

HELD, MOVED = ((6, True),), ((6, False),)
LEVELS = ("basal", "avanceret")


def planted(count: int, arm: str, *, held: bool, alone: bool, evidence: bool, **row: Any) -> list[Followed]:
    """Cases decided as `avanceret`, with whether the level held and who else had said the level that did."""
    right = "avanceret" if held else "basal"
    wrong = "basal" if held else "avanceret"
    own = right if alone else wrong
    said = right if evidence else wrong
    name = f"{arm}-{held}-{alone}-{evidence}-{sorted(row.items())}"
    some = cases(count, arm=arm, held=HELD if held else MOVED, row={"own": own, **row})
    return [
        replace(case, row=replace(case.row, case_id=f"{name}-{number}|{right}|{said}"))
        for number, case in enumerate(some)
    ]


def results_of(some: list[Followed], margin: int = 5) -> Results:
    parts = {case.row.case_id: case.row.case_id.split("|") for case in some}
    measured = Measured({name: Beside(held, said) for name, (_, held, said) in parts.items()}, LEVELS)
    return told([FollowedCases(some, K3, measured.behind)], measured, margin)


@pytest.mark.requirement("G-02", "D-48", "K-19")
def test_people_alone_people_with_evidence_and_evidence_alone_are_counted_on_the_same_cases() -> None:
    found = results_of([
        *planted(15, "evidence", held=True, alone=True, evidence=True),
        *planted(6, "evidence", held=True, alone=False, evidence=True, choice="avanceret"),
        *planted(9, "evidence", held=False, alone=True, evidence=False, offered="senere", first_date=None),
        *planted(12, "control", held=True, alone=True, evidence=False, choice="basal"),
        *planted(12, "control", held=False, alone=False, evidence=True),
    ])  # fmt: skip
    assert (found.evidence.side.cases, found.control.side.cases) == (30, 24)
    assert found.evidence.met == {
        "alone": Share(24, 30), "decision": Share(21, 30), "evidence alone": Share(21, 30),
    }  # fmt: skip
    assert found.control.met == {
        "alone": Share(12, 24), "decision": Share(0, 24), "evidence alone": Share(12, 24),
    }  # fmt: skip
    assert (found.evidence.side.right, found.control.side.right) == (Share(21, 30), Share(12, 24))
    assert (found.evidence.in_time, found.control.in_time) == (Share(21, 30), Share(24, 24))
    assert found.evidence.levels == (
        ("basal", Share(0, 30)),
        ("avanceret", Share(30, 30)),
        ("andet", Share(0, 30)),
    )
    half = Share(12, 24)
    assert found.control.levels == (("basal", half), ("avanceret", half), ("andet", Share(0, 24)))
    assert found.right == Difference(20, -6, 43)
    assert (found.minutes.middle if found.minutes else None) == 0


def test_a_case_counts_in_its_arm_whatever_was_shown_in_it() -> None:
    """Nine asked to see nothing, six of them with evidence to come: the arms are those of the lot."""
    seen_nothing = {"withheld_reason": "declined", "shown": False, "shown_at": None, "reference": None}
    found = results_of([
        *planted(14, "evidence", held=True, alone=True, evidence=True),
        *planted(6, "evidence", held=True, alone=True, evidence=True, **seen_nothing),
        *planted(20, "control", held=True, alone=True, evidence=True),
    ])  # fmt: skip
    assert (found.evidence.side.cases, found.control.side.cases) == (20, 20)
    assert (found.evidence.left, found.control.left) == (Share(6, 20), Share(0, 20))


@pytest.mark.requirement("K-19")
@pytest.mark.parametrize("of_control", [0, 3])
def test_without_a_control_arm_that_can_be_told_nothing_is_measured(of_control: int) -> None:
    some = planted(30, "evidence", held=True, alone=True, evidence=True)
    some += planted(of_control, "control", held=True, alone=True, evidence=True)
    found = results_of(some)
    assert (found.verdict, found.right, found.minutes) == ("not_measured", None, None)
    if of_control:
        assert found.control.met["alone"] == HIDDEN


@pytest.mark.requirement("D-09")
@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-4, 9, "not_worse"), (-5, 9, "open"), (-20, -5, "open"), (-20, -6, "worse"), (6, 20, "not_worse")],
)
def test_the_verdict_holds_the_whole_interval_against_the_margin(low: int, high: int, verdict: str) -> None:
    assert verdict_of(Difference((low + high) // 2, low, high), 5) == verdict


@pytest.fixture
def running(admitted: Engine, cast: Cast) -> Any:
    """The trial that runs in Træning Nord."""
    return a_trial(admitted, cast)


def test_the_ghosts_are_read_only_once_the_trial_is_unsealed(
    admitted: Engine, cast: Cast, running: Any
) -> None:
    case, _ = a_case_with_arm(admitted, running, "control", cast.alma)
    a_decision(admitted, case, cast.alma, choice="basal")
    later = NOW + timedelta(days=200)
    with reading(admitted) as session:
        drawn = trial.drawn_cases(session, running, later.date())
        before = trial.find(session, cast.dan.municipality_id, NAME, later)
        settled = [replace(each, held=HELD) for each in drawn]
        with pytest.raises(Sealed):
            sealed.beside(session, before, settled)
    refuses(admitted, Sealed, lambda s: trial.note_reading(s, before, now=later, by=cast.dan))
    in_session(admitted, lambda s: trial.unseal(s, NAME, reason="Vi vil se det.", now=later, by=cast.dan))
    with reading(admitted) as session:
        opened = trial.find(session, cast.dan.municipality_id, NAME, later)
        assert sealed.beside(session, opened, settled) == {case.id: Beside("basal", "avanceret")}
    refuses(admitted, Forbidden, lambda s: trial.note_reading(s, opened, now=later, by=cast.alma))
    in_session(admitted, lambda s: trial.note_reading(s, opened, now=later, by=cast.tove))


def test_a_ghost_that_would_have_said_nothing_is_compared_with_nobody(
    admitted: Engine, cast: Cast, running: Any
) -> None:
    silent = FixedShelf(a_payload(abstained=["too_few"], similar=None, model_level=None))
    case, _ = a_case_with_arm(admitted, running, "control", cast.alma, shelf=silent)
    a_decision(admitted, case, cast.alma, choice="basal")
    in_session(admitted, lambda s: trial.stop(s, NAME, reason="Nok nu.", now=NOW, by=cast.dan))
    in_session(admitted, lambda s: trial.unseal(s, NAME, reason="Vi vil se det.", now=NOW, by=cast.dan))
    with reading(admitted) as session:
        opened = trial.find(session, cast.dan.municipality_id, NAME, NOW)
        settled = [replace(each, held=HELD) for each in trial.drawn_cases(session, running, NOW.date())]
        assert (len(settled), dict(sealed.beside(session, opened, settled))) == (1, {})


@pytest.mark.parametrize(
    ("verdict", "arm", "pressed"), [("evidence_worse", "med", 1), ("control_worse", "uden", 0)]
)
def test_a_look_that_finds_harm_stops_the_trial_by_itself(
    verdict: str, arm: str, pressed: int, admitted: Engine, cast: Cast, running: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(trial, "look", lambda *_, **__: Look(verdict, 50))
    with writing(admitted) as session:
        assert trial.look_at(session, NAME, now=NOW, by=cast.dan).verdict == verdict
    with reading(admitted) as session:
        looked, stopped = session.exec(select(TrialStep).order_by(TrialStep.number)).all()[1:]  # type: ignore[arg-type]
        stops = session.exec(select(Stop)).all()
    assert (looked.verdict, looked.information) == (verdict, 50)
    assert (stopped.kind, stopped.cause) == ("stopped", "harm")
    assert f"dårligere {arm} grundlag" in stopped.reason
    assert [each.unit_id for each in stops] == [cast.alma.unit_id] * pressed
    refuses(admitted, Conflict, lambda s: trial.look_at(s, NAME, now=NOW, by=cast.dan))
    row = answered_after(admitted, cast)
    assert (row.reason, row.arm) == (("stopped" if pressed else None), "evidence")


def answered_after(engine: Engine, cast: Cast) -> Suggestion:
    """The answer in a case judged after the trial was stopped."""
    case = a_case(engine, request_id="after")
    return answer(engine, a_judgement(engine, case, cast.alma, key="after").id, cast.alma, FixedShelf())


def test_a_look_with_few_cases_is_written_down_and_changes_nothing(
    admitted: Engine, cast: Cast, running: Any
) -> None:
    with writing(admitted) as session:
        assert trial.look_at(session, NAME, now=NOW, by=cast.dan) == Look("too_few")
    with reading(admitted) as session:
        found = trial.find(session, cast.dan.municipality_id, NAME, NOW)
    assert (found.state, found.times, len(found.looks)) == (trial.State.RUNNING, (), 1)
