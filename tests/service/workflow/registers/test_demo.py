"""The demonstration's registers: whole entries that anybody may read, and a version that may not go on."""

from sqlalchemy import Engine

from service.demo import registers
from service.workflow.letter.plain import measure
from service.workflow.registers import approval, book, tasks, words
from tests.cast import NOW, Cast
from tests.register import standing


def test_the_demonstration_has_something_to_read_and_not_enough_to_go_on(engine: Engine, cast: Cast) -> None:
    assert registers.fill(engine, "v1", now=NOW, by=cast.dan) == 10
    rows = standing(engine, cast.dan)

    assert all(book.is_public(row) for row in rows if row.kind != tasks.KIND)
    assert tasks.open_tasks(rows, ["v1"]) == ()
    assert approval.state_of(rows, "v1") == "udkast"
    lacking = approval.missing_for(rows, "v1", "skygge")
    assert len(lacking) == 5
    assert sum("godkendelse" in each for each in lacking) == 4


def test_what_it_says_to_everybody_is_plain(engine: Engine, cast: Cast) -> None:
    registers.fill(engine, "v1", now=NOW, by=cast.dan)
    lines = [
        line
        for row in standing(engine, cast.dan)
        if book.is_public(row)
        for value in words.values_of(row, NOW)
        for line in value.lines
    ]
    found = measure(lines)

    assert found.lix <= 40
    assert found.too_long == ()
