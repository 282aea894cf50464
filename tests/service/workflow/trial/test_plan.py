"""What a trial must say before it is registered, who may do what with it, and in which order."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from service import log
from service.database import reading, writing
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.log import Event
from service.tables.trial import Trial
from service.workflow import governance, trial
from service.workflow.trial import Plan, State
from service.workflow.trial.plan import plan_of
from tests.answered import an_operation_without_basis, into_shadow
from tests.cast import NOW, TODAY, Cast
from tests.refusals import in_session, refuses
from tests.trials import NAME, a_plan, a_trial

DAY = timedelta(days=1)
WHY = "Pilotåret er slut."
UNFIT: dict[str, dict[str, Any]] = {
    "no name": {"name": ""},
    "a name like a sentence": {"name": "Pilot året"},
    "everybody": {"share": 100},
    "nobody": {"share": 0},
    "yesterday": {"starts_on": TODAY - DAY},
    "over before it begins": {"ends_on": TODAY},
    "for ever": {"ends_on": TODAY + timedelta(days=400)},
    "approved by nobody": {"approver": " "},
    "not weighed against letting be": {"null_option": " "},
    "a handful": {"cases": 10},
    "nothing expected": {"expected_without": 0},
    "no looks": {"looks": 0},
    "any risk": {"alpha": 900},
    "any margin": {"margin": 90},
    "no area": {"area": "hjemmepleje"},
    "no unit": {"units": ()},
    "another's unit": {"units": ("0" * 32,)},
    "a fact that is none": {"exempt": ("hastesag=ja",)},
}


@pytest.mark.requirement("D-30")
@pytest.mark.parametrize("what", UNFIT)
def test_a_plan_that_does_not_say_it_all_is_refused(what: str, engine: Engine, cast: Cast) -> None:
    plan = a_plan(cast, **UNFIT[what])
    refuses(engine, Refused, lambda s: trial.register(s, plan, now=NOW, by=cast.dan))


@pytest.mark.parametrize("name", ["alma", "tove", "dorte", "ada"])
def test_other_roles_neither_plan_nor_start_stop_look_nor_open(name: str, engine: Engine, cast: Cast) -> None:
    a_trial(engine, cast)
    by = cast.people[name]
    steps: tuple[Callable[[Any], Any], ...] = (
        lambda s: trial.register(s, a_plan(cast, name="nr-2"), now=NOW, by=by),
        lambda s: trial.start(s, NAME, now=NOW, by=by),
        lambda s: trial.stop(s, NAME, reason=WHY, now=NOW, by=by),
        lambda s: trial.look_at(s, NAME, now=NOW, by=by),
        lambda s: trial.unseal(s, NAME, reason=WHY, now=NOW, by=by),
    )
    for step in steps:
        refuses(engine, Forbidden, step)


def test_two_trials_of_a_unit_never_share_a_quarter(engine: Engine, cast: Cast) -> None:
    a_trial(engine, cast)  # until the end of 2026
    same = a_plan(cast, name="nr-2", starts_on=date(2026, 9, 1), ends_on=date(2027, 3, 1))
    refuses(engine, Refused, lambda s: trial.register(s, same, now=NOW, by=cast.dan))
    again = a_plan(cast, starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 1))
    refuses(engine, Refused, lambda s: trial.register(s, again, now=NOW, by=cast.dan))
    after = a_plan(cast, name="nr-3", starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 1))
    in_session(engine, lambda s: trial.register(s, after, now=NOW, by=cast.dan))
    elsewhere = a_plan(cast, name="nr-4", units=(cast.freja.unit_id,))
    in_session(engine, lambda s: trial.register(s, elsewhere, now=NOW, by=cast.dan))


def test_it_is_started_by_somebody_else_than_who_wrote_the_plan(engine: Engine, cast: Cast) -> None:
    in_session(engine, lambda s: trial.register(s, a_plan(cast), now=NOW, by=cast.dan))
    refuses(engine, Refused, lambda s: trial.start(s, NAME, now=NOW, by=cast.dan))
    refuses(engine, NotFound, lambda s: trial.start(s, "et-andet", now=NOW, by=cast.dagny))
    in_session(engine, lambda s: trial.start(s, NAME, now=NOW, by=cast.dagny))
    refuses(engine, Conflict, lambda s: trial.start(s, NAME, now=NOW, by=cast.dagny))


@pytest.mark.parametrize("unfit", [into_shadow, an_operation_without_basis])
def test_it_starts_only_where_evidence_is_lawfully_shown(
    unfit: Callable[[Engine, Cast], None], engine: Engine, cast: Cast
) -> None:
    in_session(engine, lambda s: trial.register(s, a_plan(cast), now=NOW, by=cast.dan))
    unfit(engine, cast)
    refuses(engine, Refused, lambda s: trial.start(s, NAME, now=NOW, by=cast.dagny))
    with writing(engine) as session:
        governance.change_phase(
            session, cast.dan.municipality_id, "pilot", legal_basis="Sundhedsloven § 140",
            approved_by="Ida Vest, direktør", valid_from=TODAY, now=NOW + DAY, by=None,
        )  # fmt: skip
    in_session(engine, lambda s: trial.start(s, NAME, now=NOW + DAY, by=cast.dagny))


def test_the_registered_plan_holds_it_to_its_word(engine: Engine, cast: Cast) -> None:
    row = a_trial(engine, cast)
    assert plan_of(row) == a_plan(cast)
    assert plan_of(row).hash == row.plan_hash
    others = [a_plan(cast, share=10), a_plan(cast, margin=6), a_plan(cast, null_option="Noget andet.")]
    assert len({row.plan_hash, *(each.hash for each in others)}) == 4


@pytest.mark.requirement("R-32")
def test_it_does_not_start_on_another_plan_than_the_one_that_was_settled(engine: Engine, cast: Cast) -> None:
    row = Trial(
        **{**vars_of(a_plan(cast)), "plan_hash": a_plan(cast, margin=6).hash}, at=NOW,
        municipality_id=cast.dan.municipality_id, registered_by=cast.dan.person_id,
    )  # fmt: skip
    with writing(engine) as session:
        log.append(session, Event.TRIAL_REGISTERED, at=NOW, by=cast.dan, row=row)
        session.commit()
    refuses(engine, Conflict, lambda s: trial.start(s, NAME, now=NOW, by=cast.dagny))


def vars_of(plan: Plan) -> dict[str, Any]:
    """The plan as columns of its row."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(plan).items()}


