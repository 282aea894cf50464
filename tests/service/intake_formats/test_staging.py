"""What a run of import keeps while it reads, and that none of it stays behind."""

import errno
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.intake_formats import history
from service.intake_formats.claims import Claims
from service.intake_formats.staging import Stage
from tests.histories import a_csv, a_row

NOW = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(NOW, tmp_path / "kept")
    yield stage
    stage.discard()


@pytest.mark.parametrize("stopped", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_history_that_is_stopped_in_the_middle_leaves_no_row(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: BaseException
) -> None:
    written = []

    def stop(*args: object, **words: object) -> None:
        written.extend((tmp_path / "kept").iterdir())
        raise stopped

    monkeypatch.setattr(history.RowWriter, "cells", stop)

    with pytest.raises(type(stopped)):
        stage.add(a_csv(tmp_path / "h.csv", [a_row(), a_row(request_id="r-2")]))
    assert len(written) == 1
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_request_given_twice_is_refused_far_apart_and_in_another_file(stage: Stage, tmp_path: Path) -> None:
    rows = [a_row(request_id=f"r-{number}") for number in range(300)]
    one = a_csv(tmp_path / "one.csv", [*rows, a_row(request_id="r-0")])
    other = a_csv(tmp_path / "other.csv", [a_row(request_id="r-299"), a_row(request_id="r-300")])

    stage.add(one)
    stage.add(other)

    assert [each.rows for each in stage.histories] == [300, 1]
    assert [problem.field for problem in stage.problems] == ["request_id", "request_id"]
    assert [str(one) in problem.reason for problem in stage.problems] == [True, True]


def test_the_same_id_in_two_municipalities_is_two_requests_and_a_place_may_ask_again() -> None:
    claims = Claims()

    assert claims.claim("0101", "r-1", "here") is None
    assert claims.claim("0102", "r-1", "there") is None
    assert claims.claim("0101", "r-1", "here") is None
    assert claims.claim("0101", "r-1", "there") == "here"
    claims.close()


def test_claims_on_a_full_disk_say_where_there_is_no_room() -> None:
    claims = Claims()
    claims._kept.execute("PRAGMA max_page_count = 4")

    with pytest.raises(OSError, match="temporary files") as full:
        for number in range(1000):
            claims.claim("0101", f"r-{number}", "here")
    assert full.value.errno == errno.ENOSPC
    claims.close()


def test_the_reasons_of_rows_before_a_file_breaks_off_are_told_as_well(stage: Stage, tmp_path: Path) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row(team="fodbold"), a_row(request_id="r-2")])
    path.write_bytes(path.read_bytes() + b'"never ended')

    stage.add(path)

    assert [(each.where, each.field) for each in stage.problems] == [
        ("linje 2", "team"),
        ("linje 4", "linjen"),
    ]
    assert stage.histories == []
    assert list((tmp_path / "kept").iterdir()) == []


def test_rows_are_told_of_as_they_are_read(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    stage.count = told.append
    monkeypatch.setattr(history, "AT_A_TIME", 2)

    stage.add(a_csv(tmp_path / "h.csv", [a_row(request_id=f"r-{number}") for number in range(5)]))

    assert told == [2, 2, 1]
    assert [each.rows for each in stage.histories] == [5]
