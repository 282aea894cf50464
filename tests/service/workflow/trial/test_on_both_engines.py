"""Lots on both databases: several at once, each numbered once, near the share, and the same drawn again."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.tables.trial import TrialAllocation
from service.workflow import showings, trial
from service.workflow.trial.draw import MOST_OFF
from tests.answered import answer
from tests.builders import a_case, a_judgement, an_admission
from tests.cast import gather
from tests.trials import a_trial

CASES = 9


def test_lots_drawn_at_once_are_numbered_balanced_and_can_be_drawn_again(any_engine: Engine) -> None:
    cast = gather(any_engine)
    an_admission(any_engine, cast.dan)
    row = a_trial(any_engine, cast)
    own = [
        a_judgement(any_engine, a_case(any_engine, request_id=f"r-{n}"), cast.alma, key=f"k-{n}").id
        for n in range(CASES)
    ]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda each: answer(any_engine, each, cast.alma), [*own, *own]))

    with reading(any_engine) as session:
        drawn = session.exec(select(TrialAllocation)).all()
        assert trial.misdrawn(session, row) == 0
        elsewhere = showings.times_shown(session, "0" * 32)
    assert sorted(each.number for each in drawn) == list(range(1, CASES + 1))
    by_case = {each.case_id: each.arm for each in drawn}
    assert {(each.case_id, each.arm) for each in answers} == set(by_case.items())
    assert abs(list(by_case.values()).count("control") - CASES / 2) < MOST_OFF + 1
    assert elsewhere == 0
