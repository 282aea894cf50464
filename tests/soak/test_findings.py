"""The trials' own instruments: what is lost, doubled, torn apart or changed is counted as that."""

import pytest
from sqlalchemy import Engine, text

from service.database import writing
from service.tables.decision import Decision
from service.workflow import decision
from tests.answered import a_decision, an_answered_case
from tests.cast import Cast
from tests.parts.tampering import defenceless
from tests.soak.caseworker import Answer, Book
from tests.soak.figures import Figure, share_of, table_of
from tests.soak.findings import examine


@pytest.fixture
def decided(engine: Engine, cast: Cast) -> Decision:
    """A decision that somebody saw acknowledged."""
    return a_decision(engine, an_answered_case(engine, cast), cast.alma)


def harm(engine: Engine, *statements: str) -> None:
    """Change rows behind the log's back."""
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        defenceless(connection)
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()
        connection.invalidate()


def test_what_was_acknowledged_and_is_there_is_clean(engine: Engine, decided: Decision) -> None:
    found = examine(engine, [Book(acknowledged={decided.idempotency_key: decided.case_id})])

    assert found.clean
    assert found.decisions == 1


def test_an_acknowledged_decision_that_is_not_there_is_lost(engine: Engine, decided: Decision) -> None:
    found = examine(engine, [Book(acknowledged={"another key": decided.case_id})])

    assert found.lost == ("another key",)
    assert not found.clean


def test_a_decision_of_another_case_is_lost_too(engine: Engine, decided: Decision) -> None:
    assert examine(engine, [Book(acknowledged={decided.idempotency_key: "another case"})]).lost


def test_two_decisions_of_one_case_are_doubled(engine: Engine, cast: Cast, decided: Decision) -> None:
    with writing(engine) as session:
        decision.decide(
            session, decided.case_id, choice="basal", reason_code="funktion_nu", key="more", now=decided.at,
            by=cast.alma, replaces=decided.id,
        )  # fmt: skip

    assert examine(engine, []).doubled == (decided.case_id,)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM decisions", "DELETE FROM log_entries WHERE step = 'decision'"],
    ids=["row", "entry"],
)
def test_half_a_pair_is_an_orphan_whichever_half_is_left(
    statement: str, engine: Engine, decided: Decision
) -> None:
    harm(engine, statement)

    assert examine(engine, []).orphans == 1


def test_a_changed_row_is_a_problem(engine: Engine, decided: Decision) -> None:
    harm(engine, "UPDATE decisions SET choice = 'avanceret', change = 'changed', reason_code = 'x'")

    assert examine(engine, []).problems


@pytest.mark.parametrize(
    ("answer", "is_plain"),
    [
        (Answer(503, page='<html lang="da"><h1>Det kunne ikke gemmes</h1>', retry_after="5"), True),
        (Answer(503, page='<html lang="da"><h1>Det kunne ikke gemmes</h1>'), False),
        (Answer(503, page="<h1>Service Unavailable</h1>", retry_after="5"), False),
        (Answer(0), False),
    ],
    ids=["plain", "without a time", "not ours", "none"],
)
def test_a_plain_page_is_danish_and_says_when_to_try_again(answer: Answer, is_plain: bool) -> None:
    assert answer.is_plain == is_plain


def test_a_share_never_gets_too_small_to_mean_anything() -> None:
    assert (share_of(1000, 1, 25), share_of(1000, 0.1, 25), share_of(1000, 0.001, 25)) == (1000, 100, 25)


def test_a_goal_that_was_missed_stands_out_in_the_table() -> None:
    met, missed = (Figure("a", "SQLite", "1", "0", "0", each) for each in (True, False))

    assert [*table_of([met, missed]).columns[5].cells] == ["met", "[bold red]NOT MET[/]"]
