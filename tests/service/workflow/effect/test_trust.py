"""The citizens' answers about trust: counted by how the case was decided, and nobody's."""

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlmodel import select

from service.backup.make import LEFT_OUT
from service.database import reading, writing
from service.errors import NotFound, Refused
from service.tables.intake import Case
from service.tables.log import STEPS, LogEntry
from service.tables.trust import GROUPS, TrustTally
from service.web.effect.parts import trust_heads, trust_lines
from service.workflow.effect import trust
from service.workflow.statistics.periods import Period, counted_until
from tests.answered import a_decision, an_answered_case
from tests.builders import a_case
from tests.cast import NOW, Cast
from tests.refusals import refuses
from tests.rows import rows
from tests.trials import a_case_with_arm, a_trial

QUARTER = Period(2026, 2)
AFTER = QUARTER.end
ALL_YES = dict.fromkeys(trust.QUESTIONS, "ja")
ALL_NO = dict.fromkeys(trust.QUESTIONS, "nej")


@pytest.fixture
def decided(engine: Engine, cast: Cast) -> Case:
    """A case decided with evidence."""
    found = an_answered_case(engine, cast)
    a_decision(engine, found, cast.alma)
    return found


def says(engine: Engine, case: Case, answers: dict[str, str], times: int = 1, **when: Any) -> None:
    """So many citizens with a case like this answer alike."""
    for _ in range(times):
        with writing(engine) as session:
            trust.answer(session, case.id, answers, **{"now": NOW, **when})


def told(engine: Engine, cast: Cast, until: date = AFTER) -> trust.Trust:
    """What a leader reads of the quarter."""
    with reading(engine) as session:
        return trust.results(session, cast.tove.municipality_id, [QUARTER], until)


@pytest.mark.parametrize("said", [{}, {"findes_ikke": "ja"}, {"tillid": "meget"}])
def test_what_is_no_answer_is_refused(engine: Engine, decided: Case, said: dict[str, str]) -> None:
    refuses(engine, Refused, lambda session: trust.answer(session, decided.id, said, now=NOW))


def test_nobody_is_asked_before_there_is_a_decision(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    refuses(engine, NotFound, lambda session: trust.answer(session, case.id, ALL_YES, now=NOW))


@pytest.mark.requirement("F-32")
def test_no_key_no_time_and_no_order_is_stored(engine: Engine, cast: Cast, decided: Case) -> None:
    """Nothing else moves in the database, and what moves cannot be tied to anybody."""
    before = rows(engine)
    with reading(engine) as session:
        log = session.exec(select(LogEntry.entry)).all()
    says(engine, decided, ALL_YES)
    changed = {name for name, count in rows(engine).items() if count != before[name]}
    with reading(engine) as session:
        assert session.exec(select(LogEntry.entry)).all() == log
        cells = session.exec(select(TrustTally)).all()
    assert changed == {"trust_tallies"}
    columns = {column.name for column in TrustTally.__table__.columns}  # type: ignore[attr-defined]
    assert columns == {"id", "municipality_id", "quarter", "arm", "question", "choice", "chosen"}
    (keys,) = [{key.target_fullname for key in TrustTally.__table__.foreign_keys}]  # type: ignore[attr-defined]
    assert keys == {"municipalities.id"}
    assert TrustTally.__tablename__ in LEFT_OUT
    assert TrustTally.__tablename__ not in STEPS.values()
    assert len(cells) == len(GROUPS) * len(trust.QUESTIONS) * len(trust.ANSWERS)
    assert not any(decided.id in json.dumps(cell.model_dump()) for cell in cells)
    says(engine, decided, ALL_NO)
    assert rows(engine)["trust_tallies"] == len(cells)


@pytest.mark.requirement("F-32")
def test_each_answer_writes_every_cell_so_that_none_is_newer(
    engine: Engine, cast: Cast, decided: Case
) -> None:
    """A row version in PostgreSQL carries the transaction that wrote it: all carry the last one."""
    says(engine, decided, ALL_YES)
    written: list[int] = []

    def note(_c: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE trust_tallies"):
            written.append(cursor.rowcount)

    event.listen(engine, "after_cursor_execute", note)
    says(engine, decided, {"tillid": "nej"})
    assert written == [rows(engine)["trust_tallies"]]


@pytest.mark.requirement("F-32")
def test_answers_are_told_by_arm_and_by_what_was_shown(engine: Engine, cast: Cast, decided: Case) -> None:
    without = an_answered_case(engine, cast, number=2, wants_evidence=False)
    a_decision(engine, without, cast.alma)
    drawn = a_trial(engine, cast)
    arms = {
        arm: a_case_with_arm(engine, drawn, arm, cast.alma, number=number)[0]
        for number, arm in enumerate(("evidence", "control"), start=11)
    }
    for each in arms.values():
        a_decision(engine, each, cast.alma)
    by_group = {"shown": decided, "not_shown": without, **arms}
    assert set(by_group) == set(GROUPS)
    for number, (group, case) in enumerate(by_group.items()):
        says(engine, case, ALL_YES)
        says(engine, case, {**ALL_NO, "hoert": "delvis"})
        many = "UPDATE trust_tallies SET chosen = chosen * 4 WHERE arm = ? AND choice {} 'ja'"
        with engine.begin() as connection:  # as if so many had said the same
            connection.exec_driver_sql(many.format("<>"), (group,))
            connection.exec_driver_sql(many.replace("4", str(8 + number)).format("="), (group,))
    found = told(engine, cast)
    lines = trust_lines(found)
    assert [line.label for line in lines] == list(trust.QUESTIONS.values())
    assert {len(line.cells) + 1 for line in lines} == {len(trust_heads())}
    for number, group in enumerate(by_group):
        assert f"{8 + number} af {12 + number}" in lines[2].cells[GROUPS.index(group)]
        share = found.of("tillid", group)
        assert (share.hits, share.of) == (8 + number, 12 + number)
        assert found.of("hoert", group) == share


@pytest.mark.requirement("F-32")
@given(yes=st.integers(0, 14), no=st.integers(0, 14))
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
def test_a_share_is_told_from_ten_answers_on_and_never_when_nearly_all_said_the_same(
    yes: int, no: int
) -> None:
    share = trust.share_told(yes, no, 0)
    may = yes + no >= trust.LEAST_ANSWERS and min(yes, no) >= trust.APART
    assert (share.of == yes + no) == may
    assert (share.hits is None) != may


def test_a_quarter_under_way_tells_nothing(engine: Engine, cast: Cast, decided: Case) -> None:
    says(engine, decided, ALL_YES, times=9)
    says(engine, decided, ALL_NO, times=3)
    under_way = told(engine, cast, counted_until(NOW, practising=False))
    assert {share.of for share in under_way.yes.values()} == {None}
    assert told(engine, cast).of("tillid", "shown").hits == 9
    assert Counter(share.of for share in told(engine, cast).yes.values())[None] == 9
