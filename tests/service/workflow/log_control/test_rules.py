"""Each rule, at its edge: what it picks, and what is a day's work."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from service.database import reading, writing
from service.workflow import decision, intake
from service.workflow.assessment import consultation
from service.workflow.log_control import LookUp
from service.workflow.log_control.rules import (
    DAYS_AFTER,
    DAYS_AT_REST,
    DAYS_BEFORE,
    MANY_CASES,
    MANY_DAYS,
    RULES,
    surroundings,
)
from service.workflow.log_control.traces import WHO, Trace, traces
from tests.answered import an_answered_case
from tests.cast import NOW, Cast
from tests.look_ups import at
from tests.parts.steps import one_of_everything

ALMA, BENT, CASE = "alma", "bent", "case"


def a_look_up(*times: datetime, purpose: str = "sagsbehandling", case: str = CASE, by: str = ALMA) -> LookUp:
    """Alma opens the case on a Monday morning, unless something else is said."""
    when = times or (at(11, 10),)
    unique = f"{by}{case}{when[0]}"
    return LookUp("access/2026Q2", 0, unique, when, by, "unit", "visitator", case, purpose)


def picked_by(look_up: LookUp, *steps: Trace, others: tuple[LookUp, ...] = ()) -> set[str]:
    """The codes of the rules that pick a look-up."""
    around = surroundings((look_up, *others), steps)
    return {rule.code for rule in RULES if rule.picks(look_up, around)}


def a_step(when: datetime, by: str | None = ALMA, step: str = "assessment") -> Trace:
    """A step in the case."""
    return Trace(when, CASE, by, step)


HERS = a_step(at(11, 11))


def test_a_look_up_that_led_to_a_step_is_picked_by_no_rule() -> None:
    assert picked_by(a_look_up(), HERS) == set()


@pytest.mark.parametrize(
    ("days", "is_picked"),
    [
        (-DAYS_BEFORE - 1, True),
        (-DAYS_BEFORE, False),
        (0, False),
        (DAYS_AFTER, False),
        (DAYS_AFTER + 1, True),
    ],
)
def test_a_step_explains_a_look_up_shortly_before_and_after(days: int, is_picked: bool) -> None:
    step = a_step(at(11, 10) + timedelta(days=days))

    assert picked_by(a_look_up(), step) == ({"without_own_step"} if is_picked else set())


def test_a_colleagues_step_or_nobodys_does_not() -> None:
    assert picked_by(a_look_up(), a_step(at(11), BENT), a_step(at(11), None)) == {"without_own_step"}


def test_who_opens_for_another_purpose_is_not_asked_for_steps() -> None:
    assert picked_by(a_look_up(purpose="klage")) == {"for_a_chosen_purpose"}


@pytest.mark.parametrize("days", [MANY_DAYS - 1, MANY_DAYS])
def test_the_same_case_on_many_days(days: int) -> None:
    others = tuple(a_look_up(at(11 + n), at(11 + n, 12)) for n in range(1, days))
    again = (*others, a_look_up(at(12), purpose="faglig_ledelse"))

    assert ("on_many_days" in picked_by(a_look_up(), HERS, others=again)) is (days == MANY_DAYS)


@pytest.mark.parametrize(
    ("when", "is_picked"),
    [
        (at(11, 5, 59), True),
        (at(11, 6), False),
        (at(11, 17, 59), False),
        (at(11, 18), True),
        (at(9, 10), True),
        (at(10, 10), True),
        (datetime(2026, 1, 12, 5, 30, tzinfo=UTC), False),
    ],
)
def test_the_hours_are_the_danish_clocks_and_weekends_are_outside(when: datetime, is_picked: bool) -> None:
    assert ("outside_hours" in picked_by(a_look_up(when), HERS)) is is_picked


def test_one_page_of_it_outside_hours_is_enough() -> None:
    assert picked_by(a_look_up(at(11, 17), at(11, 22)), HERS) == {"outside_hours"}


@pytest.mark.parametrize("days", [DAYS_AT_REST, DAYS_AT_REST + 1])
@pytest.mark.parametrize("ending", ["decision", "closed"])
def test_a_case_at_rest_was_concluded_and_nothing_happened_since(days: int, ending: str) -> None:
    ended = a_step(at(11) - timedelta(days=days), BENT, ending)

    assert ("of_a_case_at_rest" in picked_by(a_look_up(), HERS, ended)) is (days > DAYS_AT_REST)
    stirred = a_step(at(10), None, "facts")
    assert "of_a_case_at_rest" not in picked_by(a_look_up(), HERS, ended, stirred)


def test_a_case_that_waits_undecided_is_not_at_rest() -> None:
    assert picked_by(a_look_up(), HERS, a_step(at(1) - timedelta(days=200), BENT)) == set()


@pytest.mark.parametrize("many", [MANY_CASES - 1, MANY_CASES])
def test_many_cases_on_one_day(many: int) -> None:
    others = tuple(a_look_up(case=f"case-{n}") for n in range(many - 1))
    same_again = a_look_up(at(11, 15), purpose="faglig_ledelse")
    next_day, bents = a_look_up(at(12), case="late"), a_look_up(case="late", by=BENT)
    found = picked_by(a_look_up(), HERS, others=(*others, same_again, next_day, bents))

    assert ("of_many_cases" in found) is (many == MANY_CASES)


def test_every_rule_has_words_of_its_own_and_its_code_is_permanent() -> None:
    assert [rule.code for rule in RULES] == [
        "without_own_step", "on_many_days", "outside_hours", "of_a_case_at_rest", "of_many_cases",
        "for_a_chosen_purpose",
    ]  # fmt: skip
    assert len({rule.danish for rule in RULES}) == len(RULES)


def test_every_step_of_a_case_is_a_trace_of_whoever_did_it(engine: Engine) -> None:
    cast, written = one_of_everything(engine)
    case_id = written["received"].id
    with reading(engine) as session:
        found = traces(session, [case_id], before=NOW + timedelta(days=1))

    assert {trace.step for trace in found} == set(WHO)
    assert {(t.step, t.person_id) for t in found if t.step in ("decision", "consultation_answer")} == {
        ("decision", cast.alma.person_id), ("consultation_answer", cast.bent.person_id),
    }  # fmt: skip
    with reading(engine) as session:
        assert traces(session, [case_id], before=NOW) == []
        assert traces(session, ["another"], before=NOW + timedelta(days=1)) == []


def test_a_day_of_casework_leaves_its_traces_in_the_order_of_time(engine: Engine, cast: Cast) -> None:
    case, day = an_answered_case(engine, cast), NOW.date()
    with writing(engine) as session:
        consultation.ask(session, case.id, text="Hvad synes du?", now=NOW, by=cast.alma)
    with writing(engine) as session:
        intake.take(session, case.id, now=NOW + timedelta(minutes=1), by=cast.bent)
    with writing(engine) as session:
        decision.decide(
            session, case.id, choice="avanceret", reason_code="funktion_nu", key="k",
            now=NOW + timedelta(minutes=2), by=cast.bent,
        )  # fmt: skip
    with reading(engine) as session:
        found = traces(session, [case.id], before=NOW + timedelta(days=1))

    bents = [trace.step for trace in found if trace.person_id == cast.bent.person_id]
    assert bents == ["taken", "decision"]
    assert {trace.at.date() for trace in found} == {day} == {date(2026, 6, 30)}
