"""`skoen citizen`: says what it will do, asks, and does it; a refusal stands in the case."""

import json

import pytest
from sqlmodel import select

from service import log
from service.database import reading
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.tables.oversight import ErasureRefusal
from service.workflow import erasure
from service.workflow.erasure.grounds import ERASURES, REFUSALS
from tests.parts.citizens import receive, request_of
from tests.parts.town import LATER, ORDER, Town
from tests.rows import rows_beside_runs, runs

WHY = ("--ground", "unlawful", "--reason", "Planen hørte til en anden kommune.")


def refuses(town: Town, why: str, *words: object, typed: str | None = None) -> None:
    """The command is refused for a reason: one run in the log, and nothing else is another."""
    before, ran = (rows_beside_runs(town.engine), town.state()[1:]), runs(town.engine)

    result = town.run(*words, typed=typed)

    assert result.exit_code != 0
    assert why in result.output
    assert (rows_beside_runs(town.engine), town.state()[1:]) == before
    assert runs(town.engine) == ran + 1


def test_what_is_not_in_order_is_refused(town: Town) -> None:
    person = town.plant(1)
    serial = person.case.serial

    refuses(town, "There is no case 1.", "citizen", "erase", "--case", 1, *WHY)
    refuses(town, "is no ground", "citizen", "erase", "--case", serial, "--ground", "x", "--reason", "y")
    refuses(
        town, "names the citizen", "citizen", "erase", "--case", serial, "--yes", "--ground", "unlawful",
        "--reason", f"{person.citizen.name} bad om det",
    )  # fmt: skip
    refuses(town, "Aborted", "citizen", "erase", "--case", serial, *WHY, typed="n\n")
    refuses(town, "Aborted", "citizen", "erase", "--case", serial, *WHY, typed="")
    assert town.left_of(person) != []


def test_an_open_case_is_refused_unless_it_is_said(town: Town) -> None:
    case = receive(town.engine, 1)

    refuses(town, f"case {case.serial}. Somebody", "citizen", "erase", "--case", case.serial, *WHY, "--yes")

    assert "Erased: 1 citizen, 1 case" in town.ok(
        "citizen", "erase", "--case", case.serial, *WHY, "--yes", "--even-open"
    )


@pytest.mark.parametrize("number", ["7102479995", "not a number", ""])
def test_a_number_nobody_has_is_refused_and_never_repeated(town: Town, number: str) -> None:
    town.plant(1)
    result = town.run("citizen", "erase", "--municipality", "0999", *WHY, typed=f"{number}\n")

    assert result.exit_code != 0
    assert not number or number not in result.output


def test_without_a_case_or_a_municipality_it_asks_for_neither(town: Town) -> None:
    refuses(town, "Vælg en kommune med --municipality. Der er: 0998, 0999.", "citizen", "erase", *WHY)


def test_it_says_what_goes_and_asks(town: Town) -> None:
    person = town.plant(1)

    said = town.ok("citizen", "erase", "--case", person.case.serial, *WHY, typed="y\n")

    assert (
        "This will be gone: 1 case, 1 delivery report, 2 reported resources, 11 sealed parts, 1 draft" in said
    )
    assert "It cannot be undone. Erase the citizen? [y/N]" in said
    assert "Erased: 1 citizen, 1 case" in said
    assert "1 key destroyed" in said
    assert not any(word in said for word in (*person.words(), *person.ids()))
    assert town.left_of(person) == []
    assert log.verify(town.engine).problems == []
    assert "is erased already" in town.run("citizen", "erase", "--case", person.case.serial, *WHY).output


def test_a_citizen_is_found_by_a_number_that_is_typed_unseen(town: Town) -> None:
    person = town.plant(1)

    said = town.ok(
        "citizen", "erase", "--municipality", "0999", *WHY, "--yes", typed=f"{person.citizen.cpr}\n"
    )

    assert person.citizen.cpr not in said
    assert town.left_of(person) == []