def test_it_goes_from_planned_to_running_to_over_to_open(engine: Engine, cast: Cast) -> None:
    def state(days: int = 0) -> State:
        with reading(engine) as session:
            return trial.find(session, cast.dan.municipality_id, NAME, NOW + days * DAY).state

    in_session(engine, lambda s: trial.register(s, a_plan(cast), now=NOW, by=cast.dan))
    assert state() is State.PLANNED
    in_session(engine, lambda s: trial.start(s, NAME, now=NOW, by=cast.dagny))
    assert (state(), state(184), state(185)) == (State.RUNNING, State.RUNNING, State.OVER)
    refuses(engine, Refused, lambda s: trial.stop(s, NAME, reason=" ", now=NOW, by=cast.dan))
    in_session(engine, lambda s: trial.stop(s, NAME, reason=WHY, now=NOW, by=cast.dan))
    assert state() is State.OVER
    in_session(engine, lambda s: trial.unseal(s, NAME, reason=WHY, now=NOW, by=cast.dan))
    assert state() is State.UNSEALED


def test_it_is_opened_once_after_its_end_by_another_than_who_started_it(engine: Engine, cast: Cast) -> None:
    a_trial(engine, cast)
    refuses(engine, Conflict, lambda s: trial.unseal(s, NAME, reason=WHY, now=NOW, by=cast.dan))
    later = NOW + timedelta(days=185)
    refuses(engine, Refused, lambda s: trial.unseal(s, NAME, reason=" ", now=later, by=cast.dan))
    refuses(engine, Refused, lambda s: trial.unseal(s, NAME, reason=WHY, now=later, by=cast.dagny))
    in_session(engine, lambda s: trial.unseal(s, NAME, reason=WHY, now=later, by=cast.dan))
    refuses(engine, Conflict, lambda s: trial.unseal(s, NAME, reason=WHY, now=later, by=cast.dan))
    refuses(engine, Conflict, lambda s: trial.stop(s, NAME, reason=WHY, now=later, by=cast.dan))