def test_a_run_leaves_one_entry_that_names_nobody(town: Town) -> None:
    person = town.plant(1)
    town.ok("citizen", "erase", "--case", person.case.serial, *WHY, "--yes")

    with reading(town.engine) as session:
        found = session.exec(select(LogEntry.entry).where(LogEntry.event == "command:run")).all()
    (entry,) = map(json.loads, found)
    assert entry["command"] == "citizen.erase"
    assert entry["operator"].startswith("uid:")
    assert str(person.case.serial) not in found[0]


def test_files_that_name_a_request_are_told(town: Town) -> None:
    person = town.plant(1)
    folder = town.settings.var / "history"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text(f"request_id,area\n{request_of(1)},genoptraening\n")
    (folder / "b.csv").write_text(f"request_id,area\n{request_of(2)},genoptraening\n")

    said = town.ok("citizen", "erase", "--case", person.case.serial, *WHY, "--yes")

    assert f"Not reached: {folder / 'a.csv'} names a request" in said
    assert "b.csv" not in said


def test_what_was_broken_off_is_finished_and_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = town.plant(1), town.plant(2)

    def stop(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(erasure, "_destroy_keys", stop)
    with pytest.raises(KeyboardInterrupt):
        town.erase(first.citizen_id)
    monkeypatch.undo()

    said = town.ok("citizen", "erase", "--case", second.case.serial, *WHY, "--yes")

    assert "Finished, what was broken off before: 1 citizen; 1 key destroyed." in said
    assert (town.left_of(first), town.left_of(second)) == ([], [])


def test_a_refusal_needs_a_ground_of_its_own_a_reason_and_a_case(town: Town) -> None:
    serial = town.plant(1).case.serial

    refuses(town, "is no ground", "citizen", "refuse", "--case", serial, *WHY)
    refuses(
        town, "A reason is needed", "citizen", "refuse", "--case", serial, "--ground", "archives",
        "--reason", " ",
    )  # fmt: skip
    refuses(
        town, "There is no case", "citizen", "refuse", "--case", 1, "--ground", "archives", "--reason", "x"
    )


def test_a_refusal_stands_in_every_case_with_its_words_sealed(town: Town) -> None:
    person = town.plant(1)
    other = receive(town.engine, 2, person=1)
    words = ("--ground", "duty_to_record", "--reason", "Afgørelsen skal kunne dokumenteres.")

    said = town.ok("citizen", "refuse", "--case", person.case.serial, *words)

    assert "The refusal stands in 2 cases." in said
    assert "within a month" in said
    with reading(town.engine) as session:
        rows = session.exec(select(ErasureRefusal)).all()
        assert {row.case_id for row in rows} == {person.case.id, other.id}
        assert {log.open_part(session, row)["text"] for row in rows} == {words[3]}
        entries = session.exec(select(LogEntry.entry).where(LogEntry.event == "erasure:refused")).all()
    assert [json.loads(each)["ground"] for each in entries] == ["duty_to_record"] * 2
    assert not any("dokumenteres" in each for each in entries)
    assert log.verify(town.engine).problems == []

    erasure.erase(town.engine, town.ledger, [person.citizen_id], ORDER, now=LATER, even_open=True)
    assert log.verify(town.engine).problems == []
    with reading(town.engine) as session:
        assert {case.citizen_id for case in session.exec(select(Case))} == {""}


def test_the_grounds_are_listed_with_their_provisions(town: Town) -> None:
    said = town.ok("citizen", "grounds")

    for each in (*ERASURES, *REFUSALS):
        assert each.code in said
        assert each.provision in said


def test_what_was_broken_off_can_be_finished_by_itself(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    person = town.plant(1)
    assert town.ok("citizen", "finish") == "No erasure is unfinished.\n"
    monkeypatch.setattr(erasure, "_destroy_keys", lambda *_: 0)
    town.erase(person.citizen_id)
    monkeypatch.undo()

    assert "1 key destroyed." in town.ok("citizen", "finish")

    assert town.left_of(person) == []
    assert town.unfinished() == 0
